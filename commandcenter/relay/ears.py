"""The relay's ear and voice: hears that something was committed, tells the hubs how far each audience moved."""

import json
import time

import redis
from django.conf import settings

from commandcenter.live.nudge import BREAKER_SECONDS, HEADS, TIMEOUT_SECONDS, WAKE, Breaker


class HeadPublisher:
    """The relay's nudge to the hubs: {audience: head}."""

    def __init__(self) -> None:
        self.breaker = Breaker()

    def publish(self, heads: dict[str, int]) -> None:
        """Say which audiences moved, and how far."""
        if heads:
            self.breaker.publish(HEADS, json.dumps(heads))


class WakeListener:
    """The relay's ear: waits for a nudge, at most `seconds`; without Redis it simply waits."""

    def __init__(self) -> None:
        self.pubsub: redis.client.PubSub | None = None
        self.closed_until = 0.0

    def wait(self, seconds: float) -> None:
        """Return when something was committed, or after `seconds`."""
        if time.monotonic() < self.closed_until:
            time.sleep(seconds)
            return
        try:
            if self.pubsub is None:
                client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=TIMEOUT_SECONDS)
                self.pubsub = client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
                self.pubsub.subscribe(WAKE)
            while self.pubsub.get_message(timeout=seconds) is not None:
                seconds = 0
        except redis.RedisError:
            self.pubsub = None
            self.closed_until = time.monotonic() + BREAKER_SECONDS
            time.sleep(seconds)
