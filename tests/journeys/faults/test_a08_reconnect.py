"""A8: the web process dies and 200 sockets come back at once: all live soon, intake hears none of it."""

import threading
import time

import psycopg
import pytest

from tests.journeys.faults import checker
from tests.journeys.faults.conftest import Fault, sized
from tests.journeys.faults.nemesis import kill
from tests.journeys.faults.phones import Phones
from tests.journeys.reader import Reader, follows_the_log, wait_for_head
from tests.journeys.running import Person, Running, until

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.alone]
PROCESSES = ("redis", "web", "relay")
LIVE_SECONDS = 20.0
# DCC_POOL's default and the intake lane's own beside it.
MOST_CONNECTIONS = 16 + 1
# The server's own workers are there too, and what a killed process held goes only when its query ends.
COUNT = """SELECT coalesce(max(held), 0) FROM (
    SELECT count(*) AS held FROM pg_stat_activity
    WHERE datname = %s AND backend_type = 'client backend' AND application_name LIKE 'dcc-%%' GROUP BY application_name
) AS processes"""


class Connections(threading.Thread):
    """The most connections any process of ours ever held."""

    def __init__(self, running: Running) -> None:
        super().__init__(daemon=True)
        self.running = running
        self.most = 0
        self.stop = threading.Event()

    def run(self) -> None:
        """Look, ten times a second."""
        with psycopg.connect(self.running.server_url, autocommit=True) as line:
            while not self.stop.wait(0.1):
                found = line.execute(COUNT, [self.running.database]).fetchone()
                self.most = max(self.most, found[0] if found else 0)


def test_a08_all_screens_come_back_at_once(running: Running, accounts: dict[str, dict[str, str]], fault: Fault) -> None:
    person = Person(running, accounts["operator"])
    readers = [Reader(running, person) for _ in range(sized(60, 200))]
    for reader in readers:
        reader.start()
    until(lambda: all(reader.connects for reader in readers), 60, "every reader is connected")
    connections = Connections(running)
    connections.start()
    phones = Phones(running.port, sized(200, 600), fault.chance, rate=20)
    pressing = threading.Thread(target=phones.press_all, daemon=True)
    pressing.start()
    until(lambda: phones.share_heard() > 0.1, 30, "phones are heard")

    kill(running, "web")
    began = time.monotonic()
    until(lambda: all(reader.connects > 1 for reader in readers), LIVE_SECONDS, "every reader is back")
    back = time.monotonic() - began
    pressing.join()
    connections.stop.set()
    connections.join()
    world = checker.read_world(running)
    wait_for_head(readers, world.head_of("dcc"), LIVE_SECONDS)
    for reader in readers:
        reader.stop()
        follows_the_log(reader)
    also = f"{len(readers)} sockets back in {back:.1f} s, at most {connections.most} connections a process"
    fault.found(checker.judge(phones.history, world, checker.screens(readers)), also)
    assert 0 < connections.most <= MOST_CONNECTIONS
    assert {attempt.status for attempt in phones.history.attempts} <= {0, 200, 201}
