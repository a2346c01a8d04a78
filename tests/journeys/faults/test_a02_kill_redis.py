"""A2: Redis is killed three times, then stays away: intake, forms, pages and screens go on, and nothing is missing."""

import random
import re
import threading

import pytest

from tests.journeys.faults import checker
from tests.journeys.faults.conftest import Fault, sized
from tests.journeys.faults.nemesis import Nemesis, kill
from tests.journeys.faults.phones import History, Phones, percentile
from tests.journeys.reader import Reader, follows_the_log, wait_for_head
from tests.journeys.running import Person, Running, until

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.alone]
# Without worker and beat: the relay sweeps when nobody does.
PROCESSES = ("redis", "web", "relay")
PAGES = ("/", "/crises/", "/crises/declare/", "/exercises/", "/missions/kjri-hongkong/", "/sos/", "/status")
RATE = 40
FRAME_LATE_SECONDS = 2.0
# Two shared cores: below this, a 99th percentile of a few hundred posts is noise.
NOISE_SECONDS = 0.5


def test_a02_everything_works_without_redis(
    running: Running, accounts: dict[str, dict[str, str]], fault: Fault
) -> None:
    operator, supervisor = Person(running, accounts["operator"]), Person(running, accounts["supervisor"])
    readers = [Reader(running, operator)]
    readers[0].start()
    until(lambda: readers[0].connects, 20, "a reader is connected while Redis is there")
    size = sized(1000, 4000)

    # The same work as later without Redis: phones, and somebody who opens pages.
    healthy, working = _pressing(running, fault, size // 5, size // 5 / RATE)
    _open_pages(operator)
    working.join()
    killed = Phones(running.port, size * 2 // 5, fault.chance, rate=RATE)
    nemesis = Nemesis(killed, [(share, lambda: kill(running, "redis", away=1)) for share in (0.2, 0.5, 0.8)])
    nemesis.start()
    histories = [healthy.history, killed.press_all()]
    nemesis.finish()

    running.kill("redis")
    away, working = _pressing(running, fault, size * 2 // 5, sized(20, 60))
    number = _first_frame(readers[0])
    assert operator.post(f"/emergencies/{number}/take/").status_code in {204, 302}
    _open_pages(operator)
    readers.append(Reader(running, supervisor))
    readers[1].start()
    until(lambda: readers[1].connects, 20, "a socket opens while Redis is away")
    assert _declare(supervisor) == 302
    assert running.ready()
    working.join()
    running.start("redis")
    histories.append(away.history)

    world = checker.read_world(running)
    wait_for_head(readers, world.head_of("dcc"), 10)
    for reader in readers:
        reader.stop()
        follows_the_log(reader)
    late = max(_lateness(readers[0], histories))
    slow, fast = (percentile(one.seconds(), 0.99) for one in (away.history, healthy.history))
    fault.found(
        checker.judge(_together(histories), world, checker.screens(readers)),
        f"4 kills, intake p99 {slow:.2f} s away, {fast:.2f} s healthy, frames ≤ {late:.2f} s late",
    )
    assert slow <= max(2 * fast, NOISE_SECONDS)
    assert late <= FRAME_LATE_SECONDS


def _pressing(running: Running, fault: Fault, count: int, seconds: float) -> tuple[Phones, threading.Thread]:
    """Phones that press while the test goes on."""
    phones = Phones(running.port, count, random.Random(fault.chance.random()), rate=count / seconds)
    thread = threading.Thread(target=phones.press_all, daemon=True)
    thread.start()
    return phones, thread


def _open_pages(person: Person) -> None:
    for path in PAGES:
        assert person.get(path).status_code == 200, path


def _together(histories: list[History]) -> History:
    whole = History()
    for history in histories:
        whole.tried += history.tried
        for attempt in history.attempts:
            whole.add(attempt)
    return whole


def _first_frame(reader: Reader) -> str:
    drawn = [frame["id"] for frame in reader.seen if frame["kind"] == "emergency.received"]
    return str(drawn[0])


def _lateness(reader: Reader, histories: list[History]) -> list[float]:
    """Seconds between the answer to a phone and the emergency on the screen."""
    answered = {attempt.number: attempt.ended for history in histories for attempt in history.heard}
    received = [frame for frame in reader.seen if frame["kind"] == "emergency.received"]
    return [reader.drawn_at[frame["seq"]] - answered[frame["id"]] for frame in received]


def _declare(person: Person) -> int:
    form = person.get("/crises/declare/").text
    lead = re.search(r'<option value="(\d+)"', form[form.index('name="lead"') :])
    assert lead is not None
    fields = {
        "name": "Tanpa Redis",
        "kind": "fire",
        "level": "2",
        "lead": lead[1],
        "area_source": "radius",
        "lat": "22.45",
        "lon": "114.17",
        "radius_km": "5",
        "step": "declare",
    }
    return person.post("/crises/declare/", data=fields).status_code
