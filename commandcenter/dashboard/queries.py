"""Reads of the common operating picture: one query feeds the queue and the map."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict

from alerts.alarms.queries import untaken
from alerts.boards.queries import BoardRow, silent
from alerts.crises.models import Crisis
from alerts.crises.queries import open_crises
from alerts.emergencies import cards
from alerts.emergencies.models import HELD_STATES, OPEN, Emergency, State
from alerts.queue.queries import APART, QueueFilter, queue, rows
from alerts.shelving.queries import arrivals
from alerts.shelving.rules import FLOOD_AT, FLOOD_WINDOW
from commandcenter.access.reader import Reader
from missions.countries import geo
from missions.roster.queries import duty, on_duty

# More rows than any flood on record (domain.md section 6); the page says so when it had to stop here.
MOST = 5000
# The tabs over the open queue; they are narrowed from the same rows, so their counts can't disagree.
TABS = ("new", "mine", "open")
NARROWED_HERE = (*TABS, "taken")


@dataclass(frozen=True, slots=True)
class Picture:
    """What the page shows: `rows` of the state asked for, drawn from `found`, the filter's whole answer."""

    wanted: QueueFilter
    found: list[Emergency]
    rows: list[Emergency]
    crises: list[Crisis]
    crisis: Crisis | None
    alarms: list[tuple[str, int]]
    raised: list[tuple[str, int]]
    counts: dict[str, int]
    held: Counter[int | None]
    stopped: bool
    in_store: bool  # the rows of every tab are in the page, so that a tab needs no new request

    @property
    def placed(self) -> int:
        """How many of the rows are on the map."""
        return sum(row.has_position for row in self.rows)

    @property
    def unplaced(self) -> int:
        """How many of the rows have no coordinates."""
        return len(self.rows) - self.placed

    @property
    def is_narrowed(self) -> bool:
        """Whether the filter bar hides anything beside the tab."""
        return replace(self.wanted, state="open") != QueueFilter()


def picture(reader: Reader, params: QueryDict) -> Picture:
    """Everything of one moment for one reader; the number of queries does not grow with the rows."""
    crises = open_crises(reader)
    wanted = QueueFilter.from_params(params)
    crisis = next((each for each in crises if each.slug == wanted.crisis), None)
    if crisis is None:
        wanted = replace(wanted, crisis="")
    whole = replace(wanted, state="open") if wanted.state in NARROWED_HERE else wanted
    area = crisis.area if crisis else None
    found = rows(reader, whole, most=MOST + 1, area=area)
    in_store = wanted.state in NARROWED_HERE and len(found) <= MOST
    if whole != wanted and not in_store:
        found = rows(reader, wanted, most=MOST + 1, area=area)
    if stopped := len(found) > MOST:
        found = _with_those_apart(found[:MOST], rows(reader, wanted, most=MOST, area=area, only=APART))
    tabs = _known(wanted.state, whole=in_store or (wanted.state == "all" and not stopped))
    return Picture(
        wanted=wanted,
        found=found,
        rows=[row for row in found if in_state(row, wanted.state, reader)],
        crises=crises,
        crisis=crisis,
        alarms=_alarms(reader),
        raised=untaken(reader),
        counts={tab: sum(in_state(row, tab, reader) for row in found) for tab in tabs},
        held=Counter(row.taken_by_id for row in found if row.state in OPEN),
        stopped=stopped,
        in_store=in_store,
    )


def _with_those_apart(first: list[Emergency], apart: list[Emergency]) -> list[Emergency]:
    """Of a queue that was cut, those that stand apart from a flood are never cut off; the last of the others are."""
    there = {row.pk for row in first}
    more = [row for row in apart if row.pk not in there]
    known = {row.pk for row in apart}
    others = [row for row in first if row.pk not in known]
    kept = others[: len(others) - len(more)]
    return sorted([*kept, *apart], key=lambda row: (row.state != State.NEW, row.priority, row.received_at, row.pk))


def _known(state: str, *, whole: bool) -> tuple[str, ...]:
    """The tabs whose rows can be counted here: of a list that was cut its own, and the new ones, which come first.

    Beside the resolved stand no open ones: they are not counted as none.
    """
    if whole:
        return TABS
    if state == "open":
        return ("new", "open")
    return (state,) if state in NARROWED_HERE else ()


def in_state(row: Emergency, state: str, reader: Reader) -> bool:
    """Whether a row belongs under this tab; the same rule as static/js/live/store.js."""
    if state == "new":
        return row.state == State.NEW
    if state == "taken":
        return row.state in HELD_STATES
    if state == "mine":
        return row.state in OPEN and row.taken_by_id == reader.user_id
    return row.state in OPEN if state == "open" else True


def _alarms(reader: Reader) -> list[tuple[str, int]]:
    """P1 and P2 that nobody has taken and that are not silenced, whatever the filter bar hides."""
    waiting = queue(reader, QueueFilter(state="new")).filter(priority__lte=2, shelved_until__isnull=True)
    rows = waiting.values_list("pk", "received_at", "priority")[:MOST]
    return [(Emergency(pk=pk, received_at=received).number, priority) for pk, received, priority in rows]


def flood(reader: Reader, at: datetime) -> dict[str, Any]:
    """What tells an alarm flood (ux.md 3.5): the P1 and P2 of the last ten minutes, and how many share them."""
    mission = () if reader.is_dcc else duty(reader.mission, at, reader.exercise).officers
    desks = len(mission or on_duty(at, reader.exercise))
    recent = [
        {"received": received.isoformat(), "lat": lat, "lon": lon, "country": country}
        for received, lat, lon, country in arrivals(reader, at - FLOOD_WINDOW)
    ]
    return {"desks": max(1, desks), "window": FLOOD_WINDOW.total_seconds(), "most": FLOOD_AT, "arrivals": recent}


def card_rows(reader: Reader, found: Iterable[Emergency]) -> list[tuple[str, int, dict[str, Any]]]:
    """Number, version and card of each: the same cards as the frames of this reader's audience."""
    audience = "dcc" if reader.is_dcc else "mission"
    made = ((row, cards.make(row, audience)) for row in found)
    return [(row.number, row.version, card.model_dump(mode="json")) for row, card in made if card is not None]


def area_filter(crisis: Crisis | None) -> dict[str, Any]:
    """What the browser needs to judge a new card by the crisis filter as the query does."""
    if crisis is None:
        return {"area": None, "areaCountries": []}
    return {"area": crisis.area, "areaCountries": sorted(geo.countries_in(crisis.area))}


def crisis_areas(crises: Iterable[Crisis]) -> list[dict[str, Any]]:
    """Open crises as the map draws them."""
    return [
        {
            "slug": each.slug,
            "name": each.name,
            "kind": each.kind,
            "level": each.level,
            "area": geo.drawn(each.area),
            "countries": each.countries,
            "declared": each.declared_at.isoformat(),
        }
        for each in crises
    ]


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The line under the picture: missions asked and without a report in time, worst first."""

    rows: list[BoardRow]
    crises: list[Crisis]


def ribbon(reader: Reader, at: datetime, crises: list[Crisis] | None = None) -> Ribbon:
    """Who is silent in the reader's open crises (`crises` when they are known already)."""
    return Ribbon(silent(reader, at), open_crises(reader) if crises is None else crises)
