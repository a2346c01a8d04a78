"""Scenarios of the law of frames: calls, what the exchange tells of them, and the call-back list."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from alerts.callbacks import actions as callbacks
from alerts.callbacks.models import CallBack, Reason
from alerts.hotline import actions as hotline
from alerts.hotline.models import Call
from alerts.hotline.rules import Told
from commandcenter.access.models import Role
from tests.journeys.faults.scenarios import NEAR, Stage, scenario


def number() -> str:
    """A number nobody has called from."""
    return f"+8525{uuid.uuid4().int % 10**9:09d}"


def drafted(stage: Stage, mission: str = "") -> Call:
    """A call a desk is writing."""
    actor = stage.reader(Role.MISSION_OFFICER, mission) if mission else stage.operator
    return hotline.draft(actor=actor, at=stage.at, client_id=uuid.uuid4(), told=Told(phone=number())).call


def told(stage: Stage, call: str, kind: str) -> Call:
    """What the exchange says of a call."""
    news = hotline.News(uuid.uuid4().hex, call, kind, phone="+85251234567")
    return hotline.hear(at=stage.at, exercise=stage.exercise, client_id=uuid.uuid4(), news=news)


def waiting(stage: Stage, mission: str = "") -> CallBack:
    """A number on the call-back list."""
    digits = number()[1:]
    where = {"exercise": stage.exercise, "mission": mission, "phone": f"+{digits}", "digits": digits}
    return callbacks.await_call(at=stage.at, reason=Reason.UNANSWERED, **where)


@scenario(hotline.draft)
def draft(stage: Stage) -> Iterator[None]:
    yield
    for mission in ("", NEAR):
        drafted(stage, mission)


@scenario(hotline.answer)
def answer(stage: Stage) -> Iterator[None]:
    call = told(stage, uuid.uuid4().hex, "started")
    yield
    hotline.answer(actor=stage.supervisor, at=stage.at, client_id=call.client_id)


@scenario(hotline.conclude)
def conclude(stage: Stage) -> Iterator[None]:
    calls = [drafted(stage) for _each in range(4)]
    officer, theirs = stage.reader(Role.MISSION_OFFICER, NEAR), drafted(stage, NEAR)
    about = stage.emergency().number
    yield
    for call, act in zip(calls, ("p1", "note", "dropped", f"attach:{about}"), strict=True):
        given = {"client_id": call.client_id, "act": act, "told": Told(phone=call.phone), "seen": 1}
        hotline.conclude(actor=stage.operator, at=stage.at, **given)
    given = {"client_id": theirs.client_id, "act": "p2", "told": Told(phone=theirs.phone), "seen": 1}
    hotline.conclude(actor=officer, at=stage.at, **given)


@scenario(hotline.reopen)
def reopen(stage: Stage) -> Iterator[None]:
    call = drafted(stage)
    given = {"actor": stage.operator, "client_id": call.client_id}
    hotline.conclude(at=stage.at, act="dropped", told=Told(phone=call.phone), seen=1, **given)
    yield
    hotline.reopen(at=stage.at, **given)


@scenario(hotline.call_back)
def call_back(stage: Stage) -> Iterator[None]:
    entry = waiting(stage)
    yield
    given = {"client_id": uuid.uuid4(), "entry": entry.pk, "version": entry.version}
    hotline.call_back(actor=stage.operator, at=stage.at, **given)


@scenario(hotline.leave)
def leave(stage: Stage) -> Iterator[None]:
    call = drafted(stage)
    stage.moment += timedelta(minutes=31)
    yield
    assert hotline.leave(at=stage.at, call_id=call.pk)


@scenario(hotline.hear)
def hear(stage: Stage) -> Iterator[None]:
    yield
    for kinds in (
        ("started", "ended"),
        ("ended", "answered", "started"),
        ("started", "answered", "ended", "recording"),
    ):
        call = uuid.uuid4().hex
        for kind in kinds:
            told(stage, call, kind)


@scenario(callbacks.await_call)
def await_call(stage: Stage) -> Iterator[None]:
    yield
    for mission in ("", NEAR):
        entry = waiting(stage, mission)
        where = {"exercise": entry.exercise, "mission": mission, "phone": entry.phone, "digits": entry.digits}
        callbacks.await_call(at=stage.at, reason=Reason.DROPPED, **where)


@scenario(callbacks.take_back_call)
def take_back_call(stage: Stage) -> Iterator[None]:
    entry = waiting(stage)
    yield
    callbacks.take_back_call(actor=stage.operator, at=stage.at, pk=entry.pk)


@scenario(callbacks.answer_again)
def answer_again(stage: Stage) -> Iterator[None]:
    entry = waiting(stage)
    yield
    assert callbacks.answer_again(actor=stage.operator, at=stage.at, mission="", digits=entry.digits)


@scenario(callbacks.own)
def own(stage: Stage) -> Iterator[None]:
    entry = waiting(stage, NEAR)
    yield
    callbacks.own(actor=stage.reader(Role.MISSION_OFFICER, NEAR), at=stage.at, pk=entry.pk, version=entry.version)


@scenario(callbacks.let_go)
def let_go(stage: Stage) -> Iterator[None]:
    entry = waiting(stage)
    entry = callbacks.own(actor=stage.operator, at=stage.at, pk=entry.pk, version=entry.version)
    yield
    callbacks.let_go(actor=stage.supervisor, at=stage.at, pk=entry.pk, version=entry.version)


@scenario(callbacks.note_try)
def note_try(stage: Stage) -> Iterator[None]:
    entry = waiting(stage)
    yield
    for outcome in ("no_answer", "wrong_number"):
        given = {"pk": entry.pk, "version": entry.version, "outcome": outcome}
        callbacks.note_try(actor=stage.operator, at=stage.at, **given)
        entry.refresh_from_db()


@scenario(callbacks.undo)
def undo(stage: Stage) -> Iterator[None]:
    entry = waiting(stage)
    given = {"pk": entry.pk, "version": entry.version, "outcome": "reached"}
    made = callbacks.note_try(actor=stage.operator, at=stage.at, **given)
    yield
    callbacks.undo(actor=stage.operator, at=stage.at, act=made.pk)
