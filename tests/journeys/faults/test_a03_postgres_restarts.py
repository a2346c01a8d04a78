"""A3: PostgreSQL restarts at once three times and hangs for 20 s: 503 and never 500, nothing lost, no app restart."""

import time
from collections import Counter

import pytest

from tests.journeys.faults import checker
from tests.journeys.faults.cluster import Cluster
from tests.journeys.faults.conftest import Fault, sized
from tests.journeys.faults.nemesis import Nemesis
from tests.journeys.faults.phones import Phones
from tests.journeys.reader import Reader, follows_the_log, wait_for_head
from tests.journeys.running import Person, Running, until

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
HANGS_SECONDS = 20.0


def hang(cluster: Cluster, seconds: float) -> None:
    """Lines stay open, nobody answers."""
    cluster.freeze()
    time.sleep(seconds)
    cluster.thaw()


def test_a03_postgres_may_restart_and_hang(
    on_cluster: Running, cluster: Cluster, accounts: dict[str, dict[str, str]], fault: Fault
) -> None:
    reader = Reader(on_cluster, Person(on_cluster, accounts["operator"]))
    reader.start()
    until(lambda: reader.connects, 20, "the reader is connected")
    before = {name: process.pid for name, process in on_cluster.processes.items()}

    phones = Phones(on_cluster.port, sized(1000, 4000), fault.chance)
    restarts = [(share, cluster.restart_immediately) for share in (0.2, 0.4, 0.6)]
    nemesis = Nemesis(phones, [*restarts, (0.8, lambda: hang(cluster, HANGS_SECONDS))])
    nemesis.start()
    history = phones.press_all()
    nemesis.finish()
    until(on_cluster.ready, 10, "/readyz without a restart of the application")

    world = checker.read_world(on_cluster)
    lag = wait_for_head([reader], world.head_of("dcc"), 10)
    reader.stop()
    follows_the_log(reader)
    answers = Counter(attempt.status for attempt in history.attempts)
    fault.found(
        checker.judge(history, world, checker.screens([reader])),
        f"3 restarts, hung {HANGS_SECONDS:.0f} s, answers {dict(answers)}, screens {lag:.1f} s later",
    )
    assert {name: process.pid for name, process in on_cluster.processes.items()} == before
    assert all(process.poll() is None for process in on_cluster.processes.values())
