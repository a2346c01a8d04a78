"""A6: the last five nudges are lost and then nothing happens any more: every screen still reaches the head."""

import time

import pytest

from tests.journeys.faults import checker
from tests.journeys.faults.conftest import Fault
from tests.journeys.faults.nudges import Thief
from tests.journeys.faults.phones import Phones
from tests.journeys.reader import Reader, follows_the_log, wait_for_head
from tests.journeys.running import Person, Running, until

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.alone]
HEARD, UNHEARD = 20, 5
AT_HEAD_SECONDS = 7.0


def received_by(reader: Reader) -> list[int]:
    """The numbers of the requests for help that it drew."""
    return [frame["seq"] for frame in reader.seen if frame["kind"] == "emergency.received"]


def test_a06_a_lost_tail_is_seen(bare: Running, accounts: dict[str, dict[str, str]], fault: Fault) -> None:
    deaf: list[bool] = []
    thief = Thief(bare.folder / "redis.sock", lambda: None if deaf else 0.0)
    thief.start()
    bare.start("redis", "relay")
    bare.start_as("web", "web", REDIS_URL=thief.url)
    until(bare.ready, 60, "/readyz")
    people = [Person(bare, accounts[name]) for name in ("operator", "supervisor", "verifier")]
    readers = [Reader(bare, person) for person in people]
    for reader in readers:
        reader.start()
    until(lambda: all(reader.connects for reader in readers), 20, "every reader is connected")

    phones = Phones(bare.port, HEARD + UNHEARD, fault.chance, rate=10)
    history = phones.history
    phones.press(range(HEARD))
    wait_for_head(readers, checker.read_world(bare).head_of("dcc"), 10)
    deaf.append(True)
    phones.press(range(HEARD, HEARD + UNHEARD))
    pressed = time.monotonic()
    world = checker.read_world(bare)
    wait_for_head(readers, world.head_of("dcc"), AT_HEAD_SECONDS)
    # By when each screen drew the unheard ones, not by when this test had looked.
    lag = max(reader.drawn_at[seq] for reader in readers for seq in received_by(reader)) - pressed
    assert lag <= AT_HEAD_SECONDS
    for reader in readers:
        reader.stop()
        follows_the_log(reader)
    also = f"{thief.lost} last nudges lost, at head {lag:.1f} s later"
    fault.found(checker.judge(history, world, checker.screens(readers)), also)
    assert thief.lost > 0
