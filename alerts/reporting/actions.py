"""Every change: an officer of the command centre opened a report."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.reporting.models import ReportSeen
from alerts.sitreps.models import ReportRequest, SituationReport
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.problems import Refusal


@transaction.atomic
def mark_seen(*, actor: Reader, at: datetime, report: SituationReport) -> ReportSeen:
    """Note who at the command centre opened the report first: only then is its sender told so (domain.md rule 8)."""
    crisis = report.crisis
    if not actor.is_dcc or actor.exercise != crisis.exercise:
        raise Refusal("", _("Only the command centre opens reports."), status=403, code="forbidden")
    request = ReportRequest.objects.select_for_update().get(pk=report.request_id)
    seen, made = ReportSeen.objects.get_or_create(report=report, defaults={"by_id": actor.user_id, "at": at})
    if made:
        heard = (audiences.dcc(crisis.exercise), audiences.mission(report.mission_id, crisis.exercise))
        record(
            kind="report.seen",
            object_id=request.number,
            version=request.version,
            at=at,
            actor=actor,
            audiences=heard,
            exercise=crisis.exercise,
            crisis=crisis.slug,
            data={"mission": report.mission_id, "report": report.number},
        )
    return seen
