"""Nudges through Redis: each may vanish at any moment; nobody waits for one (reliability.md L1, 3.5)."""

import logging
import threading
import time

import redis
from django.conf import settings

log = logging.getLogger(__name__)
WAKE = "dcc:wake"
HEADS = "dcc:heads"
TIMEOUT_SECONDS = 0.2
BREAKER_SECONDS = 2.0


class Breaker:
    """Publishes with a short timeout and, after a failure, leaves Redis alone for a while."""

    def __init__(self) -> None:
        self.client: redis.Redis | None = None
        self.closed_until = 0.0

    def publish(self, channel: str, message: str) -> bool:
        """True when Redis took it."""
        if time.monotonic() < self.closed_until:
            return False
        try:
            if self.client is None:
                self.client = redis.Redis.from_url(
                    settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
                )
            self.client.publish(channel, message)
        except redis.RedisError as error:
            log.warning("redis does not answer (%s); nudges rest for %s s", type(error).__name__, BREAKER_SECONDS)
            self.closed_until = time.monotonic() + BREAKER_SECONDS
            return False
        return True


class Waker:
    """Tells the relay that something was committed, from a thread of its own: a request never waits for Redis."""

    def __init__(self) -> None:
        self.breaker = Breaker()
        self.due = threading.Event()
        self.thread: threading.Thread | None = None
        self.lock = threading.Lock()

    def wake(self) -> None:
        """Ask for a nudge; many requests become one."""
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._run, name="waker", daemon=True)
                self.thread.start()
        self.due.set()

    def _run(self) -> None:
        while True:
            self.due.wait()
            self.due.clear()
            self.breaker.publish(WAKE, "")


waker = Waker()


def wake() -> None:
    """Nudge the relay."""
    waker.wake()
