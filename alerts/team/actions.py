"""Every change to a crisis team: who is called, what is decided, what is to be done, who joins the meeting."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from alerts.crises.models import Crisis
from alerts.team import library
from alerts.team.models import (
    RESULT_LENGTH,
    TEXT_LENGTH,
    Decision,
    MeetingVisit,
    Part,
    Procedure,
    TaskState,
    TeamMember,
    TeamTask,
)
from alerts.team.queries import callable_people, is_in_team
from alerts.team.rules import may_end, may_lead
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.problems import Refusal, clean_text

LONGEST = timedelta(days=7)
OTHER = _("This person can't be called into this crisis.")


@transaction.atomic
def appoint(*, actor: Reader, at: datetime, crisis: Crisis, user: int, part: str) -> TeamMember:
    """Call somebody into the team: of the command centre as deputy or member, of a mission involved as its liaison."""
    crisis = _led(actor, crisis)
    person = callable_people(crisis).filter(pk=user).first()
    if person is None:
        raise Refusal("user", OTHER)
    at_mission = bool(person.membership.mission)
    if part not in Part.values or (part == Part.LIAISON) != at_mission:
        raise Refusal("part", _("A mission's officer joins as its liaison, nobody else does."))
    if person.pk == crisis.lead_id or crisis.team.filter(user=person, left_at=None).exists():
        raise Refusal("user", _("This person is in the team already."), status=409, code="conflict")
    member = TeamMember.objects.create(crisis=crisis, user=person, part=part, called_by_id=actor.user_id, called_at=at)
    _record("team.called", member, actor=actor, at=at, data={"user": person.pk, "part": part})
    return member


@transaction.atomic
def dismiss(*, actor: Reader, at: datetime, crisis: Crisis, member: int) -> TeamMember:
    """Let somebody go; the row keeps from when until when they were there. Their open tasks wait for a new owner."""
    crisis = _led(actor, crisis)
    found = crisis.team.select_for_update().filter(pk=member).first()
    if found is None:
        raise Refusal("", _("There is no such member."), status=404, code="missing")
    if found.left_at is not None:
        return found
    found.left_at = at
    found.version += 1
    found.save(update_fields=["left_at", "version"])
    _record("team.left", found, actor=actor, at=at, data={"user": found.user_id})
    for task in crisis.tasks.select_for_update().filter(owner=found.user_id, state=TaskState.OPEN):
        _give(task, None, actor, at)
    return found


@transaction.atomic
def decide(
    *, actor: Reader, at: datetime, crisis: Crisis, text: str, reason: str, decided_by: int, replaces: int | None = None
) -> Decision:
    """Note a decision under the next number: what, why, and who of the team took it."""
    crisis = _led(actor, crisis)
    words = _text(text, "text", TEXT_LENGTH)
    why = _text(reason, "reason", TEXT_LENGTH)
    if not is_in_team(crisis, decided_by):
        raise Refusal("decided_by", _("Only somebody of the team decides."))
    before = _replaced(crisis, replaces)
    newest = crisis.decisions.aggregate(no=Max("no"))["no"] or 0
    made = Decision.objects.create(
        crisis=crisis,
        no=newest + 1,
        text=words,
        reason=why,
        decided_by_id=decided_by,
        noted_by_id=actor.user_id,
        at=at,
        replaces=before,
    )
    data = {"no": made.no, "by": decided_by, "replaces": before.no if before else None}
    _record("decision.noted", made, actor=actor, at=at, data=data)
    return made


@transaction.atomic
def add_task(
    *, actor: Reader, at: datetime, crisis: Crisis, text: str, due_at: datetime, owner: int | None
) -> TeamTask:
    """Hand out a task with a due time; without an owner it waits for one."""
    crisis = _led(actor, crisis)
    words = _text(text, "text", TEXT_LENGTH)
    if not at < due_at <= at + LONGEST:
        raise Refusal("due_at", _("The due time must lie within the next seven days."))
    _refuse_stranger(crisis, owner)
    task = TeamTask.objects.create(
        crisis=crisis, text_id=words, text_en=words, owner_id=owner, due_at=due_at, made_by_id=actor.user_id, made_at=at
    )
    _told(task, "task.added", actor, at)
    return task


@transaction.atomic
def assign(*, actor: Reader, at: datetime, crisis: Crisis, task: int, version: int, owner: int | None) -> TeamTask:
    """Give a task to somebody of the team, or take it from whom it had."""
    crisis = _led(actor, crisis)
    found = _task(crisis, task, version, open_only=True)
    _refuse_stranger(crisis, owner)
    _give(found, owner, actor, at)
    return found


@transaction.atomic
def finish(*, actor: Reader, at: datetime, crisis: Crisis, task: int, version: int, result: str) -> TeamTask:
    """A task is done, with what came of it in words."""
    return _end(actor, at, crisis, task, version, TaskState.DONE, _optional(result, "result"))


@transaction.atomic
def drop(*, actor: Reader, at: datetime, crisis: Crisis, task: int, version: int, result: str) -> TeamTask:
    """A task is not needed, and why."""
    return _end(actor, at, crisis, task, version, TaskState.DROPPED, _text(result, "result", RESULT_LENGTH))


@transaction.atomic
def resume(*, actor: Reader, at: datetime, crisis: Crisis, task: int, version: int) -> TeamTask:
    """An ended task is open again: the undo of done and of not needed."""
    crisis = _open(crisis)
    found = _task(crisis, task, version, open_only=False)
    _refuse_others(actor, found)
    if found.is_open:
        return found
    found.state, found.ended_by, found.ended_at, found.result = TaskState.OPEN, None, None, ""
    _save(found, "state", "ended_by", "ended_at", "result")
    _told(found, "task.resumed", actor, at)
    return found


@transaction.atomic
def start_procedure(*, actor: Reader | None, at: datetime, crisis: Crisis, name: str) -> Procedure:
    """Start a standard procedure: its steps become tasks that wait for owners. Once for a crisis; None is the clock."""
    crisis = _led(actor, crisis) if actor else _open(crisis)
    checklist = library.checklists().get(name)
    if checklist is None:
        raise Refusal("name", _("There is no such procedure."))
    starter = actor.user_id if actor else None
    procedure, fresh = Procedure.objects.get_or_create(
        crisis=crisis, name=name, defaults={"started_by_id": starter, "started_at": at}
    )
    if not fresh:
        return procedure
    for step in checklist.steps:
        task = TeamTask.objects.create(
            crisis=crisis,
            procedure=procedure,
            text_id=step.id,
            text_en=step.en,
            due_at=at + timedelta(minutes=step.minutes),
            made_by_id=starter,
            made_at=at,
        )
        _told(task, "task.added", actor, at)
    return procedure


@transaction.atomic
def join_meeting(*, actor: Reader, at: datetime, crisis: Crisis) -> MeetingVisit:
    """Log that somebody of the team goes into the meeting room; only then is its address shown."""
    crisis = _open(crisis)
    if not is_in_team(crisis, actor.user_id) or actor.exercise != crisis.exercise:
        raise Refusal("", _("The meeting is for the crisis team."), status=403, code="forbidden")
    visit = MeetingVisit.objects.create(crisis=crisis, user_id=actor.user_id, at=at)
    record(
        kind="meeting.joined",
        object_id=crisis.slug,
        version=visit.pk,
        at=at,
        actor=actor,
        audiences=[audiences.dcc(crisis.exercise)],
        exercise=crisis.exercise,
        crisis=crisis.slug,
    )
    return visit


def _end(
    actor: Reader, at: datetime, crisis: Crisis, task: int, version: int, state: TaskState, result: str
) -> TeamTask:
    crisis = _open(crisis)
    found = _task(crisis, task, version, open_only=True)
    _refuse_others(actor, found)
    found.state, found.ended_by_id, found.ended_at, found.result = state, actor.user_id, at, result
    _save(found, "state", "ended_by", "ended_at", "result")
    _told(found, f"task.{state}", actor, at)
    return found


def _give(task: TeamTask, owner: int | None, actor: Reader, at: datetime) -> None:
    if task.owner_id != owner:
        task.owner_id = owner
        _save(task, "owner")
        _told(task, "task.assigned", actor, at)


def _led(actor: Reader, crisis: Crisis) -> Crisis:
    """The crisis, locked and open, for who leads its team."""
    if not may_lead(actor, crisis):
        raise Refusal("", _("Only operators and supervisors lead the crisis team."), status=403, code="forbidden")
    return _open(crisis)


def _open(crisis: Crisis) -> Crisis:
    locked = Crisis.objects.select_for_update(no_key=True).get(pk=crisis.pk)
    if not locked.is_open:
        raise Refusal("", _("This crisis is closed."), status=409, code="closed")
    return locked


def _task(crisis: Crisis, task: int, version: int, *, open_only: bool) -> TeamTask:
    found = crisis.tasks.select_for_update().filter(pk=task).first()
    if found is None:
        raise Refusal("", _("There is no such task."), status=404, code="missing")
    if found.version != version or (open_only and not found.is_open):
        changed = _("Somebody else changed this task first: look at it again.")
        raise Refusal("version", changed, status=409, code="conflict")
    found.crisis = crisis
    return found


def _replaced(crisis: Crisis, number: int | None) -> Decision | None:
    if number is None:
        return None
    found = crisis.decisions.filter(no=number).first()
    if found is None:
        raise Refusal("replaces", _("There is no decision with this number."))
    if Decision.objects.filter(replaces=found).exists():
        raise Refusal("replaces", _("This decision was already replaced."), status=409, code="conflict")
    return found


def _refuse_stranger(crisis: Crisis, owner: int | None) -> None:
    if owner is not None and not is_in_team(crisis, owner):
        raise Refusal("owner", _("Only somebody of the team can have a task."))


def _refuse_others(actor: Reader, task: TeamTask) -> None:
    if not may_end(actor, task):
        raise Refusal("", _("This task belongs to somebody else."), status=403, code="forbidden")


def _text(value: str, field: str, max_length: int) -> str:
    cleaned = clean_text(value, field=field, max_length=max_length)
    if not cleaned:
        raise Refusal(field, _("This is needed."))
    return cleaned


def _optional(value: str, field: str) -> str:
    return clean_text(value, field=field, max_length=RESULT_LENGTH)


def _save(task: TeamTask, *fields: str) -> None:
    task.version += 1
    task.save(update_fields=[*fields, "version"])


def _told(task: TeamTask, kind: str, actor: Reader | None, at: datetime) -> None:
    _record(kind, task, actor=actor, at=at, data={"owner": task.owner_id})


def _record(
    kind: str, thing: TeamMember | Decision | TeamTask, *, actor: Reader | None, at: datetime, data: dict[str, Any]
) -> None:
    """One event to the command centre and the missions involved: their officers are of the team."""
    crisis = thing.crisis
    missions = crisis.involved.values_list("mission_id", flat=True)
    record(
        kind=kind,
        object_id=thing.number,
        version=thing.version,
        at=at,
        actor=actor,
        audiences=[audiences.dcc(crisis.exercise), *(audiences.mission(code, crisis.exercise) for code in missions)],
        exercise=crisis.exercise,
        crisis=crisis.slug,
        data=data,
    )
