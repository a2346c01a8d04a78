"""The hub: what a socket is told when it joins, who stays, and what goes round."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from commandcenter.access import tickets
from commandcenter.access.sockets import Grant
from commandcenter.live import frames
from commandcenter.live.frames import News
from commandcenter.sockets import hub as module
from commandcenter.sockets.hub import Hub
from tests.commandcenter.sockets.fake import MINE, Fake


class Log:
    """A log of one audience in memory."""

    def __init__(self) -> None:
        self.head, self.epoch, self.away = 5, "e1", False
        self.kept_from = 0
        self.while_reading: Callable[[], None] = lambda: None

    def news(self, given: dict[str, int]) -> News:
        """As frames.news."""
        if self.away:
            raise ConnectionError
        new = range(max(given["dcc"], self.kept_from) + 1, self.head + 1) if "dcc" in given else range(0)
        found = {"dcc": [(seq, f'{{"seq":{seq}}}') for seq in new][: frames.PAGE]} if new else {}
        self.while_reading()
        return News(self.epoch, dict.fromkeys(given, self.head), found)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    """Read by the hub in place of the database."""
    known = Log()

    async def place(_audience: str) -> tuple[str, int]:
        if known.away:
            raise ConnectionError
        return known.epoch, known.head

    monkeypatch.setattr(module, "_read_place", place)
    monkeypatch.setattr(frames, "news", known.news)
    return known


@pytest.fixture
def hub(log: Log, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub whose loops do not run by themselves."""
    monkeypatch.setattr(Hub, "_ensure_running", lambda _hub: None)
    return Hub()


def _rights(monkeypatch: pytest.MonkeyPatch, valid: set[Grant]) -> None:
    async def read(_grants: list[Grant]) -> set[Grant]:
        return valid

    monkeypatch.setattr(module, "_read_valid", read)


def _seqs(socket: Fake) -> list[int]:
    """Every seq pushed to it, in order."""
    found: list[int] = []
    for wire in socket.got:
        news: Any = json.loads(wire[2:] if wire[1] < 126 else wire[4:])
        if "head" not in news:
            found += [frame["seq"] for frame in (news if isinstance(news, list) else [news])]
    return found


async def test_who_joins_is_told_the_head_and_gets_what_comes_after(hub: Hub, log: Log) -> None:
    socket = Fake()
    assert json.loads(await hub.join(socket))["head"] == 5
    log.head = 7
    assert await hub._look()
    assert _seqs(socket) == [6, 7]


async def test_a_frame_is_in_the_head_or_is_pushed_whenever_a_socket_joins(hub: Hub, log: Log) -> None:
    first, second = Fake(), Fake()
    await hub.join(first)
    log.head = 6
    heads: list[int] = []
    loop = asyncio.get_running_loop()

    async def join() -> None:
        heads.append(json.loads(await hub.join(second))["head"])

    # Frame 6 is committed and read; before it is given, another socket joins.
    log.while_reading = lambda: asyncio.run_coroutine_threadsafe(join(), loop).result(5)  # type: ignore[assignment,return-value]
    await hub._look()
    assert (heads, _seqs(second)) == ([5], [6])


async def test_a_storm_of_joins_reads_the_head_once(hub: Hub, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    await hub.join(Fake())
    await hub._look()
    log.away = True
    for _ in range(100):
        await hub.join(Fake())


async def test_a_hub_that_can_not_read_lets_nobody_in_and_sends_no_heartbeat(hub: Hub, log: Log) -> None:
    log.away = True
    assert hub.blind()
    with pytest.raises(ConnectionError):
        await hub.join(Fake())


async def test_another_epoch_moves_the_stream_and_pushes_nothing(hub: Hub, log: Log) -> None:
    socket = Fake()
    await hub.join(socket)
    log.epoch, log.head = "e2", 3
    await hub._look()
    assert (socket.got, hub.streams["dcc"].given, hub.epoch) == ([], 3, "e2")


async def test_frames_that_are_not_kept_do_not_stop_the_stream(hub: Hub, log: Log) -> None:
    socket = Fake()
    await hub.join(socket)
    log.head = log.kept_from = 9
    await hub._look()
    log.head = 10
    await hub._look()
    assert _seqs(socket) == [10]


async def test_a_socket_that_breaks_is_let_go_and_its_neighbours_notice_nothing(hub: Hub, log: Log) -> None:
    broken, well = Fake(answer=None), Fake()

    async def breaks(_text: str) -> None:
        raise OSError

    broken.give = breaks  # type: ignore[method-assign]
    for socket in (broken, well):
        await hub.join(socket)
    log.head = 6
    await hub._look()
    assert (_seqs(well), list(hub.streams["dcc"].members)) == ([6], [well])


async def test_who_hangs_up_while_joining_is_let_go_without_a_fault(hub: Hub, log: Log) -> None:
    gone = Fake(answer=None)

    async def closed(_text: str) -> None:
        raise ConnectionError("sent on a closed protocol")

    gone.give = closed  # type: ignore[method-assign]
    await hub.tell(gone, await hub.join(gone))
    assert hub.streams == {}


async def test_a_server_that_sticks_with_one_socket_holds_up_nobody(
    hub: Hub, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STUCK_SECONDS", 0.01)
    stuck, well = Fake(answer=None), Fake(answer=None)
    stuck.give = lambda _text: asyncio.sleep(60)  # type: ignore[method-assign,assignment,return-value]
    for socket in (stuck, well):
        await hub.join(socket)
    log.head = 6
    await hub._look()
    assert (well.given, list(hub.streams["dcc"].members)) == (['{"seq":6}'], [well])


@pytest.mark.parametrize(("seq", "known"), [(5, True), (6, True), (7, False)])
async def test_a_reader_may_be_ahead_of_the_hub_but_not_of_the_log(hub: Hub, log: Log, seq: int, known: bool) -> None:
    socket = Fake()
    await hub.join(socket)
    log.head = 6
    assert await hub.knows(socket, seq) is known


async def test_a_withdrawn_right_ends_the_socket_and_its_tickets(
    hub: Hub, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stays = Fake(), Fake(grant=Grant("dcc", 8, 1, "other"))
    for socket in (gone, stays):
        await hub.join(socket)
    _rights(monkeypatch, {stays.grant})
    await hub._prove([gone, stays])
    assert gone.ended == (4403, "the right was withdrawn")
    assert stays.ended is None
    assert gone.grant in hub.refused
    assert stays.grant not in hub.refused


async def test_a_ticket_is_renewed_only_after_the_right_was_read_again(
    hub: Hub, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else somebody whose right is gone lives on tickets for ever: each would bring the next.
    socket = Fake()
    assert "ticket" not in json.loads(await hub.join(socket))
    stream = hub.streams["dcc"]
    assert "ticket" not in json.loads(hub._heartbeat(stream, socket))
    _rights(monkeypatch, {MINE})
    await hub._prove([socket])
    assert tickets.admit(json.loads(hub._heartbeat(stream, socket))["ticket"], "") == MINE
    assert "ticket" not in json.loads(hub._heartbeat(stream, socket)), "one for each proof"


async def test_a_nudge_brings_what_it_speaks_of_without_another_look(
    hub: Hub, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, int]] = []

    def after(given: dict[str, int]) -> dict[str, list[tuple[int, str]]]:
        asked.append(given)
        return {name: [(seq, f'{{"seq":{seq}}}') for seq in range(given[name] + 1, 8)] for name in given}

    monkeypatch.setattr(frames, "after", after)
    socket = Fake()
    await hub.join(socket)
    hub._hear({"summary": 7, "dcc": 5})
    assert not hub.look.is_set(), "nobody here listens to the one, and the other is known"
    hub._hear({"summary": 7, "dcc": 7})
    assert hub.look.is_set()
    await hub._give_heard()
    assert (asked, _seqs(socket)) == ([{"dcc": 5}], [6, 7])


def _looping(monkeypatch: pytest.MonkeyPatch, hub: Hub) -> Callable[[Callable[[], Awaitable[None]]], Any]:
    for name in ("BEAT_SECONDS", "NEWCOMER_SECONDS"):
        monkeypatch.setattr(module, name, 0.02)

    async def run(loop: Callable[[], Awaitable[None]]) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(loop(), 0.2)

    return run


async def test_newcomers_with_a_ticket_are_asked_about_soon(
    hub: Hub, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _looping(monkeypatch, hub)
    _rights(monkeypatch, set())
    monkeypatch.setattr(module, "RIGHTS_SECONDS", 3600.0)
    known = Fake()
    await hub.join(known)
    task = asyncio.create_task(run(hub._rights))
    await asyncio.sleep(0.1)
    assert known.ended, "everybody, at the start"
    known.ended, known.proved = None, True
    await hub.join(newcomer := Fake(grant=Grant("dcc", 9, 1, "new")))
    await task
    assert newcomer.ended == (4403, "the right was withdrawn")
    assert known.ended is None, "not yet again"


async def test_heartbeats_go_round_and_end_who_never_answers(
    hub: Hub, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _looping(monkeypatch, hub)
    answers, mute = Fake(), Fake()
    mute.mute = True
    for socket in (answers, mute):
        await hub.join(socket)
    await hub._look()
    await run(hub._beat)
    assert len(answers.got) >= 2
    assert mute.ended == (4008, "no acknowledgement for 30 s")


async def test_a_blind_hub_sends_no_heartbeat(hub: Hub, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _looping(monkeypatch, hub)
    socket = Fake()
    await hub.join(socket)
    assert hub.blind(), "it never looked"
    await run(hub._beat)
    assert socket.got == []
