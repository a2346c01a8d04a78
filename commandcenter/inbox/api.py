"""The callbacks of SMS gateways (architecture.md section 4): a secret in the path, and a list of addresses.

Kannel calls by GET, others post a form or JSON. Without the secret, or from elsewhere, nothing is at this address.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.decorators import decorate_view

from commandcenter.clock import now
from commandcenter.inbox import shapes
from commandcenter.inbox.actions import keep_inbound
from commandcenter.inbox.guard import gateways_only
from commandcenter.inbox.handing import hand_over
from commandcenter.outbox.actions import note_receipt
from commandcenter.problems import Refusal

GATEWAY = "sms"
router = Router(tags=["gateways"])


@router.api_operation(["GET", "POST"], "/gateways/sms/inbound/{secret}", url_name="sms-inbound")
@decorate_view(gateways_only("SMS"))
def inbound(request: HttpRequest, secret: str) -> dict[str, Any]:
    """Messages to us. Answered after COMMIT; the same message again changes nothing and gets the same answer."""
    at, world = now(), _world(request)

    def keep(fields: shapes.Fields) -> dict[str, Any]:
        message = shapes.message_of(fields)
        kept = keep_inbound(gateway=GATEWAY, at=at, exercise=world, **message._asdict()).message
        if kept.due_at is not None:
            hand_over(message_id=kept.pk, at=at)
        return {"id": message.message_id, "received_at": kept.received_at.isoformat()}

    return {"messages": _each(request, keep)}


@router.api_operation(["GET", "POST"], "/gateways/sms/receipt/{secret}", url_name="sms-receipt")
@decorate_view(gateways_only("SMS"))
def receipt(request: HttpRequest, secret: str) -> dict[str, Any]:
    """What became of messages of ours. A number that is not ours is told so; nothing else changes."""
    at, world = now(), _world(request)

    def note(fields: shapes.Fields) -> dict[str, Any]:
        one = shapes.receipt_of(fields)
        if one.ref is None or one.told is None:
            return {"known": False, "status": one.told}
        known = note_receipt(ref=one.ref, told=one.told, at=at, exercise=world, gateway_id=one.gateway_id)
        return {"known": known, "status": one.told}

    return {"receipts": _each(request, note)}


def _each(request: HttpRequest, work: Callable[[shapes.Fields], dict[str, Any]]) -> list[dict[str, Any]]:
    """Work on each call of the request; among several, one that is refused costs no other its effect."""
    query = request.META.get("QUERY_STRING", "").encode("latin-1", errors="replace")
    calls, told = shapes.entries(request.headers.get("Content-Type", ""), query, request.body), []
    for fields in calls:
        try:
            told.append(work(fields))
        except Refusal as refusal:
            if len(calls) == 1:
                raise
            told.append({"refused": refusal.error.as_dict()})
    return told


def _world(request: HttpRequest) -> str:
    exercise: str = request.exercise  # type: ignore[attr-defined]
    return exercise
