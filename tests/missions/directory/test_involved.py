"""Which missions a crisis concerns."""

import pytest

from missions.countries import geo
from missions.directory.actions import set_open
from missions.directory.involved import missions_for_area
from missions.directory.models import Mission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def codes(area=None, countries=()):
    return sorted(mission.code for mission, _reason in missions_for_area(area, countries))


def test_a_fire_in_tai_po_concerns_hong_kong_alone():
    assert codes(geo.circle(22.4508, 114.1642, 3)) == ["kjri-hongkong"]


def test_an_area_in_a_divided_country_concerns_the_districts_it_meets():
    assert codes(geo.circle(-37.8, 145, 100)) == ["kjri-melbourne"]
    assert codes(geo.circle(-36.0, 146.9, 60)) == [
        "kjri-melbourne",
        "kjri-sydney",
    ]  # Albury, on the border of two states
    assert codes(geo.circle(-35.28, 149.13, 5)) == ["kbri-canberra"]


def test_a_quake_across_a_border_concerns_both_countries():
    assert codes(geo.circle(37.2, 37.0, 150)) == ["kbri-ankara", "kbri-damascus"]


def test_countries_without_an_area_concern_all_their_missions():
    assert codes(None, ["SD"]) == ["kbri-khartoum"]
    assert codes(None, ["my"]) == [
        "kbri-kuala-lumpur", "kjri-johor-bahru", "kjri-kota-kinabalu", "kjri-kuching", "kjri-penang", "kri-tawau",
    ]  # fmt: skip


def test_a_country_whose_embassy_is_elsewhere_goes_by_accreditation():
    assert codes(None, ["DJ"]) == ["kbri-addis-ababa"]
    assert codes(geo.countries_area(["YE"]), ["YE"]) == ["kbri-sana-a"]


def test_an_area_at_sea_belongs_to_the_nearest_coast():
    found = missions_for_area(geo.circle(19.9, 38.2, 30))
    assert [(mission.code, "Di laut" in reason.id) for mission, reason in found] == [("kbri-khartoum", True)]


def test_a_closed_consulate_gives_way_to_the_embassy(at):
    set_open(mission=Mission.objects.get(code="kjri-melbourne"), is_open=False, at=at)
    assert codes(geo.circle(-37.8, 145, 30)) == ["kbri-canberra"]


def test_a_country_of_no_mission_falls_to_the_nearest_and_says_unverified():
    (found,) = missions_for_area(None, ["SS"])
    assert found[0].code == "kbri-addis-ababa"
    assert "belum terverifikasi" in found[1].id


def test_indonesia_and_the_high_seas_concern_no_mission():
    assert codes(None, ["ID"]) == []
    assert codes(geo.circle(0, -150, 50)) == []
    assert codes(geo.circle(-6.2, 106.8, 10)) == []


def test_reasons_are_in_both_languages():
    for _mission, reason in missions_for_area(geo.circle(-37.8, 145, 100)):
        assert reason.id == "Victoria adalah wilayah kerja KJRI Melbourne."
        assert reason.en == "Victoria is in the consular area of KJRI Melbourne."
