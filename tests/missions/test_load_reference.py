"""The reference tables and loading them."""

import io
import re
import time

import pytest
from django.core.management import call_command

from missions.countries.models import Country, ReferenceVersion
from missions.directory.models import ConsularArea, Mission
from missions.headcounts.models import Headcount


def load():
    out = io.StringIO()
    call_command("load_reference", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_second_run_changes_nothing(reference):
    before = ReferenceVersion.objects.get().token
    assert load().endswith("0 changes\n")
    assert ReferenceVersion.objects.get().token == before


@pytest.mark.django_db
def test_loading_takes_less_than_five_seconds(reference):
    Headcount.objects.all().delete()
    ConsularArea.objects.all().delete()
    Mission.objects.all().delete()
    Country.objects.all().delete()
    started = time.monotonic()
    report = load()
    assert time.monotonic() - started < 5
    assert "countries: 250 created" in report
    assert "missions: 134 created" in report


@pytest.mark.django_db
def test_it_names_what_changed(reference):
    Mission.objects.filter(code="kbri-kairo").update(address="", phone_raw="1")
    ConsularArea.objects.filter(mission="kbri-kairo").delete()
    ConsularArea.objects.create(mission_id="kbri-kairo", country_id="SS", relation="accredited")
    before = ReferenceVersion.objects.get().token
    report = load()
    assert "updated: KBRI Kairo (address, phone_raw)" in report
    assert "created: kbri-kairo EG" in report
    assert "removed: kbri-kairo SS" in report
    assert report.endswith("3 changes\n")
    assert ReferenceVersion.objects.get().token != before


@pytest.mark.django_db
def test_a_closed_mission_stays_closed(reference):
    Mission.objects.filter(code="kbri-kairo").update(is_open=False)
    assert load().endswith("0 changes\n")
    assert not Mission.objects.get(code="kbri-kairo").is_open


@pytest.mark.django_db
def test_headcounts_are_added_and_never_overwritten(reference):
    before = Headcount.objects.count()
    row = Headcount.objects.filter(country="SD").first()
    Headcount.objects.filter(pk=row.pk).update(value=1, key="somebody's own row")
    assert load().endswith("1 changes\n")
    assert Headcount.objects.count() == before + 1
    assert Headcount.objects.get(pk=row.pk).value == 1


@pytest.mark.django_db
def test_the_tables_hold_what_the_sources_say(reference):
    assert Mission.objects.count() == 134
    assert Country.objects.count() == 250
    khartoum = Mission.objects.get(code="kbri-khartoum")
    assert (khartoum.seat_city, khartoum.operating_city, khartoum.works_elsewhere) == ("Khartoum", "Port Sudan", True)
    sanaa = Mission.objects.get(code="kbri-sana-a")
    assert (sanaa.host_country_id, sanaa.operating_country_id, sanaa.operating_city) == ("YE", "OM", "Salalah")
    assert Mission.objects.filter(precision="building").count() == 22
    indonesia = Country.objects.get(iso2="ID")
    assert (indonesia.dial_code, indonesia.currencies, indonesia.capital) == ("+62", ["IDR"], "Jakarta")
    assert "Asia/Jakarta" in indonesia.timezones


@pytest.mark.django_db
def test_unverified_coverage_is_loaded_as_unverified(reference):
    panama = ConsularArea.objects.get(mission="kbri-panama-city", country="CR")
    assert not panama.verified
    assert ConsularArea.objects.get(mission="kbri-addis-ababa", country="DJ").verified


@pytest.mark.django_db
def test_every_zone_and_number_can_be_used(reference):
    for mission in Mission.objects.all():
        assert mission.zone.key == mission.timezone
        for number in [*mission.phones, *mission.hotlines]:
            assert re.fullmatch(r"\+[1-9]\d{6,14}", number), (mission.code, number)


@pytest.mark.django_db
def test_every_district_of_a_consulate_has_a_drawn_part(reference):
    from missions.countries import geo

    named = set(ConsularArea.objects.exclude(part="").values_list("part", flat=True))
    assert named <= set(geo.part_names())
    with_district = Mission.objects.exclude(district_text="").exclude(code__in=["kjri-hongkong", "kjri-noumea"])
    for mission in with_district:
        assert mission.consular_areas.exclude(part="").exists(), mission.code


@pytest.mark.django_db
def test_country_names_follow_the_language(reference):
    from django.utils import translation

    yemen = Country.objects.get(iso2="YE")
    assert yemen.name == "Yaman"
    with translation.override("en"):
        assert yemen.name == "Yemen"
