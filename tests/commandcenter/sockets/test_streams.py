"""Arrears: who is written to, who is held, and who goes on."""

from typing import Any

import pytest

from commandcenter.sockets import streams
from commandcenter.sockets.streams import UNACKED_BYTES, UNACKED_FRAMES, Message, Stream, message
from tests.commandcenter.sockets.fake import Fake


@pytest.fixture
def stream() -> Stream:
    """An audience without members, at 0."""
    return Stream("dcc", 0)


def _give(stream: Stream, count: int, size: int = 100) -> list[Any]:
    rest: list[Any] = []
    for _ in range(count):
        rest += stream.broadcast(Message(b"", b"x" * size, 1, stream.given + 1))
    return rest


def test_several_frames_are_one_message_in_order() -> None:
    assert message([(3, "{3}")])[0::2] == (b"{3}", 1)
    assert message([(3, "{3}"), (7, "{7}")]) == (b"[{3},{7}]", b"\x81\x09[{3},{7}]", 2, 7)


def test_everybody_gets_the_same_bytes(stream: Stream) -> None:
    members = [Fake(), Fake()]
    for member in members:
        stream.admit(member)
    assert _give(stream, 3) == []
    assert [len(member.got) for member in members] == [3, 3]
    assert stream.given == 3


def test_where_the_transport_is_not_known_the_server_sends(stream: Stream) -> None:
    unknown, closing = Fake(), Fake(None)
    unknown.line = None
    stream.admit(unknown)
    stream.admit(closing)
    assert sorted(map(id, _give(stream, 1))) == sorted(map(id, [unknown, closing]))


def test_a_full_buffer_is_passed_over(stream: Stream) -> None:
    stream.admit(Fake(answer=False))
    assert _give(stream, 1) == []


@pytest.mark.parametrize(("count", "size"), [(UNACKED_FRAMES + 1, 10), (3, UNACKED_BYTES // 2)])
def test_a_reader_that_leaves_a_heartbeat_unanswered_with_too_much_is_held(
    stream: Stream, count: int, size: int
) -> None:
    reader = Fake()
    stream.admit(reader)
    _give(stream, count, size)
    stream.ask(reader)
    assert not reader.held, "it was never asked"
    _give(stream, 1, size)
    stream.ask(reader)
    assert reader.held
    got = len(reader.got)
    _give(stream, 5, size)
    assert len(reader.got) == got, "heartbeats only"
    reader.acked = stream.given
    stream.judge(reader)
    assert not reader.held


def test_a_reader_that_answers_is_not_held_however_many_frames_come_between_two_heartbeats(stream: Stream) -> None:
    reader = Fake()
    stream.admit(reader)
    for _ in range(5):
        _give(stream, 1500)
        stream.ask(reader)
        reader.acked = stream.given
    assert len(reader.got) == 7500


def test_a_held_reader_goes_on_only_when_it_has_nearly_everything(stream: Stream) -> None:
    reader = Fake()
    stream.admit(reader)
    _give(stream, 1000)
    stream.ask(reader)
    stream.ask(reader)
    for acked, held in [(100, True), (799, True), (800, False)]:
        reader.acked = acked
        stream.judge(reader)
        assert reader.held is held, acked


def test_who_has_left_is_not_taken_back_by_a_late_acknowledgement(stream: Stream) -> None:
    gone = Fake()
    gone.held = True
    stream.judge(gone)
    assert not stream.members
    assert not stream.writers


def test_who_leaves_hears_nothing_more(stream: Stream) -> None:
    gone, unknown, stays = Fake(), Fake(), Fake()
    unknown.line = None
    for member in (gone, unknown, stays):
        stream.admit(member)
    for member in (gone, unknown):
        stream.dismiss(member)
    assert _give(stream, 1) == []
    assert [len(member.got) for member in (gone, unknown, stays)] == [0, 0, 1]


def test_the_sums_are_kept_for_a_while_only(stream: Stream) -> None:
    _give(stream, 3 * streams.MARKS)
    assert len(stream.marks) <= 2 * streams.MARKS
    late = Fake()
    stream.admit(late)
    late.acked = late.asked = 0
    stream.ask(late)
    stream.ask(late)
    assert late.held
