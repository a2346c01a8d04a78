"""A25: three relays, one holds the log. It is killed, and once it hangs; a card raises. The log goes on, 1...n."""

import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from tests.journeys.faults import checker
from tests.journeys.faults.conftest import Fault, sized
from tests.journeys.faults.phones import Phones
from tests.journeys.reader import Reader, follows_the_log, wait_for_head
from tests.journeys.running import Person, Running, until

pytestmark = [pytest.mark.faults, pytest.mark.alone]
# Without worker and beat: the relay sweeps when nobody does.
PROCESSES = ("redis", "web", "relay")
AFTER_KILL_SECONDS, AFTER_HANG_SECONDS = 5.0, 10.0
# An emergency whose number is no number: loading its card raises.
RAISE = """
from django.db import transaction
from commandcenter.clock import now
from commandcenter.events.record import record
with transaction.atomic():
    record(kind="emergency.opened", object_id="nonsense", version=1, at=now(), actor=None, audiences=["dcc"])
print("{}")
"""


class Relays:
    """The three relays, and the phones whose presses show that one of them works."""

    def __init__(self, running: Running, person: Person, phones: Phones, hangs: float) -> None:
        self.running, self.person, self.phones, self.hangs = running, person, phones, hangs
        for name in ("relay-2", "relay-3"):
            running.start_as(name, "relay")
        self.pressed = 0

    def holder(self) -> str:
        """The name (in `processes`) of the relay that holds the log, by the process id in its own name."""
        process = int(str(self.person.get("/status").json()["relay"]).split(":")[1])
        names = [name for name, made in self.running.processes.items() if made.pid == process]
        return names[0] if names else ""

    def numbers(self, seconds: float) -> float:
        """Seconds until an emergency received now is numbered."""
        began = time.monotonic()
        self.phones.press(range(self.pressed, self.pressed + 1))
        self.pressed += 1
        until(lambda: self.person.get("/status").json()["unnumbered"] == 0, seconds, "a relay numbers the log")
        return time.monotonic() - began

    def kill_the_holder(self) -> float:
        """kill -9; seconds until another one numbers. The dead one comes back as a copy that waits."""
        name = str(until(self.holder, 20, "one of ours holds the log"))
        self.running.kill(name)
        lag = self.numbers(20)
        self.running.start_as(name, "relay")
        return lag

    def stopped(self, process: "subprocess.Popen[bytes]") -> float:
        """When SIGSTOP was sent; 0 within a write: SQLite's lock would stand still too, for everybody (DECISIONS 2)."""
        at = time.monotonic()
        process.send_signal(signal.SIGSTOP)
        if self.can_be_written():
            return at
        process.send_signal(signal.SIGCONT)
        return 0.0

    def can_be_written(self) -> bool:
        """Whether SQLite's one lock is free; PostgreSQL has none."""
        address = self.running.env["DATABASE_URL"]
        if address.startswith("postgres"):
            return True
        with closing(sqlite3.connect(unquote(urlsplit(address).path), timeout=2)) as line:
            try:
                line.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
        return True

    def hang_the_holder(self) -> float:
        """It stands still while another one takes over; then it wakes up into a log that is no longer its own."""
        hung = self.running.processes[str(until(self.holder, 20, "one of ours holds the log"))]
        began = float(str(until(lambda: self.stopped(hung), 20, "it stands still between two writes")))
        try:
            self.numbers(20)
            lag = time.monotonic() - began
            time.sleep(max(0.0, began + self.hangs - time.monotonic()))
        finally:
            hung.send_signal(signal.SIGCONT)
        self.numbers(10)
        return lag


def test_a25_the_log_goes_on_when_its_relay_dies_or_hangs(
    running: Running, accounts: dict[str, dict[str, str]], fault: Fault
) -> None:
    person = Person(running, accounts["operator"])
    reader = Reader(running, person)
    reader.start()
    kills = sized(3, 10)
    relays = Relays(running, person, Phones(running.port, kills + 3, fault.chance), sized(10, 20))
    killed = [relays.kill_the_holder() for _ in range(kills)]
    hung = relays.hang_the_holder()
    running.script(RAISE)
    relays.numbers(10)

    world = checker.read_world(running)
    wait_for_head([reader], world.head_of("dcc"), 10)
    reader.stop()
    follows_the_log(reader)
    also = f"{kills} kills, log on after {', '.join(f'{lag:.1f}' for lag in killed)} s, hung {hung:.1f} s"
    fault.found(checker.judge(relays.phones.history, world, checker.screens([reader])), also)
    cards = {frame["id"]: frame["card"] for frame in reader.seen}
    assert cards.pop("nonsense") == "reload"
    assert "reload" not in cards.values()
    assert world.card_errors == 1
    assert max(killed) <= AFTER_KILL_SECONDS
    assert hung <= AFTER_HANG_SECONDS
    assert httpx.get(f"{running.url}/readyz").status_code == 200
