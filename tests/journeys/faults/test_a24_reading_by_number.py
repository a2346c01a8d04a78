"""A24: twelve writers whose commits overtake one another: the log's reader misses nothing, a reader by id does."""

import json
import sqlite3
import subprocess
import sys
import threading
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from tests.journeys.faults import checker
from tests.journeys.faults.checker import Verdict
from tests.journeys.faults.conftest import Fault
from tests.journeys.reader import Reader, follows_the_log, wait_for_head
from tests.journeys.running import ROOT, Person, Running, until

pytestmark = pytest.mark.faults
PROCESSES = ("redis", "web", "relay")
WRITERS, EACH = 12, 300
# SQLite lets one writer in at a time, so a sleep there is a sleep of all.
SLEEP_MS = {"postgres": 20, "sqlite": 1}
NEWER = "SELECT id, object_id FROM commandcenter_event WHERE id > {} ORDER BY id"


class Naive(threading.Thread):
    """The mutant: reads the outbox by `id > last`, as a naive relay would."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.address = address
        self.seen: set[str] = set()
        self.stop = threading.Event()

    def run(self) -> None:
        """Read until stopped, then once more."""
        postgres = self.address.startswith("postgres")
        path = unquote(urlsplit(self.address).path)
        line = psycopg.connect(self.address, autocommit=True) if postgres else sqlite3.connect(path)
        last, stopping = 0, False
        while not stopping:
            stopping = self.stop.wait(0.002)
            for number, about in line.execute(NEWER.format(last)).fetchall():
                last = number
                self.seen.add(about)
        line.close()


def test_a24_the_reader_misses_nothing(running: Running, accounts: dict[str, dict[str, str]], fault: Fault) -> None:
    reader = Reader(running, Person(running, accounts["operator"]))
    reader.start()
    until(lambda: reader.connects, 20, "the reader is connected")
    naive = Naive(running.env["DATABASE_URL"])
    naive.start()

    sizes = [str(size) for size in (WRITERS, EACH, SLEEP_MS[fault.database], SLEEP_MS[fault.database])]
    command = [sys.executable, "-m", "tests.journeys.faults.writers", *sizes]
    wrote = subprocess.run(command, cwd=ROOT, env=running.env, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(wrote.stdout)
    naive.stop.set()
    naive.join()

    world = checker.read_world(running)
    lag = wait_for_head([reader], world.head_of("dcc"), 10)
    reader.stop()
    follows_the_log(reader)
    drawn = [frame["id"] for frame in reader.seen]
    log = checker.judge(checker.History(), world, checker.screens([reader]))
    missed, committed = set(told["committed"]) - set(drawn), set(told["committed"])
    broken = log.broken + ["events missed"] * bool(missed) + ["events doubled"] * (len(drawn) > len(set(drawn)))
    verdict = Verdict(
        tried=len(told["tried"]),
        acknowledged=len(committed),
        stored=len(world.seqs),
        doubles=len(drawn) - len(set(drawn)),
        holes=log.holes + len(missed),
        broken=broken,
    )
    naively = len(committed - naive.seen)
    fault.found(verdict, f"by `id > last`: {naively} missed; screen {lag:.1f} s later")
    assert committed == set(told["tried"])
    if fault.database == "postgres":
        assert naively > 0, "the sleeps let no commit overtake another: the run proves nothing"
