"""The web process itself: what it leaves out while it runs, and a stop that is a drain (reliability.md D4)."""

import asyncio
import gc
import signal
import sys
from functools import lru_cache
from typing import Any

from twisted.internet.tcp import Port
from twisted.web import http

from commandcenter.problems import problem
from commandcenter.replies import Receive, Scope, Send, reply_of, respond
from commandcenter.sockets import transport
from commandcenter.sockets.hub import the_hub

RESTARTS = 1012
# A drain may take ten seconds; honcho ends what has not ended after five.
DRAIN_SECONDS = 4.0
# So long a client whose answer said "close" has to go before the line is cut.
PARTING_SECONDS = 0.5


def tune() -> None:
    """What was imported stays for ever and is left out; the rest is looked through less often.

    Measured on prototypes: a socket's connect 908 to 586 µs, p99 of a fan-out 22 to 10 ms (performance.md 1).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    # Of what intake costs daphne, 13 % was Twisted's e-mail parser for a body's type, 7 % a log line that goes nowhere.
    http._parseContentType = lru_cache(64)(http._parseContentType)  # noqa: SLF001 - there is no other way in
    http.HTTPFactory.log = lambda *_: None  # type: ignore[method-assign]
    transport.quiet()


class Draining:
    """An application that ends well under daphne, whose own stop cuts every line at once.

    At SIGTERM: nothing new is accepted, sockets close with 1012, requests under way are answered, then the end.
    """

    def __init__(self, application: Any) -> None:
        self.application = application
        self.running = 0
        self.armed = False
        self.draining: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count it while it runs."""
        if not self.armed:
            self._arm()
        if self.draining is not None:
            await self._late(scope, receive, send)
            return
        self.running += scope["type"] == "http"
        try:
            await self.application(scope, receive, send)
        finally:
            self.running -= scope["type"] == "http"

    def _arm(self) -> None:
        """Take daphne's place at SIGTERM; its reactor runs by the time of the first request."""
        self.armed = True
        reactor: Any = sys.modules.get("twisted.internet.reactor")
        if reactor is not None and reactor.running:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._stop, reactor)

    def _stop(self, reactor: Any) -> None:
        if self.draining is None:
            self.draining = asyncio.get_running_loop().create_task(self._drain(reactor))

    async def _drain(self, reactor: Any) -> None:
        clock = asyncio.get_running_loop().time
        deadline = clock() + DRAIN_SECONDS
        ports: list[Any] = [reader for reader in reactor.getReaders() if isinstance(reader, Port)]
        for port in ports:
            port.doRead()  # who is in the queue already is let in: closing the port would cut them off
            port.stopListening()
        await the_hub().close(RESTARTS, "the server restarts")
        await asyncio.sleep(PARTING_SECONDS)
        while (self.running or _arriving(reactor)) and clock() < deadline:  # noqa: ASYNC110 (Twisted tells nobody)
            await asyncio.sleep(0.05)
        reactor.stop()

    async def _late(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What still comes over an open line: a socket goes elsewhere, a request is answered as the last one."""
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
        elif scope["path"] == "/readyz":
            await respond(scope, send, reply_of(problem(503, "unavailable")))
        else:
            await self._last(scope, receive, send)

    async def _last(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def parting(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), (b"connection", b"close")]}
            await send(message)

        self.running += 1
        try:
            await self.application(scope, receive, parting)
        finally:
            self.running -= 1


def _arriving(reactor: Any) -> bool:
    """Whether a request has begun to arrive: daphne hands it on only when it is whole."""
    lines = (getattr(reader, "protocol", None) for reader in reactor.getReaders())
    return any(getattr(line, "requests", None) for line in lines)
