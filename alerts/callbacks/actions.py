"""Every change to the call-back list: a call lands on it, somebody owns it, tries, reaches, or undoes.

An entry leaves by an answer or an outcome, never by time; its clock begins anew with each try (ux.md 4.3).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.callbacks import rules
from alerts.callbacks.models import KEEPING, NOTE_LENGTH, CallBack, CallTry, Reason, TryOutcome
from alerts.ladders.actions import end_steps, plan
from alerts.ladders.models import Ladder
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.problems import Refusal, Words, clean_text, filled

# What a person may say of a try; the others come of the calls themselves.
SAID = KEEPING | {TryOutcome.REACHED, TryOutcome.WRONG_NUMBER, TryOutcome.OVER}


@transaction.atomic
def await_call(
    *,
    at: datetime,
    exercise: str,
    mission: str,
    phone: str,
    digits: str,
    reason: Reason,
    actor: Reader | None = None,
) -> CallBack:
    """A call ended with nobody spoken to: its number stands on the list once, however often it calls."""
    where = {"exercise": exercise, "mission": mission, "digits": digits}
    moments = {"since": at, "last_call_at": at, "due_at": at}
    given = {**moments, "phone": phone, "reason": reason, "owner_id": actor.user_id if actor else None}
    if not digits:
        entry, made = CallBack.objects.create(**where, **given), True
    else:
        waiting = CallBack.objects.select_for_update().filter(closed_at__isnull=True)
        entry, made = waiting.get_or_create(**where, defaults=given)
    if made:
        _tell("opened", entry, at, actor, reason=reason)
        _climb(entry, at)
        return entry
    entry.times, entry.last_call_at = entry.times + 1, max(at, entry.last_call_at)
    # Who calls again while we wait for the next try is due now.
    sooner = entry.due_at > at
    entry.due_at = min(entry.due_at, at)
    _save(entry, "times", "last_call_at", "due_at")
    _tell("repeated", entry, at, actor, reason=reason)
    if sooner:
        _climb(entry, at)
    return entry


@transaction.atomic
def take_back_call(*, actor: Reader | None, at: datetime, pk: int) -> None:
    """The call goes on after all: it is counted no more, and an entry that was of it alone is closed."""
    entry = CallBack.objects.select_for_update().get(pk=pk)
    if entry.closed_at is not None:
        return
    if entry.times == 1:
        _end(entry, actor, at, TryOutcome.TAKEN_BACK)
    else:
        entry.times -= 1
        _save(entry, "times")
        _tell("repeated", entry, at, actor, reason=entry.reason)


@transaction.atomic
def answer_again(*, actor: Reader, at: datetime, mission: str, digits: str) -> CallBack | None:
    """Who waited to be called back has called and was spoken to: that is the answer. None when nobody waited."""
    where = {"exercise": actor.exercise, "mission": mission, "digits": digits}
    entry = CallBack.objects.select_for_update().filter(closed_at__isnull=True, **where).first() if digits else None
    if entry is not None:
        _end(entry, actor, at, TryOutcome.CALLED_AGAIN)
    return entry


@transaction.atomic
def own(*, actor: Reader, at: datetime, pk: int, version: int) -> CallBack:
    """A named person will call; again changes nothing, a second person is told who it is."""
    entry = _waiting(actor, pk, version)
    if entry.owner_id == actor.user_id:
        return entry
    if entry.owner is not None:
        raise _conflict(filled(_("%(name)s is calling already."), name=entry.owner.shown_name))
    entry.owner_id = actor.user_id
    _save(entry, "owner")
    _tell("owned", entry, at, actor, by=actor.user_id)
    return entry


@transaction.atomic
def let_go(*, actor: Reader, at: datetime, pk: int, version: int) -> CallBack:
    """The owner, or at the command centre anybody, gives it back to the list."""
    entry = _waiting(actor, pk, version)
    if entry.owner_id is None:
        return entry
    entry.owner = None
    _save(entry, "owner")
    _tell("owned", entry, at, actor, by=None)
    return entry


@transaction.atomic
def note_try(
    *, actor: Reader, at: datetime, pk: int, version: int, outcome: str, minutes: int = rules.PAUSES[0], note: str = ""
) -> CallTry:
    """Somebody called back: nobody there keeps it with a next try; reached or settled takes it off the list."""
    words = clean_text(note, field="note", max_length=NOTE_LENGTH)
    if outcome not in SAID:
        raise Refusal("outcome", _("Choose what the try came to."))
    if minutes not in rules.PAUSES:
        raise Refusal("minutes", _("Choose 5, 15 or 60 minutes."))
    if outcome == TryOutcome.OVER and not words:
        raise Refusal("note", _("Say how it was settled."))
    entry = _waiting(actor, pk, version)
    if outcome not in KEEPING:
        return _end(entry, actor, at, TryOutcome(outcome), words)
    made = _noted(entry, actor, at, TryOutcome(outcome), words)
    entry.tries, entry.due_at = entry.tries + 1, at + timedelta(minutes=minutes)
    entry.owner_id = entry.owner_id or actor.user_id
    _save(entry, "tries", "due_at", "owner")
    _tell("tried", entry, at, actor, act=made.pk, outcome=outcome)
    _climb(entry, at)
    return made


@transaction.atomic
def undo(*, actor: Reader, at: datetime, act: int) -> CallBack:
    """Take one's own last act back within two minutes; it stays in the trail as undone."""
    found = CallTry.objects.select_related("entry").filter(pk=act, by=actor.user_id).first()
    if found is None or found.entry.exercise != actor.exercise:
        raise _missing()
    entry = CallBack.objects.select_for_update().get(pk=found.entry_id)
    newest = entry.acts.filter(undone_at=None).last()
    if newest is None or newest.pk != act or at - newest.at > rules.UNDO:
        raise _conflict(_("This can't be undone any more."))
    others = CallBack.objects.filter(exercise=entry.exercise, mission=entry.mission, digits=entry.digits)
    if entry.closed_at and entry.digits and others.filter(closed_at__isnull=True).exists():
        raise _conflict(_("This number has called again meanwhile; it stands on the list anew."))
    newest.undone_at = at
    newest.save(update_fields=["undone_at"])
    entry.tries -= newest.outcome in {*KEEPING, TryOutcome.REACHED, TryOutcome.WRONG_NUMBER}
    entry.due_at, entry.closed_at, entry.outcome = newest.was_due_at, None, ""
    _save(entry, "tries", "due_at", "closed_at", "outcome")
    _tell("undone", entry, at, actor, act=newest.pk, outcome=newest.outcome)
    _climb(entry, at)
    return entry


def _end(entry: CallBack, actor: Reader | None, at: datetime, outcome: TryOutcome, words: str = "") -> CallTry:
    """Off the list, with the outcome and who it was."""
    made = _noted(entry, actor, at, outcome, words)
    entry.tries += outcome in {TryOutcome.REACHED, TryOutcome.WRONG_NUMBER}
    entry.closed_at, entry.outcome = at, outcome
    _save(entry, "tries", "closed_at", "outcome")
    end_steps(at=at, ladder=Ladder.CALLBACK, ref=entry.pk)
    _tell("closed", entry, at, actor, act=made.pk, outcome=outcome)
    return made


def _noted(entry: CallBack, actor: Reader | None, at: datetime, outcome: TryOutcome, words: str) -> CallTry:
    by = actor.user_id if actor else None
    return CallTry.objects.create(entry=entry, by_id=by, at=at, outcome=outcome, note=words, was_due_at=entry.due_at)


def _climb(entry: CallBack, at: datetime) -> None:
    """The clock of its next try; what was planned before is over."""
    end_steps(at=at, ladder=Ladder.CALLBACK, ref=entry.pk)
    plan(at=entry.due_at, subject=rules.subject(entry))


def _waiting(actor: Reader, pk: int, version: int) -> CallBack:
    """The locked entry, for somebody who may call; a foreign one is missing."""
    entry = CallBack.objects.select_for_update().filter(pk=pk, exercise=actor.exercise).first()
    if entry is None or (actor.is_mission and entry.mission != actor.mission):
        raise _missing()
    if not rules.may_work(actor, entry.mission):
        raise Refusal("", _("You may not work the call-back list."), status=403, code="forbidden")
    if entry.closed_at is not None:
        raise _conflict(_("It is off the list already."))
    if entry.version != version:
        raise _conflict(_("Somebody was faster: look at the list again."))
    return entry


def _missing() -> Refusal:
    return Refusal("", _("There is no such entry."), status=404, code="missing")


def _conflict(words: Words) -> Refusal:
    return Refusal("", words, status=409, code="conflict")


def _save(entry: CallBack, *fields: str) -> None:
    entry.version += 1
    entry.save(update_fields=[*fields, "version"])


def _tell(kind: str, entry: CallBack, at: datetime, actor: Reader | None, **data: Any) -> None:
    hearing = [audiences.dcc(entry.exercise)]
    if entry.mission:
        hearing.append(audiences.mission(entry.mission, entry.exercise))
    record(
        kind=f"callback.{kind}",
        object_id=entry.number,
        version=entry.version,
        at=at,
        actor=actor,
        audiences=hearing,
        exercise=entry.exercise,
        data=data,
    )
