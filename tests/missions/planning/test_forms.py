"""A shift as people write it: local clock, chips, and hours that come twice or never."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from commandcenter.access.models import Role
from missions.directory.queries import directory
from missions.planning.forms import ShiftForm
from missions.planning.queries import Place, place_of
from tests.conftest import People
from tests.missions.roster.conftest import CAIRO, MELBOURNE


def place(code: str) -> Place:
    return place_of(code, directory().missions.get(code))


@pytest.fixture
def adi(people: People, reference: None) -> int:
    return people.reader(Role.MISSION_OFFICER, MELBOURNE).user_id


def form(adi: int, **given: Any) -> ShiftForm:
    data = {"person": adi, "kind": "duty", "date": "2026-05-13", "start": "08.00", "length": "8", **given}
    return ShiftForm(data, place=place(MELBOURNE))


@pytest.mark.parametrize("start", ["08.00", "8:00", "0800", "8", " 08:00 "])
def test_a_start_is_read_in_every_usual_way(adi: int, start: str) -> None:
    filled = form(adi, start=start)
    assert filled.is_valid(), filled.errors
    assert filled.given["starts_at"] == datetime(2026, 5, 12, 22, tzinfo=UTC)
    assert filled.given["hours"] == 8


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"start": "25.00"}, "start"),
        ({"start": "8.75"}, "start"),
        ({"start": "pagi"}, "start"),
        ({"start": "٨"}, "start"),
        ({"start": "08.00\x00"}, "start"),
        ({"date": "13/05/2026"}, "date"),
        ({"date": "2026-02-30"}, "date"),
        ({"length": "9"}, "length"),
        ({"length": "other", "hours": ""}, "hours"),
        ({"length": "other", "hours": "-3"}, "hours"),
        ({"length": "other", "hours": "1,5"}, "hours"),
        ({"length": "other", "hours": "1e2"}, "hours"),
        ({"person": "999999"}, "person"),
        ({"person": "x"}, "person"),
        ({"kind": "x"}, "kind"),
        ({"client_id": "x"}, "client_id"),
    ],
)
def test_what_can_not_be_read_names_its_field(adi: int, given: dict[str, Any], field: str) -> None:
    filled = form(adi, **given)
    assert not filled.is_valid()
    assert field in filled.errors


def test_another_length_is_typed(adi: int) -> None:
    filled = form(adi, length="other", hours="10")
    assert filled.is_valid(), filled.errors
    assert filled.given["hours"] == 10


def test_an_hour_that_does_not_exist_is_refused(adi: int) -> None:
    filled = form(adi, date="2026-10-04", start="02.30")
    assert not filled.is_valid()
    assert "start" in filled.errors


@pytest.mark.parametrize(("fold", "hour"), [("0", 15), ("1", 16)])
def test_an_hour_that_comes_twice_is_asked_about(adi: int, fold: str, hour: int) -> None:
    given = {"date": "2026-04-05", "start": "02.30"}
    with translation.override("en"):
        asked = form(adi, **given)
        assert not asked.is_valid()
        assert list(asked.errors) == ["fold"]
        assert asked.twice
        assert [str(label) for _value, label in asked.fields["fold"].choices] == [  # type: ignore[attr-defined]
            "before the clocks go back · 22:30 WIB",
            "after the clocks went back · 23:30 WIB",
        ]
    chosen = form(adi, **given, fold=fold)
    assert chosen.is_valid(), chosen.errors
    assert chosen.given["starts_at"] == datetime(2026, 4, 4, hour, 30, tzinfo=UTC)


def test_a_place_without_a_known_zone_takes_no_shift(adi: int) -> None:
    mission = directory().missions[MELBOURNE]
    there = place_of(MELBOURNE, type(mission)(code=MELBOURNE, name="KJRI", timezone="../etc/passwd"))
    assert (there.zone_known, str(there.zone)) == (False, "UTC")
    filled = ShiftForm({"person": adi, "kind": "duty", "date": "2026-05-13", "start": "8", "length": "8"}, place=there)
    assert not filled.is_valid()
    assert "start" in filled.errors


def test_the_days_of_a_place_are_its_own(db: None, reference: None) -> None:
    assert place(CAIRO).zone_key == "Africa/Cairo"
    assert place("").zone_key == ""
    assert place("").zone.utcoffset(datetime(2026, 1, 1)) == timedelta(hours=7)  # noqa: DTZ001 - a wall clock
