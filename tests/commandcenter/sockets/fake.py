"""A socket that only remembers."""

from commandcenter.access.sockets import Grant
from commandcenter.sockets.transport import Writer

MINE = Grant("dcc", 7, 1, "session")


class Fake:
    """What hub and streams need of a consumer; `answer` is what its transport says to every frame."""

    def __init__(self, answer: bool | None = True, grant: Grant = MINE) -> None:
        self.grant, self.answer = grant, answer
        self.write: Writer | None = self._write
        self.slot = self.acked = self.asked = 0
        self.held = self.proved = self.renew = False
        self.mute = False
        self.got: list[bytes] = []
        self.given: list[str] = []
        self.ended: tuple[int, str] | None = None

    def _write(self, wire: bytes) -> bool | None:
        if self.answer:
            self.got.append(wire)
        return self.answer

    async def give(self, text: str) -> None:
        """Through the server."""
        self.given.append(text)

    async def end(self, code: int, reason: str) -> None:
        """Closed."""
        self.ended = (code, reason)

    def silent(self, moment: float) -> bool:
        """Whether this one never answers."""
        return self.mute
