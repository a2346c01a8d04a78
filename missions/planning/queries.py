"""What the pages of rosters show: who is on duty everywhere, one place's week, one person's shifts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from commandcenter import wording
from commandcenter.access.models import User
from commandcenter.access.reader import Reader
from missions.directory.models import Mission
from missions.directory.queries import directory
from missions.roster import queries, rules, times
from missions.roster.models import Kind, Shift
from missions.roster.queries import Gap

DCC_SLUG = "dcc"
UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Place:
    """A place as pages name it; a zone that is not known is shown in UTC and said so (`zone_known`)."""

    code: str
    name: str
    city: str
    zone: ZoneInfo
    zone_known: bool

    @property
    def slug(self) -> str:
        """Its part of the address."""
        return self.code or DCC_SLUG

    @property
    def zone_key(self) -> str:
        """The zone for {% moment %}; "" at the command centre, whose time is WIB anyway."""
        return str(self.zone) if self.code else ""


@dataclass(frozen=True, slots=True)
class Called:
    """One person of a shift with the date their number was last tested."""

    user: User
    tested_at: datetime | None
    is_old: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One shift ready to print."""

    shift: Shift
    place: Place
    person: Called
    deputy: Called | None
    is_now: bool

    @property
    def local_hours(self) -> str:
        """ "08.00–16.00 Kairo", a later day marked."""
        return _hours(self.shift, self.place.zone, wording.zone_name(str(self.place.zone), self.place.city))

    @property
    def wib_hours(self) -> str:
        """The same in WIB."""
        return _hours(self.shift, wording.WIB, "WIB")


@dataclass(slots=True)
class Now:
    """One place: who is on duty now, and where nobody can be woken within 72 hours."""

    place: Place
    lines: list[Line] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of a week."""

    date: date
    is_today: bool
    lines: list[Line]

    @property
    def iso(self) -> str:
        """2026-11-30."""
        return self.date.isoformat()


@dataclass(frozen=True, slots=True)
class Week:
    """One place's week, from its local Monday."""

    place: Place
    monday: date
    days: list[Day]

    @property
    def before(self) -> date:
        """The Monday before."""
        return self.monday - timedelta(days=7)

    @property
    def after(self) -> date:
        """The Monday after."""
        return self.monday + timedelta(days=7)

    @property
    def is_empty(self) -> bool:
        """Nothing is planned."""
        return not any(day.lines for day in self.days)


def _hours(shift: Shift, zone: ZoneInfo, name: str) -> str:
    starts, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    later = (ends.date() - starts.date()).days
    return f"{wording.hours(starts)}–{wording.hours(ends)}{f' +{later}' if later else ''} {name}"


def place_of(code: str, mission: Mission | None) -> Place:
    """The place of a code; its mission from the directory."""
    zone = rules.zone_of(code, mission)
    name = mission.name if mission else code or _("Command centre (DCC)")
    return Place(code, name, mission.operating_city if mission else "", zone or UTC_ZONE, zone is not None)


def place_at(reader: Reader, slug: str) -> Place | None:
    """The place of this address, if the reader may see its roster."""
    code = "" if slug == DCC_SLUG else slug
    mission = directory().missions.get(code)
    if (code and mission is None) or not rules.may_see(reader, code):
        return None
    return place_of(code, mission)


def everywhere(reader: Reader, at: datetime) -> list[Now]:
    """Every place the reader may see, those with a roster first; in constantly many queries."""
    found = {code: Now(place_of(code, mission)) for code, mission in queries.places(reader)}
    ahead = queries.shifts(at, at + rules.GAP_HORIZON, reader.exercise)
    for shift in ahead:
        if shift.place in found:
            found[shift.place].planned = True
    for line in _lines([shift for shift in ahead if shift.starts_at <= at], at, found):
        found[line.place.code].lines.append(line)
    for gap in queries.gaps(list(found), at, reader.exercise):
        found[gap.place].gaps.append(gap)
    return sorted(found.values(), key=lambda one: (one.place.code != "", not one.planned, one.place.name))


def _lines(shifts: Iterable[Shift], at: datetime, known: dict[str, Now] | None = None) -> list[Line]:
    every = list(shifts)
    missions = directory().missions
    people = {user for shift in every for user in (shift.person_id, shift.deputy_id) if user}
    dates = queries.tested(people)

    def called(user: User) -> Called:
        return Called(user, dates.get(user.pk), rules.is_test_old(dates.get(user.pk), at))

    rank = {kind: number for number, kind in enumerate(Kind)}
    return [
        Line(
            shift=shift,
            place=known[shift.place].place
            if known and shift.place in known
            else place_of(shift.place, missions.get(shift.place)),
            person=called(shift.person),
            deputy=called(shift.deputy) if shift.deputy else None,
            is_now=shift.starts_at <= at < shift.ends_at,
        )
        for shift in sorted(every, key=lambda one: (rank[Kind(one.kind)], one.starts_at, one.pk))
        if known is None or shift.place in known
    ]


def week(place: Place, monday: date, at: datetime, exercise: str = "") -> Week:
    """The shifts of seven local days; one that began before stands on the first day it touches."""
    since, until = (times.day_start(monday + timedelta(days=days), place.zone) for days in (0, 7))
    by_day: dict[date, list[Line]] = defaultdict(list)
    for line in _lines(queries.shifts(since, until, exercise, place=place.code), at):
        by_day[max(monday, line.shift.starts_at.astimezone(place.zone).date())].append(line)
    today = at.astimezone(place.zone).date()
    days = [monday + timedelta(days=number) for number in range(7)]
    in_order = {day: sorted(by_day[day], key=lambda line: line.shift.starts_at) for day in days}
    return Week(place, monday, [Day(day, day == today, in_order[day]) for day in days])


def mine(reader: Reader, at: datetime) -> list[Line]:
    """The reader's own shifts of the next five weeks, as person or as deputy."""
    found = queries.shifts(at, at + timedelta(days=35), reader.exercise, person=reader.user_id)
    return sorted(_lines(found, at), key=lambda line: line.shift.starts_at)


def line_of(shift: Shift, at: datetime) -> Line:
    """One shift ready to print."""
    return _lines([shift], at)[0]


def numbers(place: Place, at: datetime) -> list[Called]:
    """Everybody who may be on duty here, with the date their number was last tested; the oldest first."""
    people = queries.people_of(place.code)
    dates = queries.tested({user.pk for user in people})
    found = [Called(user, dates.get(user.pk), rules.is_test_old(dates.get(user.pk), at)) for user in people]
    return sorted(found, key=lambda one: (not one.is_old, one.user.shown_name))


def returnable(shift: Shift, at: datetime) -> list[Shift]:
    """Shifts of others at the same place that could be taken in return."""
    ahead = queries.shifts(at, at + timedelta(days=35), shift.exercise, place=shift.place)
    return [one for one in ahead if one.person_id != shift.person_id and one.pk != shift.pk]
