"""The callback of the telephone exchange: a secret in the path, a list of addresses, a signature where it signs.

POST /api/v1/gateways/exchange/<secret> with one JSON object: {"event_id", "call_id", "event": started | answered |
ended | recording, "at", "from", "recording_url"}. In any order and as often as it likes: one event_id counts once.
"""

import hmac
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.decorators import decorate_view

from alerts.hotline.actions import hear
from alerts.switchboard.schemas import ExchangeIn
from commandcenter.clock import now
from commandcenter.inbox.guard import gateways_only
from commandcenter.problems import problem

# A signature older or newer than this is one that somebody kept.
FRESH = timedelta(minutes=5)
router = Router(tags=["gateways"])


def _there_is_one(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Without an exchange nothing is at this address; with its key every call is signed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.EXCHANGE:
            return HttpResponse(status=404)
        if settings.EXCHANGE_KEY and not _is_signed(request):
            return problem(403, "forbidden")
        return view(request, *args, **kwargs)

    return guarded


def _is_signed(request: HttpRequest) -> bool:
    """HMAC-SHA256 over the time in seconds, a full stop and the body; X-Signature: sha256=<hex>, X-Timestamp."""
    moment = request.headers.get("X-Timestamp", "")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 12):
        return False
    signed = moment.encode() + b"." + request.body
    wanted = "sha256=" + hmac.digest(settings.EXCHANGE_KEY.encode(), signed, "sha256").hex()
    given = request.headers.get("X-Signature", "").encode(errors="replace")
    late = abs(now().timestamp() - int(moment)) > FRESH.total_seconds()
    return hmac.compare_digest(given, wanted.encode()) and not late


@router.post("/gateways/exchange/{secret}", url_name="exchange")
@decorate_view(gateways_only("EXCHANGE"), _there_is_one)
def exchange(request: HttpRequest, secret: str, payload: ExchangeIn) -> dict[str, Any]:
    """What the exchange tells of a call. Answered after COMMIT; the same event again changes nothing."""
    world: str = request.exercise  # type: ignore[attr-defined]
    call = hear(at=now(), exercise=world, client_id=uuid4(), news=payload.as_news())
    return {"call": call.number, "state": call.state}
