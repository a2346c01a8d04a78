"""The lane in a flood: signed ones first, nobody for ever, no first alarm refused for its rate or address; and work."""

import asyncio
import json
from typing import Any

import pytest

from alerts.devices import rules
from alerts.emergencies.models import Emergency
from alerts.floods.pressure import Pressure
from alerts.lane import application as lane
from alerts.lane import work
from alerts.lane.application import Lane
from alerts.lane.waiting import Rank, WaitingRoom
from tests.alerts.devices.test_flood_keys import known
from tests.alerts.lane.asgi import HOST, Answer, Gate, ask, post
from tests.alerts.lane.conftest import Make
from tests.journeys.pressing import Device

HEADER = rules.HEADER.lower().encode()


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> Pressure:
    """Intake is overloaded: ten seconds of late answers, just now."""
    made = Pressure()
    began = int(lane.monotonic()) - 10
    for second in range(began, began + 10):
        made.note(second, 1.5)
    monkeypatch.setattr(lane, "pressure", made)
    return made


def signed(body: dict[str, Any], device: Device) -> tuple[bytes, tuple[tuple[bytes, bytes], ...]]:
    raw = json.dumps(body).encode()
    return raw, (HOST, (HEADER, device.header(raw).encode()))


def solved(answer: Answer) -> bytes:
    """What a browser does: count until the hash fits."""
    asked = answer.json()["work"]
    whole = f"{asked['bits']}.{asked['until']}.{asked['salt']}."
    n = 0
    while int.from_bytes(work.sha256(f"{asked['salt']}.{n}".encode()).digest()[:4], "big") >> (32 - asked["bits"]):
        n += 1
    return f"{whole}{n}".encode()


@pytest.mark.once
def test_a_batch_takes_signed_ones_first_and_the_longest_waiting_with_them() -> None:
    room = WaitingRoom[int]()
    for n in range(100):
        room.put(n, Rank.BUSY_NETWORK)
    for n in range(100, 110):
        room.put(n, Rank.UNSIGNED)
    for n in range(110, 120):
        room.put(n, Rank.SIGNED)
    first = room.take(40)
    # A quarter for those who wait longest, then by rank.
    assert first == [*range(10), *range(110, 120), *range(100, 110), *range(10, 20)]
    assert room.take(200) == list(range(20, 100))
    assert len(room) == 0


@pytest.mark.once
def test_nobody_waits_for_ever_behind_a_stream_of_signed_ones() -> None:
    room = WaitingRoom[str]()
    room.put("unsigned", Rank.BUSY_NETWORK)
    for n in range(8):
        room.put(f"{n}", Rank.SIGNED)
    assert "unsigned" in room.take(4)


def test_the_signature_sets_the_order_and_not_the_answer(
    application: Lane, gate: Gate, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "LARGEST_BATCH", 4)
    plain, own = [make() for _ in range(8)], [signed(make(), known()) for _ in range(2)]
    order: list[str] = []

    async def pressing(body: Any, headers: Any = (HOST,)) -> Answer:
        answer = await ask(application, body, headers=headers)
        order.append(answer.json()["number"])
        return answer

    async def posted() -> list[Answer]:
        ahead = asyncio.create_task(pressing(make()))
        await asyncio.to_thread(gate.entered.wait, 10)
        tasks = [asyncio.create_task(pressing(body)) for body in plain]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(pressing(body, headers)) for body, headers in own]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gate.opened.set()
        await ahead
        return list(await asyncio.gather(*tasks))

    answers = asyncio.run(posted())
    assert {answer.status for answer in answers} == {201}
    assert len({tuple(sorted(answer.json())) for answer in answers}) == 1
    numbers = {row.number for row in Emergency.objects.exclude(device="")}
    # The batch after the first: one who waited longest, both signed ones, one more.
    assert numbers <= set(order[1:5])


@pytest.mark.parametrize("network", ["10.0.0.1", "2001:db8::1"])
def test_a_first_alarm_is_never_refused_for_its_rate_or_address(application: Lane, make: Make, network: str) -> None:
    async def one() -> int:
        headers = (HOST, (b"x-forwarded-for", b"6.6.6.6"))
        answer = await ask(application, make(), headers=headers, peer=network)
        return answer.status

    async def all_of_them() -> list[int]:
        return list(await asyncio.gather(*(one() for _ in range(120))))

    assert asyncio.run(all_of_them()) == [201] * 120
    assert Emergency.objects.count() == 120


def test_when_the_room_is_full_a_signed_one_still_finds_a_place(
    application: Lane, gate: Gate, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "MOST_WAITING", 1)
    body, headers = signed(make(), known())

    async def posted() -> list[int]:
        ahead = asyncio.create_task(ask(application, make()))
        await asyncio.to_thread(gate.entered.wait, 10)
        tasks = [asyncio.create_task(ask(application, make())) for _ in range(2)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        tasks.append(asyncio.create_task(ask(application, body, headers=headers)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gate.opened.set()
        return [answer.status for answer in await asyncio.gather(ahead, *tasks)]

    assert asyncio.run(posted()) == [201, 201, 503, 201]


def test_under_overload_an_unsigned_one_is_asked_for_work_and_a_signed_one_is_not(
    application: Lane, make: Make, pressed: Pressure
) -> None:
    body = make()
    asked = post(application, body)
    assert asked.status == 428
    assert asked.json()["type"] == "urn:dcc:problem:work"
    assert {*asked.json()["detail"]} == {"id", "en"}
    assert asked.json()["work"]["bits"] == 16
    assert Emergency.objects.count() == 0
    own, headers = signed(make(), known())
    assert post(application, own, headers=headers).status == 201
    # The work done, the same request is taken; again, it is a repeat like any other.
    done = (HOST, (work.HEADER, solved(asked)))
    first, again = post(application, body, headers=done), post(application, body, headers=done)
    assert (first.status, again.status, again.body) == (201, 200, first.body)


def test_work_is_good_for_no_other_request_and_for_no_less(application: Lane, make: Make, pressed: Pressure) -> None:
    body = make()
    done = solved(post(application, body))
    bits, until, salt, n = done.split(b".")
    forged = [
        (make(), done),
        (body, b".".join((b"1", until, salt, n))),
        (body, b".".join((bits, b"99999999999", salt, n))),
        (body, b".".join((bits, until, salt, b"0" if n != b"0" else b"1"))),
        (body, b".".join((bits, until, b"A" * 22, n))),
        (body, b"x" * 500),
        (body, b"...."),
        (body, b""),
    ]
    assert {post(application, one, headers=(HOST, (work.HEADER, how))).status for one, how in forged} == {428}
    assert Emergency.objects.count() == 0


@pytest.mark.once
def test_work_goes_stale() -> None:
    asked = json.loads(work.asked("c", 16, 1000.0).content)["work"]
    n = 0
    while not work.is_done(f"16.{asked['until']}.{asked['salt']}.{n}".encode(), "c", 1000):
        n += 1
    header = f"16.{asked['until']}.{asked['salt']}.{n}".encode()
    assert work.is_done(header, "c", asked["until"])
    assert not work.is_done(header, "c", asked["until"] + 1)


def test_without_overload_nobody_is_asked_for_work(application: Lane, make: Make) -> None:
    assert {post(application, make()).status for _ in range(20)} == {201}
