"""The load client loses nothing by itself and notices what a server loses, else a benchmark counts what it likes."""

import json
import socket
import time
from collections.abc import Iterator

import pytest

from tests.bench.arrivals import last_by_seq, latencies_ms
from tests.bench.crowd import Crowd, Dialling, Member
from tests.bench.fanout import exact
from tests.bench.posts import whole
from tests.bench.profile import table

pytestmark = pytest.mark.once


def frame(seq: int, prev: int | None = None, fill: str = "") -> dict[str, object]:
    return {"seq": seq, "prev": seq - 1 if prev is None else prev, "id": str(seq), "fill": fill}


def wire(body: object) -> bytes:
    """A server's WebSocket text message."""
    payload = json.dumps(body, separators=(",", ":")).encode()
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


class Wire:
    """A crowd of one or more, and the server's ends of their sockets."""

    def __init__(self, count: int, *, acks: bool = False) -> None:
        self.crowd = Crowd(1, "/live/", acks=acks)
        self.ends = []
        for _ in range(count):
            ours, theirs = socket.socketpair()
            ours.setblocking(False)
            self.crowd._welcome(Dialling(ours, 0.0, b"HTTP/1.1 101 Switching\r\n\r\n"))
            self.ends.append(theirs)

    def send(self, data: bytes, to: int = 0) -> None:
        self.ends[to].send(data)
        self.crowd.poll(0.1)

    def members(self) -> list[Member]:
        return list(self.crowd.members.values())

    def told(self, to: int = 0) -> bytes:
        self.ends[to].setblocking(False)
        try:
            return self.ends[to].recv(4096)
        except BlockingIOError:
            return b""


@pytest.fixture
def one() -> Iterator[Wire]:
    made = Wire(1, acks=True)
    yield made
    made.crowd.close()


def test_frames_in_order_are_delivered_alone_and_in_a_list(one: Wire) -> None:
    one.send(wire(frame(1)))
    one.send(wire([frame(2), frame(3)]))
    log = one.crowd.log
    assert (log.delivered, log.gaps, log.doubles, one.members()[0].last) == (3, 0, 0, 3)
    assert exact(one.crowd, 3) == 3


def test_a_missing_frame_is_a_hole_and_never_counts_as_done(one: Wire) -> None:
    one.send(wire(frame(1)))
    one.send(wire(frame(3, prev=2)))
    assert one.crowd.log.gaps == 1
    assert exact(one.crowd, 3) < 3


def test_a_frame_that_comes_twice_is_one_too_many(one: Wire) -> None:
    one.send(wire(frame(1)))
    one.send(wire(frame(1)))
    assert (one.crowd.log.delivered, one.crowd.log.doubles) == (1, 1)
    assert exact(one.crowd, 1) == 2


def test_the_same_bytes_to_the_next_socket_are_checked_against_its_own_place() -> None:
    two = Wire(2)
    two.send(wire(frame(1)), to=0)
    two.send(wire(frame(2)), to=0)
    two.send(wire(frame(2)), to=1)
    assert [member.last for member in two.members()] == [2, 2]
    assert (two.crowd.log.delivered, two.crowd.log.gaps) == (3, 1)
    two.crowd.close()


def test_a_hole_inside_one_message_stops_the_benchmark(one: Wire) -> None:
    with pytest.raises(AssertionError, match="hole after 1"):
        one.send(wire([frame(1), frame(3, prev=2)]))


@pytest.mark.parametrize("fill", [0, 200, 70_000])
def test_messages_of_every_length_may_arrive_in_pieces(one: Wire, fill: int) -> None:
    data = wire(frame(1, fill="x" * fill)) + wire(frame(2))
    for cut in range(0, len(data), 16_001):
        one.send(data[cut : cut + 16_001])
    assert one.crowd.log.delivered == 2
    assert one.members()[0].rest == b""


def test_a_heartbeat_says_where_one_starts_and_is_acknowledged(one: Wire) -> None:
    one.send(wire({"at": "2026-05-12T20:05:00.000Z", "epoch": "e", "head": 41}))
    assert (one.members()[0].last, one.members()[0].head) == (41, 41)
    assert one.told().endswith(b'{"ack":41}')
    one.send(wire(frame(42)))
    assert (one.crowd.log.delivered, one.crowd.log.gaps) == (1, 0)


def test_frames_alone_are_not_acknowledged_as_in_a_browser(one: Wire) -> None:
    one.send(wire([frame(seq) for seq in range(1, 150)]))
    assert one.told() == b""


def test_a_ping_is_answered(one: Wire) -> None:
    one.send(b"\x89\x02hi")
    assert one.told() == b"\x8a\x82\x00\x00\x00\x00hi"


def test_a_socket_that_ends_is_not_open_any_more(one: Wire) -> None:
    one.send(b"\x88\x02\x0f\xa8")
    assert (one.crowd.open(), one.members()[0].closed) == (0, 4008)


def test_who_is_not_welcome_is_counted() -> None:
    crowd = Crowd(1, "/live/")
    line, _other = socket.socketpair()
    assert not crowd._welcome(Dialling(line, 0.0, b"HTTP/1.1 403 Forbidden\r\n\r\n"))
    assert (crowd.refused, len(crowd.members)) == (1, 0)


def test_the_load_client_says_what_it_costs_itself() -> None:
    crowd = Crowd(1, "/live/")
    crowd.begin()
    until = time.process_time() + 0.02
    while time.process_time() < until:
        pass
    assert crowd.own_share() > 0


def test_latency_is_from_the_commit_of_each_frame_to_each_socket() -> None:
    two = Wire(2)
    two.send(wire([frame(1), frame(2)]), to=0)
    two.send(wire([frame(1), frame(2)]), to=1)
    log = two.crowd.log
    first, second = log.moments
    assert last_by_seq(log) == {1: (2, second), 2: (2, second)}
    late = sorted(latencies_ms(log, {1: first - 1.0, 2: first}))
    assert late == pytest.approx(sorted([1000, 0, 1000 + (second - first) * 1000, (second - first) * 1000]))
    two.crowd.close()


@pytest.mark.parametrize(
    ("answer", "complete"),
    [
        (b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", True),
        (b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{", False),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", False),
    ],
)
def test_an_answer_counts_when_it_is_whole(answer: bytes, complete: bool) -> None:
    assert whole(answer) is complete


def test_a_profile_says_who_works_and_who_only_waits() -> None:
    stacks = ["run (a/b/loop.py:1);work (x/y/z.py:7) 30", "run (a/b/loop.py:1);work (x/y/z.py:9) 10"]
    waiting = ["run (a/b/loop.py:1);EpollSelector.select (selectors.py:4) 500"]
    lines = table(stacks + waiting).splitlines()
    assert "(40 samples" in lines[0]
    assert lines[1].split() == ["100.0", "%", "100.0", "%", "work", "(y/z.py)"]
    assert len(lines) == 2
