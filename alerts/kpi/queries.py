"""Reads of the log for clocks: two statements, and names for what is shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from zoneinfo import ZoneInfo

from alerts.crises.models import Crisis
from alerts.kpi.clocks import CLOCKS
from alerts.kpi.rules import Figure, Health, figure, health
from alerts.kpi.spans import ACTS, ENDED, TAKINGS, Line, Span, spans
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.wording import WIB
from missions.directory.queries import directory

COLUMNS = ("id", "kind", "object_id", "at", "topic", "data")
KINDS = (
    *(*TAKINGS, *ACTS, *ENDED, "emergency.received", "emergency.opened", "emergency.cancelled", "emergency.returned"),
    *("emergency.messaged", "report.requested", "report.opened", "report.filed", "figure.chosen", "crisis.stood_down"),
)
# What starts a clock in the middle of an emergency, and what must be known of one that began before the period.
STARTS = (*TAKINGS, "emergency.messaged")
EARLIER = ("emergency.received", "emergency.messaged", "emergency.resolved", "emergency.merged")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: days in WIB, both included; an empty word or hour None leaves everything in."""

    first: date
    last: date
    mission: str = ""
    crisis: str = ""
    channel: str = ""
    hour: int | None = None
    zone: str = "wib"

    @property
    def since(self) -> datetime:
        """The first day's midnight in WIB."""
        return datetime.combine(self.first, time(), WIB).astimezone(UTC)

    @property
    def until(self) -> datetime:
        """The midnight after the last day."""
        return datetime.combine(self.last + timedelta(days=1), time(), WIB).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the page shows: every span of the filter, by clock."""

    wanted: Wanted
    at: datetime
    spans: dict[str, list[Span]]
    missions: set[str]
    crises: set[str]

    def figures(self) -> list[Figure]:
        """One figure a clock, in the order of the register."""
        return [figure(code, found) for code, found in self.spans.items()]

    def health(self) -> Health:
        """The health of the alarms in the filter."""
        until = min(self.wanted.until, self.at)
        return health(self.spans["opened"], self.spans["taking_acted"], self.wanted.since, until)


def measured(reader: Reader, wanted: Wanted, at: datetime) -> Measured:
    """Every clock in the reader's world and reach: a mission sees what concerns itself."""
    zones = _zones(wanted)
    found: dict[str, list[Span]] = {code: [] for code in CLOCKS}
    missions: set[str] = set()
    crises: set[str] = set()
    for span in spans(_lines(reader.exercise, wanted.since), at):
        if reader.is_mission and span.mission != reader.mission:
            continue
        if not wanted.since <= span.start.at < wanted.until:
            continue
        missions.add(span.mission)
        crises.add(span.crisis)
        if fits(span, wanted, zones):
            found[span.clock].append(span)
    return Measured(wanted, at, found, missions, crises)


def fits(span: Span, wanted: Wanted, zones: Callable[[str], ZoneInfo]) -> bool:
    """Whether a span is in the filter beside its period."""
    named = ((wanted.mission, span.mission), (wanted.crisis, span.crisis), (wanted.channel, span.channel))
    if any(asked and asked != has for asked, has in named):
        return False
    return wanted.hour is None or span.start.at.astimezone(zones(span.mission)).hour == wanted.hour


def _lines(exercise: str, since: datetime) -> Iterable[Line]:
    """The log since a moment, and what went before of the emergencies it speaks of, in the order of the log."""
    # Unordered: for the order of ids the database would read the whole log along its key.
    world = Event.objects.filter(exercise=exercise).order_by()
    recent = list(world.filter(kind__in=KINDS, at__gte=since).values_list(*COLUMNS))
    begun = {key for _pk, kind, key, *_ in recent if kind == "emergency.received"}
    older = {key for _pk, kind, key, *_ in recent if kind in STARTS} - begun
    before = world.filter(object_type="emergency", object_id__in=older, kind__in=EARLIER, at__lt=since)
    return [Line(*row) for row in sorted([*before.values_list(*COLUMNS), *recent], key=itemgetter(0))]


def _zones(wanted: Wanted) -> Callable[[str], ZoneInfo]:
    """The zone whose hours count for a mission's code; the command centre's are WIB."""
    if wanted.zone != "local":
        return lambda _code: WIB
    held = directory().missions
    return lambda code: held[code].zone if code in held else WIB


def groups(measured: Measured, code: str, by: str) -> list[tuple[str, Figure]]:
    """A clock's figure by mission, hour, channel or crisis, each with the code it groups by."""
    zones = _zones(measured.wanted)
    parts: dict[str, list[Span]] = {}
    for span in measured.spans[code]:
        hour = f"{span.start.at.astimezone(zones(span.mission)).hour:02}"
        parts.setdefault(hour if by == "hour" else str(getattr(span, by)), []).append(span)
    return [(key, figure(code, parts[key])) for key in sorted(parts)]


def names(found: Measured, exercise: str) -> dict[str, dict[str, str]]:
    """What the missions and crises that occur, or are asked for, are called; what is gone stays a code."""
    held, wanted = directory().missions, found.wanted
    missions, slugs = {*found.missions, wanted.mission} - {""}, {*found.crises, wanted.crisis} - {""}
    crises = dict(Crisis.objects.filter(exercise=exercise, slug__in=slugs).values_list("slug", "name"))
    return {
        "mission": {code: held[code].name if code in held else code for code in sorted(missions)},
        "crisis": {slug: crises.get(slug, slug) for slug in sorted(slugs)},
    }
