"""Reads: the mission board, worst first; who is silent; what a mission is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.functional import Promise

from alerts.boards import past
from alerts.crises.models import Crisis, CrisisMission
from alerts.demands.deadlines import WORST_FIRST, Mark, mark_of
from alerts.demands.demand import next_report
from alerts.sitreps.models import ReportRequest, SituationReport
from alerts.sitreps.queries import HAS_FIGURES, standing
from alerts.sitreps.rules import sees_all
from alerts.sitreps.words import MARK_WORDS
from commandcenter import wording
from commandcenter.access.reader import Reader
from missions.directory.models import Mission


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One mission of one crisis. `last` is its newest standing report with figures, which `holds` so long."""

    crisis: Crisis
    mission: Mission
    request: ReportRequest | None
    last: SituationReport | None
    mark: Mark
    holds: timedelta
    at: datetime

    @property
    def word(self) -> str | Promise:
        """The mark in words."""
        return MARK_WORDS[self.mark]

    @property
    def owes(self) -> bool:
        """Whether the mission owes a report now."""
        return self.mark not in {"none", "reported"}

    @property
    def officer(self) -> str:
        """The named officer; "" when nobody there has an account."""
        return self.request.officer.shown_name if self.request and self.request.officer else ""

    @property
    def minutes(self) -> int | None:
        """Whole minutes since the first request of this demand."""
        return int((self.at - self.request.requested_at).total_seconds()) // 60 if self.request else None

    @property
    def took(self) -> str:
        """ "1:58" from the request to the first report with figures; "" before it."""
        answered = self.request.answered_at if self.request else None
        return wording.stopwatch(answered - self.request.requested_at) if self.request and answered else ""

    @property
    def local_time(self) -> str:
        """The time of day where the mission works."""
        return wording.hours(self.at.astimezone(self.mission.zone))

    @property
    def next_due_at(self) -> datetime | None:
        """When the next report is due; None while the first is awaited or the crisis is closed."""
        if self.last is None or not self.crisis.is_open or self.mark not in {"reported", "overdue"}:
            return None
        return self.last.filed_at + self.holds


def board(reader: Reader, crisis: Crisis, at: datetime, until: datetime | None = None) -> list[BoardRow]:
    """The missions involved, worst first; a mission sees its own row. With `until` as they stood then."""
    return _rows(reader, [crisis], at, until)


def silent(reader: Reader, at: datetime) -> list[BoardRow]:
    """Missions asked and without a report in time, across the open crises of the reader's world, worst first."""
    open_crises = Crisis.objects.filter(exercise=reader.exercise, stood_down_at__isnull=True)
    return [row for row in _rows(reader, open_crises, at) if row.mark not in {"none", "reported"}]


def inbox(reader: Reader, at: datetime) -> list[BoardRow]:
    """What the reader's mission is asked in open crises, worst first."""
    if not reader.is_mission:
        return []
    open_crises = Crisis.objects.filter(exercise=reader.exercise, stood_down_at__isnull=True)
    return [row for row in _rows(reader, open_crises, at) if row.request is not None]


def _rows(reader: Reader, crises: Iterable[Crisis], at: datetime, until: datetime | None = None) -> list[BoardRow]:
    """Rows of several crises in five queries; `at` stands still once a crisis is closed."""
    by_id = {crisis.pk: crisis for crisis in crises}
    mine = Q() if sees_all(reader) else Q(mission=reader.mission)
    involved = CrisisMission.objects.filter(mine, crisis__in=by_id).select_related("mission")
    later = past.involved_later(by_id.values(), until) if until else set()
    requested = _asked(mine, by_id, until)
    told = standing(until).filter(mine, HAS_FIGURES, crisis__in=by_id).order_by("as_of", "number")
    last = {(one.crisis_id, one.mission_id): one for one in told}
    holds = next_report(until)
    rows = []
    for member in involved:
        key = (member.crisis_id, member.mission_id)
        crisis = by_id[member.crisis_id]
        if key not in later:
            told_then = requested.get(key), last.get(key)
            rows.append(_row(crisis, member.mission, *told_then, holds, crisis.stood_down_at or at))
    return sorted(rows, key=_worst_first)


def _asked(mine: Q, by_id: dict[int, Crisis], until: datetime | None) -> dict[tuple[int, str], ReportRequest]:
    """What each mission is asked now, or was asked at `until`."""
    open_then = Q(closed_at__isnull=True) if until is None else Q(closed_at__isnull=True) | Q(closed_at__gt=until)
    asked = ReportRequest.objects.filter(mine, open_then, crisis__in=by_id).select_related("officer")
    found: Iterable[ReportRequest] = asked.order_by("requested_at", "pk")
    if until is not None:
        world = next((crisis.exercise for crisis in by_id.values()), "")
        found = past.rewound(asked.filter(requested_at__lte=until).order_by("requested_at", "pk"), until, world)
    return {(one.crisis_id, one.mission_id): one for one in found}


def _row(
    crisis: Crisis,
    mission: Mission,
    request: ReportRequest | None,
    last: SituationReport | None,
    holds: timedelta,
    at: datetime,
) -> BoardRow:
    mark = mark_of(
        requested_at=request.requested_at if request else None,
        due_at=request.due_at if request else None,
        contact_at=request.contact_at if request else None,
        figures_at=last.filed_at if last else None,
        next_report=holds,
        at=at,
    )
    return BoardRow(crisis, mission, request, last, mark, holds, at)


def _worst_first(row: BoardRow) -> tuple[int, int, datetime, str]:
    since = row.next_due_at or (row.request.requested_at if row.request else row.at)
    return WORST_FIRST.index(row.mark), row.crisis.level, since, row.mission.name
