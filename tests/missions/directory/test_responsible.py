"""Which mission answers for a place, and why (domain.md rule 10)."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from missions.directory.actions import set_open
from missions.directory.models import ConsularArea, Mission
from missions.directory.queries import directory
from missions.directory.responsible import responsible_mission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def code_of(answer):
    return answer.mission.code if answer.mission else None


@pytest.mark.parametrize(
    ("place", "lat", "lon", "code", "rule"),
    [
        ("Melbourne", -37.81, 144.96, "kjri-melbourne", "district"),
        ("Launceston", -41.44, 147.14, "kjri-melbourne", "district"),
        ("Canberra", -35.28, 149.13, "kbri-canberra", "host"),
        ("Darwin", -12.46, 130.84, "kri-darwin", "district"),
        ("Djibouti", 11.59, 43.15, "kbri-addis-ababa", "accredited"),
        ("Red Sea off Port Sudan", 19.9, 38.0, "kbri-khartoum", "host"),
        ("Tai Po", 22.4508, 114.1642, "kjri-hongkong", "consular"),
        ("Macau", 22.1987, 113.5439, "kjri-hongkong", "consular"),
        ("Penang", 5.41, 100.33, "kjri-penang", "district"),
        ("Kuala Lumpur", 3.14, 101.69, "kbri-kuala-lumpur", "host"),
        ("Tawau", 4.2448, 117.8911, "kri-tawau", "district"),
        ("Lahad Datu", 5.03, 118.33, "kri-tawau", "district"),
        ("Sandakan", 5.84, 118.12, "kjri-kota-kinabalu", "district"),
        ("Mina", 21.4133, 39.8933, "kjri-jeddah", "district"),
        ("Dammam", 26.43, 50.1, "kbri-riyadh", "host"),
        ("Hat Yai", 7.0, 100.47, "kri-songkhla", "district"),
        ("Zamboanga", 6.92, 122.08, "kjri-davao-city", "district"),
        ("Guangzhou", 23.13, 113.26, "kjri-guangzhou", "district"),
        ("Houston", 29.76, -95.37, "kjri-houston", "district"),
        ("San Juan, Puerto Rico", 18.4, -66.1, "kjri-houston", "consular"),
        ("Washington", 38.9, -77.03, "kbri-washington-d-c", "host"),
        ("New York, where a PTRI is nearer", 40.75, -73.97, "kjri-new-york", "district"),
        ("Geneva, where a PTRI is nearest", 46.2, 6.14, "kbri-bern", "host"),
        ("Vatican", 41.9029, 12.4534, "kbri-takhta-suci-vatikan", "host"),
        ("Rome", 41.89, 12.5, "kbri-roma", "host"),
        ("Ramallah", 31.9, 35.2, "kbri-amman", "accredited"),
        ("Tel Aviv, no mission", 32.08, 34.78, "kbri-amman", "nearest"),
        ("Taipei", 25.03, 121.56, "kdei-taipei", "host"),
        ("Sana'a", 15.35, 44.2, "kbri-sana-a", "host"),
        ("off Somalia", 11.9, 51.7, "kbri-nairobi", "accredited"),
        ("Simferopol", 44.95, 34.1, "kbri-kyiv", "host"),
        ("Jakarta", -6.2, 106.82, None, "home"),
        ("mid Pacific", 0.0, -150.0, None, "high-seas"),
        ("Bir Tawil", 21.87, 33.74, None, "no-country"),
    ],
)
def test_the_right_mission_answers(place, lat, lon, code, rule):
    answer = responsible_mission(lat=lat, lon=lon)
    assert (code_of(answer), answer.rule) == (code, rule), place
    assert answer.reason.id
    assert answer.reason.en
    assert answer.reason.id != answer.reason.en


def test_the_reason_is_in_words():
    assert responsible_mission(lat=-37.81, lon=144.96).reason.id == "Victoria adalah wilayah kerja KJRI Melbourne."
    red_sea = responsible_mission(lat=19.9, lon=38.0)
    assert red_sea.reason.id == (
        "Di laut, 78 km dari pantai Sudan. KBRI Khartoum adalah perwakilan di Sudan. Saat ini bekerja dari Port Sudan."
    )
    assert red_sea.reason.en == (
        "At sea, 78 km off the coast of Sudan. KBRI Khartoum is the mission in Sudan. It now works from Port Sudan."
    )


def test_an_unverified_area_says_so():
    answer = responsible_mission(lat=9.93, lon=-84.08)  # San José, Costa Rica
    assert code_of(answer) == "kbri-panama-city"
    assert not answer.verified
    assert "belum terverifikasi" in answer.reason.id
    assert "unverified" in answer.reason.en
    assert responsible_mission(lat=11.59, lon=43.15).verified


def test_an_uncertain_part_falls_to_distance_and_says_so():
    lyon = responsible_mission(lat=45.76, lon=4.84)
    assert (code_of(lyon), lyon.rule, lyon.verified) == ("kjri-marseille", "unclear-part", False)
    assert "tidak pasti" in lyon.reason.id
    assert "km" in lyon.reason.id


def test_a_closed_consulate_gives_way_to_the_embassy_and_is_named(at):
    mission = Mission.objects.get(code="kjri-melbourne")
    set_open(mission=mission, is_open=False, at=at)
    answer = responsible_mission(lat=-37.81, lon=144.96)
    assert code_of(answer) == "kbri-canberra"
    assert "KJRI Melbourne sedang tutup." in answer.reason.id
    assert mission not in answer.alternatives()


def test_a_closed_embassy_gives_way_to_the_accredited_one(at):
    set_open(mission=Mission.objects.get(code="kbri-sana-a"), is_open=False, at=at)
    answer = responsible_mission(lat=15.35, lon=44.2)
    assert (code_of(answer), answer.rule) == ("kbri-muscat", "accredited")
    assert "KBRI Sana'a sedang tutup." in answer.reason.id


def test_a_country_without_any_open_mission_falls_to_the_nearest(at):
    set_open(mission=Mission.objects.get(code="kbri-khartoum"), is_open=False, at=at)
    answer = responsible_mission(lat=19.6, lon=37.2)
    assert (code_of(answer), answer.rule) == ("kjri-jeddah", "nearest")
    assert "KBRI Khartoum sedang tutup." in answer.reason.id


def test_without_a_position_the_country_decides():
    assert code_of(responsible_mission(lat=None, lon=None, country="dj")) == "kbri-addis-ababa"
    australia = responsible_mission(lat=None, lon=None, country="AU")
    assert code_of(australia) == "kbri-canberra"
    assert "Bagian negara tidak diketahui." in australia.reason.id
    assert "kjri-melbourne" in [mission.code for mission in australia.alternatives()]


def test_without_position_and_country_it_is_the_dccs():
    for country in ("", "ZZ", "\0"):
        answer = responsible_mission(lat=None, lon=None, country=country)
        assert (answer.mission, answer.rule) == (None, "no-location")


def test_a_position_outweighs_the_country_that_was_said():
    assert code_of(responsible_mission(lat=-37.81, lon=144.96, country="JP")) == "kjri-melbourne"


def test_the_high_seas_offer_the_nearest_missions_as_alternatives():
    answer = responsible_mission(lat=0.0, lon=-150.0)
    assert answer.alternatives()[0].code == "kbri-suva"


def test_a_permanent_mission_never_answers_nor_is_offered():
    for lat, lon in [(40.75, -73.97), (46.2, 6.14), (-6.2, 106.8), (0.0, -150.0)]:
        answer = responsible_mission(lat=lat, lon=lon)
        assert all(mission.kind != "PTRI" for mission in (answer.mission, *answer.alternatives()) if mission)


def test_another_process_sees_a_change_at_the_next_question(at):
    held = directory()
    assert directory() is held
    Mission.objects.filter(code="kjri-melbourne").update(is_open=False)
    assert directory() is held  # a silent UPDATE is not a change of the reference data
    set_open(mission=Mission.objects.get(code="kjri-perth"), is_open=False, at=at)
    assert not directory().missions["kjri-melbourne"].is_open


def test_every_country_with_an_area_gets_a_mission_or_the_dcc():
    for iso2 in ConsularArea.objects.values_list("country_id", flat=True).distinct():
        assert responsible_mission(lat=None, lon=None, country=iso2).mission is not None, iso2


def test_it_costs_one_query_and_little_time(django_assert_num_queries):
    responsible_mission(lat=-37.81, lon=144.96)
    with django_assert_num_queries(1):
        responsible_mission(lat=-37.81, lon=144.96)
    started = time.process_time()
    for _ in range(50):
        responsible_mission(lat=-37.81, lon=144.96)
    # 0.5 ms on the reference machine.
    assert (time.process_time() - started) / 50 < 5e-3


class AnyPoint(TestCase):
    @settings(max_examples=100, deadline=None)
    @given(st.floats(-90, 90), st.floats(-180, 180))
    def test_has_an_answer_and_a_reason(self, lat, lon):
        answer = responsible_mission(lat=lat, lon=lon)
        assert answer.reason.id
        assert answer.reason.en
        assert answer.mission is None or answer.mission.serves_citizens
        assert "?" not in answer.reason.id
        assert "{" not in answer.reason.en
