"""The public API of this room: figures with provenance."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Path, Router

from alerts.crises import queries as crises
from alerts.crises import rules
from alerts.crises.models import Crisis
from alerts.ledger import queries
from alerts.ledger.shapes import Official, SourceSet
from alerts.verification.schemas import CheckOut, FiguresOut, OfficialOut, ReportedOut, ValueOut
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.problems import Refusal

router = Router()


@router.get(
    "/crises/{slug:slug}/figures", response=FiguresOut, url_name="crisis-figures", summary="Figures of a crisis"
)
def figures(request: HttpRequest, slug: Path[str]) -> FiguresOut:
    """Official figures with source, as-of, verifier and version; beside them what each mission reported (session)."""
    reader, crisis = _open(request, slug)
    official = queries.official(crisis)
    check = queries.official_check(official)
    return FiguresOut(
        crisis=crisis.slug,
        at=now(),
        official={key: _official(cell) for key, cell in official.items()},
        reconciliation=CheckOut(state=check.state, gap=check.gap, id=check.words_id, en=check.words_en),
        reported=_all_reported(reader, crisis),
    )


def _open(request: HttpRequest, slug: str) -> tuple[Reader, Crisis]:
    """The reader and the crisis; refuses strangers before it says whether there is such a crisis."""
    reader: Reader | None = getattr(request, "reader", None)
    if reader is None:
        raise Refusal("", _("Sign in first."), status=401, code="forbidden")
    if not (rules.sees_all(reader) or reader.is_mission):
        raise Refusal("", _("You may not do this."), status=403, code="forbidden")
    crisis = crises.crisis(reader, slug)
    if crisis is None:
        raise Refusal("slug", _("There is no such crisis."), status=404, code="missing")
    return reader, crisis


def _all_reported(reader: Reader, crisis: Crisis) -> list[ReportedOut]:
    """What missions say; a spokesperson's reach ends at the official figures (domain.md section 3)."""
    if reader.role == Role.SPOKESPERSON:
        return []
    return [_reported(told) for told in queries.source_sets(queries.latest_figures(reader, crisis))]


def _official(cell: Official) -> OfficialOut:
    return OfficialOut(
        value=cell.value,
        high=cell.high,
        status="verified",
        source=cell.source,
        mission=cell.mission,
        report=cell.report,
        reporter=cell.reporter,
        as_of=cell.as_of,
        verifier=cell.verifier,
        chosen_at=cell.chosen_at,
        version=cell.version,
        reason=cell.reason,
    )


def _reported(told: SourceSet) -> ReportedOut:
    newest = told.newest
    return ReportedOut(
        mission=newest.mission_id,
        source=newest.source,
        status="reported",
        report=newest.number,
        as_of=newest.as_of,
        reporter=newest.reporter.shown_name,
        figures={
            figure.key: ValueOut(
                value=figure.value, high=figure.high, report=figure.report.number, as_of=figure.report.as_of
            )
            for figure in told.figures
        },
    )
