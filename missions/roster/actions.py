"""Every change to rosters: plan, cancel, copy a week, swap, note a tested number, private calendar addresses."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from commandcenter import wording
from commandcenter.access.models import Membership, User
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from commandcenter.events.record import record
from commandcenter.problems import Refusal, Words, filled
from missions.directory.queries import directory
from missions.roster import queries, rules, times
from missions.roster.models import CalendarLink, Kind, NumberTest, Shift, ShiftSwap, SwapState


@dataclass(frozen=True, slots=True)
class Planned:
    """A stored shift, and whose duty it overlaps at the same place."""

    shift: Shift
    beside: list[Shift]


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a week: copied shifts, and those that were left out with the reason."""

    made: list[Shift]
    left: list[tuple[Shift, Words]]


@transaction.atomic
def plan(
    *,
    actor: Reader,
    at: datetime,
    place: str,
    person: int,
    starts_at: datetime,
    hours: int,
    kind: str = Kind.DUTY,
    deputy: int | None = None,
    client_id: UUID | None = None,
    demo: bool = False,
) -> Planned:
    """Store one shift of so many whole hours; the same client_id again is the same shift."""
    _check_planner(actor, place)
    key = client_id or uuid4()
    people = _locked(place, person=person, deputy=deputy)
    earlier = Shift.objects.filter(client_id=key).first()
    if earlier is not None:
        if (earlier.place, earlier.exercise) != (place, actor.exercise):
            raise Refusal("client_id", _("This identifier was already used elsewhere."), status=409, code="conflict")
        return Planned(earlier, [])
    ends_at = _checked_end(starts_at, hours, at)
    if kind not in Kind.values:
        raise Refusal("kind", _("Choose one of the listed values."))
    _refuse_double(people, starts_at, ends_at, actor.exercise)
    shift = Shift.objects.create(
        client_id=key,
        exercise=actor.exercise,
        place=place,
        kind=kind,
        person_id=person,
        deputy_id=deputy,
        starts_at=starts_at,
        ends_at=ends_at,
        made_by_id=actor.user_id,
        made_at=at,
        demo=demo,
    )
    _record("shift.planned", shift, at=at, actor=actor, data=_who(shift))
    there = queries.shifts(starts_at, ends_at, actor.exercise, place=place)
    return Planned(shift, [one for one in there if one.pk != shift.pk and one.kind == kind == Kind.DUTY])


@transaction.atomic
def cancel(*, actor: Reader, at: datetime, shift_id: int, version: int | None = None) -> Shift:
    """Call a shift off; its row stays. Twice changes nothing; swaps that wait for an answer end with it."""
    shift = _locked_shift(actor, shift_id)
    _check_planner(actor, shift.place)
    if shift.cancelled_at is not None:
        return shift
    if version is not None and version != shift.version:
        raise _refusal(409, _("Somebody changed this shift since the page was loaded: look again."))
    if shift.ends_at <= at:
        raise _refusal(409, _("This shift is over; what was worked stays on the roster."))
    shift.cancelled_at = at
    _save(shift, "cancelled_at")
    ShiftSwap.objects.filter(shift=shift, state=SwapState.ASKED).update(state=SwapState.WITHDRAWN, answered_at=at)
    ShiftSwap.objects.filter(in_return=shift, state=SwapState.ASKED).update(state=SwapState.WITHDRAWN, answered_at=at)
    _record("shift.cancelled", shift, at=at, actor=actor, data=_who(shift))
    return shift


def copy_week(*, actor: Reader, at: datetime, place: str, into: date) -> Copied:
    """Copy the shifts of the week before the Monday `into`, by the place's own clock; what can't be copied is told."""
    _check_planner(actor, place)
    zone = _zone(place)
    monday = into - timedelta(days=into.weekday())
    since, until = (times.day_start(monday - timedelta(days=7), zone), times.day_start(monday, zone))
    copied = Copied([], [])
    for shift in queries.shifts(since, until, actor.exercise, place=place):
        if shift.starts_at < since:
            continue
        try:
            copied.made.append(_copy(actor, at, shift, zone))
        except Refusal as refusal:
            copied.left.append((shift, refusal.error.message))
    return copied


def _copy(actor: Reader, at: datetime, shift: Shift, zone: Any) -> Shift:
    """The same wall clock a week later: a shift still ends where the next begins when the clocks changed between."""
    ends = [
        times.moment_of(local.date() + timedelta(days=7), local.time(), zone)
        for local in (shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone))
    ]
    if ends[0] is None or ends[1] is None:
        raise Refusal("start", _("The clocks change in that hour: enter this shift by hand."))
    hours = (ends[1] - ends[0]).total_seconds() / 3600
    return plan(
        actor=actor,
        at=at,
        place=shift.place,
        person=shift.person_id,
        deputy=shift.deputy_id,
        kind=shift.kind,
        starts_at=ends[0],
        hours=round(hours),
    ).shift


@transaction.atomic
def ask_swap(*, actor: Reader, at: datetime, shift_id: int, other: int, in_return: int | None = None) -> ShiftSwap:
    """The person of a shift asks another to take it, perhaps in return for one of the other's; nothing changes yet."""
    shift = _locked_shift(actor, shift_id)
    _check_swappable(shift, at)
    if shift.person_id != actor.user_id:
        raise _refusal(403, _("Only the person whose shift it is asks for a swap."))
    if other == actor.user_id:
        raise Refusal("other", _("Choose somebody else."))
    people = _locked(shift.place, other=other)
    back = _return_shift(actor, shift, other, in_return, at)
    waiting = ShiftSwap.objects.filter(shift=shift, state=SwapState.ASKED).first()
    if waiting is not None:
        if (waiting.other_id, waiting.in_return_id) == (other, in_return):
            return waiting
        raise _refusal(409, _("Somebody is asked about this shift already; withdraw that first."))
    if back is None:
        _refuse_double(people, shift.starts_at, shift.ends_at, actor.exercise, field="other")
    made = ShiftSwap.objects.create(shift=shift, in_return=back, asker_id=actor.user_id, other_id=other, asked_at=at)
    _save(shift)
    _record("shift.swap_asked", shift, at=at, actor=actor, data={"swap": made.pk, "other": other})
    return made


@transaction.atomic
def answer_swap(*, actor: Reader, at: datetime, swap_id: int, accept: bool) -> ShiftSwap:
    """The asked person says yes or no; a yes changes both shifts in one act. The same answer again changes nothing."""
    swap = _locked_swap(actor, swap_id)
    if swap.other_id != actor.user_id:
        raise _refusal(403, _("Only the person who is asked answers."))
    wanted = SwapState.ACCEPTED if accept else SwapState.DECLINED
    if swap.state == wanted:
        return swap
    if swap.state != SwapState.ASKED:
        raise _refusal(409, _("This swap was answered or withdrawn already."))
    shift = _locked_shift(actor, swap.shift_id)
    if accept:
        _exchange(actor, at, swap, shift)
    _answer(swap, wanted, at)
    _save(shift)
    kind = "shift.swapped" if accept else "shift.swap_declined"
    _record(kind, shift, at=at, actor=actor, data={"swap": swap.pk, "other": swap.other_id})
    return swap


@transaction.atomic
def withdraw_swap(*, actor: Reader, at: datetime, swap_id: int) -> ShiftSwap:
    """Who asked takes the question back; twice changes nothing."""
    swap = _locked_swap(actor, swap_id)
    if swap.asker_id != actor.user_id:
        raise _refusal(403, _("Only the person who asked withdraws it."))
    if swap.state == SwapState.WITHDRAWN:
        return swap
    if swap.state != SwapState.ASKED:
        raise _refusal(409, _("This swap was answered already."))
    shift = _locked_shift(actor, swap.shift_id)
    _answer(swap, SwapState.WITHDRAWN, at)
    _save(shift)
    _record("shift.swap_withdrawn", shift, at=at, actor=actor, data={"swap": swap.pk, "other": swap.other_id})
    return swap


@transaction.atomic
def mark_tested(*, actor: Reader, at: datetime, person: int, minutes_ago: int = 0) -> NumberTest:
    """Somebody called the person's number, so many minutes ago, and it rang; the number that was called is kept."""
    member = Membership.objects.filter(user=person, user__is_active=True).select_related("user").first()
    if member is None or not rules.may_see(actor, member.mission):
        raise _refusal(404, _("There is no such person on your roster."))
    _check_planner(actor, member.mission)
    if minutes_ago not in rules.TESTED_MINUTES:
        raise Refusal("minutes", _("Choose one of the listed values."))
    if not member.user.phone:
        raise Refusal("person", _("This person has no telephone number: an administrator enters one first."))
    when = at - timedelta(minutes=minutes_ago)
    same = NumberTest.objects.filter(person=person, phone=member.user.phone, tested_at=when).first()
    if same is not None:
        return same
    tested = {"phone": member.user.phone, "tested_at": when, "tested_by_id": actor.user_id}
    made = NumberTest.objects.create(person_id=person, **tested)
    record(
        kind="number.tested",
        object_id=f"N-{made.pk}",
        version=1,
        at=at,
        actor=actor,
        audiences=_hearing(member.mission, actor.exercise),
        exercise=actor.exercise,
        data={"person": person, "tested_at": when},
    )
    return made


@transaction.atomic
def make_calendar_link(*, actor: Reader, at: datetime, whole_place: bool) -> CalendarLink:
    """A private address for the actor's shifts, or for the place's; the one that lives is given again."""
    if not (actor.is_dcc or actor.is_mission):
        raise _refusal(403, _("Only people on a roster have a calendar."))
    mine = {"owner_id": actor.user_id, "exercise": actor.exercise, "whole_place": whole_place, "place": actor.mission}
    User.objects.select_for_update(no_key=True).get(pk=actor.user_id)
    found = CalendarLink.objects.filter(revoked_at__isnull=True, **mine).first()
    return found or CalendarLink.objects.create(made_at=at, **mine)


@transaction.atomic
def revoke_calendar_link(*, actor: Reader, at: datetime, link_id: int) -> None:
    """The address answers no more, from now on and for good."""
    mine = CalendarLink.objects.filter(pk=link_id, owner=actor.user_id, exercise=actor.exercise)
    if not mine.exists():
        raise _refusal(404, _("There is no such calendar address."))
    mine.filter(revoked_at__isnull=True).update(revoked_at=at)


def _check_planner(actor: Reader, place: str) -> None:
    if not rules.may_plan(actor, place):
        raise _refusal(403, _("You may not change this roster."))


def _zone(place: str) -> Any:
    zone = rules.zone_of(place, directory().missions.get(place))
    if zone is None:
        raise Refusal("place", _("The time zone of this place is not known: an administrator corrects it first."))
    return zone


def _checked_end(starts_at: datetime, hours: int, at: datetime) -> datetime:
    if not rules.SHORTEST_HOURS <= hours <= rules.LONGEST_HOURS:
        limits = {"low": rules.SHORTEST_HOURS, "high": rules.LONGEST_HOURS}
        raise Refusal("hours", filled(_("A shift has %(low)d to %(high)d whole hours."), **limits))
    if not at - rules.FURTHEST_BACK <= starts_at <= at + rules.FURTHEST_AHEAD:
        raise Refusal("date", _("A shift begins at most one day ago and within a year."))
    return starts_at + timedelta(hours=hours)


def _locked(place: str, **named: int | None) -> list[int]:
    """The people, locked in order, so that two plans at once can't book one of them twice; all of this place."""
    _zone(place)
    people = {field: user for field, user in named.items() if user is not None}
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people.values()).order_by("pk"))
    here = {user.pk for user in queries.people_of(place)}
    for field, user in people.items():
        if user not in here:
            raise Refusal(field, _("This person has no active account at this place."))
    if len(set(people.values())) < len(people):
        raise Refusal("deputy", _("The deputy is somebody else."))
    return list(people.values())


def _refuse_double(
    people: Collection[int], starts_at: datetime, ends_at: datetime, exercise: str, *, field: str = "", but: Any = ()
) -> None:
    for other in queries.clashing(people, starts_at, ends_at, exercise).exclude(pk__in=but):
        whose = other.person if other.person_id in people else other.deputy
        where = field or ("person" if whose and whose.pk == next(iter(people)) else "deputy")
        words = _("%(name)s already has a shift then: %(span)s. Cancel or swap that one first.")
        raise Refusal(where, filled(words, name=whose.shown_name if whose else "", span=_span(other)), status=409)


def _span(shift: Shift) -> Words:
    """ "28 Nov 2026 08.00 – 16.00 Kairo", spoken in the language it is read in."""
    mission = directory().missions.get(shift.place)
    zone = rules.zone_of(shift.place, mission) or rules.zone_of(rules.DCC_PLACE, None)
    starts, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    name = wording.zone_name(str(zone), mission.operating_city if mission else "")

    def spoken() -> str:
        return f"{wording.day(starts)} {wording.hours(starts)} – {wording.hours(ends)} {name}"

    return lazy(spoken, str)()


def _locked_shift(actor: Reader, pk: int) -> Shift:
    world = Shift.objects.select_for_update(of=("self",)).select_related("person", "deputy")
    shift = world.filter(pk=pk, exercise=actor.exercise).first()
    if shift is None or not rules.may_see(actor, shift.place):
        raise _refusal(404, _("There is no such shift."))
    return shift


def _locked_swap(actor: Reader, pk: int) -> ShiftSwap:
    """The swap, behind the lock of its shift: whoever cancels, swaps or plans waits there."""
    found = ShiftSwap.objects.filter(pk=pk, shift__exercise=actor.exercise).first()
    if found is None or actor.user_id not in {found.asker_id, found.other_id}:
        raise _refusal(404, _("There is no such swap."))
    _locked_shift(actor, found.shift_id)
    return ShiftSwap.objects.select_for_update().get(pk=pk)


def _check_swappable(shift: Shift, at: datetime) -> None:
    if shift.cancelled_at is not None:
        raise _refusal(409, _("This shift is cancelled."))
    if shift.ends_at <= at:
        raise _refusal(409, _("This shift is over."))


def _return_shift(actor: Reader, shift: Shift, other: int, pk: int | None, at: datetime) -> Shift | None:
    if pk is None:
        return None
    back = Shift.objects.filter(pk=pk, exercise=actor.exercise, place=shift.place, person=other).first()
    if back is None:
        raise Refusal("in_return", _("That shift does not belong to the person you ask."))
    _check_swappable(back, at)
    return back


def _exchange(actor: Reader, at: datetime, swap: ShiftSwap, shift: Shift) -> None:
    """Give the shift to the other, and the other's to the asker; both must still be theirs and free."""
    _check_swappable(shift, at)
    back = _locked_shift(actor, swap.in_return_id) if swap.in_return_id else None
    moved = [shift, *([back] if back else [])]
    if back is not None:
        _check_swappable(back, at)
    if shift.person_id != swap.asker_id or (back is not None and back.person_id != swap.other_id):
        raise _refusal(409, _("The roster changed since this was asked; withdraw it and ask again."))
    for one, taker in zip(moved, (swap.other_id, swap.asker_id), strict=False):
        _locked(one.place, other=taker)
        _refuse_double([taker], one.starts_at, one.ends_at, actor.exercise, but=[item.pk for item in moved])
        one.person_id = taker
        one.deputy_id = None if one.deputy_id == taker else one.deputy_id
        _save(one, "person", "deputy")
        _record("shift.reassigned", one, at=at, actor=actor, data=_who(one))


def _answer(swap: ShiftSwap, state: SwapState, at: datetime) -> None:
    swap.state, swap.answered_at = state, at
    swap.save(update_fields=["state", "answered_at"])


def _save(shift: Shift, *fields: str) -> None:
    shift.version += 1
    shift.save(update_fields=[*fields, "version"])


def _who(shift: Shift) -> dict[str, Any]:
    span = {"starts_at": shift.starts_at, "ends_at": shift.ends_at}
    return {"place": shift.place, "person": shift.person_id, "deputy": shift.deputy_id, "kind": shift.kind, **span}


def _hearing(place: str, exercise: str) -> list[str]:
    return [audiences.dcc(exercise), *([audiences.mission(place, exercise)] if place else [])]


def _record(kind: str, shift: Shift, *, at: datetime, actor: Reader, data: dict[str, Any]) -> None:
    record(
        kind=kind,
        object_id=shift.number,
        version=shift.version,
        at=at,
        actor=actor,
        audiences=_hearing(shift.place, shift.exercise),
        exercise=shift.exercise,
        data=data,
    )


def _refusal(status: int, words: Words) -> Refusal:
    codes = {403: "forbidden", 404: "missing", 409: "conflict"}
    return Refusal("", words, status=status, code=codes[status])
