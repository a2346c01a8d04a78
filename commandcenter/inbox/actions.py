"""Every change to what came in: stored once, handed to who reads it, closed by a person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.inbox.models import InboundMessage
from commandcenter.problems import Refusal

# A reader that failed is asked again; then the message stays on the command centre's page.
TRIES, AGAIN = 5, timedelta(seconds=20)


class Took(Enum):
    """What a reader made of a message; OVER: somebody else had it already."""

    MINE = "mine"
    NOT_MINE = "not_mine"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Kept:
    """The stored message; `fresh` is False when this gateway had brought it before."""

    message: InboundMessage
    fresh: bool


def keep_inbound(*, gateway: str, message_id: str, sender: str, text: str, at: datetime, exercise: str = "") -> Kept:
    """Store a message once by its gateway and number; a gateway that repeats itself changes nothing."""
    given = {"gateway": gateway, "message_id": message_id, "exercise": exercise}
    known = InboundMessage.objects.filter(**given).first()
    if known is not None:
        return Kept(known, fresh=False)
    try:
        with transaction.atomic():
            message = InboundMessage.objects.create(**given, sender=sender, text=text, received_at=at, due_at=at)
            _tell("received", message, at)
    except IntegrityError:  # the same message in this instant: that one was first
        return Kept(InboundMessage.objects.get(**given), fresh=False)
    return Kept(message, fresh=True)


@transaction.atomic
def hand_to(*, message_id: int, name: str, reader: Callable[[InboundMessage], bool], at: datetime) -> Took:
    """Let one reader see a message. Its effects commit together with the mark that it was handled: they happen once.

    What the reader raises undoes its effects and passes on.
    """
    message = _waiting(message_id)
    if message is None:
        return Took.OVER
    if not reader(message):
        return Took.NOT_MINE
    message.handler, message.closed_at, message.due_at = name, at, None
    _change("handled", message, at)
    return Took.MINE


@transaction.atomic
def note_nobody_took(*, message_id: int, at: datetime, failed: bool) -> None:
    """Every reader was asked: it stays for a person, and is tried again where a reader `failed`."""
    message = _waiting(message_id)
    if message is not None:
        message.tries += 1
        message.due_at = at + AGAIN if failed and message.tries < TRIES else None
        message.save(update_fields=["tries", "due_at"])


@transaction.atomic
def close_inbound(*, actor: Reader, at: datetime, message_id: int) -> InboundMessage:
    """A person read it and did with it what there was to do; again changes nothing."""
    if not actor.is_dcc:
        raise Refusal("", _("Only the command centre does this."), status=403, code="forbidden")
    message = InboundMessage.objects.select_for_update().filter(pk=message_id, exercise=actor.exercise).first()
    if message is None:
        raise Refusal("", _("There is no such message."), status=404, code="missing")
    if message.closed_at is None:
        message.closed_by_id, message.closed_at, message.due_at = actor.user_id, at, None
        _change("closed", message, at, actor)
    return message


def _waiting(message_id: int) -> InboundMessage | None:
    """The message, locked, while its handlers are still to be asked."""
    waiting = InboundMessage.objects.filter(pk=message_id, due_at__isnull=False, closed_at=None)
    return waiting.select_for_update().first()


def _change(kind: str, message: InboundMessage, at: datetime, actor: Reader | None = None) -> None:
    message.version += 1
    message.save()
    _tell(kind, message, at, actor)


def _tell(kind: str, message: InboundMessage, at: datetime, actor: Reader | None = None) -> None:
    record(
        kind=f"inbound.{kind}",
        object_id=message.number,
        version=message.version,
        at=at,
        actor=actor,
        audiences=[audiences.dcc(message.exercise)],
        exercise=message.exercise,
        data={"gateway": message.gateway, "handler": message.handler},
    )
