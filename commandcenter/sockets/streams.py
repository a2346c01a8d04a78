"""One audience in this process: its sockets, how far it was given, and what each reader has not acknowledged."""

from bisect import bisect_right
from typing import NamedTuple, Protocol

from commandcenter.access.sockets import Grant
from commandcenter.sockets.transport import Line, Send, text_frame, waiting

UNACKED_FRAMES = 200
UNACKED_BYTES = 256 * 1024
MARKS = 4096


class Message(NamedTuple):
    """Frames in order as one WebSocket message: its bytes, the same on the wire, how many, the last seq."""

    payload: bytes
    wire: bytes
    frames: int
    last: int


class Mark(NamedTuple):
    """How many frames and bytes this audience had been given at a seq, since the stream began."""

    seq: int
    frames: int
    size: int


class Socket(Protocol):
    """What hub and stream need of a consumer. Seqs are those of the log; `moment`s are the event loop's seconds."""

    grant: Grant
    line: Line | None
    slot: int  # which part of the heartbeat's round is its own
    acked: int  # the newest seq it is known to have
    asked: int  # what had been given when it was last sent a heartbeat
    held: bool  # too far behind: heartbeats only, until it pulls
    proved: bool  # its right was read from the database since it joined
    renew: bool  # the next heartbeat brings a new ticket

    async def give(self, text: str) -> None:
        """Send through the server's own send."""

    async def end(self, code: int, reason: str) -> None:
        """Close."""

    def silent(self, moment: float) -> bool:
        """Whether a heartbeat has gone unanswered too long; called as one is sent."""


class Stream:
    """Members, and the sums from which a reader's arrears are read: nothing is counted for each socket and frame."""

    def __init__(self, audience: str, given: int) -> None:
        self.audience = audience
        self.members: set[Socket] = set()
        # Who keeps up, by the function that writes to it: a broadcast looks at nothing else, for what lies in the
        # memory of thousands of sockets costs a third of a delivery.
        self.writers: dict[Send, Socket] = {}
        # Who keeps up and can only be reached through the server's own send().
        self.others: set[Socket] = set()
        self.marks = [Mark(given, 0, 0)]

    @property
    def given(self) -> int:
        """The newest seq that was given."""
        return self.marks[-1].seq

    def move_to(self, given: int) -> None:
        """Stand somewhere else in another log (the database was restored)."""
        self.marks = [Mark(given, 0, 0)]

    def admit(self, socket: Socket) -> None:
        """Take in a member, at the head."""
        self.members.add(socket)
        self._listens(socket)
        socket.acked = socket.asked = self.given

    def dismiss(self, socket: Socket) -> None:
        """Let a member go."""
        self.members.discard(socket)
        self._rests(socket)

    def broadcast(self, message: Message) -> list[Socket]:
        """Write to everybody who keeps up; answers with those whom the server's own send() must reach.

        A reader that is held, or whose buffer is full, sees the heartbeat's head and pulls (reliability.md 3.3).
        """
        before, wire, size = self.marks[-1], message.wire, len(message.wire)
        self.marks.append(Mark(message.last, before.frames + message.frames, before.size + size))
        if len(self.marks) > 2 * MARKS:
            del self.marks[:MARKS]
        slow = [send for send in waiting() if send in self.writers]
        unsent = [(send, 0) for send in slow]
        for send in self.writers.keys() - slow if slow else self.writers:
            try:
                sent = send(wire)
            except OSError:
                sent = 0
            if sent != size:
                unsent.append((send, sent))
        rest = list(self.others)
        for send, sent in unsent:
            line = self.writers[send].line
            if line is None or line.write(wire[sent:]) is None:
                rest.append(self.writers[send])
        return rest

    def ask(self, socket: Socket) -> None:
        """A heartbeat goes out: judge by what the one before it asked for, and ask for all that was given since."""
        self.judge(socket)
        socket.asked = self.given

    def judge(self, socket: Socket) -> None:
        """Hold a socket that owes more than the window, or let it go on."""
        have, owed = self._mark(socket.acked), self._mark(socket.asked)
        held = owed.frames - have.frames > UNACKED_FRAMES or owed.size - have.size > UNACKED_BYTES
        if held != socket.held and socket in self.members:
            socket.held = held
            (self._rests if held else self._listens)(socket)

    def _listens(self, socket: Socket) -> None:
        if socket.line is None:
            self.others.add(socket)
        else:
            self.writers[socket.line.send] = socket

    def _rests(self, socket: Socket) -> None:
        self.others.discard(socket)
        if socket.line is not None:
            self.writers.pop(socket.line.send, None)

    def _mark(self, seq: int) -> Mark:
        place = bisect_right(self.marks, seq, key=lambda mark: mark.seq)
        return self.marks[max(0, place - 1)]


def message(found: list[tuple[int, str]]) -> Message:
    """Frames as one message; several become an array."""
    text = found[0][1] if len(found) == 1 else "[" + ",".join(body for _seq, body in found) + "]"
    payload = text.encode()
    return Message(payload, text_frame(payload), len(found), found[-1][0])
