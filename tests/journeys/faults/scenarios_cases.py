"""Scenarios of cases: opened, answered, moved from one mission to another, closed, made emergencies."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from alerts.casepublic import actions as door
from alerts.cases import actions as cases
from alerts.cases.models import Case
from alerts.casework import actions as work
from commandcenter.access.models import Role
from missions.registry import actions as registry
from missions.registry.shapes import Entry
from tests.journeys.faults.scenarios import FAR, NEAR, Stage, scenario

PHONE = "+85291234567"


def _new() -> cases.New:
    """A complaint in Hong Kong."""
    return cases.New(client_id=uuid.uuid4(), category="complaint", text="Gaji", phone=PHONE, country="HK")


def _case(stage: Stage) -> Case:
    return cases.open_case(actor=None, at=stage.at, new=_new(), exercise=stage.exercise)


def _taken(stage: Stage) -> dict[str, Any]:
    """Who has which case."""
    given = {"actor": stage.operator, "number": _case(stage).number}
    work.take(at=stage.at, **given)
    return given


def _answered(stage: Stage) -> dict[str, Any]:
    given = _taken(stage)
    work.reply(at=stage.at, client_id=uuid.uuid4(), text="Sudah", then="final", **given)
    return given


def _version(given: dict[str, Any]) -> int:
    return Case.objects.get(pk=int(given["number"].rsplit("-", 1)[1])).version


@scenario(cases.open_case)
def open_case(stage: Stage) -> Iterator[None]:
    yield
    new = _new()
    for _tap in range(2):
        cases.open_case(actor=None, at=stage.at, new=new, exercise=stage.exercise)
    cases.open_case(
        actor=stage.operator,
        at=stage.at,
        new=cases.New(client_id=uuid.uuid4(), category="consultation", phone=PHONE),
        exercise=stage.exercise,
    )


@scenario(door.open_by_applicant)
def open_by_applicant(stage: Stage) -> Iterator[None]:
    yield
    new = cases.New(
        client_id=uuid.uuid4(), category="complaint", text="Gaji", phone=f"+852{uuid.uuid4().int % 10**8:08}"
    )
    door.open_by_applicant(at=stage.at, new=new, exercise=stage.exercise, remote="")


@scenario(cases.hear)
def hear(stage: Stage) -> Iterator[None]:
    answered, waiting = _answered(stage), _taken(stage)
    work.reply(at=stage.at, client_id=uuid.uuid4(), text="Sejak kapan?", then="ask", **waiting)
    danger = _case(stage)
    work.convert(
        actor=stage.operator, number=danger.number, at=stage.at, version=1, nature="violence", priority=1, reason="x"
    )
    yield
    for number in (answered["number"], waiting["number"], danger.number):
        case = Case.objects.get(pk=int(number.rsplit("-", 1)[1]))
        cases.hear(case=case, at=stage.at, client_id=uuid.uuid4(), text="Belum")


@scenario(door.write_by_applicant)
def write_by_applicant(stage: Stage) -> Iterator[None]:
    number = _case(stage).number
    yield
    given = {"number": number, "exercise": stage.exercise, "client_id": uuid.uuid4(), "text": "Lagi"}
    door.write_by_applicant(at=stage.at, **given)


@scenario(cases.mark_late)
def mark_late(stage: Stage) -> Iterator[None]:
    case = _case(stage)
    yield
    assert cases.mark_late(case=case, at=stage.at + timedelta(days=9))


@scenario(cases.change)
def change(stage: Stage) -> Iterator[None]:
    case = _case(stage)
    yield
    cases.change(case=case, kind="read", at=stage.at, actor=stage.operator)


@scenario(work.mark_read)
def mark_read(stage: Stage) -> Iterator[None]:
    number = _case(stage).number
    yield
    for _look in range(2):
        work.mark_read(actor=stage.reader(Role.MISSION_OFFICER, NEAR), number=number, at=stage.at)


@scenario(work.take)
def take_case(stage: Stage) -> Iterator[None]:
    number = _case(stage).number
    yield
    work.take(actor=stage.reader(Role.MISSION_OFFICER, NEAR), number=number, at=stage.at)


@scenario(work.assign)
def assign_case(stage: Stage) -> Iterator[None]:
    given = _taken(stage)
    officer = stage.reader(Role.MISSION_OFFICER, NEAR).user_id
    yield
    work.assign(at=stage.at, version=_version(given), to=officer, **given)


@scenario(work.reply)
def reply(stage: Stage) -> Iterator[None]:
    given = [_taken(stage) for _then in range(3)]
    yield
    for one, then in zip(given, ("", "ask", "final"), strict=True):
        work.reply(at=stage.at, client_id=uuid.uuid4(), text="Kami tangani", then=then, **one)


@scenario(work.add_note)
def add_case_note(stage: Stage) -> Iterator[None]:
    given = _taken(stage)
    yield
    for kind in ("note", "step", "document"):
        work.add_note(at=stage.at, kind=kind, text="Menelepon", **given)


@scenario(work.close)
def close_case(stage: Stage) -> Iterator[None]:
    given = _taken(stage)
    yield
    work.close(at=stage.at, version=_version(given), outcome="solved", **given)


@scenario(work.reopen)
def reopen_case(stage: Stage) -> Iterator[None]:
    given = _answered(stage)
    yield
    work.reopen(at=stage.at, version=_version(given), reason="Belum", **given)


@scenario(work.move)
def move(stage: Stage) -> Iterator[None]:
    given = [_taken(stage) for _where in range(2)]
    yield
    for one, mission in zip(given, (FAR, ""), strict=True):
        work.move(at=stage.at, version=_version(one), mission=mission, reason="Di sana", **one)


@scenario(work.link_person)
def link_person(stage: Stage) -> Iterator[None]:
    given, citizen = _taken(stage), _citizen(stage)
    yield
    for _tap in range(2):
        work.link_person(at=stage.at, citizen=citizen, **given)


@scenario(work.unlink_person)
def unlink_person(stage: Stage) -> Iterator[None]:
    given, citizen = _taken(stage), _citizen(stage)
    work.link_person(at=stage.at, citizen=citizen, **given)
    yield
    work.unlink_person(at=stage.at, citizen=citizen, **given)


@scenario(work.convert)
def convert(stage: Stage) -> Iterator[None]:
    given = _taken(stage)
    yield
    work.convert(at=stage.at, version=_version(given), nature="violence", priority=1, reason="Dipukul", **given)


def _citizen(stage: Stage) -> int:
    entry = Entry("Siti Aminah", "", PHONE, "HK", "", NEAR)
    return registry.register(actor=stage.operator, at=stage.at, entries=[entry])[0]
