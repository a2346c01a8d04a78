"""Prebuilt frames: right on the wire, in order, and against the pinned daphne."""

import socket
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from autobahn.websocket import protocol as websocket_protocol
from channels.sessions import InstanceSessionWrapper
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.tcp import Connection
from websockets.frames import Frame, Opcode

from commandcenter.sockets.streams import Stream, message
from commandcenter.sockets.transport import line as line_of
from commandcenter.sockets.transport import quiet, text_frame
from tests.commandcenter.sockets.fake import Fake


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_a_frame_is_what_the_standard_says(size: int) -> None:
    text = "é" * (size // 2) + "x" * (size % 2)
    assert text_frame(text.encode()) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


class Reactor:
    """Remembers who waits for its socket to be writable."""

    def __init__(self) -> None:
        self.writers: list[Any] = []

    def addWriter(self, transport: Any) -> None:  # noqa: N802
        """Twisted's own name."""
        self.writers.append(transport)

    def removeWriter(self, transport: Any) -> None:  # noqa: N802
        """Twisted's own name."""
        self.writers = [writer for writer in self.writers if writer is not transport]

    def getWriters(self) -> list[Any]:  # noqa: N802
        """Twisted's own name."""
        return self.writers


@pytest.fixture
def line() -> Iterator[tuple[WebSocketProtocol, socket.socket]]:
    """daphne's protocol on one end of a socket, and the other end."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    protocol = WebSocketProtocol()
    protocol.state = protocol.STATE_OPEN
    protocol._perMessageCompress = None
    protocol.transport = Connection(ours, protocol, Reactor())
    protocol.transport.connected = 1
    yield protocol, theirs
    ours.close()
    theirs.close()


def _send_of(protocol: WebSocketProtocol) -> Any:
    """`send` as a consumer gets it: daphne's, inside the wrapper of Channels' session middleware."""
    wrapper = InstanceSessionWrapper.__new__(InstanceSessionWrapper)
    wrapper.real_send = partial(Server(application=None, endpoints=["tcp:port=0"]).handle_reply, protocol)
    return wrapper.send


def test_the_pinned_daphne_is_recognised_and_written_to_directly(line: tuple[WebSocketProtocol, socket.socket]) -> None:
    protocol, theirs = line
    found = line_of(_send_of(protocol))
    assert found is not None
    assert found.write(text_frame(b"hello"))
    assert theirs.recv(100) == text_frame(b"hello")
    assert protocol.transport.reactor.writers == []


def test_order_holds_when_the_reader_is_slow(line: tuple[WebSocketProtocol, socket.socket]) -> None:
    protocol, theirs = line
    found = line_of(_send_of(protocol))
    assert found is not None
    frames = [text_frame(f"{number}:".encode() + b"x" * 5_000) for number in range(40)]
    for frame in frames:
        assert found.write(frame)
    assert protocol.transport.reactor.writers
    whole, got = b"".join(frames), b""
    while len(got) < len(whole):
        got += theirs.recv(1 << 20)
        protocol.transport.doWrite()
    assert got == whole


def test_a_broadcast_does_not_overtake_what_is_buffered(
    line: tuple[WebSocketProtocol, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol, theirs = line
    transport = protocol.transport
    monkeypatch.setitem(sys.modules, "twisted.internet.reactor", transport.reactor)
    reader, stream = Fake(), Stream("dcc", 0)
    reader.line = line_of(_send_of(protocol))
    stream.admit(reader)
    news = [message([(1, "x" * 300_000)]), message([(2, "y" * 100)]), message([(3, "z" * 100)])]
    assert stream.broadcast(news[0]) == []
    assert transport.reactor.writers == [transport]
    got = theirs.recv(1 << 20)  # the kernel has room again
    assert stream.broadcast(news[1]) == []
    whole = news[0].wire + news[1].wire
    while len(got) < len(whole):
        transport.doWrite()
        got += theirs.recv(1 << 20)
    transport.doWrite()
    assert transport.reactor.writers == []
    assert stream.broadcast(news[2]) == []
    assert got + theirs.recv(1 << 20) == whole + news[2].wire


def test_a_closing_socket_is_left_to_the_server(line: tuple[WebSocketProtocol, socket.socket]) -> None:
    protocol, _theirs = line
    found = line_of(_send_of(protocol))
    assert found is not None
    protocol.state = protocol.STATE_CLOSING
    assert not found.write(text_frame(b"late"))


def test_compression_and_other_servers_use_the_servers_own_send(line: tuple[WebSocketProtocol, socket.socket]) -> None:
    async def send(message: dict[str, Any]) -> None:
        """Some other server's."""

    protocol, _theirs = line
    assert line_of(send) is None
    protocol._perMessageCompress = object()
    assert line_of(_send_of(protocol)) is None
    protocol._perMessageCompress = None
    protocol.transport = object()
    assert line_of(_send_of(protocol)) is None


def test_what_is_made_quiet_is_still_there_to_be_made_quiet() -> None:
    # A library that no longer has these names needs no quiet(); then it can go.
    for name in ("pformat", "hltype", "hlval"):
        assert callable(getattr(websocket_protocol, name)), name
    quiet()
    assert websocket_protocol.pformat([1]) == [1]  # type: ignore[comparison-overlap]
