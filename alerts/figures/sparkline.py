"""A course of the last 24 hours as a small drawing: steps and gaps, and the same as rows of a table. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext

from alerts.figures.course import Course, Step
from alerts.figures.keys import printed

WINDOW = timedelta(hours=24)
WIDTH, HEIGHT, PAD = 120.0, 28.0, 3.0
# Rows of the table; what is older is counted in words.
MOST_ROWS = 12
# A stretch shorter than this would not be seen: it becomes a dot.
SHORT = 1.5


@dataclass(frozen=True, slots=True)
class Stretch:
    """One step as far as it was known inside the window."""

    step: Step
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: a number and since when, or a gap (`printed` "") and since when."""

    at: datetime
    printed: str
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Path data for the line and for the band of a range, dots as pairs of numbers, and the table.

    The scale begins at zero, so that 41 to 42 does not look like 1 to 2.
    """

    line: str
    band: str
    dots: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    older: int
    words: str

    @property
    def has_shape(self) -> bool:
        """One number without a gap is no course: there is nothing to draw."""
        return len(self.rows) > 1


def sparkline(course: Course, at: datetime) -> Sparkline | None:
    """The drawing of the 24 hours before `at`; None when nothing was known in them."""
    found = list(_stretches(course, at - WINDOW, at))
    if not found:
        return None
    top = max(_top(stretch.step) for stretch in found) or 1
    rows = tuple(_rows(found, at))
    return Sparkline(
        line=_line(found, at, top),
        band="".join(_band(stretch, at, top) for stretch in found if stretch.step.high is not None),
        dots=tuple(_dots(found, at, top)),
        rows=rows[-MOST_ROWS:],
        older=max(0, len(rows) - MOST_ROWS),
        words=_words(found, rows),
    )


def _stretches(course: Course, begin: datetime, end: datetime) -> Iterator[Stretch]:
    """Each known step of the window with its own end: the next step, or an hour after it was true."""
    for step, following in zip(course.steps, (*course.steps[1:], None), strict=False):
        last = min(step.until, following.at if following else end, end)
        if step.value is not None and last >= begin and step.at <= end:
            yield Stretch(step, max(step.at, begin), last)


def _top(step: Step) -> int:
    return step.value or 0 if step.high is None else step.high


def _x(moment: datetime, at: datetime) -> float:
    return WIDTH * (1 - (at - moment) / WINDOW)


def _y(value: int, top: int) -> float:
    return HEIGHT - PAD - (HEIGHT - 2 * PAD) * value / top


def _line(found: list[Stretch], at: datetime, top: int) -> str:
    """Along each stretch; from one to the next only where no gap lies between."""
    path, before = "", None
    for stretch in found:
        x, y = _x(stretch.begin, at), _y(stretch.step.value or 0, top)
        if before is not None and before == stretch.begin:
            path += f"V{y:.1f}"
        else:
            path += f"M{x:.1f} {y:.1f}"
        path += f"H{_x(stretch.end, at):.1f}"
        before = stretch.end
    return path


def _band(stretch: Stretch, at: datetime, top: int) -> str:
    left, right = _x(stretch.begin, at), _x(stretch.end, at)
    low, high = _y(stretch.step.value or 0, top), _y(_top(stretch.step), top)
    return f"M{left:.1f} {low:.1f}H{right:.1f}V{high:.1f}H{left:.1f}Z"


def _dots(found: list[Stretch], at: datetime, top: int) -> Iterator[tuple[str, str]]:
    """The newest number, and what was known too shortly to be seen as a line."""
    for stretch in found:
        left, right = _x(stretch.begin, at), _x(stretch.end, at)
        if stretch is found[-1] or right - left < SHORT:
            yield f"{right:.1f}", f"{_y(stretch.step.value or 0, top):.1f}"


def _rows(found: list[Stretch], at: datetime) -> Iterator[Row]:
    """A row for each new number and each gap, oldest first."""
    for stretch, before in zip(found, (None, *found), strict=False):
        if before is not None and before.end < stretch.begin:
            yield Row(before.end, "")
        elif before is not None and before.step.says_as(stretch.step):
            continue
        step = stretch.step
        yield Row(step.at, printed(step.value or 0, step.high), step.as_of)
    if found[-1].end < at:
        yield Row(found[-1].end, "")


def _words(found: list[Stretch], rows: tuple[Row, ...]) -> str:
    """What the drawing shows, for who does not see it."""
    first, last = found[0].step, found[-1].step
    ends = {
        "first": printed(first.value or 0, first.high),
        "last": printed(last.value or 0, last.high),
        "gaps": sum(not row.printed for row in rows),
    }
    return gettext("last 24 hours: from %(first)s to %(last)s, gaps: %(gaps)s") % ends
