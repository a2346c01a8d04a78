"""Every change to handovers: begin, note, sign out, tick, sign in, and leaving without one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alerts.assigning import actions as assigning
from alerts.handover import queries, rules
from alerts.handover.models import OPEN, Handover, HandoverItem, State
from commandcenter.access.models import Membership
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.problems import Refusal, Words, clean_text, filled


def begin(*, actor: Reader, at: datetime) -> Handover:
    """The actor's sheet: the one that is open, else a new one."""
    if not rules.may_hand_over(actor):
        raise _refusal(403, _("Only operators, supervisors and missions hand over."))
    given = {"outgoing_id": actor.user_id, "exercise": actor.exercise}
    found = Handover.objects.filter(state__in=OPEN, **given).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Handover.objects.create(place=actor.mission, begun_at=at, **given)
    except IntegrityError:  # a double tap: the other one was first
        return Handover.objects.get(state__in=OPEN, **given)


@transaction.atomic
def write_notes(*, actor: Reader, at: datetime, handover_id: int, notes: Mapping[str, str]) -> None:
    """The outgoing person's words by item, "" for the whole sheet: all of them or none, until it is signed."""
    handover = _outgoing(actor, handover_id)
    if handover.state != State.DRAFT:
        raise _refusal(409, _("You signed this already; take it back to change it."))
    there = {item.key for item in queries.sheet(handover, at)}
    for key, text in notes.items():
        words = clean_text(text, field="note", max_length=rules.ITEM_NOTE_LENGTH if key else rules.NOTE_LENGTH)
        if not key:
            handover.note = words
            _save(handover, "note")
        elif key in there:
            HandoverItem.objects.update_or_create(handover=handover, key=key, defaults={"note": words})
        elif words:
            raise Refusal("key", _("This is no longer on the sheet."), status=409, code="conflict")


@transaction.atomic
def offer(*, actor: Reader, at: datetime, handover_id: int, incoming: int) -> Handover:
    """The outgoing person signs, to a named incoming one. Refused while a P1 is open that nobody on duty has."""
    handover = _outgoing(actor, handover_id)
    if handover.state == State.OFFERED and handover.incoming_id == incoming:
        return handover
    if handover.state != State.DRAFT:
        raise _refusal(409, _("You signed this already; take it back to change it."))
    if incoming == actor.user_id:
        raise Refusal("incoming", _("Another person takes over: nobody hands over to themself."))
    _check_able(incoming, handover.place)
    _refuse_orphans(handover, at, hands=[actor.user_id])
    handover.state, handover.incoming_id, handover.offered_at = State.OFFERED, incoming, at
    _save(handover, "state", "incoming", "offered_at")
    items = len(queries.sheet(handover, at))
    _record("offered", handover, at=at, actor=actor, data={"incoming": incoming, "items": items})
    return handover


@transaction.atomic
def take_back(*, actor: Reader, at: datetime, handover_id: int) -> Handover:
    """The outgoing person takes the signature back; what was ticked must be ticked again."""
    handover = _outgoing(actor, handover_id)
    if handover.state == State.DRAFT:
        return handover
    if handover.state != State.OFFERED:
        raise _refusal(409, _("This handover is closed."))
    handover.items.update(ticked_at=None, ticked_stamp="")
    handover.state, handover.incoming, handover.offered_at = State.DRAFT, None, None
    _save(handover, "state", "incoming", "offered_at")
    _record("taken_back", handover, at=at, actor=actor)
    return handover


@transaction.atomic
def tick(*, actor: Reader, at: datetime, handover_id: int, key: str, stamp: str, repeat: str) -> queries.Item:
    """The incoming person ticks one item and repeats it in one line; refused when it changed since it was shown."""
    words = " ".join(clean_text(repeat, field="repeat", max_length=rules.REPEAT_LENGTH).split())
    if not words:
        raise Refusal("repeat", _("Repeat it in one line: what will you do?"))
    handover = _incoming(actor, handover_id)
    if handover.state != State.OFFERED:
        raise _refusal(409, _("This handover is closed."))
    item = next((item for item in queries.sheet(handover, at) if item.key == key), None)
    if item is None:
        raise Refusal("key", _("This is no longer on the sheet."), status=409, code="conflict")
    if item.stamp != stamp:
        raise Refusal("repeat", _("This changed since you saw it: look again."), status=409, code="conflict")
    said = {"repeat": words, "ticked_at": at, "ticked_stamp": item.stamp}
    row, _made = HandoverItem.objects.update_or_create(handover=handover, key=key, defaults=said)
    return queries.Item(item.key, item.group, item.stamp, item.facts, row)


@transaction.atomic
def sign(*, actor: Reader, at: datetime, handover_id: int) -> Handover:
    """The incoming person signs: what the outgoing one held moves over in the same act, and the sheet is closed."""
    handover = _incoming(actor, handover_id)
    if handover.state == State.SIGNED:
        return handover
    if handover.state != State.OFFERED:
        raise _refusal(409, _("The outgoing person took the signature back."))
    # Whoever works on one of these waits: between looking and moving none of them changes.
    queries.held_rows(handover).select_for_update().order_by("pk").in_bulk()
    items = queries.sheet(handover, at)
    unseen = [item for item in items if item.needs_tick and not item.is_ticked]
    if unseen:
        words = _("%(n)d items are not ticked, or changed since: look at them first.")
        raise _refusal(409, filled(words, n=len(unseen)))
    _refuse_orphans(handover, at, hands=[handover.outgoing_id, actor.user_id])
    moved = assigning.hand_over(actor=actor, at=at, was=handover.outgoing_id, handover=handover.pk)
    _close(handover, items, State.SIGNED, at)
    data = {"outgoing": handover.outgoing_id, "moved": len(moved), "items": len(items)}
    _record("signed", handover, at=at, actor=actor, data=data)
    return handover


@transaction.atomic
def leave(*, actor: Reader, at: datetime) -> Handover | None:
    """Signing out while holding emergencies, without a handover: it is noted for good, and nothing moves."""
    held = queries.held_by(actor.user_id, actor.exercise)
    if not held or not rules.may_hand_over(actor):
        return None
    handover = _locked(begin(actor=actor, at=at).pk, actor)
    numbers = {f"emergency:{one.number}" for one in held}
    items = [item for item in queries.sheet(handover, at) if item.key in numbers]
    _close(handover, items, State.LEFT, at)
    _record("left", handover, at=at, actor=actor, data={"held": len(held)})
    return handover


def _close(handover: Handover, items: list[queries.Item], state: State, at: datetime) -> None:
    """Keep every item as it is now; the sheet is closed last, for after that nothing of it can be written."""
    for item in items:
        facts = {**item.facts, "group": item.group}
        HandoverItem.objects.update_or_create(handover=handover, key=item.key, defaults={"facts": facts})
    for row in queries.over_since(handover, items):
        row.facts = {"kind": "over", "group": "over", "key": row.key}
        row.save(update_fields=["facts"])
    handover.state, handover.closed_at = state, at
    _save(handover, "state", "closed_at")


def _refuse_orphans(handover: Handover, at: datetime, *, hands: list[int]) -> None:
    found = queries.orphans(place=handover.place, exercise=handover.exercise, at=at, hands=hands)
    if not found:
        return
    numbers = ", ".join(one.number for one in found[:5]) + (" …" if len(found) > 5 else "")
    words = _("Nobody on duty has %(numbers)s (P1). It must be taken before anybody leaves.")
    raise _refusal(409, filled(words, numbers=numbers))


def _check_able(user_id: int, place: str) -> None:
    """Only who can hold emergencies at this place takes over."""
    able = Membership.objects.filter(user=user_id, mission=place, role__in=rules.HOLDERS, user__is_active=True)
    if not able.exists():
        raise Refusal("incoming", _("This person has no active account at this place."))


def _outgoing(actor: Reader, pk: int) -> Handover:
    handover = _locked(pk, actor)
    if handover.outgoing_id != actor.user_id:
        raise _refusal(403, _("Only the person whose sheet it is may do this."))
    return handover


def _incoming(actor: Reader, pk: int) -> Handover:
    handover = _locked(pk, actor)
    if handover.incoming_id != actor.user_id or handover.outgoing_id == actor.user_id:
        raise _refusal(403, _("Only the person who takes over may do this."))
    _check_able(actor.user_id, handover.place)
    return handover


def _locked(pk: int, actor: Reader) -> Handover:
    found = Handover.objects.select_for_update().filter(pk=pk, exercise=actor.exercise).first()
    if found is None or actor.user_id not in {found.outgoing_id, found.incoming_id}:
        raise _refusal(404, _("There is no such handover."))
    return found


def _save(handover: Handover, *fields: str) -> None:
    handover.version += 1
    handover.save(update_fields=[*fields, "version"])


def _record(verb: str, handover: Handover, *, at: datetime, actor: Reader, data: dict[str, Any] | None = None) -> None:
    hearing = [audiences.dcc(handover.exercise)]
    if handover.place:
        hearing.append(audiences.mission(handover.place, handover.exercise))
    record(
        kind=f"handover.{verb}",
        object_id=handover.number,
        version=handover.version,
        at=at,
        actor=actor,
        audiences=hearing,
        exercise=handover.exercise,
        data={"place": handover.place, **data} if data else {},
    )


def _refusal(status: int, words: Words) -> Refusal:
    codes = {403: "forbidden", 404: "missing", 409: "conflict"}
    return Refusal("", words, status=status, code=codes[status])
