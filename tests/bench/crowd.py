"""Thousands of WebSockets in one process on one core: the load client of the live benchmarks.

Raw non-blocking sockets and epoll. Every client gets the same bytes, so each distinct message is parsed once and then
only compared; each socket still checks every delivery by `seq` and `prev`, acknowledges heartbeats like a browser, and
answers pings. What it costs itself stands beside every number (`own_share`): below 1 it was never the bottleneck.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import time
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from tests.bench.machine import cpu_us

READ = 1 << 20
HANDSHAKES_AT_ONCE = 16
KNOWN = 8
TEXT, CLOSE, PING = 0x1, 0x8, 0x9


class Refused(Exception):
    """The server did not let everybody in."""


@dataclass(slots=True)
class Dialling:
    """A handshake under way."""

    line: socket.socket
    since: float
    answer: bytes = b""

    def more(self) -> bool:
        """Take in what came; False when the server hung up."""
        try:
            found = self.line.recv(1 << 18)
        except OSError:  # reset, or the connection was never made
            found = b""
        self.answer += found
        return bool(found)

    def answered(self) -> bool:
        """Whether the answer's head is whole, or the server hung up."""
        return not self.more() or b"\r\n\r\n" in self.answer


def dial(port: int) -> socket.socket:
    """A connection being made; it is there when it can be written to."""
    line = socket.socket()
    line.setblocking(False)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.connect_ex(("127.0.0.1", port))
    return line


@dataclass(slots=True)
class Member:
    """One socket: the last seq it saw, the head it was told, and bytes of a message that is not whole yet."""

    line: socket.socket
    last: int = 0
    head: int = -1
    rest: bytes = b""
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """One distinct message: its frames' seqs, the prev of the first; or a heartbeat's head."""

    payload: bytes
    seqs: tuple[int, ...]
    prev: int
    head: int = -1


@dataclass(slots=True)
class Log:
    """What arrived since the last clear: each arrival's moment and message; losses and doubles."""

    messages: list[Heard] = field(default_factory=list)
    moments: array[float] = field(default_factory=lambda: array("d"))
    which: array[int] = field(default_factory=lambda: array("l"))
    delivered: int = 0
    gaps: int = 0
    doubles: int = 0
    bytes: int = 0
    acks: int = 0


def masked(opcode: int, payload: bytes) -> bytes:
    """A client's frame of up to 125 bytes; the mask is zero, which is a mask too (RFC 6455 section 5.3)."""
    return bytes((0x80 | opcode, 0x80 | len(payload), 0, 0, 0, 0)) + payload


def read_message(payload: bytes) -> Heard:
    """Frames, a list of frames or a heartbeat; `prev` must join them inside one message too."""
    body = json.loads(payload)
    if isinstance(body, dict) and "head" in body:
        return Heard(payload, (), 0, body["head"])
    frames = body if isinstance(body, list) else [body]
    for before, after in pairwise(frames):
        if after["prev"] != before["seq"]:
            raise AssertionError(f"a message with a hole after {before['seq']}: {after['prev']}")
    return Heard(payload, tuple(frame["seq"] for frame in frames), frames[0]["prev"])


class Crowd:
    """Sockets of one address."""

    def __init__(self, port: int, path: str, headers: Mapping[str, str] | None = None, *, acks: bool = False) -> None:
        self.port, self.acks = port, acks
        self.members: dict[int, Member] = {}
        self.epoll = select.epoll()
        self.buffer = bytearray(READ)
        self.view = memoryview(self.buffer)
        self.known: list[tuple[int, Heard]] = []
        self.log = Log()
        self.begun = (0.0, 0.0)
        self.refused = 0
        # What else is done between two looks at the sockets.
        self.beside: Callable[[], None] = lambda: None
        self.aim(path, headers or {})

    def aim(self, path: str, headers: Mapping[str, str]) -> None:
        """Where the next sockets knock, and with what."""
        lines = {
            "Host": f"127.0.0.1:{self.port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version": "13",
            **headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.request = f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()

    # -- opening and closing --

    def join(
        self,
        count: int,
        at_once: int = HANDSHAKES_AT_ONCE,
        seconds: float = 240.0,
        opened: Callable[[], None] = lambda: None,
    ) -> list[float]:
        """Open this many sockets, `at_once` handshakes under way; seconds each took. Who is refused dials again."""
        pending: dict[int, Dialling] = {}
        took: list[float] = []
        doors = select.epoll()
        deadline = time.monotonic() + seconds
        while len(took) < count:
            while len(pending) < min(at_once, count - len(took)):
                line = dial(self.port)
                pending[line.fileno()] = Dialling(line, time.monotonic())
                doors.register(line.fileno(), select.EPOLLOUT)
            for descriptor, event in doors.poll(0.05):
                dialling = pending[descriptor]
                if event == select.EPOLLOUT:
                    dialling.line.send(self.request)
                    doors.modify(descriptor, select.EPOLLIN)
                elif dialling.answered():
                    del pending[descriptor]
                    doors.unregister(descriptor)
                    if self._welcome(dialling):
                        took.append(time.monotonic() - dialling.since)
                        opened()
            if time.monotonic() > deadline:
                raise Refused(f"{len(took)} of {count} sockets opened in {seconds} s, {self.refused} refused")
            self.poll(0)
        doors.close()
        return took

    def _welcome(self, dialling: Dialling) -> bool:
        head, _, rest = dialling.answer.partition(b"\r\n\r\n")
        line = dialling.line
        if not head.startswith(b"HTTP/1.1 101"):
            self.refused += 1
            line.close()
            return False
        member = Member(line)
        self.members[line.fileno()] = member
        self.epoll.register(line.fileno(), select.EPOLLIN)
        if rest:
            self._take(member, rest, time.monotonic())
        return True

    def close(self) -> None:
        """Hang up on everybody."""
        for member in self.members.values():
            member.line.close()
        self.members.clear()
        self.epoll.close()

    # -- listening --

    def begin(self) -> None:
        """Forget what arrived; count from here."""
        self.log = Log()
        self.known.clear()
        self.begun = (time.monotonic(), cpu_us())

    def own_share(self) -> float:
        """The client's own CPU since begin(), as a share of one core."""
        since, spent = self.begun
        return (cpu_us() - spent) / 1e6 / (time.monotonic() - since)

    def listen(self, done: Callable[[], bool], seconds: float) -> bool:
        """Take in what comes until `done`; False when the seconds ran out first."""
        deadline = time.monotonic() + seconds
        while not done():
            self.poll(0.01)
            if time.monotonic() > deadline:
                return done()
        return True

    def expect(self, deliveries: int, seconds: float) -> bool:
        """Take in what comes until this many more frames were delivered."""
        log, enough = self.log, self.log.delivered + deliveries
        return self.listen(lambda: log.delivered >= enough, seconds)

    def poll(self, seconds: float) -> None:
        """Read every socket that has something, once, after what is done beside."""
        self.beside()
        self.read(seconds)

    def keep_up(self, other: Crowd) -> None:
        """Read another crowd's sockets too, so that they answer pings and heartbeats while this one is measured."""
        self.beside = lambda: other.read(0)

    def read(self, seconds: float) -> None:
        """Read every socket that has something, once."""
        members, view, buffer = self.members, self.view, self.buffer
        for descriptor, _ in self.epoll.poll(seconds, 1024):
            member = members[descriptor]
            try:
                size = member.line.recv_into(buffer)
            except (BlockingIOError, ConnectionResetError):
                size = 0
            if not size:
                self._gone(member)
                continue
            data = bytes(view[:size])
            self.log.bytes += size
            self._take(member, member.rest + data if member.rest else data, time.monotonic())

    def _gone(self, member: Member) -> None:
        member.closed = member.closed or 1006
        self.epoll.unregister(member.line.fileno())

    def open(self) -> int:
        """How many sockets nobody closed."""
        return sum(not member.closed for member in self.members.values())

    def _take(self, member: Member, data: bytes, moment: float) -> None:
        """Every whole WebSocket frame of `data`; the rest waits for more."""
        start, end = 0, len(data)
        while end - start >= 2:
            size, begin = data[start + 1], start + 2
            if size >= 126:
                wide = 2 if size == 126 else 8
                size = int.from_bytes(data[begin : begin + wide], "big")
                begin += wide
            if begin + size > end:
                break
            opcode = data[start] & 0x0F
            payload = data[begin : begin + size]
            if opcode == TEXT:
                self._hear(member, payload, moment)
            else:
                self._control(member, opcode, payload)
            start = begin + size
        member.rest = data[start:] if start < end else b""

    def _hear(self, member: Member, payload: bytes, moment: float) -> None:
        number, heard = self._known(payload)
        if not heard.seqs:
            member.head = heard.head
            if not member.last:
                member.last = heard.head
            self._acknowledge(member)
            return
        log = self.log
        log.moments.append(moment)
        log.which.append(number)
        if heard.prev == member.last:
            log.delivered += len(heard.seqs)
            member.last = heard.seqs[-1]
        else:
            self._check(member, heard)

    def _known(self, payload: bytes) -> tuple[int, Heard]:
        for entry in self.known:
            if entry[1].payload == payload:
                return entry
        heard = read_message(payload)
        self.log.messages.append(heard)
        entry = (len(self.log.messages) - 1, heard)
        self.known.insert(0, entry)
        del self.known[KNOWN:]
        return entry

    def _check(self, member: Member, heard: Heard) -> None:
        """Not simply the next message: count what is new, what is missing and what came twice."""
        before = heard.prev
        for seq in heard.seqs:
            if seq <= member.last:
                self.log.doubles += 1
            else:
                self.log.gaps += before != member.last
                self.log.delivered += 1
                member.last = seq
            before = seq

    def _control(self, member: Member, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self._say(member, masked(0xA, payload))
        elif opcode == CLOSE:
            member.closed = int.from_bytes(payload[:2], "big") or 1005

    def _acknowledge(self, member: Member) -> None:
        if self.acks:
            self.log.acks += 1
            self._say(member, masked(TEXT, b'{"ack":%d}' % member.last))

    def _say(self, member: Member, frame: bytes) -> None:
        with contextlib.suppress(ConnectionError):  # the next read finds that it is gone
            member.line.send(frame)
