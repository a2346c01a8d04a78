"""A socket that only remembers."""

from commandcenter.access.sockets import Grant
from commandcenter.sockets.transport import Line

MINE = Grant("dcc", 7, 1, "session")


class FakeLine(Line):
    """A transport that takes everything at once, or nothing."""

    def __init__(self, fake: "Fake") -> None:
        self.fake = fake
        self.send = self._send

    def _send(self, wire: bytes) -> int:
        if not self.fake.answer:
            raise BlockingIOError
        self.fake.got.append(wire)
        return len(wire)

    def write(self, wire: bytes) -> bool | None:
        """As its socket answers."""
        if self.fake.answer:
            self._send(wire)
        return self.fake.answer


class Fake:
    """What hub and streams need of a consumer; `answer` is what its transport says to every frame."""

    def __init__(self, answer: bool | None = True, grant: Grant = MINE) -> None:
        self.grant, self.answer = grant, answer
        self.line: Line | None = FakeLine(self)
        self.slot = self.acked = self.asked = 0
        self.held = self.proved = self.renew = False
        self.mute = False
        self.got: list[bytes] = []
        self.given: list[str] = []
        self.ended: tuple[int, str] | None = None

    async def give(self, text: str) -> None:
        """Through the server."""
        self.given.append(text)

    async def end(self, code: int, reason: str) -> None:
        """Closed."""
        self.ended = (code, reason)

    def silent(self, moment: float) -> bool:
        """Whether this one never answers."""
        return self.mute
