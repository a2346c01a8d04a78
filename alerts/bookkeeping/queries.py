"""Reads for the ledger's pages: masked rows by filter and key, proposed doubles, the trail of one person."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.db.models import Count, QuerySet

from alerts.bookkeeping.reasons import said
from alerts.crises.models import Crisis
from alerts.crises.queries import involved
from alerts.handling.queries import Entry
from alerts.persons.models import Act, Move, Person, State
from alerts.persons.queries import doubles, within
from alerts.persons.shapes import Counted
from commandcenter.access.models import MISSION
from commandcenter.access.reader import Reader
from commandcenter.audit.queries import Reading, reads_of
from missions.countries.models import Country
from missions.registry import queries as registry
from missions.registry.shapes import Masked

PER_PAGE, MOST_DOUBLES = 50, 20


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; "" narrows nothing."""

    state: str = ""
    mission: str = ""
    place: str = ""
    q: str = ""

    @property
    def query(self) -> str:
        """As the address says it."""
        return urlencode({name: value for name, value in asdict(self).items() if value})

    @property
    def is_set(self) -> bool:
        """Whether it narrows anything."""
        return bool(self.query)


@dataclass(frozen=True, slots=True)
class Row:
    """One person on the list."""

    person: Person
    shown: Masked


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list: `n` is how many there are in all, `after` the key that the next page begins behind."""

    rows: tuple[Row, ...]
    n: int
    after: int | None


@dataclass(frozen=True, slots=True)
class Double:
    """Two rows that may be one person; `can_merge` when the reader may know of both."""

    double: Row
    first: Row
    can_merge: bool

    @property
    def rows(self) -> tuple[Row, Row]:
        """The newer one first."""
        return self.double, self.first


def countries_of(crisis: Crisis) -> list[tuple[str, str]]:
    """The countries its area touches."""
    return [(country.pk, country.name) for country in Country.objects.filter(pk__in=crisis.countries)]


def missions_of(crisis: Crisis) -> list[tuple[str, str]]:
    """The missions it involves."""
    return [(row.mission_id, row.mission.name) for row in involved(crisis)]


def dial_codes() -> dict[str, str]:
    """The dialling code of each country."""
    return dict(Country.objects.values_list("pk", "dial_code"))


def filter_of(query: Mapping[str, str]) -> Filter:
    """The filter an address asks for; what can't be meant narrows to nothing known and is dropped."""
    given = {name: query.get(name, "").replace("\0", "").strip()[:80] for name in ("state", "mission", "place", "q")}
    if given["state"] not in State.values:
        given["state"] = ""
    return Filter(**given)


def filtered(reader: Reader, crisis: Crisis, wanted: Filter) -> QuerySet[Person]:
    """The rows of a filter, in the reader's reach."""
    found = within(reader, crisis)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.mission:
        found = found.filter(mission_id=wanted.mission)
    if wanted.place:
        found = found.filter(citizen_id__in=registry.placed(wanted.place))
    if wanted.q:
        found = found.filter(citizen_id__in=registry.found(wanted.q))
    return found


def page(reader: Reader, crisis: Crisis, wanted: Filter, after: int) -> Page:
    """The next rows behind a key."""
    found = filtered(reader, crisis, wanted)
    rows = list(found.filter(pk__gt=after).select_related("mission").order_by("pk")[: PER_PAGE + 1])
    more = rows[PER_PAGE - 1].pk if len(rows) > PER_PAGE else None
    return Page(_rows(rows[:PER_PAGE]), found.count(), more)


def _rows(persons: list[Person]) -> tuple[Row, ...]:
    shown = registry.masked_by_id(person.citizen_id for person in persons)
    return tuple(Row(person, shown[person.citizen_id]) for person in persons)


def states_of(reader: Reader, crisis: Crisis) -> tuple[Counted, ...]:
    """The fourteen states with the rows in the reader's reach."""
    counts = dict(within(reader, crisis).values_list("state").annotate(Count("pk")).order_by())
    return tuple(Counted(state, counts.get(state, 0)) for state in State)


def proposed(reader: Reader, crisis: Crisis) -> tuple[Double, ...]:
    """Rows that may be a person who has a row already, the first few; a mission sees its own."""
    found = doubles(crisis)
    if not found:
        return ()
    mine = set(within(reader, crisis).filter(pk__in=list(found)[:1000]).values_list("pk", flat=True))
    pairs = [(row, first) for row, (first, _digest) in sorted(found.items()) if row in mine][:MOST_DOUBLES]
    wanted = {pk for pair in pairs for pk in pair}
    persons = list(Person.objects.filter(pk__in=wanted, crisis=crisis).select_related("mission"))
    rows = {row.person.pk: row for row in _rows(persons)}
    reach = {reader.mission} if reader.is_mission else {row.person.mission_id for row in rows.values()}
    return tuple(Double(rows[row], rows[first], rows[first].person.mission_id in reach) for row, first in pairs)


def person(reader: Reader, crisis: Crisis, pk: int) -> Person | None:
    """One row in the reader's reach, a merged one too; None when there is none."""
    found = Person.objects.filter(crisis=crisis, pk=pk).select_related("mission", "merged_into")
    if reader.is_mission:
        found = found.filter(mission_id=reader.mission)
    return found.first()


def shown(found: Person) -> Masked:
    """One person as lists show them."""
    return registry.masked_by_id([found.citizen_id])[found.citizen_id]


def trail(found: Person) -> list[Entry]:
    """Every act that touched a person, its merged doubles' too, the newest first."""
    touched = [found.pk, *found.merged.values_list("pk", flat=True)]
    moves = Move.objects.filter(person_id__in=touched).select_related("act__by__membership")
    return [_entry(move, own=move.person_id == found.pk) for move in moves.order_by("-act__number", "person_id")]


def _entry(move: Move, *, own: bool) -> Entry:
    act: Act = move.act
    state = State(move.state).label if move.state else ""
    words = f"{act.get_verb_display()}: {state}" if state else str(act.get_verb_display())
    role = getattr(getattr(act.by, "membership", None), "role", "")
    more = [f"#{act.report}"] if act.report else []
    text = " · ".join([words, *more, *([] if own else [f"({move.person_id})"])])
    kind = "mission" if role in MISSION else "dcc"
    return Entry(at=act.at, kind=kind, who=act.by.shown_name, text=text, note=act.reason, id=str(move.pk))


def readings(found: Person) -> list[Reading]:
    """Who opened this person before, the newest first."""
    return [one._replace(reason=said(one.reason)) for one in reads_of(f"citizen:{found.citizen_id}")]
