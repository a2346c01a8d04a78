"""Reads: the ledger of a crisis, counted from its rows and from nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Max, QuerySet

from alerts.crises.models import Crisis
from alerts.figures.keys import PRESENT, Category, Source, figure_name
from alerts.ledger.reconcile import check_rows
from alerts.persons.models import Act, Apart, Move, Person, State, Verb
from alerts.persons.rules import surplus
from alerts.persons.shapes import Claim, Counted, Ledger
from alerts.sitreps import queries as sitreps
from alerts.sitreps.models import ReportedFigure
from commandcenter.access.reader import Reader
from commandcenter.figures import Figure
from missions.registry import queries as registry
from missions.registry.shapes import Scope

# Which states bear out a figure of a mission's report. The ledger does not tell serious from slight injuries.
THERE = tuple(state for state in State if state != State.LEFT_EARLIER)
UNSAFE = (State.DEAD, State.INJURED, State.MISSING, State.DETAINED, State.UNVERIFIED)
BORNE_OUT: tuple[tuple[tuple[str, ...], tuple[State, ...]], ...] = (
    ((PRESENT,), THERE),
    ((f"wni.{Category.DEAD}",), (State.DEAD,)),
    ((f"wni.{Category.SERIOUSLY_INJURED}", f"wni.{Category.SLIGHTLY_INJURED}"), (State.INJURED,)),
    ((f"wni.{Category.MISSING}",), (State.MISSING,)),
    ((f"wni.{Category.DETAINED}",), (State.DETAINED,)),
    ((f"wni.{Category.NOT_REACHED}",), (State.UNVERIFIED,)),
    ((f"wni.{Category.SAFE}",), tuple(state for state in THERE if state not in UNSAFE)),
)


def rows(crisis: Crisis) -> QuerySet[Person]:
    """The rows that count: one for each known person; merged doubles are not among them."""
    return Person.objects.filter(crisis=crisis, merged_into__isnull=True)


def within(reader: Reader, crisis: Crisis) -> QuerySet[Person]:
    """The rows a reader may know of: everybody's at the command centre, a mission's own."""
    found = rows(crisis)
    return found.filter(mission_id=reader.mission) if reader.is_mission else found


def ledger(crisis: Crisis, at: datetime | None = None) -> Ledger:
    """The ledger now, or as it was known at a past moment; always counted from rows, never typed.

    `total` is everybody registered: who has a row, and who is registered where somebody entered all but has none.
    """
    states = _states(crisis, at)
    counts: dict[str, int] = defaultdict(int)
    by_mission: dict[tuple[str, str], int] = defaultdict(int)
    for state, mission in states.values():
        counts[state] += 1
        by_mission[mission, state] += 1
    missing = registry.unentered(_scopes(crisis, at), crisis.exercise, _citizens(crisis, at), at)
    registered = len(states) + missing
    acts = _acts(crisis, at)
    return Ledger(
        total=registered,
        counts=tuple(Counted(state, counts[state]) for state in State),
        claims=_claims(crisis, by_mission, at),
        as_of=acts.aggregate(newest=Max("as_of"))["newest"],
        check=check_rows(registered, [counts[state] for state in State], doubles=len(doubles(crisis, at, states))),
    )


def _acts(crisis: Crisis, at: datetime | None) -> QuerySet[Act]:
    found = Act.objects.filter(crisis=crisis)
    return found if at is None else found.filter(at__lte=at)


def _states(crisis: Crisis, at: datetime | None) -> dict[int, tuple[str, str]]:
    """State and mission of each counted row by its id; of a past moment by the moves until then."""
    if at is None:
        return {pk: (state, code) for pk, state, code in rows(crisis).values_list("pk", "state", "mission_id")}
    moves = Move.objects.filter(person__crisis=crisis, act__at__lte=at).order_by("version")
    found = {pk: (state, code) for pk, state, code in moves.values_list("person_id", "state", "person__mission_id")}
    return {pk: known for pk, known in found.items() if known[0]}


def _citizens(crisis: Crisis, at: datetime | None) -> QuerySet[Person, int]:
    found = Person.objects.filter(crisis=crisis)
    if at is not None:
        found = found.filter(moves__version=1, moves__act__at__lte=at)
    return found.values_list("citizen_id", flat=True)


def _scopes(crisis: Crisis, at: datetime | None) -> list[Scope]:
    """Where somebody entered all the registry has: whoever registers there later is missing until entered."""
    entered = _acts(crisis, at).filter(verb=Verb.ENTERED).values_list("country_id", "mission_id")
    return [Scope(country or "", mission or "") for country, mission in entered.distinct() if country or mission]


def doubles(
    crisis: Crisis, at: datetime | None = None, counted: Iterable[int] | None = None
) -> dict[int, tuple[int, str]]:
    """Rows that may be a person who has a row already: row -> (the row it may double, the digest they share)."""
    alive = set(rows(crisis).values_list("pk", flat=True) if counted is None else counted)
    persons = dict(Person.objects.filter(crisis=crisis).values_list("citizen_id", "pk"))
    apart = Apart.objects.filter(person__crisis=crisis)
    if at is not None:
        apart = apart.filter(act__at__lte=at)
    alike = {
        digest: sorted(persons[citizen] for citizen in citizens if persons.get(citizen) in alive)
        for digest, citizens in registry.alike(_citizens(crisis, None)).items()
    }
    return surplus(alike, set(apart.values_list("person_id", "digest")))


def _claims(crisis: Crisis, held: Mapping[tuple[str, str], int], at: datetime | None) -> tuple[Claim, ...]:
    """Each mission's own newest figures that its rows do not bear out; what was never reported claims nothing."""
    newest: dict[tuple[str, str], ReportedFigure] = {}
    for figure in _reported(crisis, at):
        newest[figure.report.mission_id, figure.key] = figure
    claims = []
    for mission in sorted({code for code, _key in newest}):
        for keys, states in BORNE_OUT:
            told = [newest[mission, key] for key in keys if (mission, key) in newest]
            n = sum(held.get((mission, state), 0) for state in states)
            low, high = sum(one.value for one in told), sum(one.high or one.value for one in told)
            if told and not low <= n <= high:
                claims += [Claim(one.key, figure_name(one.key), _claimed(one), n) for one in told]
    return tuple(claims)


def _reported(crisis: Crisis, at: datetime | None) -> QuerySet[ReportedFigure]:
    reports = sitreps.standing(at).filter(crisis=crisis, source=Source.MISSION)
    related = ("report__mission", "report__reporter")
    found = ReportedFigure.objects.filter(report__in=reports, key__startswith="wni.").select_related(*related)
    return found.order_by("report__as_of", "report__number")


def _claimed(figure: ReportedFigure) -> Figure:
    report = figure.report
    return Figure(
        value=figure.value,
        source=report.mission.name,
        status="claim",
        as_of=report.as_of,
        reporter=report.reporter.shown_name,
        version=report.number,
        high=figure.high,
    )
