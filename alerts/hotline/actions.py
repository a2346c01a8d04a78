"""Every change to calls: drafted, answered, ended, left. What is typed is stored while it is typed (ux.md 4.3)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.callbacks import actions as callbacks
from alerts.callbacks.models import Reason, TryOutcome
from alerts.cases.actions import New, open_case
from alerts.cases.models import Category
from alerts.cases.models import Channel as CaseChannel
from alerts.emergencies.actions import add_note
from alerts.emergencies.models import Channel
from alerts.hotline import queries, rules
from alerts.hotline.filling import fill, merged
from alerts.hotline.models import MISSED, Call, ExchangeEvent, Outcome, Source, State
from alerts.hotline.rules import Told
from alerts.opening.actions import open_by_staff
from commandcenter.access.reader import Reader
from commandcenter.audit.actions import log_read
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.problems import Refusal, Words, filled

# The event of our log that each word of the exchange makes.
TOLD = {"started": "rang", "answered": "spoken", "ended": "ended", "recording": "recorded"}


class Kept(NamedTuple):
    """A draft as it is stored, what of it can't be, and whether another tab wrote it meanwhile."""

    call: Call
    wrong: list[Refusal]
    elsewhere: bool


class News(NamedTuple):
    """One thing the exchange tells; `kind` is started, answered, ended or recording."""

    event_id: str
    call_id: str
    kind: str
    said_at: datetime | None = None
    phone: str = ""
    recording: str = ""


@transaction.atomic
def draft(*, actor: Reader, at: datetime, client_id: UUID, told: Told, seen: int = 0) -> Kept:
    """Keep what was typed so far, over the draft that was `seen`. Makes the call with the first of it."""
    call = _call(actor, client_id) or _begun(actor, at, client_id, source=Source.DESK)
    _check_desk(call, actor)
    elsewhere = seen != call.drafts
    wrong = fill(call, merged(call, told) if elsewhere else told)
    call.touched_at, call.drafts = at, call.drafts + 1
    call.save()
    return Kept(call, wrong, elsewhere)


@transaction.atomic
def note_search(*, actor: Reader, at: datetime, client_id: UUID) -> bool:
    """The registry was searched for this caller: the read-log says so once a call, not once a key."""
    fresh = Call.objects.filter(client_id=client_id, exercise=actor.exercise, searched_at=None)
    if not fresh.update(searched_at=at):
        return False
    number = Call.objects.get(client_id=client_id).number
    log_read(actor=actor, at=at, screen="hotline", object_id=number, reason="search")
    return True


@transaction.atomic
def answer(*, actor: Reader, at: datetime, client_id: UUID) -> Call:
    """A named desk has the call and writes it; one that another desk is writing stays there."""
    call = _call(actor, client_id)
    if call is None:
        raise _missing()
    if call.state == State.CLOSED:
        raise _conflict(_("This call is finished already."))
    if call.desk_id == actor.user_id:
        return call
    if call.desk is not None and at - call.touched_at < rules.HELD_FOR:
        raise _conflict(filled(_("%(name)s has this call."), name=call.desk.shown_name))
    call.desk_id, call.state, call.touched_at = actor.user_id, State.OPEN, at
    call.answered_at = call.answered_at or at
    _change("answered", call, at, actor, by=actor.user_id)
    return call


@transaction.atomic
def conclude(*, actor: Reader, at: datetime, client_id: UUID, act: str, told: Told, seen: int = 0) -> Call:
    """Save the call with what it came to; `act` is p1, p2, case, note, dropped or attach:E-... Again is once."""
    kind, _colon, about = act.partition(":")
    if kind not in ACTS:
        raise Refusal("act", _("Choose what the call came to."))
    outcome, verb = ACTS[kind]
    known = _call(actor, client_id) or _begun(actor, at, client_id, source=Source.DESK)
    if known.state == State.CLOSED:
        if known.outcome == outcome:
            return known
        raise _conflict(_("This call is finished already."))
    call, wrong, _elsewhere = draft(actor=actor, at=at, client_id=client_id, told=told, seen=seen)
    if wrong:
        raise wrong[0]
    if rules.is_empty(call):
        raise Refusal("phone", _("Write the telephone number; when it is withheld, what happened."))
    verb(call, actor, at, about if kind == "attach" else kind)
    if outcome not in MISSED:
        answered = callbacks.answer_again(actor=actor, at=at, mission=call.mission, digits=call.digits)
        call.entry = call.entry or answered
    _close(call, outcome, at, actor)
    return call


@transaction.atomic
def reopen(*, actor: Reader, at: datetime, client_id: UUID) -> Call:
    """Undo of a note or of a dropped line, by its desk within two minutes. What became an emergency stays one."""
    call = _call(actor, client_id)
    if call is None:
        raise _missing()
    late = call.closed_at is None or at - call.closed_at > rules.UNDO
    if late or call.outcome not in {Outcome.NOTE, Outcome.DROPPED} or call.desk_id != actor.user_id:
        raise _conflict(_("This can't be undone any more."))
    if call.outcome == Outcome.DROPPED and call.entry_id:
        callbacks.take_back_call(actor=actor, at=at, pk=call.entry_id)
        call.entry = None
    call.state, call.outcome, call.about, call.closed_at, call.touched_at = State.OPEN, "", "", None, at
    _change("reopened", call, at, actor)
    return call


@transaction.atomic
def call_back(*, actor: Reader, at: datetime, client_id: UUID, entry: int, version: int) -> Call:
    """Somebody on the call-back list was reached: it leaves the list, and what they say is written as a call."""
    made = callbacks.note_try(actor=actor, at=at, pk=entry, version=version, outcome=TryOutcome.REACHED)
    call = _begun(actor, at, client_id, source=Source.CALLBACK)
    call.phone, call.digits, call.mission = made.entry.phone, made.entry.digits, made.entry.mission
    call.entry = made.entry
    call.save()
    return call


@transaction.atomic
def leave(*, at: datetime, call_id: int) -> bool:
    """Nobody came back to it: its number is to be called back, and one with nothing in it is closed. True if moved."""
    call = Call.objects.select_for_update().filter(pk=call_id, closed_at__isnull=True).first()
    if call is None or not rules.is_left(call, at):
        return False
    if call.state == State.RINGING:
        _miss(call, at, Outcome.UNANSWERED, Reason.UNANSWERED)
    elif call.digits:
        _miss(call, at, Outcome.LEFT, Reason.LEFT)
    else:
        _close(call, Outcome.EMPTY, at, None)
    return True


def hear(*, at: datetime, exercise: str, client_id: UUID, news: News) -> Call:
    """Take in what the exchange tells, in any order and however often: each thing counts once (reliability.md F7)."""
    try:
        with transaction.atomic():
            return _heard(at, exercise, client_id, news)
    except _ToldBeforeError:
        return ExchangeEvent.objects.select_related("call").get(exercise=exercise, event_id=news.event_id).call


class _ToldBeforeError(Exception):
    """This event is stored: whatever was begun for it is taken back."""


def _heard(at: datetime, exercise: str, client_id: UUID, news: News) -> Call:
    where = {"exercise": exercise, "exchange_call": news.call_id}
    given = {"client_id": client_id, "source": Source.EXCHANGE, "state": State.RINGING}
    call, made = Call.objects.select_for_update().get_or_create(
        **where, defaults={**given, "started_at": at, "touched_at": at}
    )
    times = {"said_at": news.said_at, "received_at": at}
    _event, fresh = ExchangeEvent.objects.get_or_create(
        exercise=exercise, event_id=news.event_id, defaults={"call": call, "kind": news.kind, **times}
    )
    if not fresh:
        raise _ToldBeforeError
    if made:
        _tell("began", call, at, None, source=call.source)
    _note_news(call, at, news)
    _settle(call, at, news.kind)
    return call


def _note_news(call: Call, at: datetime, news: News) -> None:
    """What one event says; nothing it says takes back what another said."""
    if news.phone and not call.phone:
        try:
            call.phone, call.digits = rules.telephone(news.phone, queries.dial_code(call.mission))
        except Refusal:
            call.phone = rules.kept(news.phone)
    if news.kind == "answered":
        call.answered_at = call.answered_at or at
    elif news.kind == "ended":
        call.ended_at = call.ended_at or at
    call.recording = call.recording or news.recording
    call.touched_at = at


def _settle(call: Call, at: datetime, kind: str) -> None:
    """The state that follows from all that was told, in whatever order: only a call nobody answered is missed."""
    entry = call.entry if call.outcome == Outcome.UNANSWERED else None
    if entry is not None and (call.answered_at or (call.digits and not entry.digits)):
        # It was put on the list before the rest was known.
        callbacks.take_back_call(actor=None, at=at, pk=entry.pk)
        call.entry, call.about, call.outcome, call.closed_at = None, "", "", None
        call.state = State.RINGING
    if call.state in {State.RINGING, State.SPOKEN}:
        if call.answered_at:
            call.state = State.SPOKEN
        elif call.ended_at:
            _miss(call, at, Outcome.UNANSWERED, Reason.UNANSWERED)
            return
    _change(TOLD[kind], call, at, None)


def _miss(call: Call, at: datetime, outcome: Outcome, reason: Reason) -> None:
    _await(call, None, at, reason)
    _close(call, outcome, at, None)


def _begun(actor: Reader, at: datetime, client_id: UUID, *, source: Source) -> Call:
    """The call, made now; or the one that a draft on its way beside this made first."""
    where = {"exercise": actor.exercise, "mission": actor.mission, "desk_id": actor.user_id}
    moments = {"started_at": at, "touched_at": at, "answered_at": at}
    given = {"source": source, "state": State.OPEN, **where, **moments}
    call, made = Call.objects.select_for_update().get_or_create(client_id=client_id, defaults=given)
    if made:
        _tell("began", call, at, actor, source=call.source)
        return call
    beside = _call(actor, client_id)
    if beside is None or beside.source != source:
        raise _missing()  # of another world
    return beside


def _call(actor: Reader, client_id: UUID) -> Call | None:
    """The locked call, for somebody who may take calls here."""
    if actor.role not in rules.WORKERS:
        raise Refusal("", _("You may not take calls."), status=403, code="forbidden")
    found = Call.objects.select_for_update(of=("self",)).select_related("desk")
    call = found.filter(client_id=client_id, exercise=actor.exercise).first()
    if call is not None and not rules.may_work(actor, call.mission):
        raise _missing()
    return call


def _check_desk(call: Call, actor: Reader) -> None:
    if call.state == State.CLOSED:
        raise _conflict(_("This call is finished already."))
    if call.desk_id != actor.user_id:
        name = call.desk.shown_name if call.desk else ""
        raise _conflict(filled(_("%(name)s has this call."), name=name) if name else _("Answer the call first."))


def _emergency(call: Call, actor: Reader, at: datetime, kind: str) -> None:
    """P1 or P2, in the queue at once; who answers is found by the directory's rule."""
    call.emergency = open_by_staff(
        actor=actor,
        at=at,
        client_id=call.client_id,
        channel=Channel.HOTLINE,
        nature=call.nature,
        priority=1 if kind == "p1" else 2,
        phone=call.phone,
        name=call.name,
        place=call.place,
        country=call.country or queries.country_of(actor.mission),
        message=rules.composed(call),
    )
    call.about = call.emergency.number


def _attach(call: Call, actor: Reader, at: datetime, number: str) -> None:
    """What was said becomes a note of an open emergency; both trails stay (domain.md rule 9)."""
    note = add_note(actor=actor, at=at, number=number, text=f"{call.number} {call.phone} {rules.composed(call)}")
    if note.emergency.resolved_at is not None:
        raise _conflict(_("This emergency is resolved: open a new one."))
    call.emergency, call.about = note.emergency, note.emergency.number


def _case(call: Call, actor: Reader, at: datetime, category: str) -> None:
    """A complaint or a consultation, for the mission that answers for its country."""
    new = New(
        client_id=call.client_id,
        category=category,
        channel=CaseChannel.TELEPHONE,
        text=rules.composed(call),
        name=call.name,
        phone=call.phone,
        country=call.country,
        place=call.place,
    )
    call.about = open_case(actor=actor, at=at, new=new, exercise=actor.exercise).number


def _drop(call: Call, actor: Reader, at: datetime, _kind: str) -> None:
    if not call.digits:
        raise Refusal("phone", _("Without a number nobody can call back: write it, or save the call as a note."))
    _await(call, actor, at, Reason.DROPPED)


def _note(_call: Call, _actor: Reader, _at: datetime, _kind: str) -> None:
    """Nothing but the row itself."""


Verb = Callable[[Call, Reader, datetime, str], None]
ACTS: dict[str, tuple[Outcome, Verb]] = {
    "p1": (Outcome.EMERGENCY, _emergency),
    "p2": (Outcome.EMERGENCY, _emergency),
    "attach": (Outcome.ATTACHED, _attach),
    **{category.value: (Outcome.CASE, _case) for category in Category},
    "note": (Outcome.NOTE, _note),
    "dropped": (Outcome.DROPPED, _drop),
}


def _await(call: Call, actor: Reader | None, at: datetime, reason: Reason) -> None:
    where = {"exercise": call.exercise, "mission": call.mission, "phone": call.phone, "digits": call.digits}
    call.entry = callbacks.await_call(at=at, actor=actor, reason=reason, **where)
    call.about = call.entry.number


def _close(call: Call, outcome: Outcome, at: datetime, actor: Reader | None) -> None:
    call.state, call.outcome, call.closed_at, call.touched_at = State.CLOSED, outcome, at, at
    _change("closed", call, at, actor, outcome=outcome, about=call.about)


def _change(kind: str, call: Call, at: datetime, actor: Reader | None, **data: Any) -> None:
    call.version += 1
    call.save()
    _tell(kind, call, at, actor, **data)


def _tell(kind: str, call: Call, at: datetime, actor: Reader | None, **data: Any) -> None:
    hearing = [audiences.dcc(call.exercise)]
    if call.mission:
        hearing.append(audiences.mission(call.mission, call.exercise))
    record(
        kind=f"call.{kind}",
        object_id=call.number,
        version=call.version,
        at=at,
        actor=actor,
        audiences=hearing,
        exercise=call.exercise,
        data=data,
    )


def _missing() -> Refusal:
    return Refusal("", _("There is no such call."), status=404, code="missing")


def _conflict(words: Words) -> Refusal:
    return Refusal("", words, status=409, code="conflict")
