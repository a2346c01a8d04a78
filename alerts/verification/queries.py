"""Reads: the matrix of sources, now or as it stood at a past instant."""

from collections.abc import Mapping
from datetime import datetime

from alerts.crises.models import Crisis
from alerts.differences import queries as differences
from alerts.differences.shapes import Item
from alerts.figures.keys import FIGURE_KEYS
from alerts.ledger import queries as ledger
from alerts.ledger.columns import EVERYBODY, NATIONALS, column
from alerts.ledger.shapes import Column, Official, SourceSet
from alerts.sitreps.models import ReportedFigure
from alerts.verification.shapes import Cell, Matrix, Row, Table
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.figures import Figure


def matrix(reader: Reader, crisis: Crisis, until: datetime | None = None) -> Matrix:
    """The official row and each source's own row, for Indonesians and for all nationalities.

    With `until` as they stood then; the past can't be chosen from.
    """
    figures = ledger.official(crisis, until)
    latest = ledger.latest_figures(reader, crisis, until)
    sets = ledger.source_sets(latest)
    found = () if reader.is_mission else tuple(differences.differences(crisis, until))
    words = _marks(found)
    newest = max(figures.values(), key=lambda cell: cell.chosen_at, default=None)
    newer = ledger.outdated(figures, latest)
    lines = [ledger.official_line(figures[key], newer[key]) for key in FIGURE_KEYS if key in newer]
    return Matrix(
        tables=(
            _table("wni", NATIONALS, figures, sets, words),
            _table("all", EVERYBODY, figures, sets, words),
        ),
        check=ledger.official_check(figures),
        chosen_at=newest.chosen_at if newest else None,
        verifier=newest.verifier if newest else "",
        differences=found,
        confirmed=tuple(line for line in lines if not line.newer_differs),
        may_choose=reader.role == Role.VERIFIER and until is None,
    )


def _marks(found: tuple[Item, ...]) -> dict[tuple[str, int], str]:
    """What an unsettled difference says, by figure and report."""
    words: dict[tuple[str, int], str] = {}
    for item in (one for one in found if one.is_open):
        for number in set(item.reports):
            key = item.difference.key, number
            words[key] = ". ".join(filter(None, [words.get(key), str(item.difference.words)]))
    return words


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
        return Cell(item, ledger.reported_figure(told.newest, None))
    report = figure.report
    return Cell(
        column=item,
        figure=ledger.reported_figure(report, figure),
        figure_id=figure.pk,
        difference=words.get((item.key, report.number), ""),
        is_chosen=figure.pk in chosen,
        older=report.number if report.pk != told.newest.pk else None,
        is_superseded=figure in told.superseded,
    )
