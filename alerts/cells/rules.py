"""What a cell counts: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, isfinite
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from alerts.cells.morton import cell_at, key_of
from commandcenter.problems import Refusal

# Levels that are stored: each costs a row per emergency, each serves the three zooms whose cells are 32 to 128 px.
LEVELS = (6, 9, 12, 15)
MICRO = 1_000_000
# Nearer than this to latitude 0, longitude 0 is a device without a fix.
NOWHERE = 1e-3

Key = tuple[int, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an emergency counts: degrees, and what the map may be narrowed by. `state` is new, taken or resolved."""

    exercise: str
    mission: str
    state: str
    priority: int
    lat: float
    lon: float


@dataclass(slots=True)
class Sums:
    """How many, and the sums of their places in millionths of a degree: whole numbers, so no act leaves a rest."""

    n: int = 0
    lat: int = 0
    lon: int = 0


def stated_point(lat: float | None, lon: float | None) -> tuple[float | None, float | None]:
    """A position as somebody states it: a whole one on this earth, or (None, None)."""
    if lat is None or lon is None:
        return None, None
    if not (isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise Refusal("latitude", _("Latitude is from -90 to 90, longitude from -180 to 180."))
    if abs(lat) < NOWHERE and abs(lon) < NOWHERE:
        raise Refusal("latitude", _("Latitude 0, longitude 0 is not a position."))
    return lat, lon


def level_for(zoom: int) -> int:
    """The stored level whose cells are 32 to 128 px wide at this zoom; the deepest there is beyond it."""
    return next((z for z in LEVELS if z >= zoom + 1), LEVELS[-1])


def summed(changes: Iterable[tuple[Placed | None, Placed | None]]) -> list[tuple[Key, Sums]]:
    """What (was, now) changes of emergencies add up to: one entry per cell that differs, in the order of the keys."""
    totals: dict[Key, Sums] = {}
    for was, now in changes:
        if was != now:
            _add(totals, was, -1)
            _add(totals, now, 1)
    return sorted(((key, sums) for key, sums in totals.items() if sums != Sums()), key=lambda entry: entry[0])


def micro(degrees: float) -> int:
    """Whole millionths of a degree, rounded down: the same in Python and in SQL."""
    return floor(degrees * MICRO)


def _add(totals: dict[Key, Sums], placed: Placed | None, sign: int) -> None:
    if placed is None:
        return
    key, lat, lon = key_of(placed.lat, placed.lon), micro(placed.lat), micro(placed.lon)
    for z in LEVELS:
        sums = totals.setdefault(
            (cell_at(key, z), placed.exercise, placed.mission, placed.state, placed.priority), Sums()
        )
        sums.n += sign
        sums.lat += sign * lat
        sums.lon += sign * lon


class Group(NamedTuple):
    """Emergencies that are drawn as one: their square, the sums of their places, how many, and how they are drawn.

    `priority` is the worst that nobody has taken, else the worst; `untaken` draws the ring.
    """

    key: int
    sum_lat: int
    sum_lon: int
    n: int
    priority: int
    untaken: bool

    @property
    def lat(self) -> float:
        """The middle of its emergencies in degrees, not of its square."""
        return self.sum_lat / self.n / MICRO

    @property
    def lon(self) -> float:
        """As lat; a square never lies across the antimeridian."""
        return self.sum_lon / self.n / MICRO


def coarser(found: Iterable[Group]) -> list[Group]:
    """The same emergencies in squares twice as wide."""
    made: dict[int, Group] = {}
    for one in found:
        key = one.key >> 2
        other = made.get(key)
        made[key] = one._replace(key=key) if other is None else _joined(key, one, other)
    return list(made.values())


def _joined(key: int, one: Group, other: Group) -> Group:
    if one.untaken == other.untaken:
        priority = min(one.priority, other.priority)
    else:
        priority = one.priority if one.untaken else other.priority
    lat, lon = one.sum_lat + other.sum_lat, one.sum_lon + other.sum_lon
    return Group(key, lat, lon, one.n + other.n, priority, one.untaken or other.untaken)
