"""The way past Channels to the socket: one WebSocket frame, built once, the same bytes for everybody.

Under daphne (the pinned version; see the test) a text frame goes straight to the kernel when nothing is buffered, else
through Twisted's buffer, so order holds. Anywhere else, and behind TLS, `line()` is None and the consumer's own
send() is used, which is always right.
"""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from autobahn.twisted import websocket
from autobahn.websocket import protocol as websocket_protocol
from twisted.internet.tcp import Connection

Send = Callable[[bytes], int]
FINAL_TEXT = 0x81
SHORT, MEDIUM = 126, 65536
# What may wait here for a reader that does not read; frames beyond it are for /live/since (reliability.md 3.3, D2).
BUFFERED_BYTES = 256 * 1024


def quiet() -> None:
    """Autobahn words debug lines that nobody reads, for every connection and every frame, before it looks whether it
    logs at all: 239 of the 287 µs in which it takes a connection over.
    """
    for module in (websocket_protocol, websocket):
        for name in ("pformat", "hltype", "hlval"):
            if hasattr(module, name):
                setattr(module, name, _unworded)


def _unworded(thing: Any, **_style: Any) -> Any:
    return thing


def text_frame(payload: bytes) -> bytes:
    """One unmasked, unfragmented text message (UTF-8) from a server (RFC 6455 section 5.2)."""
    size = len(payload)
    if size < SHORT:
        return bytes((FINAL_TEXT, size)) + payload
    if size < MEDIUM:
        return bytes((FINAL_TEXT, 126)) + size.to_bytes(2, "big") + payload
    return bytes((FINAL_TEXT, 127)) + size.to_bytes(8, "big") + payload


class Line:
    """One socket of daphne's. `send` is the kernel's: right while the line is not among those `waiting()`."""

    def __init__(self, protocol: Any) -> None:
        self.protocol, self.transport = protocol, protocol.transport
        self.send: Send = protocol.transport.socket.send

    def write(self, frame: bytes) -> bool | None:
        """Write a prebuilt frame: True when it was taken, False when this reader's buffer is full, None when the
        server's own send() must be used.
        """
        protocol, transport = self.protocol, self.transport
        if protocol.state != protocol.STATE_OPEN or not transport.connected or transport.disconnecting:
            return None
        # Twisted has no public name for what it still has to send.
        buffered = len(transport.dataBuffer) - transport.offset + transport._tempDataLen  # noqa: SLF001
        if buffered > BUFFERED_BYTES:
            return False
        try:
            sent = 0 if buffered else self.send(frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            return None
        if sent < len(frame):
            transport.write(frame[sent:])
        return True


def line(send: Any) -> Line | None:
    """The line behind an ASGI `send`; None where the transport is not known."""
    protocol = _protocol(send)
    if protocol is None or not isinstance(protocol.transport, Connection) or protocol.transport.TLS:
        return None
    if getattr(protocol, "_perMessageCompress", None) is not None:
        return None
    return Line(protocol)


def waiting() -> set[Send]:
    """The `send`s of the lines that have something buffered or are about to end: Twisted waits to write to them."""
    reactor: Any = sys.modules.get("twisted.internet.reactor")
    writers = reactor.getWriters() if reactor is not None else []
    return {writer.socket.send for writer in writers if isinstance(writer, Connection)}


def end(send: Any, code: int, reason: str) -> bool:
    """Close with a reason and with any code, which daphne's own close can't; False where the server is not daphne."""
    protocol = _protocol(send)
    if protocol is None:
        return False
    if protocol.state == protocol.STATE_OPEN:
        protocol.sendCloseFrame(code=code, reasonUtf8=reason.encode())
    return True


def _protocol(send: Any) -> Any:
    """daphne's protocol behind the ASGI `send`, under the wrappers of Channels' middleware."""
    for _ in range(5):
        if isinstance(send, partial):
            return send.args[0] if send.args and hasattr(send.args[0], "sendMessage") else None
        send = getattr(getattr(send, "__self__", None), "real_send", None)
    return None
