"""A4: A1, A2 and A3 together, by a nemesis that draws its blows: web, relay, Redis and PostgreSQL in any order."""

import pytest

from tests.journeys.faults import checker
from tests.journeys.faults.conftest import FULL, Fault, sized
from tests.journeys.faults.nemesis import Blow, Nemesis, kill
from tests.journeys.faults.phones import Phones, percentile
from tests.journeys.faults.test_a03_postgres_restarts import hang
from tests.journeys.reader import Reader, follows_the_log, wait_for_head
from tests.journeys.running import Person, Running, until

pytestmark = pytest.mark.faults
PROCESSES = ("redis", "web", "relay")
BLOWS = 6


@pytest.mark.parametrize("run", range(10 if FULL else 1))
def test_a04_nothing_is_lost_whatever_is_struck(
    run: int, request: pytest.FixtureRequest, database_server: str, accounts: dict[str, dict[str, str]], fault: Fault
) -> None:
    centre: Running = request.getfixturevalue("on_cluster" if database_server else "running")
    people = [Person(centre, accounts[name]) for name in ("operator", "supervisor", "verifier")]
    readers = [Reader(centre, person) for person in people]
    for reader in readers:
        reader.start()
    until(lambda: all(reader.connects for reader in readers), 20, "every reader is connected")

    phones = Phones(centre.port, sized(500, 4000), fault.chance)
    struck, blows = _draw(request, centre, database_server, fault)
    nemesis = Nemesis(phones, blows)
    nemesis.start()
    history = phones.press_all()
    nemesis.finish()
    until(centre.ready, 30, "/readyz after the last blow")

    world = checker.read_world(centre)
    lag = wait_for_head(readers, world.head_of("dcc"), 10)
    for reader in readers:
        reader.stop()
        follows_the_log(reader)
    slow = percentile(history.seconds(), 0.99)
    also = f"{', '.join(struck)}; p99 {slow:.1f} s, screens {lag:.1f} s later"
    fault.found(checker.judge(history, world, checker.screens(readers)), also)


def _draw(
    request: pytest.FixtureRequest, centre: Running, database_server: str, fault: Fault
) -> tuple[list[str], list[tuple[float, Blow]]]:
    """The blows of this seed: their names, and each with the share of presses it waits for."""
    known: dict[str, Blow] = {
        "web": lambda: kill(centre, "web"),
        "relay": lambda: kill(centre, "relay"),
        "redis": lambda: kill(centre, "redis", away=1),
    }
    if database_server:
        cluster = request.getfixturevalue("cluster")
        known |= {"restart": cluster.restart_immediately, "hang": lambda: hang(cluster, fault.chance.uniform(1, 6))}
    struck = [fault.chance.choice(sorted(known)) for _ in range(BLOWS)]
    shares = sorted(fault.chance.uniform(0.05, 0.9) for _ in range(BLOWS))
    return struck, [(share, known[name]) for share, name in zip(shares, struck, strict=True)]
