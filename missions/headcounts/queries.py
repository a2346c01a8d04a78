"""Reads of headcounts: estimators side by side, and the range with its coverage and age. Nothing is ever summed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from missions.headcounts.models import Estimator, Headcount, Scope

# Only these count Indonesian citizens who are in a country. Voters are adults alone, migrant stock counts where people
# were born, placements are a flow: beside the others they are shown, into the range they never go.
RANGED = (Estimator.REGISTERED, Estimator.ESTIMATE)


@dataclass(frozen=True, slots=True)
class Line:
    """One estimator of one country (or mission): its newest row, and the older ones behind it."""

    newest: Headcount
    age: timedelta
    older: list[Headcount] = field(default_factory=list)

    @property
    def since(self) -> datetime:
        """Return the date as the moment its day began, for ages on the page."""
        return datetime.combine(self.newest.as_of, time(), UTC)

    @property
    def in_range(self) -> bool:
        """Tell whether this estimator counts towards the range."""
        return self.newest.estimator in RANGED


@dataclass(frozen=True, slots=True)
class Range:
    """How many Indonesians may be in a country: never without coverage and age (domain.md rule 4).

    `coverage` is the share that was reached, None until a roll-call has asked; `oldest` the oldest row used.
    """

    low: int | None = None
    high: int | None = None
    coverage: float | None = None
    oldest: date | None = None
    source: str = ""
    rows: tuple[Headcount, ...] = ()


def headcounts(country: str, *, at: date) -> list[Line]:
    """Return the estimators of a country side by side, the newest row of each first."""
    rows = Headcount.objects.filter(country_id=country, scope=Scope.COUNTRY)
    return _lines(rows, lambda row: row.estimator, at)


def mission_headcounts(missions: Iterable[str], *, at: date) -> list[Line]:
    """Return the rows about missions' own areas (electoral rolls), one line for each mission and estimator."""
    rows = Headcount.objects.filter(mission_id__in=list(missions), scope=Scope.MISSION).select_related("mission")
    return _lines(rows, lambda row: (row.mission_id, row.estimator), at)


def _lines(rows: Iterable[Headcount], key: Any, at: date) -> list[Line]:
    grouped: dict[Any, list[Headcount]] = {}
    for row in sorted(rows, key=lambda row: (row.as_of, row.pk), reverse=True):
        grouped.setdefault(key(row), []).append(row)
    order = list(Estimator.values)
    lines = [Line(newest, at - newest.as_of, older) for newest, *older in grouped.values()]
    return sorted(lines, key=lambda line: (order.index(line.newest.estimator), line.newest.mission_id or ""))


def range_of(lines: Iterable[Line]) -> Range:
    """Return the range that the newest registered number and the newest estimate span."""
    rows = tuple(line.newest for line in lines if line.in_range)
    if not rows:
        return Range()
    lows = [row.low if row.low is not None else row.value for row in rows]
    highs = [row.high if row.high is not None else row.value for row in rows]
    return Range(
        low=min(value for value in lows if value is not None),
        high=max(value for value in highs if value is not None),
        oldest=min(row.as_of for row in rows),
        source="; ".join(dict.fromkeys(row.source for row in rows)),
        rows=rows,
    )


def ranges(countries: Iterable[str], *, at: date) -> dict[str, Range]:
    """Return the range of each of some countries, in one query."""
    by_country: dict[str, list[Headcount]] = {code: [] for code in countries}
    for row in Headcount.objects.filter(country_id__in=list(by_country), scope=Scope.COUNTRY, estimator__in=RANGED):
        by_country[str(row.country_id)].append(row)
    return {code: range_of(_lines(rows, lambda row: row.estimator, at)) for code, rows in by_country.items()}


def map_headcounts() -> list[dict[str, Any]]:
    """The newest row of each country and estimator with its source and date; the map shows one estimator at a time."""
    rows = Headcount.objects.filter(scope=Scope.COUNTRY, country__lat__isnull=False, country__lon__isnull=False)
    shown = ("estimator", "value", "low", "high", "source", "what_id", "what_en", "as_of", "as_of_text")
    rows = rows.select_related("country").only(*shown, "country__lat", "country__lon").order_by("as_of", "pk")
    newest = {(row.country_id, row.estimator): row for row in rows}
    return [
        {
            "id": f"{row.country_id}-{row.estimator}",
            "country": row.country_id,
            "lat": row.country.lat if row.country else None,
            "lon": row.country.lon if row.country else None,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "estimator": row.estimator,
            "source": row.source,
            "what": row.what,
            "as_of": row.as_of_text,
            "iso": row.as_of.isoformat(),
        }
        for row in newest.values()
    ]
