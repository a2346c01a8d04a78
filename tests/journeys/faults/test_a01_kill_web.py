"""A1: kill -9 of the web process five times in a burst. Nothing lost, nothing twice, nothing skipped on a screen."""

import pytest

from tests.journeys.faults import checker
from tests.journeys.faults.conftest import Fault, sized
from tests.journeys.faults.nemesis import Nemesis, kill_web
from tests.journeys.faults.phones import Phones, percentile
from tests.journeys.reader import Reader, follows_the_log, wait_for_head
from tests.journeys.running import Person, Running, until

pytestmark = [pytest.mark.faults, pytest.mark.alone]
# Without worker and beat: the relay sweeps when nobody does.
PROCESSES = ("redis", "web", "relay")
KILLS = (0.1, 0.25, 0.4, 0.6, 0.8)


def test_a01_nothing_is_lost_when_web_is_killed(
    running: Running, accounts: dict[str, dict[str, str]], fault: Fault
) -> None:
    readers = [Reader(running, Person(running, accounts[name])) for name in ("operator", "supervisor", "verifier")]
    for reader in readers:
        reader.start()
    until(lambda: all(reader.connects for reader in readers), 20, "every reader is connected")

    phones = Phones(running.port, sized(1000, 4000), fault.chance)
    nemesis = Nemesis(phones, [(share, lambda: kill_web(running)) for share in KILLS])
    nemesis.start()
    history = phones.press_all()
    last = nemesis.finish()
    waited = max(attempt.ended for attempt in history.heard) - last

    world = checker.read_world(running)
    lag = wait_for_head(readers, world.head_of("dcc"), 10)
    for reader in readers:
        reader.stop()
        follows_the_log(reader)
    slow = percentile(history.seconds(), 0.99)
    fault.found(
        checker.judge(history, world, checker.screens(readers)),
        f"5 kills, p99 {slow:.1f} s, last heard {waited:.1f} s after the last restart, screens {lag:.1f} s later",
    )
    assert waited <= 10
