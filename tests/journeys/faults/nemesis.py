"""The nemesis: strikes while the phones press, at chosen shares of what was heard."""

import threading
import time
from collections.abc import Callable

from tests.journeys.faults.phones import Phones
from tests.journeys.running import Running, until

Blow = Callable[[], None]


class Nemesis(threading.Thread):
    """Each blow falls when its share of the presses was heard."""

    def __init__(self, phones: Phones, blows: list[tuple[float, Blow]]) -> None:
        super().__init__(daemon=True)
        self.phones, self.blows = phones, blows
        self.error: Exception | None = None
        self.last = 0.0

    def run(self) -> None:
        """Strike; what goes wrong is told by finish()."""
        try:
            for share, blow in self.blows:
                until(lambda share=share: self.phones.share_heard() >= share, 120, f"{share:.0%} heard", pause=0.01)
                blow()
                self.last = time.monotonic()
        except Exception as error:  # noqa: BLE001 (told to the test's own thread)
            self.error = error

    def finish(self) -> float:
        """Wait for the last blow; returns its end (time.monotonic())."""
        self.join(120)
        if self.error is not None:
            raise self.error
        assert not self.is_alive(), "the nemesis is still striking"
        return self.last


def kill(running: Running, name: str, away: float = 0) -> None:
    """kill -9, and up again after `away` seconds."""
    running.kill(name)
    time.sleep(away)
    running.start(name)


def kill_web(running: Running) -> None:
    """kill -9 of the web process, and wait until it answers again."""
    kill(running, "web")
    until(running.ready, 30, "the web process is back")
