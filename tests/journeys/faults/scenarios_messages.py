"""Scenarios of messages: what goes outward, and what comes in."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from commandcenter.access.models import Role
from commandcenter.inbox import actions as inbox
from commandcenter.outbox import actions as outbox
from commandcenter.outbox.models import CallOutcome, Channel, Delivery, Outgoing
from tests.journeys.faults.scenarios import NEAR, Stage, scenario


@scenario(outbox.queue)
def queue(stage: Stage) -> Iterator[None]:
    yield
    for channel in Channel:
        _outgoing(stage, channel)


@scenario(outbox.settle)
def settle(stage: Stage) -> Iterator[None]:
    ends = (Delivery.ACCEPTED, Delivery.FAILED, Delivery.QUEUED, Delivery.UNKNOWN, Delivery.UNAVAILABLE)
    taken = [(_taken(stage, life_safety=safety), end) for end in ends for safety in (True, False)]
    yield
    for message, end in taken:
        outbox.settle(message=message, result=outbox.Result(end), at=stage.at)


@scenario(outbox.end_lease)
def end_lease(stage: Stage) -> Iterator[None]:
    taken = [_taken(stage, life_safety=safety) for safety in (True, False)]
    stage.moment += timedelta(minutes=1)
    yield
    for message in taken:
        assert outbox.end_lease(message_id=message.pk, at=stage.at)


@scenario(outbox.give_up)
def give_up(stage: Stage) -> Iterator[None]:
    message = _outgoing(stage, Channel.SMS)
    yield
    assert outbox.give_up(message_id=message.pk, at=stage.at + timedelta(hours=3))


@scenario(outbox.note_receipt)
def note_receipt(stage: Stage) -> Iterator[None]:
    taken = [_taken(stage, life_safety=False) for _each in range(2)]
    yield
    for message in taken:
        for told in (Delivery.ACCEPTED, Delivery.DELIVERED, Delivery.DELIVERED, Delivery.FAILED):
            assert outbox.note_receipt(ref=message.client_ref, told=told, at=stage.at, exercise=stage.exercise)


@scenario(outbox.note_call)
def note_call(stage: Stage) -> Iterator[None]:
    calls = [_outgoing(stage, Channel.CALL) for _each in CallOutcome]
    yield
    for call, outcome in zip(calls, CallOutcome, strict=True):
        outbox.note_call(actor=stage.operator, at=stage.at, message_id=call.pk, outcome=outcome, version=1)


@scenario(outbox.send_again)
def send_again(stage: Stage) -> Iterator[None]:
    message = _unknown(stage)
    yield
    outbox.send_again(actor=stage.operator, at=stage.at, message_id=message.pk, version=message.version)


@scenario(outbox.let_be)
def let_be(stage: Stage) -> Iterator[None]:
    message = _unknown(stage)
    yield
    outbox.let_be(actor=stage.operator, at=stage.at, message_id=message.pk, version=message.version)


@scenario(outbox.call_off)
def call_off(stage: Stage) -> Iterator[None]:
    about = [_outgoing(stage, channel).about for channel in Channel]
    yield
    assert outbox.call_off(about=about[0], at=stage.at, exercise=stage.exercise) >= 3


@scenario(inbox.keep_inbound)
def keep_inbound(stage: Stage) -> Iterator[None]:
    yield
    _inbound(stage)


@scenario(inbox.hand_to)
def hand_to(stage: Stage) -> Iterator[None]:
    message = _inbound(stage)
    yield
    assert inbox.hand_to(message_id=message, name="ours", reader=lambda _message: True, at=stage.at) is inbox.Took.MINE


@scenario(inbox.close_inbound)
def close_inbound(stage: Stage) -> Iterator[None]:
    message = _inbound(stage)
    yield
    for _twice in range(2):
        inbox.close_inbound(actor=stage.operator, at=stage.at, message_id=message)


def _outgoing(stage: Stage, channel: Channel, *, life_safety: bool = False) -> Outgoing:
    officer = stage.reader(Role.MISSION_OFFICER, NEAR).user_id
    given = {"recipient": officer, "text": "Laporkan", "about": "R-1", "exercise": stage.exercise}
    return outbox.queue(key=uuid.uuid4().hex, channel=channel, life_safety=life_safety, at=stage.at, **given)


def _taken(stage: Stage, *, life_safety: bool) -> Outgoing:
    """A message that is being sent; others that are due are put aside, for the next one is always taken."""
    Outgoing.objects.filter(state=Delivery.QUEUED).exclude(channel=Channel.CALL).update(
        due_at=stage.moment + timedelta(days=9)
    )
    _outgoing(stage, Channel.SMS, life_safety=life_safety)
    taken = outbox.take_next(channel=Channel.SMS, at=stage.at)
    assert taken is not None
    return taken


def _unknown(stage: Stage) -> Outgoing:
    message = _taken(stage, life_safety=False)
    outbox.settle(message=message, result=outbox.Result(Delivery.UNKNOWN), at=stage.at)
    message.refresh_from_db()
    return message


def _inbound(stage: Stage) -> int:
    given = {"gateway": "sms", "message_id": uuid.uuid4().hex, "sender": "+6281100000001", "text": "Tolong"}
    return inbox.keep_inbound(at=stage.at, exercise=stage.exercise, **given).message.pk
