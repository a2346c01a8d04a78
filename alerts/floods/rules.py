"""Which emergencies of a queue are one flood: pure, and the same as static/js/live/crowds.js."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import floor
from typing import NamedTuple

# More than so many in a minute in one cell are one card (reliability.md 3.7).
MOST_A_MINUTE = 50
MINUTE_MS = 60_000
# Cells of half a degree: about a city. What has no position counts by its country.
A_DEGREE = 2
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Arrival(NamedTuple):
    """One open emergency as the rule sees it. `apart`: signed by a registered device, or not by the button."""

    number: str
    cell: str
    received: int  # milliseconds since 1970
    priority: int
    untaken: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class Crowd:
    """One card: a cell, and those it stands for in the order they came."""

    cell: str
    numbers: tuple[str, ...]
    received: int
    priority: int

    @property
    def since(self) -> datetime:
        """When the first of them came."""
        return EPOCH + timedelta(milliseconds=self.received)


def cell_of(lat: float | None, lon: float | None, country: str) -> str:
    """Where it counts."""
    return country if lat is None or lon is None else f"{floor(lat * A_DEGREE)}:{floor(lon * A_DEGREE)}"


def moment(received_at: datetime) -> int:
    """Whole milliseconds, as a browser reads the time of a card."""
    return (received_at - EPOCH) // timedelta(milliseconds=1)


def crowds(arrivals: Iterable[Arrival]) -> list[Crowd]:
    """The floods, each a card for its untaken ones; what stands apart and the first P1 of each keep rows of their own.

    It is decided by when they were received alone, so a card stays when its flood is over, until they are handled.
    """
    cells: dict[str, list[Arrival]] = defaultdict(list)
    for one in arrivals:
        if not one.apart:
            cells[one.cell].append(one)
    found = []
    for cell, came in cells.items():
        if len(came) > MOST_A_MINUTE:
            came.sort(key=lambda one: (one.received, one.number))
            found += _card(cell, _flooded(came))
    return sorted(found, key=lambda crowd: (crowd.received, crowd.cell))


def _flooded(came: Sequence[Arrival]) -> list[Arrival]:
    """Those that came within a minute in which more than so many came."""
    flooded: list[Arrival] = []
    first = counted = 0
    for last, one in enumerate(came):
        while came[first].received <= one.received - MINUTE_MS:
            first += 1
        if last - first >= MOST_A_MINUTE:
            start = max(first, counted)
            flooded += came[start : last + 1]
            counted = last + 1
    return flooded


def _card(cell: str, flooded: list[Arrival]) -> list[Crowd]:
    first = next((one for one in flooded if one.priority == 1), None)
    members = [one for one in flooded if one.untaken and one is not first]
    if not members:
        return []
    numbers = tuple(one.number for one in members)
    return [Crowd(cell, numbers, members[0].received, min(one.priority for one in members))]
