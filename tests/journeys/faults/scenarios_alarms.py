"""Scenarios of ladders and alarms, one for each action that records an event (see scenarios.py)."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction

from alerts.alarms import actions as alarms
from alerts.alarms.models import Alarm, AlarmKind
from alerts.demands.demand import demand_of
from alerts.emergencies import actions as emergencies
from alerts.escalation import actions as escalation
from alerts.ladders import actions as ladders
from alerts.ladders.models import Clock, DueStep, Watch
from alerts.sitreps import actions as sitreps
from commandcenter.access.models import Role
from missions.roster.queries import on_duty
from tests.journeys.faults.scenarios import NEAR, Stage, scenario


@scenario(sitreps.demand)
def demand(stage: Stage) -> Iterator[None]:
    crisis = stage.crisis()
    yield
    with transaction.atomic():
        sitreps.demand(actor=None, at=stage.at, crisis=crisis, mission=NEAR, said=demand_of([], None, ()))


def _step(stage: Stage, ladder: str, step: str) -> DueStep:
    """The newest step of this kind; the stage's moment is its due time."""
    due = DueStep.objects.filter(ladder=ladder, step=step).latest("pk")
    stage.moment = max(stage.moment, due.due_at)
    return due


@scenario(escalation.fire)
def fire(stage: Stage) -> Iterator[None]:
    stage.request()
    due = _step(stage, "request", "head")
    yield
    assert escalation.fire(at=stage.at, pk=due.pk)


@scenario(escalation.note_failure)
def note_failure(stage: Stage) -> Iterator[None]:
    stage.request()
    due = _step(stage, "request", "notify")
    yield
    for _time in range(4):
        escalation.note_failure(at=stage.at, pk=due.pk)


@scenario(emergencies.change_many)
def change_many(stage: Stage) -> Iterator[None]:
    emergency = stage.emergency()
    yield
    told = {"step": "supervisor", "turn": 1}
    with transaction.atomic():
        emergencies.change_many(emergencies=[emergency], kind="escalated", at=stage.at, data=told)


@scenario(escalation.restore)
def restore(stage: Stage) -> Iterator[None]:
    request = stage.request()
    DueStep.objects.filter(ladder="request", ref=request.pk).delete()
    Watch.objects.update(audited_at=None)
    yield
    lost = escalation.audit(at=stage.at)
    assert lost
    for alarm in lost:
        escalation.restore(at=stage.at, alarm=alarm)


@scenario(escalation.fire_together)
def fire_together(stage: Stage) -> Iterator[None]:
    stage.emergency()
    escalation.plan_fresh(at=stage.at + timedelta(minutes=1))
    due = _step(stage, "emergency", "supervisor")
    yield
    assert escalation.fire_together(at=stage.at, cell="44:228", pks=[due.pk]) == 1


@scenario(escalation.end_gone)
def end_gone(stage: Stage) -> Iterator[None]:
    request = stage.request()
    due = _step(stage, "request", "goal")
    assert escalation.fire(at=stage.at, pk=due.pk)
    stage.filed(request)
    yield
    assert escalation.end_gone(at=stage.at)


def _alarm(stage: Stage) -> Alarm:
    given = {
        "key": f"request:{uuid.uuid4().int % 10**9}",
        "kind": AlarmKind.SILENT_MISSION,
        "about": "R-1",
        "mission": NEAR,
    }
    return alarms.sound(at=stage.at, priority=2, exercise=stage.exercise, **given)


@scenario(alarms.sound)
def sound(stage: Stage) -> Iterator[None]:
    first = _alarm(stage)
    yield
    again = {"key": first.key, "kind": AlarmKind.SILENT_MISSION, "about": "R-1", "exercise": stage.exercise}
    alarms.sound(at=stage.at, priority=1, **again)


@scenario(alarms.take)
def take_alarm(stage: Stage) -> Iterator[None]:
    alarm = _alarm(stage)
    yield
    alarms.take(actor=stage.operator, at=stage.at, pk=alarm.pk)


@scenario(alarms.end)
def end_alarm(stage: Stage) -> Iterator[None]:
    alarm = _alarm(stage)
    yield
    assert alarms.end(at=stage.at, pk=alarm.pk)


@scenario(ladders.change_clock)
def change_clock(stage: Stage) -> Iterator[None]:
    clock = Clock.objects.get(ladder="request", step="goal")
    actor = stage.people.reader(Role.SUPERVISOR)
    yield
    given = {"clock_id": clock.pk, "version": clock.version, "seconds": clock.seconds + 1, "reason": "Latihan"}
    ladders.change_clock(actor=actor, at=stage.at, **given)


@scenario(escalation.watch_floods)
def watch_floods(stage: Stage) -> Iterator[None]:
    yield
    desks = max(1, len(on_duty(stage.at, stage.exercise)))
    for _ in range(10 * desks + 1):
        stage.emergency()
    escalation.watch_floods(at=stage.at)
    escalation.watch_floods(at=stage.at + timedelta(minutes=11))
