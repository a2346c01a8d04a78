"""Wall clocks that show no moment, one, or two."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from missions.roster import times

CAIRO, MELBOURNE, JAKARTA = (ZoneInfo(name) for name in ("Africa/Cairo", "Australia/Melbourne", "Asia/Jakarta"))


@pytest.mark.parametrize(
    ("zone", "day", "clock", "moments"),
    [
        (JAKARTA, date(2026, 5, 12), time(8), [datetime(2026, 5, 12, 1, tzinfo=UTC)]),
        # Melbourne: back on 5 April 2026 at 3.00, forward on 4 October 2026 at 2.00.
        (
            MELBOURNE,
            date(2026, 4, 5),
            time(2, 30),
            [datetime(2026, 4, 4, 15, 30, tzinfo=UTC), datetime(2026, 4, 4, 16, 30, tzinfo=UTC)],
        ),
        (MELBOURNE, date(2026, 10, 4), time(2, 30), []),
        (MELBOURNE, date(2026, 10, 4), time(3), [datetime(2026, 10, 3, 16, tzinfo=UTC)]),
        # Cairo: forward on 24 April 2026 at midnight, back at the end of 29 October 2026.
        (CAIRO, date(2026, 4, 24), time(0, 15), []),
        (
            CAIRO,
            date(2026, 10, 29),
            time(23, 30),
            [datetime(2026, 10, 29, 20, 30, tzinfo=UTC), datetime(2026, 10, 29, 21, 30, tzinfo=UTC)],
        ),
    ],
)
def test_a_wall_clock_means_none_one_or_two_moments(
    zone: ZoneInfo, day: date, clock: time, moments: list[datetime]
) -> None:
    reading = times.read(day, clock, zone)
    assert list(reading.moments) == moments
    assert (reading.is_missing, reading.is_double) == (not moments, len(moments) == 2)
    assert times.moment_of(day, clock, zone) == (moments[0] if len(moments) == 1 else None)


def test_a_day_without_midnight_begins_at_its_first_moment() -> None:
    begins = times.day_start(date(2026, 4, 24), CAIRO)
    assert begins == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert begins.astimezone(CAIRO).hour == 1


def test_a_week_begins_on_the_local_monday() -> None:
    late_sunday = datetime(2026, 5, 10, 20, tzinfo=UTC)
    assert times.week_start(late_sunday, JAKARTA) == date(2026, 5, 11)
    assert times.week_start(late_sunday, CAIRO) == date(2026, 5, 4)
