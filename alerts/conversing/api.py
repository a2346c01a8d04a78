"""The citizen's side of the dialogue; the token opens its own emergency and no other."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router, Status
from ninja.decorators import decorate_view

from alerts.conversing.schemas import LARGEST_MESSAGE, MessageIn, SeenIn, SilentIn
from alerts.dialogue import actions
from alerts.emergencies.rules import MESSAGE_LENGTH
from alerts.floods.updates import let_in
from alerts.intake.actions import receive_message
from alerts.intake.api import citizen, small, world_of
from alerts.intake.queries import stamp
from commandcenter.clock import now
from commandcenter.problems import FieldError, filled

router = Router(tags=["emergencies"])
TOO_LONG = FieldError("text", filled(_("This text is too long (at most %(n)d characters)."), n=MESSAGE_LENGTH))


@router.post("/emergencies/{number}/messages", auth=citizen, response={201: dict[str, Any]})
@decorate_view(small(LARGEST_MESSAGE, [TOO_LONG]))
def message(request: HttpRequest, number: str, payload: MessageIn) -> Status[dict[str, Any]]:
    """Write to the officers; the same client_id again gets the same answer."""
    world, at = world_of(request), now()
    let_in("message", f"{world}/{number}", str(payload.client_id), at)
    found = receive_message(number=number, exercise=world, at=at, client_id=payload.client_id, text=payload.text)
    told = {"id": found.pk, "client_id": str(found.client_id), "received_at": stamp(found.at)}
    return Status(201, told)


@router.post("/emergencies/{number}/messages/seen", auth=citizen, response={204: None})
@decorate_view(small())
def seen(request: HttpRequest, number: str, payload: SeenIn) -> Status[None]:
    """The device showed the messages up to this one."""
    actions.show(number=number, exercise=world_of(request), at=now(), up_to=payload.up_to)
    return Status(204, None)


@router.post("/emergencies/{number}/silent", auth=citizen, response={204: None})
@decorate_view(small())
def silent(request: HttpRequest, number: str, payload: SilentIn) -> Status[None]:
    """The citizen can't speak, or can again."""
    actions.ask_silence(number=number, exercise=world_of(request), at=now(), silent=payload.silent)
    return Status(204, None)
