"""Every change of the dialogue: who wrote, what an officer read, what the citizen's device showed, how an SMS fared."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.dialogue import queries, rules
from alerts.dialogue.models import Line
from alerts.dialogue.rules import Way
from alerts.dialogue.templates import house_of
from alerts.emergencies.actions import change, open_by_officer, reopen_by_citizen, say, send_message
from alerts.emergencies.models import Emergency, EmergencyMessage, Side
from alerts.emergencies.queries import by_number
from alerts.emergencies.rules import hearing
from commandcenter.access.reader import Reader
from commandcenter.events.record import record
from commandcenter.outbox.actions import queue
from commandcenter.outbox.models import E164, Channel, Outgoing
from commandcenter.problems import Refusal

LINES = uuid.UUID("0f5b1c5e-6a0f-4a55-9b7d-7a6f0c2a91e3")


@transaction.atomic
def write(
    *, actor: Reader, number: str, at: datetime, client_id: uuid.UUID, text: str, sms: bool = False
) -> EmergencyMessage:
    """An officer writes to the citizen's page and, where that was chosen, by SMS; the same again changes nothing."""
    words, way = rules.words_of(text), Way.SMS if sms else Way.PAGE
    known = EmergencyMessage.objects.filter(client_id=client_id).exists()
    message = send_message(actor=actor, number=number, at=at, client_id=client_id, text=words, way=way)
    if sms and not known:
        _carry(message, message.emergency, at)
    return message


@transaction.atomic
def hear(
    *, emergency: Emergency, at: datetime, client_id: uuid.UUID, text: str, way: Way = Way.PAGE, others: int = 0
) -> EmergencyMessage:
    """The citizen writes on a locked emergency; a resolved one goes back to the queue. Again changes nothing."""
    known = EmergencyMessage.objects.filter(client_id=client_id).exists()
    by: dict[str, Any] = {"side": Side.CITIZEN, "actor": None, "way": way, "others": others}
    message = say(emergency=emergency, client_id=client_id, text=text, at=at, **by)
    # A repeat of an older message opens nothing again.
    if not known:
        reopen_by_citizen(emergency=emergency, at=at)
    return message


@transaction.atomic
def hear_line(*, sender: str, at: datetime, key: str, text: str, exercise: str) -> EmergencyMessage | None:
    """An SMS lands on the newest open emergency of its number, and opens a resolved one that it answers.

    None when the number is nobody's: then it waits for a person. `key` names the message; the same again is the same.
    """
    if not E164.fullmatch(sender):
        return None
    client_id = uuid.uuid5(LINES, f"{exercise}:{key}")
    first = EmergencyMessage.objects.filter(client_id=client_id).first()
    if first is not None:
        return first
    own = queries.callers(sender, exercise)
    found = own or queries.written_to(sender, exercise, at - rules.REPLY_WITHIN)
    emergency = Emergency.objects.select_for_update().filter(pk__in=found[:1]).first()
    if emergency is None:
        return None
    others = max(len(own) - 1, 0)
    return hear(emergency=emergency, at=at, client_id=client_id, text=text, way=Way.SMS, others=others)


@transaction.atomic
def read(*, actor: Reader, number: str, at: datetime, up_to: int) -> int:
    """An officer has the citizen's messages on the screen, up to this one. Returns how many were new."""
    emergency = open_by_officer(actor=actor, number=number, at=at)
    mine = EmergencyMessage.objects.filter(emergency=emergency, side=Side.CITIZEN, read_at__isnull=True)
    n = mine.filter(pk__lte=up_to).update(read_at=at, read_by_id=actor.user_id)
    if n:
        _tell("read", emergency, at, actor=actor, data={"message": up_to, "n": n})
    return n


@transaction.atomic
def show(*, number: str, exercise: str, at: datetime, up_to: int) -> int:
    """The citizen's device showed the officers' messages, up to this one. Returns how many were new."""
    emergency = _own(number, exercise)
    if not EmergencyMessage.objects.filter(emergency=emergency, pk=up_to).exists():
        raise Refusal("up_to", _("There is no such message."))
    theirs = EmergencyMessage.objects.filter(emergency=emergency, shown_at__isnull=True).exclude(side=Side.CITIZEN)
    n = theirs.filter(pk__lte=up_to).update(shown_at=at)
    if n:
        _tell("shown", emergency, at, data={"message": up_to, "n": n})
    return n


@transaction.atomic
def set_silence(*, actor: Reader, number: str, at: datetime, silent: bool) -> Emergency:
    """An officer learned that the citizen can't speak, or can again."""
    return _silence(open_by_officer(actor=actor, number=number, at=at), at, silent=silent, actor=actor)


@transaction.atomic
def ask_silence(*, number: str, exercise: str, at: datetime, silent: bool) -> Emergency:
    """The citizen can't speak, or can again."""
    return _silence(_own(number, exercise), at, silent=silent)


@transaction.atomic
def note_carried(*, sms: Outgoing, at: datetime) -> None:
    """What became of an officer's message on its way by SMS: tell those who look at the emergency."""
    message = EmergencyMessage.objects.select_related("emergency").filter(pk=int(sms.key.removeprefix(queries.KEY)))
    for one in message:
        data = {"message": one.pk, "state": sms.state, "reason": sms.reason}
        _tell("carried", one.emergency, at, data=data)


def _carry(message: EmergencyMessage, emergency: Emergency, at: datetime) -> None:
    number = queries.number_of(emergency)
    queue(
        key=f"{queries.KEY}{message.pk}",
        channel=Channel.SMS,
        recipient=None,
        address=number,
        text=f"{house_of(emergency)}: {message.text}",
        about=emergency.number,
        at=at,
        exercise=emergency.exercise,
        life_safety=True,
    )
    if number:
        Line.objects.update_or_create(emergency=emergency, number=number, defaults={"at": at})


def _silence(emergency: Emergency, at: datetime, *, silent: bool, actor: Reader | None = None) -> Emergency:
    if emergency.silent != silent:
        emergency.silent = silent
        change(emergency=emergency, kind="silence_set", at=at, actor=actor, fields=["silent"], data={"silent": silent})
    return emergency


def _own(number: str, exercise: str) -> Emergency:
    emergency = by_number(Emergency.objects.select_for_update().filter(exercise=exercise), number)
    if emergency is None:
        raise Refusal("", _("There is no such emergency."), status=404, code="missing")
    return emergency


def _tell(kind: str, emergency: Emergency, at: datetime, *, data: dict[str, Any], actor: Reader | None = None) -> None:
    record(
        kind=f"dialogue.{kind}",
        object_id=emergency.number,
        version=data["message"],
        at=at,
        actor=actor,
        audiences=hearing(emergency),
        exercise=emergency.exercise,
        data=data,
    )
