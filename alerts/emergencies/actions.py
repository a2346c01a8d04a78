"""What officers do with an emergency, and time. Each act is one transaction: lock, rule, state, named fields, event."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from alerts.cells.actions import keep
from alerts.emergencies import rules
from alerts.emergencies.models import Emergency, EmergencyMessage, EmergencyNote, Outcome, Side, State
from alerts.emergencies.queries import by_number
from commandcenter import wording
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.problems import Refusal, Words, clean_text, filled

# What decides where it counts on the map.
PLACING = frozenset({"state", "priority", "mission", "latitude", "longitude"})
HELD = ("state", "taken_by", "taken_at", "next_contact_at", "acted_at", "outcome", "resolved_at")


def open_by_officer(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Receipt 2: an officer who may work it has it on the screen. Counts once; mere readers are refused."""
    with transaction.atomic():
        return _worked(actor, number, at)


def take(*, actor: Reader, number: str, at: datetime, next_contact_at: datetime | None = None) -> Emergency:
    """A named desk takes it and promises the next contact (receipt 3); a second taker is told who was first."""
    promise = next_contact_at or at + rules.NEXT_CONTACT
    if promise <= at:
        raise Refusal("next_contact_at", _("The next contact must lie ahead."))
    with transaction.atomic():
        emergency = _worked(actor, number, at)
        if emergency.state in {State.TAKEN, State.IN_ACTION} and emergency.taken_by_id == actor.user_id:
            return emergency
        if emergency.state != State.NEW:
            raise _refusal(409, _taken_words(emergency, at))
        _hold(emergency, actor, at, promise)
        data = {"by": actor.user_id, "next_contact_at": promise}
        change(emergency=emergency, kind="taken", at=at, actor=actor, fields=HELD, data=data)
        return emergency


def release(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Give it back to the queue: undo of a taking, or the desk can't go on."""
    with transaction.atomic():
        emergency = _worked(actor, number, at)
        _check_step(emergency, State.NEW)
        if not rules.may_release(actor, emergency):
            raise _refusal(403, _("Only the desk that holds it, or a supervisor, gives it back."))
        _let_go(emergency)
        change(emergency=emergency, kind="released", at=at, actor=actor, fields=HELD)
        return emergency


def add_note(*, actor: Reader, number: str, at: datetime, text: str) -> EmergencyNote:
    """Log an act or a note; the first one after taking begins the action."""
    words = _text(text)
    with transaction.atomic():
        emergency = _worked(actor, number, at)
        note = EmergencyNote.objects.create(emergency=emergency, author_id=actor.user_id, text=words, at=at)
        change(emergency=emergency, kind="noted", at=at, actor=actor, fields=_acted(emergency, at))
        return note


def send_message(*, actor: Reader, number: str, at: datetime, client_id: UUID, text: str) -> EmergencyMessage:
    """An officer writes to the citizen; the same message again changes nothing."""
    words = _text(text)
    with transaction.atomic():
        emergency = _worked(actor, number, at)
        side = Side.MISSION if actor.is_mission else Side.DCC
        return say(emergency=emergency, client_id=client_id, side=side, text=words, at=at, actor=actor)


def say(
    *, emergency: Emergency, client_id: UUID, side: Side, text: str, at: datetime, actor: Reader | None
) -> EmergencyMessage:
    """Store one message of a locked emergency, once by its `client_id`; an officer's message is an act."""
    first = EmergencyMessage.objects.filter(client_id=client_id).first()
    if first is not None:
        if (first.emergency_id, first.side) != (emergency.pk, side):
            raise Refusal("client_id", _("This identifier was already used elsewhere."))
        return first
    author = actor.user_id if actor else None
    message = EmergencyMessage.objects.create(
        emergency=emergency, client_id=client_id, side=side, author_id=author, text=text, at=at
    )
    acted = _acted(emergency, at) if actor else ()
    data = {"message": message.pk, "side": side}
    change(emergency=emergency, kind="messaged", at=at, actor=actor, fields=acted, data=data)
    return message


def resolve(*, actor: Reader, number: str, at: datetime, outcome: str, version: int | None = None) -> Emergency:
    """Close it with an outcome; refused when something arrived that the page did not show (`version`)."""
    if outcome not in Outcome.values:
        raise Refusal("outcome", _("Choose how it ended."))
    with transaction.atomic():
        emergency = _worked(actor, number, at, version)
        _check_step(emergency, State.RESOLVED)
        emergency.state, emergency.outcome, emergency.resolved_at = State.RESOLVED, outcome, at
        fields = ("state", "outcome", "resolved_at")
        change(emergency=emergency, kind="resolved", at=at, actor=actor, fields=fields, data={"outcome": outcome})
        return emergency


def reopen(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Open a resolved emergency again; who opens it holds it and promises the next contact."""
    with transaction.atomic():
        emergency = _worked(actor, number, at)
        if emergency.state != State.RESOLVED:
            raise _refusal(409, _("It is open already."))
        _hold(emergency, actor, at, at + rules.NEXT_CONTACT)
        change(emergency=emergency, kind="reopened", at=at, actor=actor, fields=HELD)
        return emergency


def reopen_by_citizen(*, emergency: Emergency, at: datetime) -> None:
    """The citizen wrote on a resolved (and locked) emergency: back to the queue, for nobody writes into silence."""
    _let_go(emergency)
    change(emergency=emergency, kind="reopened", at=at, actor=None, fields=HELD)


def return_if_untouched(*, emergency_id: int, at: datetime) -> bool:
    """Taken without an action for ten minutes: back to the queue, counted (domain.md rule 7). True when it moved."""
    late = {"state": State.TAKEN, "acted_at__isnull": True, "taken_at__lte": at - rules.UNTOUCHED}
    with transaction.atomic():
        emergency = Emergency.objects.select_for_update().filter(pk=emergency_id, **late).first()
        if emergency is None:
            return False
        emergency.returned_times += 1
        data = {"was_taken_by": emergency.taken_by_id, "times": emergency.returned_times}
        _let_go(emergency)
        fields = (*HELD, "returned_times")
        change(emergency=emergency, kind="returned", at=at, actor=None, fields=fields, data=data)
        return True


def change(
    *,
    emergency: Emergency,
    kind: str,
    at: datetime,
    actor: Reader | None,
    fields: Collection[str] = (),
    data: dict[str, Any] | None = None,
) -> None:
    """Save the named fields with the next version, count it where it is now, and record it for all who may see it."""
    emergency.version += 1
    if PLACING.isdisjoint(fields):
        emergency.save(update_fields=[*fields, "version"])
    else:
        was = rules.placed(Emergency.objects.get(pk=emergency.pk))
        emergency.save(update_fields=[*fields, "key", "version"])
        keep([(was, rules.placed(emergency))])
    hearing = [audiences.dcc(emergency.exercise)]
    if emergency.mission_id:
        hearing.append(audiences.mission(emergency.mission_id, emergency.exercise))
    record(
        kind=f"emergency.{kind}",
        object_id=emergency.number,
        version=emergency.version,
        at=at,
        actor=actor,
        audiences=hearing,
        exercise=emergency.exercise,
        data=data,
    )


def _worked(actor: Reader, number: str, at: datetime, version: int | None = None) -> Emergency:
    """The locked emergency, now opened, for somebody who may work it. A foreign one is missing."""
    emergency = by_number(Emergency.objects.select_for_update().filter(exercise=actor.exercise), number)
    if emergency is None or not rules.may_see(actor, emergency):
        raise _refusal(404, _("There is no such emergency."))
    if not rules.may_work(actor, emergency):
        raise _refusal(403, _("You may read this emergency, not work it."))
    if version is not None and version != emergency.version:
        raise _refusal(409, _("Something arrived since this page was loaded: read it first."))
    if emergency.opened_at is None:
        emergency.opened_at, emergency.opened_by_id = at, actor.user_id
        change(emergency=emergency, kind="opened", at=at, actor=actor, fields=("opened_at", "opened_by"))
    return emergency


def _check_step(emergency: Emergency, state: State) -> None:
    if not rules.may_become(emergency, state):
        resolved = emergency.state == State.RESOLVED
        raise _refusal(409, _("It is resolved already.") if resolved else _("Take it first."))


def _hold(emergency: Emergency, actor: Reader, at: datetime, next_contact_at: datetime) -> None:
    emergency.state, emergency.taken_by_id, emergency.taken_at = State.TAKEN, actor.user_id, at
    emergency.next_contact_at, emergency.acted_at = next_contact_at, None
    emergency.outcome, emergency.resolved_at = "", None


def _let_go(emergency: Emergency) -> None:
    emergency.state, emergency.taken_by, emergency.taken_at = State.NEW, None, None
    emergency.next_contact_at, emergency.acted_at = None, None
    emergency.outcome, emergency.resolved_at = "", None


def _acted(emergency: Emergency, at: datetime) -> tuple[str, ...]:
    if emergency.state != State.TAKEN:
        return ()
    emergency.state, emergency.acted_at = State.IN_ACTION, at
    return ("state", "acted_at")


def _text(text: str) -> str:
    words = clean_text(text, field="text", max_length=rules.MESSAGE_LENGTH)
    if not words:
        raise Refusal("text", _("Write something first."))
    return words


def _refusal(status: int, words: Words) -> Refusal:
    codes = {403: "forbidden", 404: "missing", 409: "conflict"}
    return Refusal("", words, status=status, code=codes[status])


def _taken_words(emergency: Emergency, at: datetime) -> Words:
    if emergency.taken_by is None or emergency.taken_at is None or emergency.state == State.RESOLVED:
        return _("It is resolved already.")
    name, age = emergency.taken_by.shown_name, at - emergency.taken_at
    ago = lazy(lambda: wording.ago_text(age), str)()
    return filled(_("Already taken by %(name)s %(ago)s"), name=name, ago=ago)
