"""Scenarios of the law of frames: the crisis team, and alarms that are silenced."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from alerts.emergencies.models import Emergency
from alerts.shelving import actions as shelving
from alerts.team import actions as team
from commandcenter.access.models import Role
from tests.journeys.faults.scenarios import NEAR, Stage, scenario


def _team(stage: Stage) -> dict[str, Any]:
    """A crisis for whom its supervisor acts on the team."""
    return {"actor": stage.supervisor, "crisis": stage.crisis()}


@scenario(team.appoint)
def appoint(stage: Stage) -> Iterator[None]:
    given, officer = _team(stage), stage.reader(Role.MISSION_OFFICER, NEAR)
    yield
    team.appoint(user=officer.user_id, part="liaison", at=stage.at, **given)


@scenario(team.dismiss)
def dismiss(stage: Stage) -> Iterator[None]:
    given = _team(stage)
    member = team.appoint(user=stage.operator.user_id, part="deputy", at=stage.at, **given)
    due = stage.moment + timedelta(minutes=30)
    team.add_task(text="Telepon", due_at=due, owner=member.user_id, at=stage.at, **given)
    yield
    team.dismiss(member=member.pk, at=stage.at, **given)


@scenario(team.decide)
def decide(stage: Stage) -> Iterator[None]:
    given = _team(stage)
    yield
    more = {"reason": "Jalan terbuka", "decided_by": stage.supervisor.user_id}
    first = team.decide(text="Berangkat", at=stage.at, **more, **given)
    team.decide(text="Tunggu", replaces=first.no, at=stage.at, **more, **given)


@scenario(team.add_task)
def add_task(stage: Stage) -> Iterator[None]:
    given = _team(stage)
    yield
    team.add_task(text="Telepon", due_at=stage.moment + timedelta(minutes=9), owner=None, at=stage.at, **given)


def _a_task(stage: Stage) -> dict[str, Any]:
    given = _team(stage)
    due = stage.moment + timedelta(minutes=30)
    task = team.add_task(text="Telepon", due_at=due, owner=None, at=stage.at, **given)
    return {"task": task.pk, "version": 1, **given}


@scenario(team.assign)
def assign(stage: Stage) -> Iterator[None]:
    given = _a_task(stage)
    yield
    team.assign(owner=stage.supervisor.user_id, at=stage.at, **given)


@scenario(team.finish)
def finish(stage: Stage) -> Iterator[None]:
    given = _a_task(stage)
    yield
    team.finish(result="Sudah", at=stage.at, **given)


@scenario(team.drop)
def drop(stage: Stage) -> Iterator[None]:
    given = _a_task(stage)
    yield
    team.drop(result="Sudah dikerjakan kantor lain", at=stage.at, **given)


@scenario(team.resume)
def resume(stage: Stage) -> Iterator[None]:
    given = _a_task(stage)
    team.finish(result="Sudah", at=stage.at, **given)
    yield
    team.resume(at=stage.at, **{**given, "version": 2})


@scenario(team.start_procedure)
def start_procedure(stage: Stage) -> Iterator[None]:
    given = _team(stage)
    yield
    team.start_procedure(name="every-crisis", at=stage.at, **given)


@scenario(team.join_meeting)
def join_meeting(stage: Stage) -> Iterator[None]:
    given = _team(stage)
    yield
    team.join_meeting(at=stage.at, **given)


def _shelved(stage: Stage) -> Emergency:
    given = {"number": stage.emergency().number, "minutes": 5, "reason": "Uji bunyi"}
    return shelving.shelve(actor=stage.supervisor, at=stage.at, **given)


@scenario(shelving.shelve)
def shelve(stage: Stage) -> Iterator[None]:
    number = stage.emergency().number
    yield
    shelving.shelve(actor=stage.supervisor, at=stage.at, number=number, minutes=15, reason="Uji bunyi")


@scenario(shelving.unshelve)
def unshelve(stage: Stage) -> Iterator[None]:
    number = _shelved(stage).number
    yield
    shelving.unshelve(actor=stage.supervisor, at=stage.at, number=number)


@scenario(shelving.unshelve_if_due)
def unshelve_if_due(stage: Stage) -> Iterator[None]:
    shelved = _shelved(stage)
    yield
    assert shelving.unshelve_if_due(emergency_id=shelved.pk, at=stage.at + timedelta(minutes=5))
