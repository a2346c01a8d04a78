"""Every change to alarms: raise, take, end; load the register."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.alarms.models import Alarm, AlarmKind, AlarmRule
from alerts.alarms.queries import shipped
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.problems import Refusal, filled
from missions.countries.tables import Changes


@transaction.atomic
def sound(
    *,
    at: datetime,
    key: str,
    kind: AlarmKind,
    priority: int,
    about: str,
    mission: str = "",
    room: str = "",
    exercise: str = "",
) -> Alarm:
    """Raise an alarm. One that stands becomes graver if need be, and then waits for a person again; or nothing."""
    fields = {"kind": kind, "about": about, "mission": mission, "room": room, "exercise": exercise}
    alarm, made = Alarm.objects.select_for_update().get_or_create(
        key=key, defaults={**fields, "priority": priority, "raised_at": at}
    )
    if made:
        _tell("alarm.raised", alarm, at=at, actor=None)
    elif alarm.ended_at is not None or priority < alarm.priority:
        if alarm.ended_at is not None:
            alarm.raised_at, alarm.times = at, alarm.times + 1
        alarm.priority, alarm.ended_at, alarm.taken_by, alarm.taken_at = priority, None, None, None
        _save(alarm, "priority", "raised_at", "times", "ended_at", "taken_by", "taken_at")
        _tell("alarm.raised", alarm, at=at, actor=None)
    return alarm


@transaction.atomic
def take(*, actor: Reader, at: datetime, pk: int) -> Alarm:
    """A named person of the command centre takes it: its sound ends, and an internal one is over."""
    if not actor.is_dcc:
        raise Refusal("", _("Only the command centre takes alarms."), status=403, code="forbidden")
    alarm = Alarm.objects.select_for_update().filter(pk=pk, exercise=actor.exercise).first()
    if alarm is None:
        raise Refusal("", _("There is no such alarm."), status=404, code="missing")
    if alarm.taken_by_id == actor.user_id:
        return alarm
    if alarm.ended_at is not None:
        raise Refusal("", _("This alarm is over already."), status=409, code="conflict")
    if alarm.taken_by is not None:
        words = filled(_("%(name)s has taken this alarm already."), name=alarm.taken_by.shown_name)
        raise Refusal("", words, status=409, code="conflict")
    alarm.taken_by_id, alarm.taken_at = actor.user_id, at
    if alarm.is_internal:
        alarm.ended_at = at
    _save(alarm, "taken_by", "taken_at", "ended_at")
    _tell("alarm.taken", alarm, at=at, actor=actor, by=actor.user_id)
    return alarm


@transaction.atomic
def end(*, at: datetime, pk: int) -> bool:
    """Its cause is gone. False when it had ended before."""
    alarm = Alarm.objects.select_for_update().filter(pk=pk, ended_at__isnull=True).first()
    if alarm is None:
        return False
    alarm.ended_at = at
    _save(alarm, "ended_at")
    _tell("alarm.ended", alarm, at=at, actor=None)
    return True


def load_rules(*, at: datetime) -> Changes:
    """Store the rows of the register that are not there yet; a row that exists is somebody's decision and stays."""
    stored = set(AlarmRule.objects.values_list("code", flat=True))
    new = [AlarmRule(**row) for row in shipped() if row["code"] not in stored]
    AlarmRule.objects.bulk_create(new)
    return Changes("alarm rules", created=[str(rule) for rule in new], unchanged=len(stored))


def _save(alarm: Alarm, *fields: str) -> None:
    alarm.version += 1
    alarm.save(update_fields=[*fields, "version"])


def _tell(kind: str, alarm: Alarm, *, at: datetime, actor: Reader | None, **more: Any) -> None:
    record(
        kind=kind,
        object_id=alarm.number,
        version=alarm.version,
        at=at,
        actor=actor,
        audiences=[audiences.dcc(alarm.exercise)],
        exercise=alarm.exercise,
        data={"about": alarm.about, "alarm": alarm.kind, "priority": alarm.priority, **more},
    )
