"""A18: two web processes behind one address are restarted one after the other: no request fails, screens resume."""

import signal
import socket
import threading

import httpx
import pytest

from tests.journeys.faults import checker
from tests.journeys.faults.conftest import Fault, sized
from tests.journeys.faults.phones import Phones
from tests.journeys.reader import Reader, follows_the_log, wait_for_head
from tests.journeys.running import Person, Running, free_port, until

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
RESTARTING = 1012


class Pair:
    """Both accept from one listening socket, as under systemd's socket activation; each has a door of its own too."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.listening = socket.create_server(("127.0.0.1", running.port), backlog=4096)
        self.own = {"web-1": free_port(), "web-2": free_port()}

    def start(self, name: str) -> None:
        """Start one, and wait until it serves."""
        command = self.running.commands()["web"]
        at = command.index("--endpoint")
        door = f"tcp:port={self.own[name]}:interface=127.0.0.1"
        command[at : at + 2] = ["--fd", str(self.listening.fileno()), "--endpoint", door]
        self.running.launch(name, command, fds=(self.listening.fileno(),))
        until(lambda: self._serves(name), 60, f"{name} serves", pause=0.2)

    def _serves(self, name: str) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.own[name]}/healthz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def restart(self) -> None:
        """One after the other, by SIGTERM."""
        for name in self.own:
            self.running.kill(name, signal.SIGTERM)
            self.start(name)


def test_a18_a_rolling_restart_fails_no_request(
    bare: Running, accounts: dict[str, dict[str, str]], fault: Fault
) -> None:
    bare.start("redis", "relay")
    pair = Pair(bare)
    for name in pair.own:
        pair.start(name)
    until(bare.ready, 30, "/readyz")
    person = Person(bare, accounts["operator"])
    readers = [Reader(bare, person) for _ in range(sized(40, 100))]
    for reader in readers:
        reader.start()
    until(lambda: all(reader.connects for reader in readers), 60, "every reader is connected")
    rate = sized(20, 50)
    phones = Phones(bare.port, rate * 60, fault.chance, rate=rate)
    pressing = threading.Thread(target=phones.press_all, daemon=True)
    pressing.start()
    until(lambda: phones.share_heard() > 0.1, 30, "phones are heard")

    pair.restart()
    assert pressing.is_alive(), "the phones were done before the restart was"
    pressing.join()
    world = checker.read_world(bare)
    lag = wait_for_head(readers, world.head_of("dcc"), 10)
    for reader in readers:
        reader.stop()
        follows_the_log(reader)
    pair.listening.close()
    failed = [attempt for attempt in phones.history.attempts if attempt.status not in {200, 201}]
    codes = sorted({code for reader in readers for code in reader.closes})
    also = f"{len(failed)} failed requests, sockets closed with {codes}, screens {lag:.1f} s later"
    fault.found(checker.judge(phones.history, world, checker.screens(readers)), also)
    assert failed == []
    assert codes == [RESTARTING]
