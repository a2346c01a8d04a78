"""Reads of requests and reports: the board, who is silent, the matrix rows, what does not fit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from alerts.crises.models import Crisis, CrisisMission
from alerts.figures import detectors
from alerts.figures.detectors import Difference
from alerts.sitreps.deadlines import NEXT_REPORT, WORST_FIRST, Mark, mark_of
from alerts.sitreps.models import ReportedFigure, ReportRequest, SituationReport
from alerts.sitreps.rules import sees_all
from alerts.sitreps.words import MARK_WORDS
from commandcenter import wording
from commandcenter.access.reader import Reader
from missions.directory.models import Mission


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One mission of one crisis. `last` is its newest standing report with figures; `at` the moment of the row."""

    crisis: Crisis
    mission: Mission
    request: ReportRequest | None
    last: SituationReport | None
    mark: Mark
    at: datetime

    @property
    def word(self) -> str | Promise:
        """The mark in words."""
        return MARK_WORDS[self.mark]

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
        return self.last.filed_at + NEXT_REPORT


def crisis_of(reader: Reader, slug: str) -> Crisis | None:
    """The crisis of this address in the reader's world; missions find only those that involve them."""
    found = Crisis.objects.filter(slug=slug, exercise=reader.exercise)
    if not sees_all(reader):
        found = found.filter(involved__mission=reader.mission)
    return found.first()


def requests(crisis: Crisis) -> QuerySet[ReportRequest]:
    """Every request of a crisis, the newest first."""
    found = ReportRequest.objects.filter(crisis=crisis).select_related("crisis", "mission", "officer", "requested_by")
    return found.order_by("-requested_at", "-pk")


def request_with(pk: int) -> ReportRequest | None:
    """One request with its crisis and mission."""
    return ReportRequest.objects.select_related("crisis", "mission", "officer").filter(pk=pk).first()


def current_request(crisis: Crisis, mission: str) -> ReportRequest | None:
    """What a mission is asked now: its open request, else its newest one."""
    return requests(crisis).filter(mission=mission, closed_at__isnull=True).first()


def board(reader: Reader, crisis: Crisis, at: datetime) -> list[BoardRow]:
    """The missions involved, worst first; a mission sees its own row."""
    return _rows(reader, [crisis], at)


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


def standing(at: datetime | None = None) -> QuerySet[SituationReport]:
    """Reports that no correction replaced (by `at`)."""
    later = SituationReport.objects.filter(replaces=OuterRef("pk"))
    if at is None:
        return SituationReport.objects.exclude(Exists(later))
    return SituationReport.objects.filter(filed_at__lte=at).exclude(Exists(later.filter(filed_at__lte=at)))


def reports_of(crisis: Crisis) -> QuerySet[SituationReport]:
    """Every report of a crisis, the newest first, with figures and corrections."""
    return _full(SituationReport.objects.filter(crisis=crisis)).order_by("-number")


def report_of(reader: Reader, crisis: Crisis, number: int) -> SituationReport | None:
    """One report; missions find only their own."""
    found = reports_of(crisis).filter(number=number)
    return (found if sees_all(reader) else found.filter(mission=reader.mission)).first()


def latest_reports(crisis: Crisis) -> list[SituationReport]:
    """The newest standing report with figures of each mission and source, by the time it is of: the matrix rows."""
    newest: dict[tuple[str, str], int] = {}
    known = standing().filter(_HAS_FIGURES, crisis=crisis).order_by("as_of", "number")
    for pk, mission, source in known.values_list("pk", "mission_id", "source"):
        newest[mission, source] = pk
    return list(_full(SituationReport.objects.filter(pk__in=newest.values())).order_by("mission_id", "source"))


def differences(crisis: Crisis, at: datetime) -> list[Difference]:
    """Figures that can't all be right, as far as reports had arrived by `at`."""
    arrived = ReportedFigure.objects.filter(report__crisis=crisis, report__filed_at__lte=at)
    stands = set(standing(at).filter(crisis=crisis).values_list("pk", flat=True))
    found = arrived.select_related("report__replaces").order_by("report__number")
    return detectors.find(_plain(figure, stands) for figure in found)


def last_figures(request: ReportRequest) -> dict[str, ReportedFigure]:
    """The mission's newest standing figure of each key, with its report: what the form shows as old."""
    reports = standing().filter(crisis=request.crisis_id, mission=request.mission_id)
    known = ReportedFigure.objects.filter(report__in=reports).select_related("report")
    return {figure.key: figure for figure in known.order_by("report__as_of", "report__number")}


def _plain(figure: ReportedFigure, stands: set[int]) -> detectors.Row:
    report = figure.report
    return detectors.Row(
        report=report.number,
        mission=report.mission_id,
        source=report.source,
        as_of=report.as_of,
        key=figure.key,
        value=figure.value,
        high=figure.high,
        stands=report.pk in stands,
        replaced_as_of=report.replaces.as_of if report.replaces else None,
    )


_HAS_FIGURES = Q(Exists(ReportedFigure.objects.filter(report=OuterRef("pk"))))


def _full(reports: QuerySet[SituationReport]) -> QuerySet[SituationReport]:
    full = reports.select_related("crisis", "mission", "reporter", "replaces", "request")
    return full.prefetch_related("figures", "replaced_by")


def _rows(reader: Reader, crises: Iterable[Crisis], at: datetime) -> list[BoardRow]:
    """Rows of several crises in four queries; `at` stands still once a crisis is closed."""
    by_id = {crisis.pk: crisis for crisis in crises}
    mine = Q() if sees_all(reader) else Q(mission=reader.mission)
    involved = CrisisMission.objects.filter(mine, crisis__in=by_id).select_related("mission")
    asked = ReportRequest.objects.filter(mine, crisis__in=by_id, closed_at__isnull=True).select_related("officer")
    requested = {(one.crisis_id, one.mission_id): one for one in asked.order_by("requested_at", "pk")}
    told = standing().filter(mine, _HAS_FIGURES, crisis__in=by_id).order_by("as_of", "number")
    last = {(one.crisis_id, one.mission_id): one for one in told}
    rows = []
    for member in involved:
        key = (member.crisis_id, member.mission_id)
        crisis = by_id[member.crisis_id]
        rows.append(_row(crisis, member.mission, requested.get(key), last.get(key), crisis.stood_down_at or at))
    return sorted(rows, key=_worst_first)


def _row(
    crisis: Crisis, mission: Mission, request: ReportRequest | None, last: SituationReport | None, at: datetime
) -> BoardRow:
    mark = mark_of(
        requested_at=request.requested_at if request else None,
        due_at=request.due_at if request else None,
        contact_at=request.contact_at if request else None,
        figures_at=last.filed_at if last else None,
        at=at,
    )
    return BoardRow(crisis, mission, request, last, mark, at)


def _worst_first(row: BoardRow) -> tuple[int, int, datetime, str]:
    since = row.next_due_at or (row.request.requested_at if row.request else row.at)
    return WORST_FIRST.index(row.mark), row.crisis.level, since, row.mission.name
