"""Reads: who is on duty at a place at a moment, in constantly many queries; shifts, swaps, tests, gaps ahead."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F, Max, Q, QuerySet

from commandcenter.access.models import DCC, MISSION, Membership, Role, User
from commandcenter.access.reader import Reader
from missions.directory.models import Mission
from missions.directory.queries import directory
from missions.roster import rules
from missions.roster.models import CalendarLink, Kind, NumberTest, Shift, ShiftSwap, SwapState


@dataclass(frozen=True, slots=True)
class Duty:
    """Whom to wake at a mission, in order: on duty first, then deputies, standby, the other officers; and its head."""

    officers: tuple[User, ...]
    head: User | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A time for which a place has nobody to wake; `why`: nobody, or what its person lacks: account, phone."""

    place: str
    starts_at: datetime
    ends_at: datetime
    why: str
    shift: Shift | None = None
    shifts: int = 1


def duty(mission: str, at: datetime, exercise: str = "") -> Duty:
    """Whom to wake at this mission; without a roster everybody with an account, the ambassador last."""
    return duties([mission], at, exercise)[mission]


def duties(missions: Collection[str], at: datetime, exercise: str = "") -> dict[str, Duty]:
    """The same for many missions, in two queries."""
    members: dict[str, list[Membership]] = defaultdict(list)
    for member in _members(MISSION).filter(mission__in=set(missions)):
        members[member.mission].append(member)
    called: dict[str, list[Shift]] = defaultdict(list)
    for shift in _between(at, at, exercise).filter(place__in=set(missions)):
        called[shift.place].append(shift)
    return {mission: _duty(members[mission], _in_order(called[mission])) for mission in missions}


def _duty(members: list[Membership], called: list[int]) -> Duty:
    known = {member.user_id: member.user for member in members}
    ranked = sorted(members, key=lambda member: (member.role == Role.AMBASSADOR, member.user_id))
    first = [known[user] for user in called if user in known]
    heads = [member.user for member in ranked if member.role == Role.AMBASSADOR]
    rest = [member.user for member in ranked]
    return Duty(tuple(dict.fromkeys([*first, *rest])), heads[0] if heads else None)


def on_duty(at: datetime, exercise: str = "") -> tuple[User, ...]:
    """Operators and supervisors of the command centre on shift now, then deputies; without any, all active ones."""
    known = {member.user_id: member.user for member in _members(rules.DESKS)}
    called = _in_order(_between(at, at, exercise).filter(place=rules.DCC_PLACE).exclude(kind=Kind.STANDBY))
    return tuple(known[user] for user in called if user in known) or tuple(known.values())


def _in_order(shifts: Iterable[Shift]) -> list[int]:
    """User ids: who has the duty, then deputies, then standby; nobody twice."""
    found = list(shifts)
    duty = [shift.person_id for shift in found if shift.kind == Kind.DUTY]
    deputies = [shift.deputy_id for shift in found if shift.deputy_id]
    more = [shift.person_id for kind in (Kind.DEPUTY, Kind.STANDBY) for shift in found if shift.kind == kind]
    return list(dict.fromkeys([*duty, *deputies, *more]))


def _members(roles: Collection[Role]) -> QuerySet[Membership]:
    known = Membership.objects.filter(role__in=roles, user__is_active=True)
    return known.select_related("user").order_by("user_id")


def _between(since: datetime, until: datetime, exercise: str) -> QuerySet[Shift]:
    """Shifts that stand and touch this time; with since = until those of the moment."""
    standing = Shift.objects.filter(exercise=exercise, cancelled_at__isnull=True, ends_at__gt=since)
    ends = Q(starts_at__lte=until) if since == until else Q(starts_at__lt=until)
    return standing.filter(ends).order_by("starts_at", "pk")


def shifts(
    since: datetime, until: datetime, exercise: str = "", *, place: str | None = None, person: int | None = None
) -> list[Shift]:
    """Shifts that touch this time, with their people; of one place or person, or of all."""
    found = _between(since, until, exercise).select_related("person", "deputy")
    if place is not None:
        found = found.filter(place=place)
    if person is not None:
        found = found.filter(Q(person=person) | Q(deputy=person))
    return list(found)


def shift(reader: Reader, pk: int) -> Shift | None:
    """One shift, also a cancelled one, that this reader may see."""
    found = Shift.objects.filter(pk=pk, exercise=reader.exercise).select_related("person", "deputy", "made_by").first()
    return found if found is not None and rules.may_see(reader, found.place) else None


def clashing(people: Collection[int], since: datetime, until: datetime, exercise: str) -> QuerySet[Shift]:
    """Shifts in which one of these people is bound in this time, as person or as deputy."""
    bound = Q(person__in=people) | Q(deputy__in=people)
    return _between(since, until, exercise).filter(bound).select_related("person", "deputy")


def people_of(place: str) -> list[User]:
    """Who may be on duty at a place: active, with a role there; by name."""
    found = _members(rules.members_of(place)).filter(mission=place)
    return sorted((member.user for member in found), key=lambda user: user.shown_name)


def tested(people: Collection[int]) -> dict[int, datetime]:
    """When each person's present number was last tested; who has none is left out."""
    same = NumberTest.objects.filter(person__in=people, phone=F("person__phone"))
    return dict(same.values("person").annotate(last=Max("tested_at")).values_list("person", "last"))


def swaps(reader: Reader) -> list[ShiftSwap]:
    """Swaps that wait for an answer and that this reader asked or is asked, the oldest first."""
    mine = Q(other=reader.user_id) | Q(asker=reader.user_id)
    found = ShiftSwap.objects.filter(mine, state=SwapState.ASKED, shift__exercise=reader.exercise)
    whole = found.select_related("shift__person", "in_return__person", "asker", "other")
    return list(whole.order_by("asked_at", "pk"))


def calendar_links(reader: Reader) -> list[CalendarLink]:
    """The reader's addresses that live."""
    return list(CalendarLink.objects.filter(owner=reader.user_id, exercise=reader.exercise, revoked_at__isnull=True))


def calendar_link(key: str) -> CalendarLink | None:
    """A living address; None for any other key."""
    return CalendarLink.objects.filter(key=key, revoked_at__isnull=True).select_related("owner__membership").first()


def places(reader: Reader) -> list[tuple[str, Mission | None]]:
    """The places whose roster this reader may see: the command centre, then open missions for citizens by name."""
    known = directory().missions.values()
    open_ones = sorted((one for one in known if one.is_open and one.serves_citizens), key=lambda one: one.name)
    every: list[tuple[str, Mission | None]] = [(rules.DCC_PLACE, None), *((one.code, one) for one in open_ones)]
    return [pair for pair in every if rules.may_see(reader, pair[0])]


def gaps(wanted: Collection[str], at: datetime, exercise: str = "") -> list[Gap]:
    """Where nobody can be woken in the next 72 hours: no shift, or its person has no account or number; two queries."""
    until = at + rules.GAP_HORIZON
    members = {member.user_id: member for member in _members(DCC | MISSION)}
    planned: dict[str, list[Shift]] = defaultdict(list)
    for one in shifts(at, until, exercise):
        if one.kind == Kind.DUTY:
            planned[one.place].append(one)
    return [gap for place in wanted for gap in _gaps(place, planned[place], members, at)]


def _gaps(place: str, planned: list[Shift], members: dict[int, Membership], at: datetime) -> list[Gap]:
    able = [one for one in planned if _belongs(members.get(one.person_id), place)]
    spans = [(one.starts_at, one.ends_at) for one in able]
    found = [Gap(place, *hole, "nobody") for hole in rules.uncovered(spans, at, at + rules.GAP_HORIZON)]
    # What one person lacks is told once, from their first shift to their last.
    lacking: dict[tuple[int, str], Gap] = {}
    for one in planned:
        why = "account" if one not in able else "" if one.person.phone else "phone"
        if why:
            first = lacking.get((one.person_id, why)) or Gap(place, max(one.starts_at, at), one.ends_at, why, one, 0)
            lacking[one.person_id, why] = replace(first, ends_at=one.ends_at, shifts=first.shifts + 1)
    return [*found, *lacking.values()]


def _belongs(member: Membership | None, place: str) -> bool:
    return member is not None and member.mission == place and member.role in rules.members_of(place)
