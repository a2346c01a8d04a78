"""P6: the map at a million emergencies: a view over HTTP beside the bare query of its cells, and beside counting rows.

Every request of ours asks for a view that nobody has asked for before (the edges move by a millionth of a degree), so
nothing is answered from memory; the same view again is measured apart.
"""

import http.client
import json
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import urlencode

import psycopg

from alerts.cells.morton import DEEPEST, ranges
from alerts.cells.rules import level_for
from tests.bench.harness import Options, Report, Sample, Target
from tests.bench.servers import World
from tests.journeys.running import ROOT, until

LARGEST = 50_000
ADDRESS = "/api/v1/map/clusters"
Query = Callable[[str], list[Any]]
Ask = Callable[[str, int], Sample]


@dataclass(frozen=True, slots=True)
class View:
    """A view: its edges in degrees (west, south, east, north) and its zoom."""

    name: str
    box: tuple[float, float, float, float]
    zoom: int


# The first look of everybody, and the city with the most emergencies of the load story on a desk's map.
VIEWS = (
    View("the world", (-180.0, -85.0, 180.0, 85.0), 3),
    View("dense tile", (101.45, 2.95, 101.95, 3.35), 12),
)


def cells_sql(view: View) -> str:
    """What the route asks of the cells, written by hand."""
    return (
        "SELECT key + 0, CAST(sum(n) AS bigint), CAST(sum(sum_lat) AS bigint), CAST(sum(sum_lon) AS bigint),"
        " min(priority) FILTER (WHERE state = 'new'), min(priority) FROM alerts_cell"
        f" WHERE ({_within(view, level_for(view.zoom))}) AND exercise = '' AND n > 0 AND state IN ('new', 'taken')"
        " GROUP BY 1"
    )


def rows_sql(view: View) -> str:
    """The same answer counted from the emergencies, by the index of their squares."""
    shift = 2 * (DEEPEST - level_for(view.zoom))
    return (
        f"SELECT key >> {shift}, count(*), avg(latitude), avg(longitude),"
        " min(priority) FILTER (WHERE state = 'new'), min(priority) FROM alerts_emergency"
        f" WHERE ({_within(view, DEEPEST)}) AND exercise = '' AND resolved_at IS NULL GROUP BY 1"
    )


def _within(view: View, z: int) -> str:
    return " OR ".join(f"key BETWEEN {first} AND {last}" for first, last in ranges(*view.box, z))


class Browser:
    """One signed-in connection that is kept open; it asks with a ticket, as static/js/map/remote.js does."""

    def __init__(self, world: World) -> None:
        self.world, self.headers = world, world.headers
        self.ticket, self.until = "", 0.0
        self.line = http.client.HTTPConnection("127.0.0.1", world.port, timeout=60)
        self.moved = count(1)

    def get(self, view: View, moved: int = 0) -> bytes:
        """The body of one view, shifted by so many millionths of a degree."""
        west, south, east, north = view.box
        asked = {"bbox": f"{west},{south + moved / 1e6},{east},{north}", "zoom": view.zoom, "ticket": self.ticket}
        self.line.request("GET", f"{ADDRESS}?{urlencode(asked)}", headers=self.headers)
        answer = self.line.getresponse()
        body = answer.read()
        assert answer.status == 200, body[:500]
        return body

    def sample(self, view: View, times: int, *, same: bool = False) -> Sample:
        """Never the same view twice, or always; done is the answers that say the same total."""
        if time.monotonic() > self.until:  # as heartbeats renew it
            self.ticket, self.until = self.world.ticket(), time.monotonic() + 30
        took, sizes, totals = [], [], []
        for _ in range(times):
            began = time.perf_counter()
            body = self.get(view, 0 if same else next(self.moved))
            took.append(time.perf_counter() - began)
            sizes.append(len(body))
            totals.append(json.loads(body)["total"])
        right = sum(total == totals[0] and total > 0 for total in totals)
        return Sample(times, right, {"p50_ms": statistics.median(took) * 1000, "bytes": float(max(sizes))})


def asked(query: Query, sql: str, times: int) -> Sample:
    """The bare query on an open connection; done is how often it answered with rows."""
    took, done = [], 0
    for _ in range(times):
        began = time.perf_counter()
        done += bool(query(sql))
        took.append(time.perf_counter() - began)
    return Sample(times, done, {"p50_ms": statistics.median(took) * 1000})


def measure(report: Report, world: World, query: Query, database: str) -> None:
    """Both views: ours beside the bare cells, the bare cells beside the rows."""
    browser = Browser(world)
    times = report.options.either(20, 5)
    for view in VIEWS:
        compare(report, browser, view, partial(asked, query), f"{view.name}, {database}", times)


def compare(report: Report, browser: Browser, view: View, ask: Ask, title: str, times: int) -> None:
    """One view."""
    cells, rows = partial(ask, cells_sql(view), times), partial(ask, rows_sql(view), 1)
    section = report.section(f"{title}: a view nobody asked for, over HTTP", "view")
    section.rounds({"ours": lambda: browser.sample(view, times), "cell SQL": cells})
    section.judge("cell SQL", Target("p50_ms", at_most=3.0))
    section.bound("ours", Target("bytes", at_most=LARGEST))
    again = report.section(f"{title}: the same view again, over HTTP", "view")
    again.rounds({"ours": lambda: browser.sample(view, times, same=True), "cell SQL": cells})
    again.judge("cell SQL", Target("p50_ms", at_most=3.0))
    beside = report.section(f"{title}: cells beside rows, bare SQL", "view")
    beside.rounds({"ours": cells, "GROUP BY": rows})
    beside.judge("GROUP BY", Target("p50_ms", at_most=1 / 50))
    pairs = zip(section.samples["ours"], beside.samples["GROUP BY"], strict=True)
    ratio = statistics.median(other.figures["p50_ms"] / ours.figures["p50_ms"] for ours, other in pairs)
    section.notes.append(f"over HTTP {ratio:.0f} times faster than GROUP BY alone")


def filled(world: World, emergencies: int) -> None:
    """Rows and cells, before anything runs."""
    world.prepare()
    command = [sys.executable, "-m", "tests.bench.filled", str(emergencies), str(emergencies * 9 // 10)]
    env = {**world.env, "DCC_DEMO": "0", "DJANGO_SETTINGS_MODULE": "commandcenter.settings"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    world.start("redis", "web")
    until(lambda: world.listens("web"), 30, "the web server listens")


def run(options: Options) -> Report:
    """On PostgreSQL, then on SQLite."""
    report = Report("map", options)
    emergencies = options.either(1_000_000, 20_000)
    for sqlite in (False, True) if options.postgres else (True,):
        with World(options, sqlite=sqlite) as world:
            filled(world, emergencies)
            url = world.env["DATABASE_URL"]
            line: Any = sqlite3.connect(url.removeprefix("sqlite:///")) if sqlite else psycopg.connect(url)
            with closing(line):
                measure(
                    report,
                    world,
                    lambda sql, line=line: line.execute(sql).fetchall(),
                    "SQLite" if sqlite else "PostgreSQL",
                )
    return report
