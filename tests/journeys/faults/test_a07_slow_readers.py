"""A7: twenty readers that stall, dawdle or never acknowledge: their neighbours and the server's memory notice nothing.

A line that is not read at all is given up when a ping stays unanswered (25 s, daphne's own), one that is read but never
acknowledged is closed with 4008 (30 s). All of them catch up when they come back.
"""

import contextlib
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.journeys.faults import checker
from tests.journeys.faults.conftest import Fault, sized
from tests.journeys.faults.phones import Phones, percentile
from tests.journeys.reader import Reader, follows_the_log, wait_for_head
from tests.journeys.running import ROOT, Person, Running, until

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.alone]
PROCESSES = ("redis", "web", "relay")
STALLED, DAWDLING, MUTE, HEALTHY = 7, 7, 6, 20
ENDED_SECONDS = 50.0
GROWTH_BYTES = 50 * 2**20
HEALTHY_SECONDS = 1.0
UNACKNOWLEDGED = 4008


class Slow:
    """A socket whose reader reads `each` bytes a second, or none."""

    def __init__(self, running: Running, person: Person, each: int) -> None:
        self.port, self.each, self.got = running.port, each, b""
        self.line = socket.socket()
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.line.settimeout(10)
        self.line.connect(("127.0.0.1", running.port))
        cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
        lines = [
            "GET /live/?audience=dcc HTTP/1.1",
            *(f"Host: 127.0.0.1:{running.port}", f"Origin: {running.url}", f"Cookie: {cookies}"),
            *("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"),
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ]
        self.line.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        assert b" 101 " in self.line.recv(256)
        self.line.settimeout(0)

    def read(self) -> None:
        """One second's worth."""
        if self.each:
            with contextlib.suppress(OSError):
                self.line.recv(self.each)

    def ended(self) -> bool:
        """Whether the server has given the line up, seen from its side: this one does not read."""
        own = self.line.getsockname()[1]
        for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            _number, local, remote, state, *_rest = row.split()
            ports = (int(local.split(":")[1], 16), int(remote.split(":")[1], 16))
            if ports == (self.port, own) and state == "01":
                return False
        return True


class Mute(threading.Thread):
    """Reads everything at once and acknowledges nothing."""

    def __init__(self, running: Running, person: Person) -> None:
        super().__init__(daemon=True)
        cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
        address = f"{running.url.replace('http', 'ws', 1)}/live/?audience=dcc"
        self.opening = connect(address, additional_headers={"Cookie": cookies}, origin=Origin(running.url))
        self.code = 0

    def run(self) -> None:
        """Read until the end."""
        with self.opening as line:
            try:
                while True:
                    line.recv()
            except ConnectionClosed as closed:
                self.code = closed.rcvd.code if closed.rcvd else 0


def memory(running: Running) -> int:
    """Bytes of the web process that are in memory."""
    status = Path(f"/proc/{running.processes['web'].pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


def test_a07_slow_readers_harm_nobody(running: Running, accounts: dict[str, dict[str, str]], fault: Fault) -> None:
    person = Person(running, accounts["operator"])
    healthy = [Reader(running, person) for _ in range(HEALTHY)]
    slow = [Slow(running, person, each) for each in [0] * STALLED + [1024] * DAWDLING]
    mute = [Mute(running, person) for _ in range(MUTE)]
    for thread in (*healthy, *mute):
        thread.start()
    until(lambda: all(reader.connects for reader in healthy), 30, "every healthy reader is connected")
    [first] = Phones(running.port, 1, fault.chance).press_all().heard
    began, before = time.monotonic(), memory(running)

    # One writer, about one emergency, so that every frame has a whole card.
    count = sized(600, 5000)
    command = [sys.executable, "-m", "tests.journeys.faults.writers", "1", str(count), "0", "20", first.number]
    writing = subprocess.Popen(command, cwd=ROOT, env=running.env, stdout=subprocess.DEVNULL)
    most = before
    while writing.poll() is None or not all(one.ended() for one in slow) or any(one.is_alive() for one in mute):
        for one in slow:
            one.read()
        most = max(most, memory(running))
        assert writing.poll() is not None or time.monotonic() - began < 10 + count / 20
        assert writing.poll() is None or time.monotonic() - began < ENDED_SECONDS + count / 20
        time.sleep(1)
    ended = time.monotonic() - began

    world = checker.read_world(running)
    # Who was closed comes back as a healthy reader and pulls all it missed.
    late = [Reader(running, person) for _ in (*slow, *mute)]
    for reader in late:
        reader.catch_up()
    wait_for_head([*healthy, *late], world.head_of("dcc"), 10)
    for reader in healthy:
        reader.stop()
        follows_the_log(reader)
    wait = percentile(sorted(_waits(healthy)), 0.95)
    verdict = checker.judge(checker.History(), world, checker.screens([*healthy, *late]))
    verdict.broken = [line for line in verdict.broken if "stored and never tried" not in line]
    verdict.tried = verdict.acknowledged = verdict.stored = len(world.seqs)
    also = f"RSS +{(most - before) / 2**20:.0f} MB, healthy p95 {wait:.2f} s, the slow ended after {ended:.0f} s"
    fault.found(verdict, also)
    assert {one.code for one in mute} == {UNACKNOWLEDGED}
    assert most - before <= GROWTH_BYTES
    assert wait <= HEALTHY_SECONDS


def _waits(readers: list[Reader]) -> list[float]:
    """Seconds from an event to its frame on a healthy screen."""
    offset = time.time() - time.monotonic()
    return [
        reader.drawn_at[frame["seq"]] + offset - datetime.fromisoformat(frame["at"]).timestamp()
        for reader in readers
        for frame in reader.seen
        if frame["kind"] == "emergency.opened"
    ]
