"""The public API of this room."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Path, Router, Status
from ninja.security import HttpBearer, SessionAuth

from alerts.reportform.schemas import ReportIn, ReportOut, moment_of, told
from alerts.reporting import tokens
from alerts.sitreps import queries
from alerts.sitreps.models import ReportRequest
from alerts.submissions import actions
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.problems import Refusal

SIGN_IN = _("Sign in, or use the link of the request.")

router = Router(tags=["reports"])


class ReportToken(HttpBearer):
    """The link's token as Bearer: it names the officer, so no session and no CSRF token are needed."""

    def authenticate(self, request: HttpRequest, token: str) -> tokens.Link:
        """What the token opens; refuses with the reason."""
        return tokens.read(token, exercise=request.exercise, at=now())  # type: ignore[attr-defined]


class OfficerSession(SessionAuth):
    """A signed-in officer, with the CSRF token."""

    def __call__(self, request: HttpRequest) -> Any:
        """Refuses strangers with 401 before anything else."""
        if not request.user.is_authenticated:
            raise Refusal("", SIGN_IN, status=401, code="forbidden")
        return super().__call__(request)


@router.post(
    "/crises/{slug:slug}/reports",
    response={200: ReportOut, 201: ReportOut},
    auth=[ReportToken(), OfficerSession()],
    summary="File a situation report",
)
def file_report(request: HttpRequest, slug: Path[str], payload: ReportIn) -> Any:
    """201 for a new report, 200 with the same body when this client_id was stored before."""
    officer, demand = _demand(request, slug)
    at = now()
    filed = actions.file_web(
        actor=officer,
        at=at,
        request=demand,
        client_id=payload.client_id,
        answer=payload.answer,
        figures={key: ends for key, ends in payload.figures.items() if ends is not None},
        as_of=moment_of(payload, at),
        authorities=payload.authorities,
        hospitals=payload.hospitals,
        source=payload.source,
        note=payload.note,
        replaces=payload.replaces,
    )
    return Status(201 if filed.created else 200, told(filed.report))


def _demand(request: HttpRequest, slug: str) -> tuple[Reader, ReportRequest]:
    """The officer and the request that the link, or the session's mission, answers."""
    opened = request.auth  # type: ignore[attr-defined]
    if isinstance(opened, tokens.Link):
        if opened.request.crisis.slug != slug:
            raise Refusal("", _("This link belongs to another crisis."), status=403, code="forbidden")
        return opened.officer, opened.request
    reader: Reader | None = request.reader  # type: ignore[attr-defined]
    if reader is None or not reader.is_mission:
        raise Refusal("", _("Only officers of a mission file reports."), status=403, code="forbidden")
    crisis = queries.crisis_of(reader, slug)
    demand = queries.current_request(crisis, reader.mission) if crisis else None
    if demand is None:
        raise Refusal("", _("Your mission has no report request in this crisis."), status=404, code="missing")
    return reader, demand
