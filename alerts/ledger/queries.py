"""Reads: official figures with provenance, what each source says, the history of a cell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from alerts.crises.models import Crisis
from alerts.figures.keys import FIGURE_KEYS, PRESENT, WNI_KEYS, Source
from alerts.ledger.columns import NATIONALS, column
from alerts.ledger.models import OfficialFigure
from alerts.ledger.reconcile import Count, Reconciliation, reconcile
from alerts.ledger.shapes import Line, Official, SourceSet
from alerts.sitreps import queries as sitreps
from alerts.sitreps.models import ReportedFigure, SituationReport
from commandcenter.access.reader import Reader
from commandcenter.figures import Figure


def source_words(report: SituationReport) -> str:
    """The mission, with the kind of source in front when it is not the mission itself."""
    return source_name(report.source, report.mission.name)


def source_name(source: str, mission: str) -> str:
    """As source_words, from the kind of source and the mission's name."""
    return mission if source == Source.MISSION else f"{Source(source).label} · {mission}"


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


def _official(row: OfficialFigure, until: datetime | None = None) -> Official:
    chosen = row.chosen
    report = chosen.report if chosen else None
    later = report.replaced_by.all() if report else []
    corrections = [fix.number for fix in later if until is None or fix.filed_at <= until]
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


def official(crisis: Crisis, until: datetime | None = None) -> dict[str, Official]:
    """The newest version of each cell ever chosen (by `until`), withdrawn ones (value None) included."""
    rows = _versions(crisis) if until is None else _versions(crisis).filter(at__lte=until)
    return {row.key: _official(row, until) for row in rows.order_by("version")}


def versions(crisis: Crisis, until: datetime | None = None) -> list[Official]:
    """Every version of every cell (by `until`), oldest first."""
    rows = _versions(crisis) if until is None else _versions(crisis).filter(at__lte=until)
    return [_official(row, until) for row in rows.order_by("at", "version")]


def official_check(figures: Mapping[str, Official]) -> Reconciliation:
    """Whether the official WNI figures make up the official number of Indonesians in the area."""
    return check_figures({key: (cell.value, cell.high) for key, cell in figures.items()})


def check_figures(figures: Mapping[str, tuple[int | None, int | None]]) -> Reconciliation:
    """Whether one set of WNI figures (value and upper end by key) makes up its own total."""
    present = Count(*figures.get(PRESENT, (None, None)))
    return reconcile(present, {key: Count(*figures.get(key, (None, None))) for key in WNI_KEYS})


def latest_figures(reader: Reader, crisis: Crisis, until: datetime | None = None) -> list[ReportedFigure]:
    """The newest standing figure of each mission, source and key (by `until`), oldest first; a mission sees its own.

    A later report that leaves a figure out does not take the earlier one back.
    """
    found = ReportedFigure.objects.filter(report__in=sitreps.standing(until).filter(crisis=crisis))
    if reader.is_mission:
        found = found.filter(report__mission=reader.mission)
    newest: dict[tuple[str, str, str], ReportedFigure] = {}
    # Each report, mission and reporter once: a join would make them anew for every figure of a report.
    whole = found.prefetch_related("report__mission", "report__reporter")
    for figure in whole.order_by("report__as_of", "report__number"):
        newest[figure.report.mission_id, figure.report.source, figure.key] = figure
    return sorted(newest.values(), key=lambda figure: (figure.report.as_of, figure.report.number))


def source_sets(latest: Iterable[ReportedFigure]) -> list[SourceSet]:
    """The latest figures by mission, and by source in the order of Source."""
    order = {source: place for place, source in enumerate(Source.values)}
    groups: dict[tuple[str, int], list[ReportedFigure]] = defaultdict(list)
    for figure in latest:
        groups[figure.report.mission.name, order[figure.report.source]].append(figure)
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
