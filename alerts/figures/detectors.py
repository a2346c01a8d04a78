"""Detectors of figures that can't all be right (ux.md 4.5): pure functions on plain rows, each with its words.

They flag and never block: who looks decides. Figures of two missions are never compared, because each answers for its
own area; the sources of one mission are. A correction ends a difference, because the replaced report no longer stands.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Literal, cast

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext

from alerts.figures.keys import DEATHS, PRESENT, WNI_KEYS, Source, figure_name, printed

Kind = Literal["sources", "fell", "transposed", "exceed", "jump", "older"]
COMPARABLE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Row:
    """One reported figure. `stands` is False once a correction replaced its report; `replaced_as_of` is of the
    report that this one replaces."""

    report: int
    mission: str
    source: str
    as_of: datetime
    key: str
    value: int
    high: int | None = None
    stands: bool = True
    replaced_as_of: datetime | None = None

    @property
    def top(self) -> int:
        """The upper end of a range."""
        return self.value if self.high is None else self.high


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
        }
        return sentences[self.kind] % {
            "name": figure_name(self.key),
            "a": printed(self.first.value, self.first.high),
            "b": printed(self.second.value, self.second.high),
            "r1": self.first.report,
            "r2": self.second.report,
            "source1": Source(self.first.source).label,
            "source2": Source(self.second.source).label,
        }


def find(rows: Iterable[Row]) -> list[Difference]:
    """Everything that every detector flags; swapped digits between sources are not told a second time."""
    known = list(rows)
    found = [*transposed(known), *sources_differ(known), *deaths_fell(known), *states_exceed(known)]
    found += [*jumped(known), *older_over_newer(known)]
    swapped = {(one.key, one.reports) for one in found if one.kind == "transposed"}
    return [one for one in found if one.kind == "transposed" or (one.key, one.reports) not in swapped]


def sources_differ(rows: Sequence[Row]) -> Iterator[Difference]:
    """Two sources of one mission, at most two hours apart, whose ranges have no number in common."""
    for first, second in _between_sources(rows):
        if first.top < second.value or second.top < first.value:
            yield Difference("sources", second.key, first, second)


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
    for (mission, source), report in newest.items():
        of_report = [row for row in standing if (row.mission, row.source, row.report) == (mission, source, report)]
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


def _ends(row: Row) -> tuple[int, int]:
    return row.value, row.top


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
