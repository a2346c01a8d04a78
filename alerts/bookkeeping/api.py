"""The public API of this room: the counts of a ledger, and its gap."""

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from ninja import Path, Router

from alerts.bookkeeping.schemas import ClaimOut, GapOut, LedgerCheckOut, LedgerOut, LineOut
from alerts.crises import queries as crises
from alerts.crises import rules
from alerts.persons.queries import ledger as ledger_of
from alerts.persons.shapes import Claim, Ledger
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.problems import Refusal

router = Router()


@router.get("/crises/{slug:slug}/ledger", response=LedgerOut, url_name="crisis-ledger", summary="Ledger of a crisis")
def ledger(request: HttpRequest, slug: Path[str]) -> LedgerOut:
    """How many Indonesians are in each of the fourteen states, whether that closes, what is only claimed (session)."""
    reader: Reader | None = getattr(request, "reader", None)
    if reader is None:
        raise Refusal("", _("Sign in first."), status=401, code="forbidden")
    if reader.role == Role.SPOKESPERSON or not (rules.sees_all(reader) or reader.is_mission):
        raise Refusal("", _("You may not do this."), status=403, code="forbidden")
    crisis = crises.crisis(reader, slug)
    if crisis is None:
        raise Refusal("slug", _("There is no such crisis."), status=404, code="missing")
    found = ledger_of(crisis)
    check = found.check
    return LedgerOut(
        crisis=crisis.slug,
        at=now(),
        as_of=found.as_of,
        registered=found.total,
        counts={one.state: one.n for one in found.counts},
        claims=[_claim(claim) for claim in found.claims],
        reconciliation=LedgerCheckOut(
            state=check.state,
            gap=check.gap,
            id=check.words_id,
            en=check.words_en,
            gaps=[GapOut(kind=gap.kind, n=gap.n, id=gap.words_id, en=gap.words_en) for gap in check.gaps],
        ),
        line=LineOut(id=_line(found, "id"), en=_line(found, "en")),
    )


def _line(found: Ledger, language: str) -> str:
    with translation.override(language):
        return found.line


def _claim(claim: Claim) -> ClaimOut:
    figure = claim.figure
    return ClaimOut(
        key=claim.key,
        value=figure.value,
        high=figure.high,
        status=figure.status,
        source=figure.source,
        report=figure.version,
        as_of=figure.as_of,
        rows=claim.rows,
    )
