"""What makes two emergencies look like one: pure, by place and time or by telephone; each threshold has its mutant."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.duplicates.rules import Sighting, Thresholds, digits_of, distance_m, likeness, same_phone, thresholds
from tests.conftest import AT

pytestmark = pytest.mark.once
LIMITS = Thresholds(near_m=300, most_m=1500, minutes=45, phone_hours=24, phone_digits=7)
HERE = Sighting(AT, 22.45, 114.1688, 20.0, "+852 9123 4567")
DEGREE = 111_195.08  # metres of one degree of latitude on the sphere of rules.py

moments = st.integers(-200_000, 200_000).map(lambda seconds: AT + timedelta(seconds=seconds))
phones = st.sampled_from(["", "123", "+852 9123 4567", "9123-4567", "0081 3 5550 1234", "+81 3 5550 1234", "٩١٢٣٤٥٦٧"])
sightings = st.builds(
    Sighting,
    received_at=moments,
    lat=st.none() | st.floats(-90, 90),
    lon=st.floats(-180, 180),
    accuracy_m=st.none() | st.floats(0, 5000),
    phone=phones,
)


def north(metres: float, **more: object) -> Sighting:
    """Somewhere north of HERE, without a telephone."""
    return replace(HERE, lat=22.45 + metres / DEGREE, phone="", **more)  # type: ignore[arg-type]


@given(sightings, sightings)
def test_it_is_the_same_whichever_comes_first(one: Sighting, other: Sighting) -> None:
    assert likeness(one, other, LIMITS) == likeness(other, one, LIMITS)


@given(sightings)
def test_every_sighting_with_a_place_or_a_number_is_like_itself(one: Sighting) -> None:
    found = likeness(one, one, LIMITS)
    has_number = len(digits_of(one.phone)) >= LIMITS.phone_digits
    assert (found is not None) is (one.lat is not None or has_number)


@given(st.floats(0, 3000), st.floats(0, 3000), st.integers(0, 90), st.integers(0, 90))
def test_nearer_and_sooner_is_never_less_alike(near: float, far: float, soon: int, late: int) -> None:
    near, far = sorted((near, far))
    soon, late = sorted((soon, late))
    away = north(far, received_at=AT + timedelta(minutes=late))
    close = north(near, received_at=AT + timedelta(minutes=soon))
    if likeness(HERE, away, LIMITS):
        assert likeness(HERE, close, LIMITS)


@pytest.mark.parametrize(
    ("metres", "minutes", "alike"),
    [(339, 0, True), (341, 0, False), (0, 45, True), (0, 46, False), (339, 45, True), (341, 45, False)],
)
def test_place_and_time_have_their_limits(metres: float, minutes: int, *, alike: bool) -> None:
    other = north(metres, received_at=AT + timedelta(minutes=minutes))
    assert (likeness(HERE, other, LIMITS) is not None) is alike


def test_a_poor_fix_reaches_further_but_never_over_a_city() -> None:
    assert likeness(HERE, north(1000, accuracy_m=800), LIMITS)
    assert likeness(HERE, north(1499, accuracy_m=50_000), LIMITS)
    assert likeness(HERE, north(1501, accuracy_m=50_000), LIMITS) is None


def test_the_same_number_is_alike_wherever_it_is_for_a_day() -> None:
    away = Sighting(AT + timedelta(hours=23), -37.8, 144.9, 10, "9123-4567")
    found = likeness(HERE, away, LIMITS)
    assert found is not None
    assert (found.phone, found.metres) == (True, None)
    assert likeness(HERE, replace(away, received_at=AT + timedelta(hours=25)), LIMITS) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+62 812-3456-789", "0812 3456 789", True),
        ("0062812 3456789", "+628123456789", True),
        ("٠٨١٢٣٤٥٦٧٨٩", "08123456789", True),
        ("123456", "123456", False),
        ("", "", False),
        ("+852 9123 4567", "+852 9123 4568", False),
        ("tel", "tel", False),
    ],
)
def test_numbers_are_compared_by_how_they_end(one: str, other: str, *, same: bool) -> None:
    assert same_phone(one, other, 7) is same


def test_distance_goes_the_short_way_round() -> None:
    assert distance_m(0, 179.999, 0, -179.999) == pytest.approx(222.39, abs=0.1)
    assert distance_m(22.45, 114.1688, 23.45, 114.1688) == pytest.approx(DEGREE, abs=1)


def test_the_thresholds_are_data_with_an_owner_and_a_reason() -> None:
    assert thresholds() == LIMITS


MUTANTS = {
    "place": {"near_m": 301.0},
    "accuracy": {"most_m": 1502.0},
    "time": {"minutes": 46.0},
    "day": {"phone_hours": 25.0},
    "digits": {"phone_digits": 6},
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_moved_threshold_is_noticed(name: str) -> None:
    """Each mutant changes at least one verdict of the examples above."""
    moved = replace(LIMITS, **MUTANTS[name])  # type: ignore[arg-type]
    pairs = [
        (HERE, north(340.5)),
        (HERE, north(1501, accuracy_m=50_000)),
        (HERE, north(0, received_at=AT + timedelta(minutes=46))),
        (HERE, Sighting(AT + timedelta(hours=25), phone="91234567")),
        (replace(HERE, lat=None, phone="123456"), Sighting(AT, phone="123456")),
    ]
    told = [likeness(one, other, LIMITS) is not None for one, other in pairs]
    assert told == [False] * 5
    assert [likeness(one, other, moved) is not None for one, other in pairs].count(True) == 1
