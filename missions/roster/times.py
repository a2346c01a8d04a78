"""Local clocks: a wall-clock time in a zone as one moment, or why it is none or two (DST). Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Reading:
    """What a wall clock may mean: no moment (the clocks jump over it), one, or two (they are turned back)."""

    moments: tuple[datetime, ...]

    @property
    def is_missing(self) -> bool:
        """The clocks jump over this time."""
        return not self.moments

    @property
    def is_double(self) -> bool:
        """This time comes twice."""
        return len(self.moments) > 1


def read(day: date, clock: time, zone: ZoneInfo) -> Reading:
    """Every moment, in UTC, at which the wall clock of this zone shows this."""
    wall = datetime.combine(day, clock.replace(tzinfo=None))
    found = []
    for fold in (0, 1):
        moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        # A time that is jumped over comes back from UTC as another one.
        if moment.astimezone(zone).replace(tzinfo=None) == wall and moment not in found:
            found.append(moment)
    return Reading(tuple(found))


def moment_of(day: date, clock: time, zone: ZoneInfo) -> datetime | None:
    """The one moment; None when there is none or when there are two."""
    moments = read(day, clock, zone).moments
    return moments[0] if len(moments) == 1 else None


def week_start(moment: datetime, zone: ZoneInfo) -> date:
    """The local Monday of the week of a moment."""
    local = moment.astimezone(zone).date()
    return local - timedelta(days=local.weekday())


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins, in UTC; where midnight is jumped over, the first moment after it."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
