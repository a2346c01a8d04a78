"""Reads: official figures with provenance, the matrix of sources, the history of a cell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from alerts.crises.models import Crisis
from alerts.figures.keys import FIGURE_KEYS, PRESENT, WNI_KEYS, Source
from alerts.ledger.columns import EVERYBODY, NATIONALS, column
from alerts.ledger.models import OfficialFigure
from alerts.ledger.reconcile import Count, Reconciliation, reconcile
from alerts.ledger.shapes import Cell, Column, Line, Matrix, Official, Row, SourceSet, Table
from alerts.sitreps import queries as sitreps
from alerts.sitreps.models import ReportedFigure, SituationReport
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.figures import Figure


def source_words(report: SituationReport) -> str:
    """The mission, with the kind of source in front when it is not the mission itself."""
    if report.source == Source.MISSION:
        return report.mission.name
    return f"{report.get_source_display()} · {report.mission.name}"


def reported_figure(report: SituationReport, figure: ReportedFigure | None) -> Figure:
    """One figure of a report for the screen; None is "not yet reported", and keeps its source."""
    return Figure(
        value=figure.value if figure else None,
        source=source_words(report),
        status="reported",
        as_of=report.as_of,
        reporter=report.reporter.shown_name,
        version=report.number,
        high=figure.high if figure else None,
    )


def _versions(crisis: Crisis) -> QuerySet[OfficialFigure]:
    related = ("chosen__report__mission", "chosen__report__reporter", "verifier")
    found = OfficialFigure.objects.filter(crisis=crisis).select_related(*related)
    return found.prefetch_related("chosen__report__replaced_by")


def _official(row: OfficialFigure) -> Official:
    chosen = row.chosen
    report = chosen.report if chosen else None
    corrections = [later.number for later in report.replaced_by.all()] if report else []
    return Official(
        key=row.key,
        value=chosen.value if chosen else None,
        high=chosen.high if chosen else None,
        source=source_words(report) if report else "",
        mission=report.mission_id if report else "",
        report=report.number if report else None,
        reporter=report.reporter.shown_name if report else "",
        as_of=report.as_of if report else None,
        verifier=row.verifier.shown_name,
        verifier_id=row.verifier_id,
        chosen_at=row.at,
        version=row.version,
        reason=row.reason,
        chosen_id=row.chosen_id,
        replaced_by=min(corrections, default=None),
    )


def official(crisis: Crisis) -> dict[str, Official]:
    """The newest version of each cell ever chosen, withdrawn ones (value None) included."""
    return {row.key: _official(row) for row in _versions(crisis).order_by("version")}


def official_check(figures: Mapping[str, Official]) -> Reconciliation:
    """Whether the official WNI figures make up the official number of Indonesians in the area."""
    return check_figures({key: (cell.value, cell.high) for key, cell in figures.items()})


def check_figures(figures: Mapping[str, tuple[int | None, int | None]]) -> Reconciliation:
    """Whether one set of WNI figures (value and upper end by key) makes up its own total."""
    present = Count(*figures.get(PRESENT, (None, None)))
    return reconcile(present, {key: Count(*figures.get(key, (None, None))) for key in WNI_KEYS})


def latest_figures(reader: Reader, crisis: Crisis) -> list[ReportedFigure]:
    """The newest standing figure of each mission, source and key, oldest first; a mission sees its own.

    A later report that leaves a figure out does not take the earlier one back.
    """
    found = ReportedFigure.objects.filter(report__in=sitreps.standing().filter(crisis=crisis))
    if reader.is_mission:
        found = found.filter(report__mission=reader.mission)
    newest: dict[tuple[str, str, str], ReportedFigure] = {}
    # Each report, mission and reporter once: a join would make them anew for every figure of a report.
    whole = found.prefetch_related("report__mission", "report__reporter")
    for figure in whole.order_by("report__as_of", "report__number"):
        newest[figure.report.mission_id, figure.report.source, figure.key] = figure
    return sorted(newest.values(), key=lambda figure: (figure.report.as_of, figure.report.number))


def source_sets(latest: Iterable[ReportedFigure]) -> list[SourceSet]:
    """The latest figures by mission and source."""
    groups: dict[tuple[str, str], list[ReportedFigure]] = defaultdict(list)
    for figure in latest:
        groups[figure.report.mission.name, figure.report.source].append(figure)
    return [_source_set(groups[key]) for key in sorted(groups)]


def _source_set(figures: list[ReportedFigure]) -> SourceSet:
    """One source's set, oldest figure first; leftovers that no longer fit with the newest report are set aside."""
    newest = figures[-1].report
    check = _check_reported(figures)
    leftovers = [figure for figure in figures if figure.report_id != newest.pk and figure.key in NATIONALS]
    rest = [figure for figure in figures if figure not in leftovers]
    if check.is_contradiction and leftovers and not _check_reported(rest).is_contradiction:
        return SourceSet(newest, source_words(newest), tuple(rest), tuple(leftovers), _check_reported(rest))
    return SourceSet(newest, source_words(newest), tuple(figures), (), check)


def _check_reported(figures: Iterable[ReportedFigure]) -> Reconciliation:
    return check_figures({figure.key: (figure.value, figure.high) for figure in figures})


def outdated(figures: Mapping[str, Official], latest: Iterable[ReportedFigure]) -> dict[str, Figure]:
    """For each official cell the newest figure that it does not know yet."""
    newer: dict[str, Figure] = {}
    for figure in latest:
        cell = figures.get(figure.key)
        if cell and figure.pk != cell.chosen_id and _is_later(figure.report, cell):
            newer[figure.key] = reported_figure(figure.report, figure)
    return newer


def _is_later(report: SituationReport, cell: Official) -> bool:
    """Of a later time than the official figure, or the correction of the report it was chosen from."""
    later = cell.as_of is not None and report.as_of > cell.as_of
    return later or (cell.replaced_by is not None and report.number == cell.replaced_by)


def official_line(cell: Official, newer: Figure | None) -> Line:
    """One official figure with its provenance."""
    return Line(
        column=column(cell.key),
        figure=cell.figure,
        mission=cell.mission,
        report=cell.report,
        chosen_at=cell.chosen_at,
        reason=cell.reason,
        newer=newer,
        replaced_by=cell.replaced_by,
    )


def matrix(reader: Reader, crisis: Crisis, at: datetime) -> Matrix:
    """The official row and each source's own row, for Indonesians and for all nationalities."""
    figures = official(crisis)
    latest = latest_figures(reader, crisis)
    sets = source_sets(latest)
    differences = () if reader.is_mission else tuple(sitreps.differences(crisis, at))
    words: dict[tuple[str, int], str] = {}
    for item in differences:
        for number in set(item.reports):
            words[item.key, number] = ". ".join(filter(None, [words.get((item.key, number)), str(item.words)]))
    newest = max(figures.values(), key=lambda cell: cell.chosen_at, default=None)
    newer = outdated(figures, latest)
    return Matrix(
        tables=(
            _table("wni", NATIONALS, figures, sets, words),
            _table("all", EVERYBODY, figures, sets, words),
        ),
        check=official_check(figures),
        chosen_at=newest.chosen_at if newest else None,
        verifier=newest.verifier if newest else "",
        differences=differences,
        outdated=tuple(
            official_line(figures[key], newer.get(key))
            for key in FIGURE_KEYS
            if key in newer or (key in figures and figures[key].replaced_by)
        ),
        may_choose=reader.role == Role.VERIFIER,
    )


def _table(
    name: str,
    keys: tuple[str, ...],
    figures: Mapping[str, Official],
    sets: list[SourceSet],
    words: Mapping[tuple[str, int], str],
) -> Table:
    chosen = {cell.chosen_id for cell in figures.values()}
    columns = tuple(column(key) for key in keys)
    top = tuple(Cell(item, figures[item.key].figure if item.key in figures else Figure(None)) for item in columns)
    rows = []
    for told in sets:
        known = {figure.key: figure for figure in (*told.figures, *told.superseded)}
        if known.keys() & set(keys):
            rows.append(Row(told, tuple(_cell(item, known.get(item.key), told, words, chosen) for item in columns)))
    return Table(name, columns, top, tuple(rows))


def _cell(
    item: Column,
    figure: ReportedFigure | None,
    told: SourceSet,
    words: Mapping[tuple[str, int], str],
    chosen: set[int | None],
) -> Cell:
    if figure is None:
        return Cell(item, reported_figure(told.newest, None))
    report = figure.report
    return Cell(
        column=item,
        figure=reported_figure(report, figure),
        figure_id=figure.pk,
        difference=words.get((item.key, report.number), ""),
        is_chosen=figure.pk in chosen,
        older=report.number if report.pk != told.newest.pk else None,
        is_superseded=figure in told.superseded,
    )


def history(crisis: Crisis, key: str) -> list[Official]:
    """Every version of one official cell, newest first. Raises Http404 for a key that is no figure."""
    if key not in FIGURE_KEYS:
        raise Http404
    return [_official(row) for row in _versions(crisis).filter(key=key).order_by("-version")]


def choosable(crisis: Crisis, figure_id: int) -> ReportedFigure:
    """The reported figure with its report. Raises Http404 when this crisis has no such figure."""
    related = ("report__mission", "report__reporter")
    figure = ReportedFigure.objects.filter(pk=figure_id, report__crisis=crisis).select_related(*related).first()
    if figure is None:
        raise Http404
    return figure


def report_of(crisis: Crisis, number: int) -> SituationReport:
    """The report with its figures. Raises Http404 when this crisis has no such report."""
    found = SituationReport.objects.filter(crisis=crisis, number=number).select_related("mission", "reporter")
    report = found.prefetch_related("figures").first()
    if report is None:
        raise Http404
    return report
