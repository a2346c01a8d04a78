"""Reads of one report beside the others of its mission: its versions, the one before it, who opened it."""

from dataclasses import dataclass
from datetime import datetime

from alerts.demands.deadlines import AT_ONCE
from alerts.reporting.changes import changes
from alerts.reporting.models import ReportSeen, Submission
from alerts.sitreps.models import SituationReport
from alerts.sitreps.queries import reports_of


@dataclass(frozen=True, slots=True)
class Step:
    """A report and what it changed from the one before it; `at_once` when two officers filed in the same minutes."""

    report: SituationReport
    before: SituationReport | None
    changed: list[str]
    at_once: bool


def step_of(report: SituationReport) -> Step:
    """The report beside what it replaces, else beside the mission's report before it."""
    if report.replaces_id is None:
        earlier = reports_of(report.crisis).filter(mission=report.mission_id, number__lt=report.number)
    else:
        earlier = reports_of(report.crisis).filter(pk=report.replaces_id)
    return _step(report, earlier.first())


def versions(report: SituationReport) -> list[Step]:
    """Every version of this report, the newest first, each with its changes; one entry when nobody corrected it."""
    known = {one.pk: one for one in reports_of(report.crisis).filter(mission=report.mission_id)}
    newer = {one.replaces_id: one for one in known.values() if one.replaces_id}
    newest = known[report.pk]
    while newest.pk in newer:
        newest = newer[newest.pk]
    steps = []
    one: SituationReport | None = newest
    while one is not None:
        before = known.get(one.replaces_id) if one.replaces_id else None
        steps.append(_step(one, before))
        one = before
    return steps


def seen_at(report: SituationReport) -> datetime | None:
    """When the command centre opened it; None as long as nobody did."""
    return ReportSeen.objects.filter(report=report).values_list("at", flat=True).first()


def lines_of(report: SituationReport) -> list[Submission]:
    """The other doors by which this report came, the SMS line among them as it was sent."""
    return list(Submission.objects.filter(report=report).order_by("at", "pk"))


def _step(report: SituationReport, before: SituationReport | None) -> Step:
    if before is None:
        return Step(report, None, [], at_once=False)
    other = before.reporter_id != report.reporter_id
    at_once = other and report.filed_at - before.filed_at <= AT_ONCE
    return Step(report, before, changes(before, report), at_once)
