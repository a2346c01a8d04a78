"""What time does: fire a due step, plan a fresh P1, look for alarms without a next step, end those whose cause is gone.

A step's effect commits with its row. Locks are taken in one order everywhere: the object first, then its step.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.db import connection, transaction

from alerts.alarms import actions as alarms
from alerts.alarms.models import AlarmKind
from alerts.alarms.queries import causes, standing_floods
from alerts.callbacks.models import CallBack
from alerts.callbacks.queries import uncalled
from alerts.cases.actions import mark_late
from alerts.crises.models import Crisis, CrisisMission
from alerts.crowds.queries import crowd_of
from alerts.demands.demand import DEFAULT_CHANNELS, demand_of
from alerts.emergencies.actions import change, change_many
from alerts.emergencies.climbing import unread
from alerts.emergencies.models import Emergency, State
from alerts.escalation import calling, queries, texts
from alerts.escalation.queries import OpenAlarm
from alerts.ladders.actions import claim, claim_many, finish, finish_many, follow, plan, plan_many, postpone
from alerts.ladders.models import Clock, DueStep, Ladder, Need, Standing, Watch
from alerts.ladders.queries import clock as clock_of
from alerts.ladders.queries import clocks
from alerts.sitreps.actions import demand
from alerts.sitreps.models import ReportRequest
from commandcenter.events import audiences
from commandcenter.events.record import record

AUDIT = timedelta(seconds=60)
SOUNDS_AT = 3


@transaction.atomic
def fire_together(*, at: datetime, cell: str, pks: Collection[int]) -> int:
    """Do one step for many of a crowd: each climbs by itself, each person is called once. Returns how many moved."""
    asked = DueStep.objects.filter(pk__in=pks).values_list("ref", flat=True)
    found = {row.pk: row for row in queries.locked_emergencies(asked)}
    dues = [due for due in claim_many(at=at, pks=pks) if due.ref in found]
    clock = clock_of(dues[0].ladder, dues[0].step) if dues else None
    fired = [due for due in dues if clock is not None and _climbs(found[due.ref], clock)]
    if clock is not None and fired:
        _call(found[fired[0].ref], fired[0], clock, at, cell)
        data = {"step": clock.step, "turn": fired[0].turn}
        change_many(emergencies=[found[due.ref] for due in fired], kind="escalated", at=at, data=data)
    done = {due.pk for due in fired}
    ended = [due for due in dues if due.pk not in done]
    finish_many(at=at, fired=fired, ended=ended, repeat=clock.repeat if clock else None)
    return len(dues)


@transaction.atomic
def fire(*, at: datetime, pk: int) -> bool:
    """Do one due step, or end it when its need is gone; False when another sweeper has it or its object is locked."""
    ladder, ref = DueStep.objects.values_list("ladder", "ref").get(pk=pk)
    thing = LOCKS[Ladder(ladder)](ref)
    due = claim(at=at, pk=pk) if thing is not None else None
    if due is None:
        return False
    clock = clock_of(due.ladder, due.step)
    fired = clock is not None and _do(thing, due, clock, at)
    finish(at=at, due=due, fired=fired, repeat=clock.repeat if clock else None)
    return True


def _request(request: ReportRequest, due: DueStep, clock: Clock, at: datetime) -> bool:
    is_open = request.answered_at is None and request.closed_at is None and request.crisis.is_open
    if not is_open or (clock.need == Need.UNOPENED and request.opened_at is not None):
        return False
    calling.tell(due, clock, calling.calls_for_request(request, clock, at), request.channels, at)
    request.step, request.step_at, request.version = clock.step, at, request.version + 1
    request.save(update_fields=["step", "step_at", "version"])
    exercise = request.crisis.exercise
    hearing = [audiences.dcc(exercise), audiences.mission(request.mission_id, exercise), audiences.summary(exercise)]
    record(
        kind="report.escalated",
        object_id=request.number,
        version=request.version,
        at=at,
        actor=None,
        audiences=hearing,
        exercise=exercise,
        crisis=request.crisis.slug,
        data={"step": clock.step, "turn": due.turn},
    )
    if clock.priority:
        key, mission = f"request:{request.pk}", request.mission_id
        about: dict[str, str] = {"about": request.number, "room": request.crisis.slug, "exercise": exercise}
        alarms.sound(at=at, key=key, kind=AlarmKind.SILENT_MISSION, priority=clock.priority, mission=mission, **about)
    return True


def _next(member: CrisisMission, at: datetime) -> bool:
    crisis = member.crisis
    if not crisis.is_open or queries.owes_report(crisis.pk, member.mission_id):
        return False
    channels = queries.channels_of(crisis.pk, member.mission_id) or DEFAULT_CHANNELS
    demand(actor=None, at=at, crisis=crisis, mission=member.mission_id, said=demand_of(channels, None, ()))
    return True


def _emergency(emergency: Emergency, due: DueStep, clock: Clock, at: datetime) -> bool:
    if not _climbs(emergency, clock):
        return False
    if clock.priority:
        kind, mission = AlarmKind.MESSAGE, emergency.mission_id or ""
        about: dict[str, str] = {"about": emergency.number, "exercise": emergency.exercise}
        alarms.sound(at=at, key=f"message:{emergency.pk}", kind=kind, priority=clock.priority, mission=mission, **about)
    if not clock.to:
        return True
    _call(emergency, due, clock, at, crowd_of(emergency))
    data = {"step": clock.step, "turn": due.turn}
    change(emergency=emergency, kind="escalated", at=at, actor=None, data=data)
    return True


def _climbs(emergency: Emergency, clock: Clock) -> bool:
    """Whether nobody has taken the P1, or acted on what was written on it."""
    if emergency.priority != 1 or emergency.resolved_at is not None:
        return False
    return emergency.state == State.NEW if clock.need == Need.UNTAKEN else unread(emergency)


def _call(emergency: Emergency, due: DueStep, clock: Clock, at: datetime, cell: str) -> None:
    """Call whom the step names; for one of the crowd of a cell once for all of them."""
    place = emergency.mission.name if emergency.mission else ""
    text = texts.said(texts.for_emergency(due, place), emergency.exercise)
    url = texts.path_in(f"/emergencies/{emergency.number}/", emergency.exercise)
    calls = calling.calls_for_desk(due, clock, emergency.mission_id or "", text, url, at)
    calling.tell(due, clock, calls, (), at, key=_crowd_key(emergency, due, clock, at, cell))


def _crowd_key(emergency: Emergency, due: DueStep, clock: Clock, at: datetime, cell: str) -> str:
    """Of a crowd (one card in the queue) a step calls each person once an hour; "" calls for this one alone."""
    if not cell:
        return ""
    where = uuid5(NAMESPACE_OID, f"{emergency.exercise}:{cell}:{emergency.mission_id or ''}").hex
    return f"crowd:{where}:{clock.ladder}:{clock.step}:{due.turn}:{at:%Y%m%d%H}"


def _crisis(crisis: Crisis, due: DueStep, clock: Clock, at: datetime) -> bool:
    if not queries.unverified(crisis, due.since):
        return False
    text = texts.said(texts.for_figures(crisis, due.since, at), crisis.exercise)
    url = texts.path_in(f"/crises/{crisis.slug}/", crisis.exercise)
    calling.tell(due, clock, calling.calls_for_desk(due, clock, "", text, url, at), (), at)
    if clock.priority:
        about: dict[str, str] = {"about": crisis.slug, "room": crisis.slug, "exercise": crisis.exercise}
        alarms.sound(at=at, key=f"crisis:{crisis.pk}", kind=AlarmKind.UNVERIFIED, priority=clock.priority, **about)
    return True


def _callback(entry: CallBack, due: DueStep, clock: Clock, at: datetime) -> bool:
    if not uncalled(entry, at):
        return False
    text = texts.said(texts.for_callback(entry), entry.exercise)
    calling.tell(
        due,
        clock,
        calling.calls_for_desk(due, clock, entry.mission, text, texts.path_in("/hotline/", entry.exercise), at),
        (),
        at,
    )
    if clock.priority:
        about: dict[str, str] = {"about": entry.number, "mission": entry.mission, "exercise": entry.exercise}
        alarms.sound(at=at, key=f"callback:{entry.pk}", kind=AlarmKind.CALL_BACK, priority=clock.priority, **about)
    return True


def _do(thing: Any, due: DueStep, clock: Clock, at: datetime) -> bool:
    """True when the step was done, False when it is no longer needed."""
    if due.ladder == Ladder.REQUEST:
        return _request(thing, due, clock, at)
    if due.ladder == Ladder.NEXT:
        return _next(thing, at)
    if due.ladder == Ladder.VERIFICATION:
        return _crisis(thing, due, clock, at)
    if due.ladder == Ladder.CALLBACK:
        return _callback(thing, due, clock, at)
    if due.ladder == Ladder.CASE:
        return mark_late(case=thing, at=at)
    return _emergency(thing, due, clock, at)


# How the object of each ladder is locked; None: not now.
LOCKS: dict[Ladder, Callable[[int], Any]] = {
    Ladder.REQUEST: queries.locked_request,
    Ladder.NEXT: queries.locked_member,
    Ladder.EMERGENCY: queries.locked_emergency,
    Ladder.MESSAGE: queries.locked_emergency,
    Ladder.VERIFICATION: queries.locked_crisis,
    Ladder.CALLBACK: queries.locked_callback,
    Ladder.CASE: queries.locked_case,
}


def note_failure(*, at: datetime, pk: int) -> None:
    """A step raised: it is tried again later, and from the third time on it is an alarm of its own."""
    with transaction.atomic():
        if postpone(at=at, pk=pk) >= SOUNDS_AT:
            due = DueStep.objects.get(pk=pk)
            key, kind = f"failing:{pk}", AlarmKind.STEP_FAILING
            alarms.sound(at=at, key=key, kind=kind, priority=1, about=due.about, exercise=due.exercise)


def plan_fresh(*, at: datetime) -> int:
    """Give the P1 that nobody has taken their steps, shortly before the first is due."""
    found = queries.fresh(at)
    plan_many(at={alarm.subject: alarm.since for alarm in found}, ladder=Ladder.EMERGENCY)
    return len(found)


@transaction.atomic
def audit(*, at: datetime) -> list[OpenAlarm]:
    """Once a minute, for whoever comes first: the open alarms that have no step ahead of them, to be restored."""
    watch = Watch.objects.filter(pk=Watch.the().pk)
    if connection.features.has_select_for_update_skip_locked:
        watch = watch.select_for_update(skip_locked=True)
    found = watch.first()
    if found is None or (found.audited_at is not None and at - found.audited_at < AUDIT):
        return []
    found.audited_at = at
    found.save(update_fields=["audited_at"])
    return queries.without_steps(at)


@transaction.atomic
def restore(*, at: datetime, alarm: OpenAlarm) -> None:
    """Plan the steps that are not there by the alarm's own clock, and tell of it as a P1; with none the last one fires.

    What is left when a sweeper dies is found again a minute later.
    """
    plan(at=alarm.since, subject=alarm.subject, due_at=alarm.due_at)
    subject = alarm.subject
    steps = DueStep.objects.filter(ladder=subject.ladder, ref=subject.ref)
    if not steps.filter(state=Standing.WAITING).exists():
        last = steps.filter(step=clocks(subject.ladder)[-1].step).order_by("-run", "-turn").first()
        if last is not None:
            follow(at=at, due=last)
    key, kind = f"lost:{subject.ladder}:{subject.ref}", AlarmKind.STEP_LOST
    alarms.sound(at=at, key=key, kind=kind, priority=1, about=subject.about, exercise=subject.exercise)


def end_gone(*, at: datetime) -> int:
    """End the alarms whose cause is gone: figures arrived, a verifier chose, the crisis was stood down."""
    standing = causes()
    still = queries.still_caused(standing)
    return sum(alarms.end(at=at, pk=alarm.pk) for alarm in standing if alarm.key not in still)


@transaction.atomic
def watch_floods(*, at: datetime) -> int:
    """Raise an alarm for each flood and page the supervisors, once for a flood; end it when it has ebbed."""
    flooded, standing = queries.floods(at), {alarm.exercise: alarm for alarm in standing_floods()}
    for exercise in sorted(flooded - set(standing)):
        world = exercise or "live"
        alarm = alarms.sound(at=at, key=f"flood:{world}", kind=AlarmKind.FLOOD, priority=2, about="", exercise=exercise)
        calling.page_supervisors(key=f"flood:{world}:{alarm.times}", about=alarm.number, at=at, exercise=exercise)
    return sum(alarms.end(at=at, pk=standing[exercise].pk) for exercise in sorted(set(standing) - flooded))
