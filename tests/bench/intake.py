"""P4, P5: requests for help a second, each answered after COMMIT, beside bare inserts of the same row, one commit each.

The relay rests meanwhile: it numbers what was committed and is no part of the answer. Nothing is pinned but the load.
Both sides write to one database with the same settings. The baseline's row has every column, index and check, but
neither foreign keys, nor event, nor cells. Shares are of one core: of pgbench and of the posting clients, of the lane.
"""

import re
import resource
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.harness import Options, Report, Sample, Section, Target
from tests.bench.machine import children_of, memory_mb
from tests.bench.posts import Posts
from tests.bench.profile import Profile
from tests.bench.servers import Meter, World, scratch

CLIENTS = 64
# Bodies prepared for each second, so that the load's own work is as small as pgbench's.
BUILT = 5000
TABLE = "alerts_emergency"
COUNT = f"SELECT count(*), count(DISTINCT client_id) FROM {TABLE}"
Rows = Callable[[str], list[Any]]


def posted(world: World, name: str, seconds: float) -> Sample:
    """64 clients for some seconds; done is what was answered 2xx, stored, and stored once."""
    pid = world.pid(name)
    posts = Posts(world.ports[name], CLIENTS)
    posts.build(int(BUILT * seconds))
    [[before, _]] = world.rows(COUNT)
    meter = Meter(pid, *children_of(pid))
    figures = posts.for_seconds(seconds)
    posts.close()
    [[rows, distinct]] = world.rows(COUNT)
    tally = posts.tally
    figures["server_share"] = meter.us() / 1e6 / seconds
    figures["cpu_us"] = meter.us() / max(1, tally.good)
    figures["memory_mb"] = memory_mb(pid, *children_of(pid))
    assert rows == distinct, f"{rows - distinct} stored twice"
    assert not tally.bad, f"answers: {tally.bad}; the last: {tally.last!r}"
    return Sample(tally.sent, min(tally.good, rows - before), figures)


def values(world: World) -> tuple[list[str], list[Any]]:
    """Columns and values of a stored row, without its key and its client_id."""
    names = [name for name in world.columns(TABLE) if name not in {"id", "client_id"}]
    [row] = world.rows(f"SELECT {', '.join(names)} FROM {TABLE} ORDER BY id LIMIT 1")
    return names, list(row)


class PgBench:
    """pgbench, 64 clients, prepared statements, one commit a row, into a copy of the table with its indexes."""

    def __init__(self, world: World, seconds: float) -> None:
        self.world, self.seconds = world, seconds
        self.script = scratch() / "row.sql"
        names, row = values(world)
        with psycopg.connect(world.env["DATABASE_URL"], autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit"):
                assert connection.execute(f"SHOW {setting}").fetchone() == ("on",), setting
            connection.execute(f"CREATE TABLE bench_row (LIKE {TABLE} INCLUDING ALL)")
            literals = ", ".join(_literal(value, connection) for value in row)
        self.script.write_text(
            f"INSERT INTO bench_row (client_id, {', '.join(names)}) VALUES (gen_random_uuid(), {literals});\n"
        )

    def __call__(self) -> Sample:
        """One run."""
        [[before]] = self.world.rows("SELECT count(*) FROM bench_row")
        how = f"-n -c {CLIENTS} -j 2 -T {int(self.seconds)} -M prepared -f {self.script}".split()
        command = [pgbench(), *how, self.world.env["DATABASE_URL"]]
        spent = children_us()
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        [[after]] = self.world.rows("SELECT count(*) FROM bench_row")
        done = int(_found(r"actually processed: (\d+)", said))
        share = (children_us() - spent) / 1e6 / self.seconds
        figures = {"rate": _found(r"tps = ([\d.]+)", said), "p50_ms": _found(r"latency average = ([\d.]+)", said)}
        return Sample(done, after - before, {**figures, "client_share": share})


class SqliteLoop:
    """sqlite3 alone: IMMEDIATE, one COMMIT a row, WAL, synchronous=FULL, a copy of the table with its indexes."""

    def __init__(self, world: World, seconds: float) -> None:
        self.seconds = seconds
        names, self.row = values(world)
        self.line = sqlite3.connect(scratch() / "loop.sqlite3", isolation_level=None)
        self.line.execute("PRAGMA journal_mode=WAL")
        self.line.execute("PRAGMA synchronous=FULL")
        for [statement] in world.rows(f"SELECT sql FROM sqlite_master WHERE tbl_name = '{TABLE}' AND sql IS NOT NULL"):
            self.line.execute(statement)
        marks = ", ".join("?" * (len(names) + 1))
        self.insert = f"INSERT INTO {TABLE} (client_id, {', '.join(names)}) VALUES ({marks})"
        self.next = 0

    def __call__(self) -> Sample:
        """One run."""
        [before] = self.line.execute(f"SELECT count(*) FROM {TABLE}").fetchone()
        first, began = self.next, time.monotonic()
        while time.monotonic() - began < self.seconds:
            self.next += 1
            self.line.execute("BEGIN IMMEDIATE")
            self.line.execute(self.insert, [f"{self.next:032x}", *self.row])
            self.line.execute("COMMIT")
        took = time.monotonic() - began
        [after] = self.line.execute(f"SELECT count(*) FROM {TABLE}").fetchone()
        done = self.next - first
        return Sample(done, after - before, {"rate": done / took, "p50_ms": took / done * 1000})


def pgbench() -> str:
    """Debian keeps it off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    return str(found[-1]) if found else shutil.which("pgbench") or "pgbench"


def children_us() -> float:
    """CPU time of every process that was started here and has ended, in microseconds."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (spent.ru_utime + spent.ru_stime) * 1e6


def _literal(value: Any, connection: "psycopg.Connection[Any]") -> str:
    json = isinstance(value, dict | list)
    return psycopg.sql.Literal(psycopg.types.json.Jsonb(value) if json else value).as_string(connection)


def _found(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    assert found, text
    return float(found[1])


def measure(report: Report, world: World, base: str, wanted: dict[str, float]) -> None:
    """The lane on daphne, then on uvicorn, each beside the bare inserts."""
    seconds = float(world.options.either(4, 2))
    world.up("redis", "web", "intake", "relay")
    world.kill("relay")
    posted(world, "web", 1)
    bare = PgBench(world, seconds) if base == "pgbench" else SqliteLoop(world, seconds)
    names = {"web": "daphne", "intake": "uvicorn"}
    for name, server in names.items():
        section: Section = report.section(f"{CLIENTS} clients, lane on {server}, {base}", "request")
        if world.listens(name):
            section.rounds({"ours": lambda name=name: posted(world, name, seconds), base: bare})
        section.judge(base, Target("rate", at_least=wanted[server]))
        if report.options.profile and world.listens(name):
            with Profile(report, world, name):
                posted(world, name, 10)


def run(options: Options) -> Report:
    """On PostgreSQL (P4), then on SQLite (P5)."""
    report = Report("intake", options)
    if options.postgres:
        with World(options, pinned=False) as world:
            measure(report, world, "pgbench", {"daphne": 0.15, "uvicorn": 1.0})
    with World(options, sqlite=True, pinned=False) as world:
        measure(report, world, "sqlite3", {"daphne": 0.8, "uvicorn": 1.5})
    return report
