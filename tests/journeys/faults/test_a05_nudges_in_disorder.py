"""A5: one nudge in five is lost, the others come late and in disorder: every screen is complete all the same."""

import pytest

from tests.journeys.faults import checker
from tests.journeys.faults.conftest import Fault, sized
from tests.journeys.faults.nudges import Thief
from tests.journeys.faults.phones import Phones
from tests.journeys.reader import Reader, follows_the_log, wait_for_head
from tests.journeys.running import Person, Running, until

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
READERS = 20
LOST = 0.2
LATE_SECONDS = 0.5


def test_a05_screens_are_complete_when_nudges_are_not(
    bare: Running, accounts: dict[str, dict[str, str]], fault: Fault
) -> None:
    chance = fault.chance
    thief = Thief(
        bare.folder / "redis.sock", lambda: None if chance.random() < LOST else chance.uniform(0, LATE_SECONDS)
    )
    thief.start()
    bare.start("redis", "relay")
    bare.start_as("web", "web", REDIS_URL=thief.url)
    until(bare.ready, 60, "/readyz")

    person = Person(bare, accounts["operator"])
    readers = [Reader(bare, person) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    until(lambda: all(reader.connects for reader in readers), 30, "every reader is connected")
    history = Phones(bare.port, sized(200, 2000), chance, rate=30).press_all()

    world = checker.read_world(bare)
    lag = wait_for_head(readers, world.head_of("dcc"), 10)
    for reader in readers:
        reader.stop()
        follows_the_log(reader)
    also = f"{READERS} readers, {thief.lost} nudges lost, {thief.passed} late, screens {lag:.1f} s later"
    fault.found(checker.judge(history, world, checker.screens(readers)), also)
    assert thief.lost > 0
    assert thief.passed > 0
