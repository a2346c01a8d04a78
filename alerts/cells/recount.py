"""The cells counted anew from the rows: what `manage.py cells` compares, and how a load or a restore makes them."""

from django.db import connection, transaction

from alerts.cells.models import Cell
from alerts.cells.morton import DEEPEST
from alerts.cells.rules import LEVELS

# What keep() adds up, over all rows at once; the deepest level reads emergencies, each other the one below it.
FROM_ROWS = """
    SELECT key >> %s, exercise, coalesce(mission_id, ''),
        CASE WHEN state = 'new' THEN 'new' WHEN resolved_at IS NULL THEN 'taken' ELSE 'resolved' END, priority,
        count(*), sum(CAST(floor(latitude * 1000000) AS bigint)), sum(CAST(floor(longitude * 1000000) AS bigint))
    FROM alerts_emergency WHERE key IS NOT NULL GROUP BY 1, 2, 3, 4, 5
"""
FROM_CELLS = """
    SELECT key >> %s, exercise, mission, state, priority, sum(n), sum(sum_lat), sum(sum_lon)
    FROM alerts_cell WHERE key BETWEEN %s AND %s GROUP BY 1, 2, 3, 4, 5
"""
INTO_CELLS = "INSERT INTO alerts_cell (key, exercise, mission, state, priority, n, sum_lat, sum_lon)"


def recount() -> int:
    """Make every cell anew, and answer how many were wrong; acts wait meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # SQLite has one writer anyway
            cursor.execute("LOCK TABLE alerts_emergency, alerts_cell IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM alerts_cell WHERE n <> 0")
        Cell.objects.all().delete()
        deepest, *others = reversed(LEVELS)
        cursor.execute(INTO_CELLS + FROM_ROWS, [2 * (DEEPEST - deepest)])
        below = deepest
        for z in others:
            cursor.execute(INTO_CELLS + FROM_CELLS, [2 * (below - z), 4**below, 2 * 4**below - 1])
            below = z
        cursor.execute("SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM alerts_cell) AS gone")
        gone = int(cursor.fetchone()[0])
        cursor.execute("SELECT count(*) FROM (SELECT * FROM alerts_cell EXCEPT SELECT * FROM kept) AS come")
        come = int(cursor.fetchone()[0])
        cursor.execute("DROP TABLE kept")
    return max(gone, come)
