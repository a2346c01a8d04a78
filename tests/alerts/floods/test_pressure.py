"""Overload is ten seconds of late answers, and ends by itself; what is shed first is fixed."""

import pytest

from alerts.floods.pressure import FOR_SECONDS, STAYS_SECONDS, Pressure

pytestmark = pytest.mark.once


def pressed(seconds: int, took: float, *, begin: int = 1000) -> Pressure:
    pressure = Pressure()
    for second in range(begin, begin + seconds):
        for n in range(20):
            pressure.note(second + n / 20, took)
    return pressure


def test_nine_late_seconds_are_none_and_ten_are() -> None:
    assert not pressed(FOR_SECONDS - 1, 1.5).overloaded(1000 + FOR_SECONDS - 1)
    assert pressed(FOR_SECONDS, 1.5).overloaded(1000 + FOR_SECONDS)


def test_fast_answers_are_never_an_overload_however_many() -> None:
    assert not pressed(60, 0.99).overloaded(1060)
    assert pressed(60, 0.99).bits(1060) == 0


def test_one_fast_second_begins_anew() -> None:
    pressure = pressed(9, 2)
    pressure.note(1009, 0.1)
    for second in range(1010, 1019):
        pressure.note(second, 2)
    assert not pressure.overloaded(1019)


def test_two_late_answers_far_apart_are_no_overload() -> None:
    pressure = pressed(1, 5)
    pressure.note(1600, 5)
    assert not pressure.overloaded(1601)


def test_a_few_late_answers_among_many_are_no_overload() -> None:
    pressure = Pressure()
    for second in range(1000, 1020):
        for n in range(100):
            pressure.note(second, 5.0 if n < 4 else 0.1)
    assert not pressure.overloaded(1020)


def test_it_stays_a_while_and_ends_by_itself() -> None:
    pressure = pressed(FOR_SECONDS, 1.5)
    assert pressure.overloaded(1000 + FOR_SECONDS + STAYS_SECONDS - 1)
    assert not pressure.overloaded(1000 + FOR_SECONDS + STAYS_SECONDS + 1)


@pytest.mark.parametrize(("took", "bits"), [(1.5, 16), (2.5, 17), (4.9, 19), (5.1, 20), (60, 20)])
def test_the_work_grows_with_the_load(took: float, bits: int) -> None:
    assert pressed(FOR_SECONDS, took).bits(1000 + FOR_SECONDS) == bits


def test_media_and_positions_wait_before_messages() -> None:
    late, later = pressed(FOR_SECONDS, 1.5), pressed(FOR_SECONDS, 4)
    at = 1000 + FOR_SECONDS
    assert [late.sheds(what, at) for what in ("media", "position", "message")] == [True, True, False]
    assert [later.sheds(what, at) for what in ("media", "position", "message")] == [True, True, True]
    assert not any(Pressure().sheds(what, at) for what in ("media", "position", "message"))
