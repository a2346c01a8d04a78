"""Every change to the ledger of a crisis: one act, one move for each person it touches, one event; nothing is lost."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from alerts.crises.models import Crisis
from alerts.crises.queries import hearing
from alerts.persons.listing import plan_of
from alerts.persons.models import REASON_LENGTH, Act, Apart, Move, Person, State, Verb
from alerts.persons.queries import doubles, within
from alerts.persons.rules import UNDO_WITHIN, UNDOABLE, may_act, may_correct, may_follow
from alerts.sitreps.models import SituationReport
from commandcenter.access.reader import Reader
from commandcenter.events.record import record
from commandcenter.problems import Refusal, clean_text, filled
from commandcenter.rows import insert
from missions.registry import actions as registry
from missions.registry.queries import missions_of, scoped
from missions.registry.shapes import Listing, Scope

BATCH = 1000
FORBIDDEN = _("You may not change this ledger.")


@transaction.atomic
def enter(*, actor: Reader, at: datetime, crisis: Crisis, country: str = "", mission: str = "") -> Act:
    """Enter everybody the registry has in a country, or of a mission, who has no row yet: as unverified.

    From then on who registers there later is missing from the ledger until entered. A mission enters its own persons.
    """
    locked = _locked(actor, crisis)
    code = actor.mission if actor.is_mission else mission
    if bool(country and not actor.is_mission) == bool(code):
        raise Refusal("country", _("Name a country or a mission."))
    scope = Scope("" if code else country, code)
    held = Person.objects.filter(crisis=locked).values("citizen_id")
    found = scoped([scope], locked.exercise).exclude(pk__in=held).order_by("pk")
    citizens = list(found.values_list("pk", "mission_id"))
    if not citizens:
        raise Refusal("country", _("The registry has nobody there who is not in the ledger yet."), status=409)
    named = {"country_id": scope.country or None, "mission_id": scope.mission or None}
    act = _act(actor, at, locked, Verb.ENTERED, **named)
    _rows(act, [(citizen, code, State.UNVERIFIED) for citizen, code in citizens])
    _tell(act, actor, len(citizens), State.UNVERIFIED)
    return act


@transaction.atomic
def apply_list(
    *,
    actor: Reader,
    at: datetime,
    crisis: Crisis,
    upload: UUID,
    listing: Listing,
    as_of: datetime,
    reason: str,
    seen: str,
) -> Act:
    """Apply a list: register who is new, enter who has no row, and set the states it names, all or nothing.

    `seen` is the plan that was on the screen; another one by now refuses with 409. Rows with errors stay out.
    """
    locked = _locked(actor, crisis)
    why, told = _reason(reason), _as_of(as_of, at)
    plan = plan_of(actor, locked, listing)
    if plan.seal != seen:
        changed = _("The ledger or the registry changed meanwhile: look at the preview again.")
        raise Refusal("seen", changed, status=409, code="conflict")
    if not plan.changes_anything:
        raise Refusal("file", _("This list changes nothing."), status=409, code="conflict")
    if not registry.close_upload(at=at, key=upload):
        raise Refusal("file", _("This list was applied already."), status=409, code="conflict")
    act = _act(actor, at, locked, Verb.LISTED, as_of=told, reason=why)
    made = registry.register(actor=actor, at=at, entries=[one.entry for one in plan.new])
    codes = missions_of(one.citizen for one in plan.known)
    new = zip(made, plan.new, strict=True)
    _rows(act, [(citizen, one.entry.mission, one.state or State.UNVERIFIED) for citizen, one in new])
    _rows(act, [(one.citizen, codes[one.citizen], one.state or State.UNVERIFIED) for one in plan.known])
    for state in State:
        _move(act, [one.person for one in plan.changed if one.state == state], state)
    _tell(act, actor, plan.touched, "")
    return act


@transaction.atomic
def set_state(
    *,
    actor: Reader,
    at: datetime,
    crisis: Crisis,
    persons: Sequence[int],
    state: str,
    as_of: datetime,
    reason: str,
    expected: int,
    version: int | None = None,
    report: int | None = None,
    correct: bool = False,
) -> Act:
    """Bring persons into one state: all of them or, when one can't follow or was changed meanwhile, none.

    `expected` is how many were on the screen, `version` the row's for a single one. `correct` sets a state that can't
    follow; only a supervisor may.
    """
    locked = _locked(actor, crisis)
    why, told = _reason(reason), _as_of(as_of, at)
    _known_state(state)
    if correct and not may_correct(actor, locked):
        raise Refusal("state", _("Only a supervisor may correct a state."), status=403, code="forbidden")
    found = _held(actor, locked, persons)
    _unchanged(found, expected, version)
    moving = [person for person in found if person.state != state]
    if not moving:
        raise Refusal("state", _("They are in this state already."), status=409, code="conflict")
    if not correct:
        _may_all_follow(moving, state)
    act = _act(
        actor,
        at,
        locked,
        Verb.CORRECTED if correct else Verb.SET,
        as_of=told,
        reason=why,
        report=_report(locked, report),
    )
    _move(act, moving, state)
    _tell(act, actor, len(moving), state)
    return act


@transaction.atomic
def undo(*, actor: Reader, at: datetime, crisis: Crisis, number: int) -> Act:
    """Take one's own act back within ten seconds, when nothing has happened to its persons since."""
    locked = _locked(actor, crisis)
    act = Act.objects.filter(crisis=locked, number=number, by_id=actor.user_id, verb__in=UNDOABLE).first()
    if act is None:
        raise Refusal("", _("There is no such act."), status=404, code="missing")
    moves = list(act.moves.select_related("person"))
    late = at - act.at > UNDO_WITHIN
    if late or hasattr(act, "undone_by") or any(move.person.version != move.version for move in moves):
        raise Refusal("", _("This can't be undone any more: set the state anew."), status=409, code="conflict")
    back = _act(actor, at, locked, Verb.UNDONE, as_of=act.as_of, undoes=act)
    for state in State:
        returning = [move.person for move in moves if move.was == state]
        _move(back, returning, state, merged_into=None)
    _tell(back, actor, len(moves), "")
    return back


@transaction.atomic
def merge(*, actor: Reader, at: datetime, crisis: Crisis, double: int, into: int, reason: str) -> Act:
    """One person had two rows: the double counts no longer, and its trail stays beside the other's."""
    locked = _locked(actor, crisis)
    why = _reason(reason)
    if double == into:
        raise Refusal("into", _("These are the same row."))
    found = {person.pk: person for person in _held(actor, locked, [double, into])}
    if len(found) != 2:
        raise Refusal("", _("There is no such person."), status=404, code="missing")
    act = _act(actor, at, locked, Verb.MERGED, reason=why)
    _move(act, [found[into]], found[into].state)
    _move(act, [found[double]], "", merged_into=found[into])
    _tell(act, actor, 1, "")
    return act


@transaction.atomic
def keep_apart(*, actor: Reader, at: datetime, crisis: Crisis, person: int, reason: str) -> Act:
    """This row is another person than the one it shares a document or telephone with: it is proposed no more."""
    locked = _locked(actor, crisis)
    why = _reason(reason)
    found = _held(actor, locked, [person])
    proposed = doubles(locked).get(person)
    if not found or proposed is None:
        raise Refusal("", _("This person is not proposed as a double."), status=409, code="conflict")
    act = _act(actor, at, locked, Verb.PARTED, reason=why)
    Apart.objects.create(person=found[0], digest=proposed[1], act=act)
    _move(act, found, found[0].state)
    _tell(act, actor, 1, "")
    return act


def _locked(actor: Reader, crisis: Crisis) -> Crisis:
    """The crisis, locked: acts upon one ledger happen one after the other."""
    if not may_act(actor, crisis):
        raise Refusal("", FORBIDDEN, status=403, code="forbidden")
    locked = Crisis.objects.select_for_update(no_key=True).get(pk=crisis.pk)
    if not locked.is_open:
        raise Refusal("", _("This crisis was stood down."), status=409, code="closed")
    if actor.is_mission and not locked.involved.filter(mission_id=actor.mission).exists():
        raise Refusal("", FORBIDDEN, status=403, code="forbidden")
    return locked


def _held(actor: Reader, crisis: Crisis, persons: Sequence[int]) -> list[Person]:
    """The counted rows among these that the actor may change; a mission's are its own."""
    ids = sorted(set(persons))
    found: list[Person] = []
    for start in range(0, len(ids), BATCH):
        found += within(actor, crisis).filter(pk__in=ids[start : start + BATCH]).order_by("pk")
    return found


def _unchanged(found: list[Person], expected: int, version: int | None) -> None:
    if len(found) != expected or not found or (version is not None and found[0].version != version):
        changed = _("Somebody changed these persons meanwhile: look at the list again.")
        raise Refusal("expected", changed, status=409, code="conflict")


def _may_all_follow(moving: list[Person], state: str) -> None:
    stuck = [person for person in moving if not may_follow(person.state, state)]
    if stuck:
        states = ", ".join(sorted({str(person.get_state_display()) for person in stuck}))
        words = _("%(n)d of them can't become “%(state)s”, because they are: %(states)s.")
        raise Refusal("state", filled(words, n=len(stuck), state=State(state).label, states=states))


def _known_state(state: str) -> None:
    if state not in State.values:
        raise Refusal("state", _("There is no such state."))


def _reason(reason: str) -> str:
    why = clean_text(reason, field="reason", max_length=REASON_LENGTH)
    if not why:
        raise Refusal("reason", _("Say why, in a few words."))
    return why


def _as_of(as_of: datetime, at: datetime) -> datetime:
    if as_of > at:
        raise Refusal("as_of", _("This time is still to come."))
    return as_of


def _report(crisis: Crisis, number: int | None) -> int | None:
    if number is not None and not SituationReport.objects.filter(crisis=crisis, number=number).exists():
        raise Refusal("report", _("This crisis has no such report."))
    return number


def _act(actor: Reader, at: datetime, crisis: Crisis, verb: Verb, **more: Any) -> Act:
    """The next act upon the ledger; the caller holds the lock on the crisis."""
    newest = Act.objects.filter(crisis=crisis).aggregate(newest=Max("number"))["newest"] or 0
    return Act.objects.create(
        crisis=crisis, number=newest + 1, verb=verb, by_id=actor.user_id, at=at, **{"as_of": at, **more}
    )


def _rows(act: Act, wanted: Iterable[tuple[int, str, str]]) -> None:
    """New rows (citizen, mission, state), each with its first move."""
    made = Person.objects.bulk_create(
        [
            Person(crisis_id=act.crisis_id, citizen_id=citizen, mission_id=mission, state=state)
            for citizen, mission, state in wanted
        ],
        batch_size=BATCH,
    )
    _moves(act, [(person, "", person.state) for person in made])


def _move(act: Act, persons: Sequence[Person], state: str, **more: Any) -> None:
    """Bring rows into a state ("" takes them out of the count) and note it in the trail of each."""
    was = [(person, "" if person.merged_into_id else person.state, state) for person in persons]
    for start in range(0, len(persons), BATCH):
        ids = [person.pk for person in persons[start : start + BATCH]]
        shown = {"state": state} if state else {}
        Person.objects.filter(pk__in=ids).update(version=F("version") + 1, **shown, **more)
    for person in persons:
        person.version += 1
    _moves(act, was)


def _moves(act: Act, moved: Iterable[tuple[Person, str, str]]) -> None:
    made = [(person.pk, act.pk, person.version, str(was), str(state)) for person, was, state in moved]
    if made:
        insert(Move, ("person_id", "act_id", "version", "was", "state"), made)


def _tell(act: Act, actor: Reader, n: int, state: str) -> None:
    crisis = act.crisis
    record(
        kind=f"ledger.{act.verb}",
        object_id=crisis.slug,
        version=act.number,
        at=act.at,
        actor=actor,
        audiences=hearing(crisis),
        exercise=crisis.exercise,
        data={"act": act.number, "n": n, "state": str(state)},
        crisis=crisis.slug,
    )
