"""Keeping the cells: the one statement that writes them."""

import json
from collections.abc import Iterable

from django.db import connection

from alerts.cells.rules import Placed, summed

# One JSON parameter in place of eight for each row: measured 35 µs an emergency for 192 (PostgreSQL, batches of 100).
ADD = """
    INSERT INTO alerts_cell (key, exercise, mission, state, priority, n, sum_lat, sum_lon)
    SELECT CAST(value->>0 AS bigint), value->>1, value->>2, value->>3, CAST(value->>4 AS smallint),
           CAST(value->>5 AS bigint), CAST(value->>6 AS bigint), CAST(value->>7 AS bigint)
    FROM json_each(%s) WHERE true
    ON CONFLICT (key, exercise, mission, state, priority) DO UPDATE SET
        n = alerts_cell.n + excluded.n,
        sum_lat = alerts_cell.sum_lat + excluded.sum_lat,
        sum_lon = alerts_cell.sum_lon + excluded.sum_lon
"""


def keep(changes: Iterable[tuple[Placed | None, Placed | None]]) -> None:
    """Count what changed, (was, now) of each emergency; None is nowhere. Inside the caller's transaction.

    Cells are written in the order of their keys, so that two transactions never wait for each other in a circle.
    """
    rows = {i: [*key, sums.n, sums.lat, sums.lon] for i, (key, sums) in enumerate(summed(changes))}
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(ADD, [json.dumps(rows)])
