"""Reads of the cells: what a view of the map holds, without reading a row of emergencies."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from alerts.cells.models import Cell
from alerts.cells.morton import DEEPEST, ranges
from alerts.cells.rules import Group, level_for

# By hand: with twenty ranges the ORM takes longer to say this than the database to answer. Sums as bigint: PostgreSQL's
# are decimals, which cost Python three times as much. Grouped by key + 0: by the bare key SQLite walks the whole index
# in its order (measured 193 ms for 12).
GROUPS = f"""
    SELECT key + 0, CAST(sum(sum_lat) AS bigint), CAST(sum(sum_lon) AS bigint), CAST(sum(n) AS bigint),
           coalesce(min(priority) FILTER (WHERE state = 'new'), min(priority)),
           min(priority) FILTER (WHERE state = 'new') IS NOT NULL
    FROM {Cell._meta.db_table} WHERE ({{ways}}) AND n > 0 AND state IN ({{states}}) AND {{exact}} GROUP BY 1
"""  # noqa: S608


class Box(NamedTuple):
    """A view in degrees; east below west crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


def within(box: Box, z: int = DEEPEST) -> Q:
    """What stands in the squares around a view, by its `key`: a first sieve, wider than the view."""
    return reduce(or_, (Q(key__range=each) for each in ranges(*box, z)))


def groups(
    box: Box,
    zoom: int,
    *,
    exercise: str,
    states: Sequence[str],
    mission: str | None = None,
    priority: int | None = None,
) -> list[Group]:
    """The cells of a view, of one mission (None: of all) and one priority (None: of all)."""
    ways = " OR ".join(f"key BETWEEN {first} AND {last}" for first, last in ranges(*box, level_for(zoom)))
    exact = {"exercise": exercise, "mission": mission, "priority": priority}
    exact = {name: value for name, value in exact.items() if value is not None}
    asked = GROUPS.format(
        ways=ways,
        states=", ".join(["%s"] * len(states)),
        exact=" AND ".join(f"{name} = %s" for name in exact),
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [*states, *exact.values()])
        return list(map(Group._make, cursor.fetchall()))
