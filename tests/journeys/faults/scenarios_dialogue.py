"""Scenarios of the dialogue: messages both ways, what was read and shown, and how an SMS fared."""

import uuid
from collections.abc import Iterator

from alerts.dialogue import actions as dialogue
from alerts.dialogue.models import Line
from alerts.emergencies.models import Emergency
from alerts.intake import actions as intake
from commandcenter.access.models import Role
from commandcenter.outbox import actions as outbox
from commandcenter.outbox.models import Delivery, Outgoing
from tests.journeys.faults.scenarios import NEAR, Stage, scenario

PHONE = "+85251230001"


@scenario(dialogue.write)
def write(stage: Stage) -> Iterator[None]:
    number = _held(stage).number
    yield
    key = uuid.uuid4()
    for _twice in range(2):
        given = {"actor": stage.reader(Role.MISSION_OFFICER, NEAR), "number": number, "client_id": key}
        dialogue.write(at=stage.at, text="Kami datang", sms=True, **given)


@scenario(dialogue.hear)
def hear(stage: Stage) -> Iterator[None]:
    emergency = stage.emergency()
    yield
    dialogue.hear(emergency=emergency, at=stage.at, client_id=uuid.uuid4(), text="Tolong")


@scenario(dialogue.hear_line)
def hear_line(stage: Stage) -> Iterator[None]:
    # The same number once on a held emergency, then on a resolved one that officers wrote to.
    numbers = (_number(), _number())
    emergencies = (_held(stage, numbers[0]), stage.resolved())
    Line.objects.create(emergency=emergencies[1], number=numbers[1], at=stage.at)
    yield
    for number in numbers:
        given = {"sender": number, "key": uuid.uuid4().hex, "text": "Tolong", "exercise": stage.exercise}
        for _twice in range(2):
            assert dialogue.hear_line(at=stage.at, **given) is not None


@scenario(dialogue.read)
def read(stage: Stage) -> Iterator[None]:
    emergency, message = _written(stage)
    yield
    given = {"actor": stage.operator, "number": emergency.number, "up_to": message}
    assert [dialogue.read(at=stage.at, **given) for _twice in range(2)] == [1, 0]


@scenario(dialogue.show)
def show(stage: Stage) -> Iterator[None]:
    emergency = _held(stage)
    given = {"number": emergency.number, "exercise": stage.exercise, "up_to": _answered(stage, emergency)}
    yield
    assert [dialogue.show(at=stage.at, **given) for _twice in range(2)] == [1, 0]


@scenario(dialogue.set_silence)
def set_silence(stage: Stage) -> Iterator[None]:
    number = _held(stage).number
    yield
    for silent in (True, True, False):
        dialogue.set_silence(actor=stage.operator, number=number, at=stage.at, silent=silent)


@scenario(dialogue.ask_silence)
def ask_silence(stage: Stage) -> Iterator[None]:
    number = stage.emergency().number
    yield
    dialogue.ask_silence(number=number, exercise=stage.exercise, at=stage.at, silent=True)


@scenario(dialogue.note_carried)
def note_carried(stage: Stage) -> Iterator[None]:
    emergency = _held(stage)
    message = _answered(stage, emergency, sms=True)
    sms = Outgoing.objects.get(key=f"dialogue:{message}")
    Outgoing.objects.filter(pk=sms.pk).update(attempts=1)
    yield
    dialogue.note_carried(sms=sms, at=stage.at)
    assert outbox.note_receipt(ref=sms.client_ref, told=Delivery.DELIVERED, at=stage.at, exercise=stage.exercise)


def _number() -> str:
    return f"+8525{uuid.uuid4().int % 10**7:07}"


def _held(stage: Stage, phone: str = PHONE) -> Emergency:
    emergency = stage.taken()
    Emergency.objects.filter(pk=emergency.pk).update(phone=phone)
    return emergency


def _answered(stage: Stage, emergency: Emergency, *, sms: bool = False) -> int:
    given = {"actor": stage.operator, "number": emergency.number, "client_id": uuid.uuid4(), "sms": sms}
    return dialogue.write(at=stage.at, text="Kami datang", **given).pk


def _written(stage: Stage) -> tuple[Emergency, int]:
    emergency = _held(stage)
    given = {"number": emergency.number, "exercise": stage.exercise, "client_id": uuid.uuid4(), "text": "Tolong"}
    return emergency, intake.receive_message(at=stage.at, **given).pk
