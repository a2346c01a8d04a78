"""The public API: one NinjaAPI, the rooms' routers, and problem documents for every error."""

import logging

from django.core.exceptions import RequestDataTooBig
from django.db import Error
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from commandcenter.problems import CODES, Refusal, field_errors, problem, refusal_problem

log = logging.getLogger(__name__)
api = NinjaAPI(title="DCC", version="1.0.0", docs_url="/docs", urls_namespace="api")


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 with a sentence for each field."""
    return problem(422, "invalid", field_errors(error.errors))


@api.exception_handler(Refusal)
def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    """What an action refused."""
    return refusal_problem(error)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is not JSON, and what the library itself refuses."""
    return problem(error.status_code, CODES.get(error.status_code, "invalid"))


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """413."""
    return problem(413, "too-large")


@api.exception_handler(Error)
def unavailable(request: HttpRequest, error: Error) -> HttpResponse:
    """503: not stored, or not known to be stored; the sender keeps it and tries again (reliability.md 3.1)."""
    log.error("the database refused %s", request.path, exc_info=error)
    return problem(503, "unavailable")


def _mount() -> None:
    from alerts.bookkeeping.api import router as ledger
    from alerts.conversing.api import router as conversing
    from alerts.devices.api import router as devices
    from alerts.intake.api import router as intake
    from alerts.reportform.api import router as reports
    from alerts.switchboard.api import router as exchange
    from alerts.verification.api import router as figures
    from commandcenter.dashboard.api import router as map_
    from commandcenter.inbox.api import router as gateways
    from missions.api import router as missions

    api.add_router("", intake)
    api.add_router("", devices)
    api.add_router("", conversing)
    api.add_router("", reports)
    api.add_router("", figures)
    api.add_router("", ledger)
    api.add_router("", missions)
    api.add_router("", map_)
    api.add_router("", gateways)
    api.add_router("", exchange)


_mount()
