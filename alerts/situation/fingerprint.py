"""The check code of a sheet: pure, from codes, numbers and times alone, so that a printed sheet can be proved later."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from alerts.answers.shapes import Answers, ContactAnswer
from alerts.boards.queries import BoardRow
from alerts.crises.models import Crisis
from alerts.verification.shapes import Matrix, Table

LENGTH = 16


def fingerprint(at: datetime, crisis: Crisis, answers: Answers, matrix: Matrix) -> str:
    """16 hexadecimal digits of the content."""
    told = json.dumps(content(at, crisis, answers, matrix), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()[:LENGTH]


def content(at: datetime, crisis: Crisis, answers: Answers, matrix: Matrix) -> dict[str, Any]:
    """What the code stands for: nothing of it depends on the language or on who looks."""
    return {
        "crisis": [crisis.exercise, crisis.slug, crisis.level, crisis.is_open],
        "at": _iso(at),
        "check": [matrix.check.kind, matrix.check.gap],
        "tables": {table.name: list(_cells(table)) for table in matrix.tables},
        "differences": [
            [item.difference.about, *item.reports, item.state, item.judged.version] for item in matrix.differences
        ],
        "headcounts": [[row.low, row.high, row.oldest.isoformat(), row.source] for row in answers.headcounts],
        "authorities": [_contact(row) for row in answers.authorities],
        "hospitals": [_contact(row) for row in answers.hospitals],
        "ledger": [answers.ledger.total, *([count.state, count.n] for count in answers.ledger.counts)],
        "board": [_row(row) for row in answers.missions],
    }


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat()


def _cells(table: Table) -> Iterator[list[Any]]:
    for cell in table.official:
        figure = cell.figure
        yield ["official", cell.column.key, figure.value, figure.high, figure.version, _iso(figure.as_of)]
    for row in table.rows:
        told = row.told
        yield ["set", told.newest.mission_id, told.newest.source, told.newest.number, told.check.kind, told.check.gap]
        for cell in row.cells:
            figure = cell.figure
            number = cell.older or told.newest.number
            yield [cell.column.key, figure.value, figure.high, number, cell.is_chosen, cell.is_superseded]


def _contact(row: ContactAnswer) -> list[Any]:
    return [row.mission, row.answer, row.report, _iso(row.as_of)]


def _row(row: BoardRow) -> list[Any]:
    request = row.request
    asked = [] if request is None else [request.number, request.attempt, request.officer_id, _iso(request.requested_at)]
    times = [] if request is None else [request.opened_at, request.contact_at, request.answered_at]
    return [row.mission.code, row.mark, row.last.number if row.last else None, *asked, *map(_iso, times)]
