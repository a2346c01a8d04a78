"""Reads of requests and reports: what is asked of a mission, which reports stand."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from alerts.crises.models import Crisis
from alerts.sitreps.models import ReportedFigure, ReportRequest, SituationReport
from alerts.sitreps.rules import sees_all
from commandcenter.access.reader import Reader


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
    known = standing().filter(HAS_FIGURES, crisis=crisis).order_by("as_of", "number")
    for pk, mission, source in known.values_list("pk", "mission_id", "source"):
        newest[mission, source] = pk
    return list(_full(SituationReport.objects.filter(pk__in=newest.values())).order_by("mission_id", "source"))


def last_figures(request: ReportRequest) -> dict[str, ReportedFigure]:
    """The mission's newest standing figure of each key, with its report: what the form shows as old."""
    reports = standing().filter(crisis=request.crisis_id, mission=request.mission_id)
    known = ReportedFigure.objects.filter(report__in=reports).select_related("report")
    return {figure.key: figure for figure in known.order_by("report__as_of", "report__number")}


HAS_FIGURES = Q(Exists(ReportedFigure.objects.filter(report=OuterRef("pk"))))


def _full(reports: QuerySet[SituationReport]) -> QuerySet[SituationReport]:
    full = reports.select_related("crisis", "mission", "reporter", "replaces", "request")
    return full.prefetch_related("figures", "replaced_by")
