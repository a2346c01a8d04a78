"""A reader as live.js is one: one socket, numbered frames, catch-up over HTTP, reconnect after every close."""

import asyncio
import json
import random
import threading
import time
from typing import Any

import httpx
import websockets

from tests.journeys.running import Person, Running

RETRY_SECONDS = 0.5
QUIET_SECONDS = 12.0
TICKET_SECONDS = 50.0


class Reader(threading.Thread):
    """Follows one audience until stopped; `seen` holds every frame drawn, in order."""

    def __init__(self, running: Running, person: Person, audience: str = "dcc") -> None:
        super().__init__(daemon=True)
        self.running, self.person, self.audience = running, person, audience
        self.seen: list[dict[str, Any]] = []
        # When each seq was drawn (time.monotonic()): how late a frame is.
        self.drawn_at: dict[int, float] = {}
        self.last = 0
        self.epoch = ""
        self.head = 0
        # The newest ticket and when it came: it opens the next socket without session and user.
        self.ticket, self.ticket_at = "", 0.0
        self.connects = 0
        self.pulled = 0
        self.stopping = False
        self.closes: list[int] = []
        page = self.pull_page()
        assert page is not None
        self.take(page)

    def pull_page(self) -> dict[str, Any] | None:
        """One page of /live/since; None while the server does not answer."""
        query = {"after": str(self.last), "audience": self.audience}
        try:
            answer = self.person.get("/live/since", params=query, timeout=5)
        except httpx.HTTPError:
            return None
        if answer.status_code >= 500:
            return None
        assert answer.status_code == 200, (answer.status_code, answer.text)
        page: dict[str, Any] = answer.json()
        return page

    def take(self, page: dict[str, Any]) -> None:
        """Draw a page of catch-up."""
        self.epoch = page["epoch"]
        for frame in page["frames"]:
            self.draw(frame)

    def draw(self, frame: dict[str, Any]) -> bool:
        """Draw the next frame; False when something before it is missing."""
        if frame["seq"] <= self.last:
            return True
        if frame["prev"] > self.last:
            return False
        self.last = frame["seq"]
        self.drawn_at[frame["seq"]] = time.monotonic()
        self.seen.append(frame)
        return True

    def catch_up(self) -> None:
        """Pull until nothing is missing or the server is away."""
        more = True
        while more and not self.stopping:
            page = self.pull_page()
            if page is None:
                return
            before = self.last
            self.take(page)
            self.pulled += self.last - before
            more = page["more"]

    def run(self) -> None:
        """Follow."""
        asyncio.run(self._follow())

    async def _follow(self) -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in self.person.cookies.items())
        address = f"{self.running.url.replace('http', 'ws', 1)}/live/?audience={self.audience}"
        while not self.stopping:
            fresh = time.monotonic() - self.ticket_at < TICKET_SECONDS
            try:
                async with websockets.connect(
                    f"{address}&ticket={self.ticket}" if fresh else address,
                    additional_headers={"Cookie": cookies},
                    origin=self.running.url,
                    open_timeout=5,
                ) as line:
                    self.connects += 1
                    await self._listen(line)
            except (OSError, TimeoutError, websockets.WebSocketException) as error:
                self.closes.append(getattr(getattr(error, "rcvd", None), "code", 0) or 0)
            await asyncio.sleep(RETRY_SECONDS * random.uniform(0.5, 1.5))

    async def _listen(self, line: Any) -> None:
        while not self.stopping:
            try:
                text = await asyncio.wait_for(line.recv(), QUIET_SECONDS)
            except TimeoutError:
                return
            message = json.loads(text)
            if isinstance(message, dict) and "head" in message:
                self.head = message["head"]
                if "ticket" in message:
                    self.ticket, self.ticket_at = message["ticket"], time.monotonic()
                if self.head > self.last:
                    await asyncio.to_thread(self.catch_up)
                await line.send(json.dumps({"ack": self.last}))
            else:
                frames = message if isinstance(message, list) else [message]
                drawn = [self.draw(frame) for frame in frames]
                if not all(drawn):
                    await asyncio.to_thread(self.catch_up)

    def stop(self) -> None:
        """Leave."""
        self.stopping = True


def follows_the_log(reader: Reader) -> None:
    """Promise 3: in order, each frame directly on its predecessor, none twice."""
    previous = reader.seen[0]["prev"] if reader.seen else 0
    for frame in reader.seen:
        assert frame["prev"] == previous, (frame, previous)
        assert frame["seq"] > previous
        previous = frame["seq"]


def wait_for_head(readers: list[Reader], head: int, seconds: float) -> float:
    """Seconds until every reader has drawn up to `head`; fails when they don't."""
    started = time.monotonic()
    while any(reader.last < head for reader in readers):
        if time.monotonic() - started > seconds:
            raise AssertionError([(reader.last, head, reader.connects, reader.closes) for reader in readers])
        time.sleep(0.05)
    return time.monotonic() - started
