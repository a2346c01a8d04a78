"""Reads: the five answers of one crisis, one object for the minister's page and all that copies it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Max, Min, Q

from alerts.answers.models import LastSeen
from alerts.answers.people import coverage
from alerts.answers.rules import news_since
from alerts.answers.shapes import Answers, ContactAnswer, CountryRange, Estimate, FigureAnswer, Reported
from alerts.boards import queries as boards
from alerts.crises import queries as crises
from alerts.crises.models import Crisis
from alerts.figures.course import Course, Step, Told, course_of
from alerts.figures.keys import PRESENT, WNI_KEYS
from alerts.figures.sparkline import sparkline
from alerts.ledger import queries
from alerts.ledger.columns import EVERYBODY, column
from alerts.ledger.reconcile import Reconciliation
from alerts.ledger.shapes import Line, Official, SourceSet
from alerts.persons.models import Act
from alerts.persons.queries import ledger
from alerts.persons.shapes import Ledger
from alerts.sitreps import queries as sitreps
from alerts.sitreps.models import Checked, Contacted, ReportedFigure
from commandcenter.access.models import User
from commandcenter.access.reader import Reader
from commandcenter.figures import Figure
from missions.countries.models import Country
from missions.headcounts import queries as headcounts
from missions.roster.queries import duties


def five_answers(reader: Reader, crisis: Crisis, at: datetime, until: datetime | None = None) -> Answers:
    """Official figures where a verifier chose them, else each source's own; numbers of sources are never added.

    A set of Indonesians that contradicts itself is left out, and its gap stands in its place (domain.md rule 3).
    With `until` everything is as it stood then.
    """
    versions = queries.versions(crisis, until)
    courses = _official_courses(versions)
    newest = {cell.key: cell for cell in versions}
    figures = {key: cell for key, cell in newest.items() if cell.value is not None}
    latest = queries.latest_figures(reader, crisis, until)
    sets = queries.source_sets(latest)
    newer = queries.outdated(figures, latest)
    check = queries.official_check(figures)
    told = [
        _answer(keys, figures, sets, newer, against)
        for keys, against in (((PRESENT,), check), (EVERYBODY, None), (WNI_KEYS, check))
    ]
    present, victims, nationals = _with_courses(reader, crisis, told, courses, at)
    countries = list(Country.objects.filter(pk__in=crisis.countries))
    people = ledger(crisis, until)
    missions = tuple(boards.board(reader, crisis, at, until))
    return Answers(
        present=present,
        ranges=_ranges(countries, people, at),
        headcounts=_estimates(countries, until),
        victims=victims,
        nationals=nationals,
        authorities=contacts(reader, crisis, "authorities", until),
        hospitals=contacts(reader, crisis, "hospitals", until),
        missions=missions,
        as_of=max((figure.report.as_of for figure in latest), default=None),
        ledger=people,
        courses=courses,
        officers=_on_duty([row.mission.code for row in missions if row.owes], at, crisis.exercise),
    )


def _on_duty(missions: list[str], at: datetime, exercise: str) -> dict[str, User]:
    """Who is to be called first at each of these missions, of those who can be."""
    found = duties(missions, at, exercise)
    called = {code: [user for user in duty.officers if user.phone] or duty.officers for code, duty in found.items()}
    return {code: users[0] for code, users in called.items() if users}


def ledger_changed_at(crisis: Crisis) -> datetime | None:
    """When somebody last did something to the ledger; None when nobody has."""
    newest: datetime | None = Act.objects.filter(crisis=crisis).aggregate(newest=Max("at"))["newest"]
    return newest


def last_visits(reader: Reader, shown: Iterable[Crisis], at: datetime) -> dict[int, datetime]:
    """When the person's visit before this one ended, by crisis; without an entry this is the first."""
    rows = LastSeen.objects.filter(user=reader.user_id, crisis__in=[crisis.pk for crisis in shown])
    ends = {row.crisis_id: news_since(row.seen_at, row.before_at, at) for row in rows}
    return {crisis: end for crisis, end in ends.items() if end is not None}


def _official_courses(versions: Iterable[Official]) -> dict[str, Course]:
    steps: dict[str, list[Step]] = defaultdict(list)
    for cell in versions:
        steps[cell.key].append(Step(cell.chosen_at, cell.value, cell.high, cell.as_of, cell.version))
    return {key: Course(tuple(found)) for key, found in steps.items()}


def _with_courses(
    reader: Reader, crisis: Crisis, answers: Sequence[FigureAnswer], official: Mapping[str, Course], at: datetime
) -> list[FigureAnswer]:
    """The answers, each line with its course: the official one's versions, a source's own reports."""
    keys = {line.column.key for answer in answers for told in answer.reported for line in told.lines}
    reported = _reported_courses(reader, crisis, keys, at) if keys else {}

    def official_lines(answer: FigureAnswer) -> Iterator[Line]:
        for line in answer.official:
            course = official[line.column.key]
            yield replace(line, course=course, spark=sparkline(course, at))

    def tracked(told: Reported) -> Reported:
        courses = [reported[told.mission, told.source, line.column.key] for line in told.lines]
        drawn = zip(told.lines, courses, strict=True)
        return replace(told, lines=tuple(replace(line, course=one, spark=sparkline(one, at)) for line, one in drawn))

    return [
        replace(
            answer,
            official=tuple(official_lines(answer)),
            reported=tuple(tracked(told) for told in answer.reported),
        )
        for answer in answers
    ]


def _reported_courses(
    reader: Reader, crisis: Crisis, keys: Iterable[str], at: datetime
) -> dict[tuple[str, str, str], Course]:
    """By mission, source and key: how each source's own figure went until `at`, corrections included, in one query."""
    found = ReportedFigure.objects.filter(report__crisis=crisis, key__in=list(keys), report__filed_at__lte=at)
    if reader.is_mission:
        found = found.filter(report__mission=reader.mission)
    gone = Min("report__replaced_by__filed_at", filter=Q(report__replaced_by__filed_at__lte=at))
    rows = found.annotate(gone_at=gone).values_list(
        "report__mission__name",
        "report__source",
        "key",
        *("report__number", "report__as_of", "report__filed_at", "value", "high", "gone_at"),
    )
    told: dict[tuple[str, str, str], list[Told]] = defaultdict(list)
    for mission, source, key, *rest in rows:
        told[mission, queries.source_name(source, mission), key].append(Told(*rest))
    return {key: course_of(figures) for key, figures in told.items()}


def _answer(
    keys: tuple[str, ...],
    figures: Mapping[str, Official],
    sets: Sequence[SourceSet],
    newer: Mapping[str, Figure],
    check: Reconciliation | None,
) -> FigureAnswer:
    """`check` is the official set's; None for all nationalities, which have no total to fit."""
    if check is not None and check.is_contradiction:
        return FigureAnswer(check=check)
    chosen = tuple(queries.official_line(figures[key], newer.get(key)) for key in keys if key in figures)
    left = [key for key in keys if key not in figures]
    told = (_reported(one, left, reconciled=check is not None) for one in sets)
    named = {figure.key for one in sets for figure in (*one.figures, *one.superseded)}
    unreported = tuple(column(key) for key in left if key not in named)
    return FigureAnswer(chosen, tuple(item for item in told if item), check, unreported)


def _ranges(countries: Iterable[Country], people: Ledger, at: datetime) -> tuple[CountryRange, ...]:
    """What the estimators of each country the area touches span; countries are never added.

    The ledger does not say who of it is in which of several countries: then their coverage is not known.
    """
    names = {country.pk: country.name for country in countries}
    reached = coverage(people) if len(names) == 1 else None
    spans = headcounts.ranges(names, at=at.date())
    return tuple(
        CountryRange(names[code], span.low, span.high, span.oldest, span.source, reached)
        for code, span in spans.items()
    )


def _estimates(countries: list[Country], until: datetime | None) -> tuple[Estimate, ...]:
    """The newest estimate of each kind for each country the area touches."""
    return tuple(
        Estimate(
            country=group.country.name,
            kind=row.get_estimator_display(),
            what=row.what,
            low=row.value if row.low is None else row.low,
            high=row.value if row.high is None else row.high,
            oldest=row.as_of,
            as_of_text=row.as_of_text,
            source=row.source,
        )
        for group in crises.headcounts_of(countries, until)
        for row in group.estimates
    )


def _reported(told: SourceSet, keys: Sequence[str], *, reconciled: bool) -> Reported | None:
    """What one mission says from one source about these keys; None when it says nothing."""
    known = {figure.key: figure for figure in told.figures if figure.key in keys}
    set_aside = {figure.key for figure in told.superseded}
    if not known:
        return None
    hidden = reconciled and told.check.is_contradiction
    return Reported(
        mission=told.newest.mission.name,
        source=told.source,
        as_of=max(figure.report.as_of for figure in known.values()),
        report=told.newest.number,
        lines=() if hidden else tuple(_line(known[key]) for key in keys if key in known),
        check=told.check if reconciled else None,
        superseded=tuple(column(key) for key in keys if key in set_aside),
    )


def _line(figure: ReportedFigure) -> Line:
    report = figure.report
    return Line(column(figure.key), queries.reported_figure(report, figure), report.mission_id, report.number)


def contacts(reader: Reader, crisis: Crisis, field: str, at: datetime | None = None) -> tuple[ContactAnswer, ...]:
    """Each mission's newest answer to question 4 or 5 (by `at`); a report that left it open hides no earlier one."""
    words = dict(Contacted.choices if field == "authorities" else Checked.choices)
    reports = sitreps.standing(at).filter(crisis=crisis).exclude(**{field: ""})
    if reader.is_mission:
        reports = reports.filter(mission=reader.mission)
    newest: dict[str, ContactAnswer] = {}
    names = ("mission__name", "reporter__first_name", "reporter__last_name", "reporter__username")
    told = reports.select_related("mission", "reporter").only("as_of", "filed_at", "number", field, *names)
    for report in told.order_by("as_of", "number"):
        answer = getattr(report, field)
        newest[report.mission_id] = ContactAnswer(
            mission=report.mission.name,
            answer=answer,
            word=str(words[answer]),
            as_of=report.as_of,
            report=report.number,
            reporter=report.reporter.shown_name,
            filed_at=report.filed_at,
        )
    return tuple(newest.values())
