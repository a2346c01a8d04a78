"""What officers do with an emergency, and time. Each act is one transaction: lock, rule, state, named fields, event."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from alerts.cells.actions import keep
from alerts.emergencies import rules
from alerts.emergencies.climbing import climb, count_waiting
from alerts.emergencies.holding import AHEAD, HELD, LEASE, act_on, clear_ahead, hold, let_go
from alerts.emergencies.models import Emergency, EmergencyMessage, EmergencyNote, Outcome, Side, State
from alerts.emergencies.queries import by_number
from commandcenter import wording
from commandcenter.access.reader import Reader
from commandcenter.events.record import Entry, record_many
from commandcenter.problems import Refusal, Words, filled

# What decides where it counts on the map.
PLACING = frozenset({"state", "priority", "mission", "latitude", "longitude"})


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
        if rules.is_held(emergency) and emergency.taken_by_id == actor.user_id:
            return emergency
        if emergency.state != State.NEW:
            raise rules.refusal(409, _taken_words(emergency, at))
        hold(emergency, actor, at, promise)
        data = {"by": actor.user_id, "next_contact_at": promise}
        change(emergency=emergency, kind="taken", at=at, actor=actor, fields=HELD, data=data)
        return emergency


def release(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Give it back to the queue: undo of a taking, or the desk can't go on."""
    with transaction.atomic():
        emergency = _worked(actor, number, at)
        _must_be_held(emergency)
        if not rules.may_release(actor, emergency):
            raise rules.refusal(403, _("Only the desk that holds it, or a supervisor, gives it back."))
        let_go(emergency)
        change(emergency=emergency, kind="released", at=at, actor=actor, fields=HELD)
        return emergency


def add_note(*, actor: Reader, number: str, at: datetime, text: str) -> EmergencyNote:
    """Log an act or a note; the first one after taking begins the action."""
    words = rules.text_of(text)
    with transaction.atomic():
        emergency = _written(actor, number, at)
        note = EmergencyNote.objects.create(emergency=emergency, author_id=actor.user_id, text=words, at=at)
        change(emergency=emergency, kind="noted", at=at, actor=actor, fields=(*act_on(emergency, at), *LEASE))
        return note


def send_message(
    *, actor: Reader, number: str, at: datetime, client_id: UUID, text: str, **way: Any
) -> EmergencyMessage:
    """An officer writes to the citizen; the same message again changes nothing."""
    words = rules.text_of(text)
    with transaction.atomic():
        emergency = _written(actor, number, at)
        side = Side.MISSION if actor.is_mission else Side.DCC
        return say(emergency=emergency, client_id=client_id, side=side, text=words, at=at, actor=actor, **way)


def say(
    *, emergency: Emergency, client_id: UUID, side: Side, text: str, at: datetime, actor: Reader | None, **way: Any
) -> EmergencyMessage:
    """Store one message of a locked emergency, once by its `client_id`; an officer's message is an act."""
    first = EmergencyMessage.objects.filter(client_id=client_id).first()
    if first is not None:
        if (first.emergency_id, first.side) != (emergency.pk, side):
            raise Refusal("client_id", _("This identifier was already used elsewhere."))
        return first
    author = actor.user_id if actor else None
    message = EmergencyMessage.objects.create(
        emergency=emergency, client_id=client_id, side=side, author_id=author, text=text, at=at, **way
    )
    acted = (*act_on(emergency, at), *LEASE) if actor else ()
    data = {"message": message.pk, "side": side}
    change(emergency=emergency, kind="messaged", at=at, actor=actor, fields=acted, data=data)
    echo(emergency=emergency, at=at, actor=actor, data=data)
    return message


def echo(*, emergency: Emergency, at: datetime, actor: Reader | None, data: dict[str, Any]) -> None:
    """What comes in of a locked duplicate is told by the one it is attached to, which climbs and counts for both."""
    if emergency.duplicate_of_id is None:
        return
    whole = Emergency.objects.select_for_update().get(pk=emergency.duplicate_of_id)
    acted = act_on(whole, at) if actor else ()
    change(emergency=whole, kind="echoed", at=at, actor=actor, fields=acted, data={"of": emergency.number, **data})


def resolve(*, actor: Reader, number: str, at: datetime, outcome: str, version: int | None = None) -> Emergency:
    """Close it with an outcome; refused when something arrived that the page did not show (`version`)."""
    if outcome not in Outcome.values:
        raise Refusal("outcome", _("Choose how it ended."))
    with transaction.atomic():
        emergency = _written(actor, number, at, version)
        _must_be_held(emergency)
        clear_ahead(emergency)
        emergency.state, emergency.outcome, emergency.resolved_at = State.RESOLVED, outcome, at
        fields = ("state", "outcome", "resolved_at", *AHEAD, *LEASE)
        change(emergency=emergency, kind="resolved", at=at, actor=actor, fields=fields, data={"outcome": outcome})
        return emergency


def reopen(*, actor: Reader, number: str, at: datetime) -> Emergency:
    """Open a resolved or closed emergency again; who opens it holds it and promises the next contact."""
    with transaction.atomic():
        emergency = _worked(actor, number, at)
        if emergency.state not in {State.RESOLVED, State.CLOSED}:
            raise rules.refusal(409, _("It is open already."))
        hold(emergency, actor, at, at + rules.NEXT_CONTACT)
        change(emergency=emergency, kind="reopened", at=at, actor=actor, fields=HELD)
        return emergency


def reopen_by_citizen(*, emergency: Emergency, at: datetime) -> None:
    """The citizen wrote on what is over: back to the queue, for nobody writes into silence.

    Who wrote on a (locked) duplicate reopens the one it is attached to.
    """
    whole = emergency
    if emergency.duplicate_of_id is not None:
        whole = Emergency.objects.select_for_update().get(pk=emergency.duplicate_of_id)
    if whole.resolved_at is not None:
        let_go(whole)
        change(emergency=whole, kind="reopened", at=at, actor=None, fields=HELD)


def change(
    *,
    emergency: Emergency,
    kind: str,
    at: datetime,
    actor: Reader | None,
    fields: Collection[str] = (),
    data: dict[str, Any] | None = None,
    withdrawn: Collection[str] = (),
) -> None:
    """Save the named fields with the next version, count it where it is now, and record it for all who may see it.

    `withdrawn` are audiences that may see it no longer: their pages drop it.
    """
    emergency.version += 1
    fields = {*fields, *count_waiting(emergency, kind, at, data or {})}
    if PLACING.isdisjoint(fields):
        emergency.save(update_fields=[*fields, "version"])
    else:
        was = rules.placed(Emergency.objects.get(pk=emergency.pk))
        emergency.save(update_fields=[*fields, "key", "version"])
        keep([(was, rules.placed(emergency))])
    climb(emergency, kind, at, data or {})
    record_many([_entry(emergency, kind, at, actor, data=data or {}, withdrawn=withdrawn)])


def change_many(*, emergencies: Collection[Emergency], kind: str, at: datetime, data: dict[str, Any]) -> None:
    """Time tells the same of many locked emergencies: the next version and an event for each, no other field."""
    Emergency.objects.filter(pk__in=[one.pk for one in emergencies]).update(version=F("version") + 1)
    for one in emergencies:
        one.version += 1
    record_many([_entry(one, kind, at, None, data=data) for one in emergencies])


def _entry(emergency: Emergency, kind: str, at: datetime, actor: Reader | None, **more: Any) -> Entry:
    return Entry(
        kind=f"emergency.{kind}",
        object_id=emergency.number,
        version=emergency.version,
        at=at,
        actor=actor,
        audiences=rules.hearing(emergency),
        exercise=emergency.exercise,
        **more,
    )


def _worked(actor: Reader, number: str, at: datetime, version: int | None = None) -> Emergency:
    """The locked emergency, now opened, for somebody who may work it. A foreign one is missing."""
    emergency = by_number(Emergency.objects.select_for_update().filter(exercise=actor.exercise), number)
    if emergency is None or not rules.may_see(actor, emergency):
        raise rules.refusal(404, _("There is no such emergency."))
    if not rules.may_work(actor, emergency):
        raise rules.refusal(403, _("You may read this emergency, not work it."))
    if version is not None and version != emergency.version:
        raise rules.refusal(409, _("Something arrived since this page was loaded: read it first."))
    if emergency.opened_at is None:
        emergency.opened_at, emergency.opened_by_id = at, actor.user_id
        change(emergency=emergency, kind="opened", at=at, actor=actor, fields=("opened_at", "opened_by"))
    return emergency


def _written(actor: Reader, number: str, at: datetime, version: int | None = None) -> Emergency:
    """The locked emergency for somebody who wrote: refused while another one is writing; the own lease ends."""
    emergency = _worked(actor, number, at, version)
    rules.refuse_leased(actor, emergency, at)
    emergency.leased_by, emergency.leased_until = None, None
    return emergency


def _must_be_held(emergency: Emergency) -> None:
    if not rules.is_held(emergency):
        raise rules.refusal(409, rules.over_words(emergency) or _("Take it first."))


def _taken_words(emergency: Emergency, at: datetime) -> Words:
    if over := rules.over_words(emergency):
        return over
    if emergency.taken_by is None or emergency.taken_at is None:
        return _("It was taken already.")
    name, age = emergency.taken_by.shown_name, at - emergency.taken_at
    ago = lazy(lambda: wording.ago_text(age), str)()
    return filled(_("Already taken by %(name)s %(ago)s"), name=name, ago=ago)
