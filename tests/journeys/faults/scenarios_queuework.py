"""Scenarios of the law of frames: what desks do with one emergency together."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from alerts.assigning import actions as assigning
from alerts.duplicates import actions as duplicates
from alerts.emergencies import actions as emergencies
from alerts.emergencies.models import Emergency
from alerts.leases import actions as leases
from alerts.progress import actions as progress
from alerts.worklist import actions as worklist
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from tests.journeys.faults.scenarios import FAR, NEAR, Stage, scenario


def _rina(stage: Stage) -> Reader:
    return stage.people.reader(Role.OPERATOR, exercise=stage.exercise, username="rina-law")


def _merged(stage: Stage) -> Emergency:
    """A duplicate of one that the operator holds."""
    number = stage.emergency().number
    given = {"actor": stage.supervisor, "number": number, "into": stage.taken().number}
    return duplicates.merge(at=stage.at, **given)


def _waiting(stage: Stage) -> Emergency:
    given = {"actor": stage.operator, "number": stage.taken().number, "waiting_for": "family", "minutes": 15}
    return progress.wait(at=stage.at, **given)


def _offered(stage: Stage) -> Emergency:
    stage.reader(Role.MISSION_OFFICER, NEAR)
    return assigning.offer(actor=stage.operator, number=stage.taken().number, at=stage.at)


def _overridden(stage: Stage) -> Emergency:
    given = {"actor": stage.operator, "number": stage.emergency().number, "mission": FAR, "reason": "Lebih dekat"}
    return assigning.override(at=stage.at, **given)


@scenario(emergencies.echo)
def echo(stage: Stage) -> Iterator[None]:
    duplicate = _merged(stage)
    yield
    emergencies.echo(emergency=duplicate, at=stage.at, actor=None, data={})


@scenario(leases.begin_writing)
def begin_writing(stage: Stage) -> Iterator[None]:
    number = stage.taken().number
    yield
    leases.begin_writing(actor=stage.operator, number=number, at=stage.at)


@scenario(leases.stop_writing)
def stop_writing(stage: Stage) -> Iterator[None]:
    number = stage.taken().number
    leases.begin_writing(actor=stage.operator, number=number, at=stage.at)
    yield
    leases.stop_writing(actor=stage.operator, number=number, at=stage.at)


@scenario(leases.break_lease)
def break_lease(stage: Stage) -> Iterator[None]:
    number = stage.taken().number
    leases.begin_writing(actor=stage.operator, number=number, at=stage.at)
    yield
    leases.break_lease(actor=_rina(stage), number=number, at=stage.at, reason="Polisi di telepon")


@scenario(worklist.move_task)
def move_task(stage: Stage) -> Iterator[None]:
    number = stage.taken().number
    yield
    worklist.move_task(actor=stage.operator, number=number, at=stage.at, task="family", stage="started")


@scenario(worklist.undo_task)
def undo_task(stage: Stage) -> Iterator[None]:
    number = stage.taken().number
    worklist.move_task(actor=stage.operator, number=number, at=stage.at, task="family", stage="started")
    yield
    worklist.undo_task(actor=stage.operator, number=number, at=stage.at)


@scenario(progress.wait)
def wait(stage: Stage) -> Iterator[None]:
    number = stage.taken().number
    yield
    given = {"actor": stage.operator, "number": number, "waiting_for": "family", "minutes": 15}
    progress.wait(at=stage.at, **given)


@scenario(progress.go_on)
def go_on(stage: Stage) -> Iterator[None]:
    number = _waiting(stage).number
    yield
    progress.go_on(actor=stage.operator, number=number, at=stage.at)


@scenario(progress.close)
def close(stage: Stage) -> Iterator[None]:
    number = stage.resolved().number
    yield
    progress.close(actor=stage.supervisor, number=number, at=stage.at)


@scenario(progress.return_if_due)
def return_if_due(stage: Stage) -> Iterator[None]:
    waiting = _waiting(stage)
    stage.moment += timedelta(minutes=16)
    yield
    assert progress.return_if_due(emergency_id=waiting.pk, at=stage.at)


@scenario(duplicates.merge)
def merge(stage: Stage) -> Iterator[None]:
    one, other = stage.taken(), stage.emergency()
    emergencies.say(
        emergency=other,
        client_id=uuid.uuid4(),
        side="citizen",
        text="Tolong",
        at=stage.at,
        actor=None,  # type: ignore[arg-type]
    )
    yield
    duplicates.merge(actor=stage.operator, number=other.number, at=stage.at, into=one.number)


@scenario(duplicates.part)
def part(stage: Stage) -> Iterator[None]:
    number = _merged(stage).number
    yield
    duplicates.part(actor=stage.operator, number=number, at=stage.at)


@scenario(duplicates.tell_taken)
def tell_taken(stage: Stage) -> Iterator[None]:
    duplicate = _merged(stage)
    assert duplicate.duplicate_of is not None
    yield
    duplicates.tell_taken(actor=stage.operator, number=duplicate.duplicate_of.number, at=stage.at)


@scenario(duplicates.tell_apart)
def tell_apart(stage: Stage) -> Iterator[None]:
    one, other = stage.emergency(), stage.emergency()
    yield
    duplicates.tell_apart(actor=stage.operator, number=one.number, at=stage.at, other=other.number)


@scenario(assigning.override)
def override(stage: Stage) -> Iterator[None]:
    # What the old mission's officer holds goes back to the queue, and off the old mission's pages.
    number = stage.emergency().number
    emergencies.take(actor=stage.reader(Role.MISSION_OFFICER, NEAR), number=number, at=stage.at)
    yield
    given = {"actor": stage.operator, "number": number, "mission": FAR, "reason": "Lebih dekat"}
    assigning.override(at=stage.at, **given)


@scenario(assigning.follow_rule)
def follow_rule(stage: Stage) -> Iterator[None]:
    number = _overridden(stage).number
    yield
    assigning.follow_rule(actor=stage.operator, number=number, at=stage.at)


@scenario(assigning.offer)
def offer(stage: Stage) -> Iterator[None]:
    number = stage.taken().number
    stage.reader(Role.MISSION_OFFICER, NEAR)
    yield
    assigning.offer(actor=stage.operator, number=number, at=stage.at)


@scenario(assigning.accept)
def accept(stage: Stage) -> Iterator[None]:
    number = _offered(stage).number
    yield
    assigning.accept(actor=stage.reader(Role.MISSION_OFFICER, NEAR), number=number, at=stage.at)


@scenario(assigning.decline)
def decline(stage: Stage) -> Iterator[None]:
    number = _offered(stage).number
    officer = stage.reader(Role.MISSION_OFFICER, NEAR)
    yield
    assigning.decline(actor=officer, number=number, at=stage.at, reason="Tidak ada petugas")


@scenario(assigning.withdraw)
def withdraw(stage: Stage) -> Iterator[None]:
    number = _offered(stage).number
    yield
    assigning.withdraw(actor=stage.operator, number=number, at=stage.at)


@scenario(assigning.lapse_if_due)
def lapse_if_due(stage: Stage) -> Iterator[None]:
    offered = _offered(stage)
    stage.moment += timedelta(minutes=6)
    yield
    assert assigning.lapse_if_due(emergency_id=offered.pk, at=stage.at)
