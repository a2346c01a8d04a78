"""Every change to what goes outward. Whoever sends knows the network; here are only rows.

`sending` is committed before the network is touched, the result after; a sender that dies in between leaves a lease.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.outbox import rules
from commandcenter.outbox.models import CallOutcome, CallTry, Channel, Delivery, GatewayHealth, Outgoing, Reason
from commandcenter.problems import Refusal

# Rooms above hear what became of a message, in its transaction; they stand above and are told at start-up.
HEARERS: list[Callable[[Outgoing, datetime], None]] = []


@dataclass(frozen=True, slots=True)
class Result:
    """What a door says of one sending. QUEUED: not taken, try again (after `again_in`); UNKNOWN: perhaps it was."""

    state: Delivery
    reason: str = ""
    gateway: str = ""
    gateway_id: str = ""
    simulated: bool = False
    again_in: timedelta | None = None


@transaction.atomic
def queue(
    *,
    key: str,
    channel: Channel,
    recipient: int | None,
    text: str,
    about: str,
    at: datetime,
    address: str = "",
    url: str = "",
    exercise: str = "",
    life_safety: bool = False,
) -> Outgoing:
    """Put one message into the outbox, inside the caller's transaction; the same key again is the same message.

    `about` is a code, for it stands in events; `url` a path of this site. Raises ValueError for what is neither.
    """
    if not rules.CODE.fullmatch(about):
        raise ValueError("`about` is the number of an object, not a text")
    if not rules.is_path(url):
        raise ValueError("`url` is a path of this site")
    made, fresh = Outgoing.objects.get_or_create(
        key=key,
        defaults={
            "channel": channel,
            "recipient_id": recipient,
            "address": address,
            "text": f"[LATIHAN] {text}" if exercise and not text.startswith("[LATIHAN]") else text,
            "url": url,
            "about": about,
            "exercise": exercise,
            "life_safety": life_safety,
            "due_at": at,
            "made_at": at,
        },
    )
    if fresh:
        _tell("queued", made, at)
    return made


@transaction.atomic
def take_next(*, channel: Channel, at: datetime) -> Outgoing | None:
    """Take the next message that is due over this channel: it is `sending` for 30 s once this is committed.

    Those that protect lives come first. Two senders never take the same one: the row is locked (PostgreSQL, where
    the other skips it) or the whole database is (SQLite). None when nothing is due.
    """
    due = Outgoing.objects.filter(channel=channel, ended_at=None, state=Delivery.QUEUED, due_at__lte=at)
    locked = due.select_for_update(skip_locked=True, of=("self",))
    message = locked.order_by("-life_safety", "due_at", "id").first()
    if message is None:
        return None
    message.state, message.lease_until = Delivery.SENDING, at + rules.LEASE
    message.attempts += 1
    message.save(update_fields=["state", "lease_until", "attempts"])
    return message


@transaction.atomic
def settle(*, message: Outgoing, result: Result, at: datetime) -> bool:
    """Write down what became of a sending; False when it was no longer this sender's to say.

    A receipt may have overtaken the answer: what is known stands, and only the gateway's own number is added. An
    answer that comes after the lease still tells that it was accepted, unless it was sent again meanwhile.
    """
    row = Outgoing.objects.select_for_update().get(pk=message.pk)
    row.gateway, row.simulated = result.gateway or row.gateway, result.simulated
    row.gateway_id = row.gateway_id or result.gateway_id
    late = row.state in {Delivery.UNKNOWN, Delivery.QUEUED} and result.state == Delivery.ACCEPTED
    if row.attempts != message.attempts or not (row.state == Delivery.SENDING or late):
        row.save(update_fields=["gateway", "gateway_id", "simulated"])
        return False
    if result.state == Delivery.QUEUED:
        _try_later(row, result, at)
    elif result.state == Delivery.UNKNOWN:
        _lost(row, at)
    else:
        if result.state == Delivery.ACCEPTED:
            row.sent_at = at
        _end(row, result.state, result.reason, at)
    return True


def _try_later(row: Outgoing, result: Result, at: datetime) -> None:
    """The gateway did not take it: back into the queue, and the tries go on while it still helps."""
    if rules.is_too_late(row.made_at, at, life_safety=row.life_safety):
        _end(row, Delivery.FAILED, Reason.TOO_LATE, at)
        return
    row.due_at = at + (result.again_in or rules.pause(row.attempts))
    _change(row, "delayed", Delivery.QUEUED, result.reason or Reason.BUSY, at)


def _lost(row: Outgoing, at: datetime) -> None:
    """Perhaps it was sent: a life-safety message goes out once more (counted), any other waits for a person."""
    if row.life_safety and row.repeats == 0:
        row.repeats, row.due_at = 1, at
        _change(row, "repeated", Delivery.QUEUED, Reason.LOST, at)
    else:
        _change(row, "unknown", Delivery.UNKNOWN, Reason.LOST, at)


@transaction.atomic
def end_lease(*, message_id: int, at: datetime) -> bool:
    """Nobody said in time what became of a sending: its sender died. True when it moved."""
    ended = Outgoing.objects.filter(pk=message_id, state=Delivery.SENDING, lease_until__lte=at)
    row = ended.select_for_update(skip_locked=True).first()
    if row is None:
        return False
    _lost(row, at)
    return True


@transaction.atomic
def give_up(*, message_id: int, at: datetime) -> bool:
    """Nothing took it while it mattered (no gateway came back). True when it moved."""
    row = Outgoing.objects.filter(pk=message_id, state=Delivery.QUEUED).select_for_update(skip_locked=True).first()
    if row is None or not rules.is_too_late(row.made_at, at, life_safety=row.life_safety):
        return False
    _end(row, Delivery.FAILED, Reason.TOO_LATE, at)
    return True


@transaction.atomic
def note_receipt(
    *, ref: UUID, told: Delivery, at: datetime, exercise: str = "", gateway_id: str = "", channel: str = Channel.SMS
) -> bool:
    """What the gateway, or the device itself, says afterwards; only legal steps. True when the message is known."""
    known = Outgoing.objects.filter(client_ref=ref, exercise=exercise, channel=channel)
    row = known.select_for_update().first()
    if row is None:
        return False
    row.gateway_id = row.gateway_id or gateway_id
    if not rules.follows(told, row.state, row.attempts):
        row.save(update_fields=["gateway_id"])
    elif told == Delivery.ACCEPTED:
        row.sent_at = at
        _end(row, told, "", at)
    else:
        row.sent_at = row.sent_at or at
        _end(row, told, Reason.NOT_DELIVERED if told == Delivery.FAILED else "", at)
    return True


@transaction.atomic
def note_call(*, actor: Reader, at: datetime, message_id: int, outcome: str, version: int) -> Outgoing:
    """A person called: reached and a wrong number end it, no answer keeps it on the list. Refused when it moved on."""
    row = _worked(actor, message_id, version, Channel.CALL, Delivery.QUEUED)
    if outcome not in CallOutcome.values:
        raise Refusal("outcome", _("Choose what the call came to."))
    CallTry.objects.create(message=row, by_id=actor.user_id, outcome=outcome, at=at)
    row.attempts += 1
    row.sent_at = row.sent_at or at
    if outcome == CallOutcome.REACHED:
        _change(row, "called", Delivery.DELIVERED, "", at, actor)
    elif outcome == CallOutcome.WRONG_NUMBER:
        _change(row, "called", Delivery.FAILED, Reason.WRONG_NUMBER, at, actor)
    else:
        _change(row, "called", Delivery.QUEUED, Reason.NO_ANSWER, at, actor)
    return row


@transaction.atomic
def send_again(*, actor: Reader, at: datetime, message_id: int, version: int) -> Outgoing:
    """A person decides that a message which may have been sent goes out once more."""
    row = _worked(actor, message_id, version, None, Delivery.UNKNOWN)
    row.repeats += 1
    row.due_at = at
    _change(row, "repeated", Delivery.QUEUED, "", at, actor)
    return row


@transaction.atomic
def let_be(*, actor: Reader, at: datetime, message_id: int, version: int) -> Outgoing:
    """A person decides that a message which may have been sent is not sent again; that nobody knows stays true."""
    row = _worked(actor, message_id, version, None, Delivery.UNKNOWN)
    _change(row, "called_off", Delivery.CALLED_OFF, Reason.LOST, at, actor)
    return row


@transaction.atomic
def call_off(*, about: str, at: datetime, exercise: str = "", actor: Reader | None = None) -> int:
    """The object has been answered: what still waits about it, calls too, need not go out. Returns how many."""
    waiting = Outgoing.objects.filter(about=about, exercise=exercise, state=Delivery.QUEUED)
    rows = list(waiting.select_for_update().order_by("id"))
    for row in rows:
        _change(row, "called_off", Delivery.CALLED_OFF, "", at, actor)
    return len(rows)


@transaction.atomic
def note_health(*, gateway: str, works: bool, at: datetime) -> None:
    """Count failures in a row; after the third the gateway is left alone for a while, then one message tries it."""
    if works:
        GatewayHealth.objects.filter(name=gateway, failures__gt=0).update(
            failures=0, failing_since=None, rests_until=None
        )
        return
    GatewayHealth.objects.get_or_create(name=gateway)
    row = GatewayHealth.objects.select_for_update().get(name=gateway)
    row.failures += 1
    row.failing_since = row.failing_since or at
    row.rests_until = at + rules.REST if row.failures >= rules.FAILURES else None
    row.save(update_fields=["failures", "failing_since", "rests_until"])


def _worked(actor: Reader, message_id: int, version: int, channel: str | None, state: str) -> Outgoing:
    if not rules.may_work(actor):
        raise Refusal("", _("Only the command centre does this."), status=403, code="forbidden")
    found = Outgoing.objects.select_for_update(of=("self",)).select_related("recipient")
    row = found.filter(pk=message_id, exercise=actor.exercise).first()
    if row is None or (channel and row.channel != channel):
        raise Refusal("", _("There is no such message."), status=404, code="missing")
    if row.state != state or row.version != version:
        raise Refusal("version", _("Somebody else was faster; look at the list again."), status=409, code="conflict")
    return row


def _end(row: Outgoing, state: Delivery, reason: str, at: datetime) -> None:
    _change(row, state, state, reason, at)


def _change(row: Outgoing, kind: str, state: Delivery, reason: str, at: datetime, actor: Reader | None = None) -> None:
    """Save the row in its new state and tell boards: codes only."""
    row.state, row.reason, row.lease_until = state, reason, None
    row.ended_at = None if state in rules.OPEN else at
    row.version += 1
    row.save()
    _tell(kind, row, at, actor)
    for hear in HEARERS:
        hear(row, at)


def _tell(kind: str, row: Outgoing, at: datetime, actor: Reader | None = None) -> None:
    data: dict[str, Any] = {
        "channel": row.channel,
        "about": row.about,
        "recipient": row.recipient_id,
        "state": row.state,
        "reason": row.reason,
        "tries": row.attempts,
    }
    record(
        kind=f"delivery.{kind}",
        object_id=row.number,
        version=row.version,
        at=at,
        actor=actor,
        audiences=[audiences.dcc(row.exercise)],
        exercise=row.exercise,
        data=data,
    )
