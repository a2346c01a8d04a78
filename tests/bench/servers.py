"""The processes a benchmark starts: the real command centre, a baseline, the process that commits."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import psycopg

from tests.bench.harness import Options
from tests.bench.machine import LOAD_CORE, SERVER_CORE, children_of, cpu_us, pin
from tests.journeys.running import ROOT, Person, Running, free_port, until

# The same server with one thing done the other way (baselines/variants.py).
VARIANTS = ("uncached", "unsigned")
# What answers the clients has a core of its own; the rest shares the load's.
ON_THE_SERVER_CORE = {"web", *VARIANTS}
# The relay sweeps when nobody did for ten seconds (reliability.md K4).
SWEPT_TOMORROW = """
from datetime import timedelta
from commandcenter.clock import now
from commandcenter.live.models import LogState
LogState.the()
print(LogState.objects.update(swept_at=now() + timedelta(days=1)))
"""


class World(Running):
    """The command centre on the temporary PostgreSQL (SQLite without one); web on the server's core, if pinned."""

    def __init__(self, options: Options, *, sqlite: bool = False, pinned: bool = True) -> None:
        super().__init__("" if sqlite else options.postgres)
        self.options, self.pinned = options, pinned
        self.env["DCC_LOG"] = "WARNING"
        self.ports = {"web": self.port, **{name: free_port() for name in ("intake", *VARIANTS)}}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        for log in self.folder.glob("*.log") if kind else ():
            print(f"--- {log.name}\n{log.read_text()[-2000:]}", file=sys.stderr)
        self.down()

    def prepare(self) -> None:
        """Nobody sweeps here: what a benchmark made would climb its ladder among the frames that are counted."""
        super().prepare()
        assert self.script(SWEPT_TOMORROW) == 1

    def commands(self) -> dict[str, list[str]]:
        """The processes of the Procfile, and the intake lane alone as deploy/ runs it: on two cores two workers."""
        lane = "--host 127.0.0.1 --loop uvloop --http httptools --backlog 4096 --log-level warning"
        lane += " --no-access-log --no-proxy-headers"  # nobody stands before it
        workers = "1" if "sqlite" in self.env["DATABASE_URL"] else "2"
        intake = [sys.executable, "-m", "uvicorn", "commandcenter.asgi:intake", *lane.split(), "--workers", workers]
        daphne = super().commands()["web"]
        place = daphne.index("commandcenter.asgi:application")
        variants = {}
        for name in VARIANTS:
            variants[name] = [word.replace(str(self.port), str(self.ports[name])) for word in daphne]
            # Time enough for two thousand sessions by SQL: who is given up before the turn comes only dials again.
            variants[name][place:] = ["--websocket_connect_timeout", "120", f"tests.bench.baselines.variants:{name}"]
        return {**super().commands(), "intake": [*intake, "--port", str(self.ports["intake"])], **variants}

    def start_as(self, name: str, kind: str) -> None:
        """Start, and pin before its threads exist."""
        super().start_as(name, kind)
        pid = self.processes[name].pid
        if self.pinned:
            pin(SERVER_CORE if kind in ON_THE_SERVER_CORE else LOAD_CORE, pid)
        else:
            os.sched_setaffinity(pid, {SERVER_CORE, LOAD_CORE})

    def listens(self, name: str) -> bool:
        """Whether somebody answers at this process's port."""
        return _answers(self.ports[name])

    def wait_for(self, *names: str) -> None:
        """Until somebody answers at these processes' ports."""
        for name in names:
            until(lambda name=name: self.listens(name), 30, f"{name} listens")  # type: ignore[misc]

    def rows(self, query: str) -> list[Any]:
        """What a query answers, on a connection of its own."""
        url = self.env["DATABASE_URL"]
        if url.startswith("sqlite"):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as line:
                return line.execute(query).fetchall()
        with psycopg.connect(url) as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]

    def columns(self, table: str) -> list[str]:
        """Names of a table's columns."""
        if self.env["DATABASE_URL"].startswith("sqlite"):
            return [row[1] for row in self.rows(f"PRAGMA table_info({table})")]
        asked = f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'"
        return [row[0] for row in self.rows(asked)]

    def pid(self, name: str) -> int:
        """The process id of a running process."""
        return self.processes[name].pid

    @cached_property
    def operator(self) -> Person:
        """Somebody signed in, who listens to the command centre's audience."""
        return Person(self, self.accounts()["operator"])

    @property
    def headers(self) -> dict[str, str]:
        """What a signed-in browser sends with a handshake."""
        pairs = "; ".join(f"{name}={value}" for name, value in self.operator.cookies.items())
        return {"Cookie": pairs, "Origin": self.url}

    def ticket(self) -> str:
        """A fresh ticket out of the operator's page, as live.js finds it."""
        page = self.operator.get("/", follow_redirects=True).text
        found = re.search(r'data-ticket="([^"]+)"', page)
        assert found, "the page has no ticket"
        return found[1]

    def live(self) -> str:
        """The address of the live channel with a fresh ticket."""
        return f"/live/?audience=dcc&ticket={self.ticket()}"


class Server:
    """A baseline: one process on a port of its own, pinned like ours."""

    def __init__(self, arguments: Sequence[str], port: int, env: dict[str, str] | None = None) -> None:
        self.port = port
        assert not _answers(port), f"somebody listens on {port} already"
        with (scratch() / f"server-{port}.log").open("ab") as log:
            self.process = subprocess.Popen(
                arguments, cwd=ROOT, env={**os.environ, **(env or {})}, start_new_session=True, stdout=log, stderr=log
            )
        pin(SERVER_CORE, self.process.pid)
        until(lambda: _answers(port), 20, f"{arguments[0]} listens on {port}")

    @classmethod
    def python(cls, module: str, *arguments: str) -> "Server":
        """A module of the baselines folder; it gets its port as its first argument."""
        port = free_port()
        return cls([sys.executable, "-m", f"tests.bench.baselines.{module}", str(port), *arguments], port)

    def pids(self) -> list[int]:
        """The process and its children (nginx's workers)."""
        return [self.process.pid, *children_of(self.process.pid)]

    def stop(self) -> None:
        """End it, by its own process group; daphne with open sockets takes no other signal in good time."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)


class Committer:
    """The process of committer.py, working in a world's database."""

    def __init__(self, world: World) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.committer"],
            cwd=ROOT,
            env=world.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        pin(LOAD_CORE, self.process.pid)
        self.answer()

    def order(self, words: str) -> None:
        """Give an order; its answer is read by answer()."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait for the answer to the oldest order."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the committing process died"
        found: dict[str, Any] = json.loads(line)
        return found

    def ask(self, words: str) -> dict[str, Any]:
        """Order and answer."""
        self.order(words)
        return self.answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(20)


class Meter:
    """CPU time of processes since it was made."""

    def __init__(self, *pids: int) -> None:
        self.pids = pids
        self.before = cpu_us(*pids)

    def us(self) -> float:
        """Microseconds since."""
        return cpu_us(*self.pids) - self.before


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def scratch() -> Path:
    """The folder of this run, removed by bin/bench."""
    return Path(os.environ.get("DCC_BENCH_FOLDER", "/tmp"))
