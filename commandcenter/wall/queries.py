"""What a wall shows: codes, counts and clocks. No name of a person, no telephone, no text that somebody wrote.

The name of a crisis is such a text, and its address is made from it: the wall says kind, level and countries.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts.boards.queries import BoardRow, silent
from alerts.crises.models import Crisis
from alerts.emergencies.cards import make
from alerts.emergencies.models import Emergency
from alerts.emergencies.queries import IS_OPEN
from alerts.queue.queries import QueueFilter, queue, rows
from commandcenter.access.models import Role, WallScreen
from commandcenter.access.reader import Reader
from commandcenter.dashboard.queries import MOST
from commandcenter.wall.rules import SHOWN
from missions.countries import geo
from missions.directory.queries import directory, map_missions

NO_PERSON = 0
MISSIONS_SHOWN = 5
DRAWN = ("code", "lat", "lon", "precision")


@dataclass(frozen=True, slots=True)
class Urgent:
    """The oldest open P1 and P2, those nobody has taken first: the order of every desk's queue."""

    rows: list[Emergency]
    total: int
    critical: int

    @property
    def more(self) -> int:
        """How many there is no room for."""
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True)
class Silent:
    """The missions that are late, worst first, and the areas of the open crises for the map."""

    rows: list[BoardRow]
    total: int
    crises: list[dict[str, Any]]
    is_crisis: bool

    @property
    def more(self) -> int:
        """How many there is no room for."""
        return self.total - len(self.rows)


def eyes(screen: WallScreen) -> Reader:
    """Reads as one who may read everything and work nothing; never handed to an action."""
    return Reader(NO_PERSON, "", Role.VERIFIER, "", screen.exercise)


def urgent(screen: WallScreen) -> Urgent:
    """Zone 2."""
    found = queue(eyes(screen), QueueFilter()).filter(priority__lte=2)
    open_ones = Emergency.objects.filter(IS_OPEN, exercise=screen.exercise, priority__lte=2)
    shown = list(found[:SHOWN])
    names = directory().countries
    for row in shown:
        row.country_name = names[row.country].name if row.country in names else ""  # type: ignore[attr-defined]
    return Urgent(shown, open_ones.count(), open_ones.filter(priority=1).count())


def late(screen: WallScreen, at: datetime) -> Silent:
    """Zone 3."""
    found = [row for row in silent(eyes(screen), at) if row.mark in {"silent", "overdue"}]
    crises = Crisis.objects.filter(exercise=screen.exercise, stood_down_at__isnull=True).order_by("level", "pk")
    areas = [{"slug": str(place), "area": geo.drawn(each.area)} for place, each in enumerate(crises)]
    return Silent(found[:MISSIONS_SHOWN], len(found), areas, bool(areas))


def drawn(screen: WallScreen) -> dict[str, Any]:
    """What the map draws from, in the shape the picture's store reads; no desk, no names."""
    found = rows(eyes(screen), QueueFilter(), most=MOST + 1)
    cards = ((row, make(row, "dcc")) for row in found[:MOST])
    return {
        "own": "",
        "me": "",
        "filter": {"state": "open", "area": None, "areaCountries": []},
        "clusters": len(found) > MOST,
        "emergencies": [
            (row.number, row.version, {**card.model_dump(mode="json"), "desk": None}) for row, card in cards if card
        ],
        "alarms": [],
        "missions": [{name: each[name] for name in DRAWN} for each in map_missions()],
        "headcounts": [],
        "crises": [],
        "limits": {},
        "names": {},
    }


def screens(exercise: str) -> list[WallScreen]:
    """Every screen of a world, the valid ones first, then the newest."""
    found = WallScreen.objects.filter(exercise=exercise).select_related("made_by", "revoked_by")
    return sorted(found.order_by("-pk"), key=lambda each: each.revoked_at is not None)
