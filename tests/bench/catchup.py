"""P8: a reader 10,000 frames behind pages through /live/since, beside the bare SELECT of the same rows."""

import http.client
import json
import re
import sqlite3
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg

from tests.bench.harness import Options, Report, Sample, Target
from tests.bench.machine import cpu_us
from tests.bench.profile import Profile
from tests.bench.servers import Committer, Meter, World
from tests.journeys.running import until

A_COMMIT = 500
LAST = re.compile(rb'\{"seq":(\d+)')
EPOCH = "SELECT epoch FROM commandcenter_logstate"
SELECT = "SELECT body FROM commandcenter_frame WHERE audience = 'dcc' AND seq > {after} ORDER BY seq"


def paged(world: World, after: int, behind: int) -> Sample:
    """Page after page, as live.js does; what is between two pages is only the search for the last seq.

    A reader that fell behind has the ticket of its last heartbeat.
    """
    headers = {**world.headers, "Accept": "application/json"}
    asked = f"audience=dcc&limit=1000&epoch={UUID(str(world.rows(EPOCH)[0][0]))}&ticket={world.ticket()}"
    line = http.client.HTTPConnection("127.0.0.1", world.port)
    meter = Meter(world.pid("web"))
    began, last, more, bodies = time.monotonic(), after, True, []
    while more:
        line.request("GET", f"/live/since?after={last}&{asked}", headers=headers)
        answer = line.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        last, more = int(LAST.findall(body, body.rindex(b'{"seq":'))[0]), b'"more":true' in body[:200]
        bodies.append(body)
    took = time.monotonic() - began
    line.close()
    figures = {"wall_us": took * 1e6 / behind, "cpu_us": meter.us() / behind, "pages": float(len(bodies))}
    return Sample(behind, chained([frame for body in bodies for frame in json.loads(body)["frames"]], after), figures)


def chained(frames: list[dict[str, Any]], after: int) -> int:
    """How many frames stand directly on the one before."""
    done, last = 0, after
    for frame in frames:
        done += frame["prev"] == last
        last = frame["seq"]
    return done


def selected(fetch: Callable[[str], list[Any]], after: int, behind: int) -> Sample:
    """One SELECT, read to its end."""
    began, spent = time.monotonic(), cpu_us()
    rows = fetch(SELECT.format(after=after))
    took = time.monotonic() - began
    figures = {"wall_us": took * 1e6 / behind, "cpu_us": (cpu_us() - spent) / behind}
    return Sample(behind, chained([json.loads(body) for [body] in rows], after), figures)


def measure(report: Report, world: World, title: str, connect: Callable[[str], Any]) -> None:
    """Commit what the reader missed, wait until it is numbered, compare."""
    behind = report.options.either(10_000, 3_000)
    with Committer(world.up("redis", "web", "relay")) as committer:
        committer.ask("make 100")
        until(lambda: committer.ask("head")["head"] >= 100, 60, "the relay numbers")
        after = int(committer.ask("head")["head"])
        for _ in range(behind // A_COMMIT):
            committer.ask(f"event {A_COMMIT}")
        until(lambda: committer.ask("head")["head"] >= after + behind, 120, "the relay numbers")
    line = connect(world.env["DATABASE_URL"])
    line.execute("ANALYZE commandcenter_frame")  # as autovacuum does within a minute

    def fetch(query: str) -> list[Any]:
        found: list[Any] = line.execute(query).fetchall()
        return found

    section = report.section(f"{behind:,} frames behind, {title}", "frame")
    section.rounds(
        {"ours": lambda: paged(world, after, behind), "SELECT": lambda: selected(fetch, after, behind)},
    )
    section.judge("SELECT", Target("wall_us", at_most=3.0))
    with Profile(report, world, "web"):
        for _ in range(10 if report.options.profile else 0):
            paged(world, after, behind)
    line.close()


def run(options: Options) -> Report:
    """On PostgreSQL and on SQLite."""
    report = Report("catchup", options)
    if options.postgres:
        with World(options) as world:
            measure(report, world, "PostgreSQL", lambda url: psycopg.connect(url, autocommit=True))
    with World(options, sqlite=True) as world:
        measure(report, world, "SQLite", lambda url: sqlite3.connect(url.removeprefix("sqlite:///")))
    return report
