"""The door where /sos/ registers its device's key, long before anybody needs it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router, Status

from alerts.devices import actions, rules
from alerts.devices.schemas import KeyIn
from alerts.floods.limits import registrations
from commandcenter.clock import now
from commandcenter.peers import network_of
from commandcenter.problems import Refusal

router = Router(tags=["devices"])


@router.post("/devices", url_name="devices", response={201: dict[str, Any], 200: dict[str, Any]})
def register(request: HttpRequest, payload: KeyIn) -> Status[dict[str, Any]]:
    """Register a key; the same key again gets the same ticket. Too many of one network come again at the next visit."""
    at = now()
    if not registrations.allows(network_of(request.META), at.timestamp()):
        raise Refusal(
            "",
            _("Too many devices at once from this network; they are registered later."),
            status=429,
            code="busy",
            retry=60,
        )
    device, made = actions.register(actor=None, at=at, public_key=payload.point())
    return Status(201 if made else 200, {"ticket": rules.ticket_of(payload.point()), "device": device.fingerprint})
