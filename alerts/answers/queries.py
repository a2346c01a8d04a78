"""Reads: the five answers of one crisis, one object for the minister's page and all that copies it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from alerts.answers.shapes import Answers, ContactAnswer, Estimate, FigureAnswer, Reported
from alerts.crises import queries as crises
from alerts.crises.models import Crisis
from alerts.figures.keys import PRESENT, WNI_KEYS
from alerts.ledger import queries
from alerts.ledger.columns import EVERYBODY, column
from alerts.ledger.reconcile import Reconciliation
from alerts.ledger.shapes import Line, Official, SourceSet
from alerts.sitreps import queries as sitreps
from alerts.sitreps.models import Checked, Contacted, ReportedFigure
from commandcenter.access.reader import Reader
from commandcenter.figures import Figure
from missions.countries.models import Country


def five_answers(reader: Reader, crisis: Crisis, at: datetime) -> Answers:
    """Official figures where a verifier chose them, else each source's own; numbers of sources are never added.

    A set of Indonesians that contradicts itself is left out, and its gap stands in its place (domain.md rule 3).
    """
    figures = {key: cell for key, cell in queries.official(crisis).items() if cell.value is not None}
    latest = queries.latest_figures(reader, crisis)
    sets = queries.source_sets(latest)
    newer = queries.outdated(figures, latest)
    check = queries.official_check(figures)
    return Answers(
        present=_answer((PRESENT,), figures, sets, newer, check),
        headcounts=_estimates(crisis),
        victims=_answer(EVERYBODY, figures, sets, newer, None),
        nationals=_answer(WNI_KEYS, figures, sets, newer, check),
        authorities=_contacts(reader, crisis, "authorities"),
        hospitals=_contacts(reader, crisis, "hospitals"),
        missions=tuple(sitreps.board(reader, crisis, at)),
        as_of=max((figure.report.as_of for figure in latest), default=None),
    )


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


def _estimates(crisis: Crisis) -> tuple[Estimate, ...]:
    """The newest estimate of each kind for each country the area touches."""
    groups = crises.headcounts_of(Country.objects.filter(pk__in=crisis.countries))
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
        for group in groups
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


def _contacts(reader: Reader, crisis: Crisis, field: str) -> tuple[ContactAnswer, ...]:
    """Each mission's newest answer to question 4 or 5; a report that left it open does not hide an earlier one."""
    words = dict(Contacted.choices if field == "authorities" else Checked.choices)
    reports = sitreps.standing().filter(crisis=crisis).exclude(**{field: ""})
    if reader.is_mission:
        reports = reports.filter(mission=reader.mission)
    newest: dict[str, ContactAnswer] = {}
    names = ("mission__name", "reporter__first_name", "reporter__last_name", "reporter__username")
    told = reports.select_related("mission", "reporter").only("as_of", "number", field, *names)
    for report in told.order_by("as_of", "number"):
        answer = getattr(report, field)
        newest[report.mission_id] = ContactAnswer(
            mission=report.mission.name,
            answer=answer,
            word=str(words[answer]),
            as_of=report.as_of,
            report=report.number,
            reporter=report.reporter.shown_name,
        )
    return tuple(newest.values())
