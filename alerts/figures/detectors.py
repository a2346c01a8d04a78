"""Detectors of figures that can't all be right (ux.md 4.5): pure functions on plain rows, each with its words.

They flag and never block: who looks decides. Figures of two missions are never compared, because each answers for its
own area; the sources of one mission are. Only an official figure, which is one for the whole crisis, is held against
what every mission newly says. A correction ends a difference, because the replaced report no longer stands.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Literal, cast

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext

from alerts.figures.keys import DEATHS, FIGURE_KEYS, PRESENT, WNI_KEYS, Source, figure_name, printed

Kind = Literal["sources", "fell", "transposed", "exceed", "jump", "older", "official"]
KINDS: tuple[Kind, ...] = ("official", "transposed", "fell", "exceed", "sources", "jump", "older")
COMPARABLE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Row:
    """One reported figure. `stands` is False once a correction (`replaced_by`, if known) replaced its report;
    `replaced_as_of` is of the report that this one replaces; `filed_at` is when it arrived."""

    report: int
    mission: str
    source: str
    as_of: datetime
    key: str
    value: int
    high: int | None = None
    stands: bool = True
    replaced_as_of: datetime | None = None
    replaced_by: int | None = None
    filed_at: datetime | None = None

    @property
    def top(self) -> int:
        """The upper end of a range."""
        return self.value if self.high is None else self.high


@dataclass(frozen=True, slots=True)
class Chosen:
    """An official cell: the figure of this key of this report, chosen at this moment."""

    key: str
    report: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not fit: `first` is the row it is measured against, `second` the one to look at."""

    kind: Kind
    key: str
    first: Row
    second: Row

    @property
    def mission(self) -> str:
        """The code of the mission both figures come from."""
        return self.second.mission

    @property
    def reports(self) -> tuple[int, int]:
        """The two reports to open side by side; the same twice when one report contradicts itself."""
        return self.first.report, self.second.report

    @property
    def says_the_same(self) -> bool:
        """Whether both rows hold one number: the second stands for a correction that leaves the figure out."""
        return _ends(self.first) == _ends(self.second)

    @property
    def about(self) -> str:
        """What identifies it: kind, figure, who says what. Who only repeats his figure makes no new difference, and
        of two sources it does not matter which spoke last."""
        who = [_who(self.first), _who(self.second)]
        mutual = self.kind in {"sources", "transposed"} and self.first.source != self.second.source
        return "|".join([self.kind, self.key, *(sorted(who) if mutual else who)])

    @property
    def words(self) -> Promise:
        """The sentence, spoken in whatever language it is printed in."""
        return cast("Promise", lazy(self._spoken, str)())

    def _spoken(self) -> str:
        sentences = {
            "sources": gettext("%(name)s: %(source1)s says %(a)s (#%(r1)s), %(source2)s says %(b)s (#%(r2)s)"),
            "fell": gettext("%(name)s fell from %(a)s (#%(r1)s) to %(b)s (#%(r2)s)"),
            "transposed": gettext("%(name)s: %(a)s (#%(r1)s) and %(b)s (#%(r2)s) may be swapped digits"),
            "exceed": gettext("The states add up to %(b)s (#%(r2)s), more than the %(a)s present (#%(r1)s)"),
            "jump": gettext("%(name)s went from %(a)s (#%(r1)s) to %(b)s (#%(r2)s): ten times or more"),
            "older": gettext("%(name)s: the later report #%(r2)s (%(b)s) is of an earlier time than #%(r1)s (%(a)s)"),
            "official": gettext("%(name)s: official is %(a)s (#%(r1)s), the newer report #%(r2)s says %(b)s"),
            "replaced": gettext("%(name)s: the report #%(r1)s of the official %(a)s was corrected by #%(r2)s"),
        }
        gone = self.kind == "official" and self.first.replaced_by == self.second.report and self.says_the_same
        return sentences["replaced" if gone else self.kind] % {
            "name": figure_name(self.key),
            "a": printed(self.first.value, self.first.high),
            "b": printed(self.second.value, self.second.high),
            "r1": self.first.report,
            "r2": self.second.report,
            "source1": Source(self.first.source).label,
            "source2": Source(self.second.source).label,
        }


def find(rows: Iterable[Row], official: Iterable[Chosen] = ()) -> list[Difference]:
    """Everything that the seven detectors flag, the gravest kind first; swapped digits are not told a second time."""
    # In the order of their arrival, whatever order they come in.
    known = sorted(rows, key=lambda row: (row.report, row.key))
    found = [one for detect in DETECTORS.values() for one in detect(known)]
    found += official_older(known, official)
    swapped = {(one.key, one.reports) for one in found if one.kind == "transposed"}
    told = [one for one in found if one.kind in {"transposed", "official"} or (one.key, one.reports) not in swapped]
    return sorted(told, key=lambda one: (KINDS.index(one.kind), FIGURE_KEYS.index(one.key), one.reports))


def sources_differ(rows: Sequence[Row]) -> Iterator[Difference]:
    """Two sources of one mission, at most two hours apart, whose ranges have no number in common.

    Where a course of reports agreed with each of them at the time it is of, things went on and nobody differs: the
    older one is only behind. That course is the newer one's own, or a third source's.
    """
    courses: dict[tuple[str, str], list[list[Row]]] = defaultdict(list)
    for course in _series(rows):
        courses[course[0].mission, course[0].key].append(course)
    for first, second in _between_sources(rows):
        others = [one for one in courses[second.mission, second.key] if one[0].source != first.source]
        if not _agree(first, second) and not any(_agreed_with(one, (first, second)) for one in others):
            yield Difference("sources", second.key, first, second)


def _agreed_with(course: Sequence[Row], spoken: Sequence[Row]) -> bool:
    """Whether the course said, at the time of each of these, something that agrees with it."""
    known = [[row for row in course if row.as_of <= one.as_of] for one in spoken]
    return all(said and _agree(said[-1], one) for said, one in zip(known, spoken, strict=True))


def _agree(one: Row, other: Row) -> bool:
    """Whether the ranges have a number in common."""
    return one.value <= other.top and other.value <= one.top


def deaths_fell(rows: Sequence[Row]) -> Iterator[Difference]:
    """The newest count of the dead is below an earlier one of the same source: the dead are counted cumulatively."""
    for series in _series(rows):
        newest = series[-1]
        highest = max(series, key=lambda row: row.value)
        if newest.key in DEATHS and newest.top < highest.value:
            yield Difference("fell", newest.key, highest, newest)


def transposed(rows: Sequence[Row]) -> Iterator[Difference]:
    """Two neighbouring digits changed places (538 and 358); in one source's series only from three digits up,
    since 12 may well become 21."""
    for first, second in _between_sources(rows):
        if swapped_digits(first.value, second.value):
            yield Difference("transposed", second.key, first, second)
    for first, second in _last_steps(rows):
        if first.value >= 100 and swapped_digits(first.value, second.value):
            yield Difference("transposed", second.key, first, second)


def swapped_digits(one: int, other: int) -> bool:
    """Whether the numbers differ by two neighbouring digits that changed places."""
    a, b = str(one), str(other)
    if len(a) != len(b):
        return False
    at = [place for place in range(len(a)) if a[place] != b[place]]
    return len(at) == 2 and at[1] == at[0] + 1 and a[at[0]] == b[at[1]] and a[at[1]] == b[at[0]]


def states_exceed(rows: Sequence[Row]) -> Iterator[Difference]:
    """The seven exclusive states of WNI in a source's newest report exceed those the mission says are present."""
    standing = sorted((row for row in rows if row.stands), key=lambda row: (row.as_of, row.report))
    present = {row.mission: row for row in standing if row.key == PRESENT}
    newest = {(row.mission, row.source): row.report for row in standing}
    told: dict[int, list[Row]] = defaultdict(list)
    for row in standing:
        told[row.report].append(row)
    for (mission, _source), report in newest.items():
        of_report = told[report]
        states = [row for row in of_report if row.key in WNI_KEYS]
        limit = next((row for row in of_report if row.key == PRESENT), present.get(mission))
        total = sum(state.value for state in states)
        if limit is not None and total > limit.top:
            yield Difference("exceed", PRESENT, limit, replace(states[0], key=PRESENT, value=total, high=None))


def jumped(rows: Sequence[Row]) -> Iterator[Difference]:
    """The newest figure is ten times the one before it, or more: perhaps a digit too many."""
    for first, second in _last_steps(rows):
        if first.top > 0 and second.value >= 10 * first.top:
            yield Difference("jump", second.key, first, second)


def older_over_newer(rows: Sequence[Row]) -> Iterator[Difference]:
    """The last report to arrive is of an earlier time than one that came before it and says something else,
    or a correction is of an earlier time than what it replaces."""
    for series in _series(rows):
        arrived = [row for row in series if row.replaced_as_of is None]
        newest, last = series[-1], max(arrived, key=lambda row: row.report, default=series[-1])
        if last.as_of < newest.as_of and last.report > newest.report and _ends(last) != _ends(newest):
            yield Difference("older", newest.key, newest, last)
    for row in rows:
        if row.stands and row.replaced_as_of is not None and row.as_of < row.replaced_as_of:
            yield Difference("older", row.key, _replaced(rows, row), row)


def official_older(rows: Sequence[Row], official: Iterable[Chosen]) -> Iterator[Difference]:
    """An official figure is of an earlier time than the newest report that says something else, or its report was
    corrected. What a source only repeats, and the verifier knew when he chose, is no news."""
    for cell in official:
        mine = next((row for row in rows if (row.report, row.key) == (cell.report, cell.key)), None)
        if mine is None:
            continue
        if mine.replaced_by is not None:
            fix = next((row for row in rows if (row.report, row.key) == (mine.replaced_by, cell.key)), None)
            if fix is None or _ends(fix) != _ends(mine):
                yield Difference("official", cell.key, mine, fix or _left_out(mine, rows))
            continue
        news = [row for row in _newest(rows, cell.key) if row.as_of > mine.as_of and not _repeats(row, rows, cell)]
        newest = max(news, key=lambda row: (row.as_of, row.report), default=mine)
        if _ends(newest) != _ends(mine):
            yield Difference("official", cell.key, mine, newest)


def _newest(rows: Sequence[Row], key: str) -> list[Row]:
    """The newest standing figure of each mission and source."""
    return [series[-1] for series in _series([row for row in rows if row.key == key])]


def _repeats(row: Row, rows: Sequence[Row], cell: Chosen) -> bool:
    """Whether its own source had said the same when the official figure was chosen."""
    same = [one for one in rows if (one.mission, one.source, one.key) == (row.mission, row.source, row.key)]
    known = [one for one in same if one is not row and one.filed_at is not None and one.filed_at <= cell.at]
    last = max(known, key=lambda one: (one.as_of, one.report), default=None)
    return last is not None and last.report != cell.report and _ends(last) == _ends(row)


def _left_out(mine: Row, rows: Sequence[Row]) -> Row:
    """Stands for the correction that no longer gives this figure."""
    number = mine.replaced_by or mine.report
    as_of = next((row.as_of for row in rows if row.report == number), mine.as_of)
    return replace(mine, report=number, as_of=as_of)


def _ends(row: Row) -> tuple[int, int]:
    return row.value, row.top


def _who(row: Row) -> str:
    return f"{row.mission}:{row.source}:{row.value}" + ("" if row.high is None else f"-{row.high}")


def _replaced(rows: Sequence[Row], by: Row) -> Row:
    """The figure that a correction took away; the correction's own when it is the first to give this figure."""
    same = [row for row in rows if not row.stands and (row.mission, row.key) == (by.mission, by.key)]
    return next((row for row in reversed(same) if row.as_of == by.replaced_as_of), by)


def _series(rows: Sequence[Row]) -> list[list[Row]]:
    """The standing figures of each mission, source and key, by the time they are of."""
    series: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in sorted((row for row in rows if row.stands), key=lambda row: (row.as_of, row.report)):
        series[row.mission, row.source, row.key].append(row)
    return list(series.values())


def _last_steps(rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    """The newest figure of each series with the one before it."""
    return [(series[-2], series[-1]) for series in _series(rows) if len(series) > 1]


def _between_sources(rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Pairs of newest figures of one mission and key from two sources, the older first, at most two hours apart."""
    by_key: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for *_before, newest in _series(rows):
        by_key[newest.mission, newest.key].append(newest)
    for same in by_key.values():
        for first, second in combinations(sorted(same, key=lambda row: (row.as_of, row.report)), 2):
            if second.as_of - first.as_of <= COMPARABLE:
                yield first, second


DETECTORS: dict[Kind, Callable[[Sequence[Row]], Iterator[Difference]]] = {
    "transposed": transposed,
    "sources": sources_differ,
    "fell": deaths_fell,
    "exceed": states_exceed,
    "jump": jumped,
    "older": older_over_newer,
}
