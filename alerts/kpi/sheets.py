"""The same figures and rows as CSV: codes and ISO times, so that one file serves both languages."""

import csv
import io
from collections.abc import Iterable
from math import inf

from alerts.kpi.clocks import REASONS
from alerts.kpi.rules import Figure
from alerts.kpi.spans import Span

FIGURES = ("clock", "goal_s", "n", "median_s", "p90_s", "in_goal", "silent", "excluded", *REASONS)
ROWS = (
    *("clock", "object", "mission", "channel", "crisis", "priority", "start_event", "start_at"),
    *("end_event", "end_at", "seconds", "in_goal", "excluded", "note"),
)
# A spreadsheet takes what begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(value: object) -> str:
    """A cell that no spreadsheet runs."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def seconds(value: float | None) -> str:
    """Thousandths; "inf" for silence, empty for what is not counted."""
    if value is None:
        return ""
    return "inf" if value == inf else f"{value:.3f}"


def figures_sheet(figures: Iterable[Figure]) -> str:
    """One line a clock."""
    return _sheet(FIGURES, (_figure(each) for each in figures))


def rows_sheet(spans: Iterable[Span]) -> str:
    """One line a span, the excluded too."""
    return _sheet(ROWS, (_row(span) for span in spans))


def _figure(figure: Figure) -> Iterable[object]:
    times = (seconds(figure.median), seconds(figure.p90))
    counts = (figure.in_goal, figure.silent, figure.left_out, *(figure.excluded.get(each, 0) for each in REASONS))
    return (figure.clock.code, figure.clock.goal, figure.n, *times, *counts)


def _row(span: Span) -> Iterable[object]:
    start = (span.start.pk, span.start.at.isoformat())
    end = (span.end.pk, span.end.at.isoformat()) if span.end else ("", "")
    in_goal = "" if span.seconds is None else int(span.in_goal)
    facts = (span.clock, span.about, span.mission, span.channel, span.crisis, span.priority)
    return (*facts, *start, *end, seconds(span.seconds), in_goal, span.excluded, span.note)


def _sheet(head: Iterable[str], lines: Iterable[Iterable[object]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in line] for line in lines)
    return file.getvalue()
