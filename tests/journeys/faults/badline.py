"""A bad line between telephones and the server: a proxy that now and then does what lines and servers do."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

CUT = {"cut before", "cut inside", "cut after", "killed in it"}
PORTAL = b"<html><body>Selamat datang di Wi-Fi hotel</body></html>"


class BadLine:
    """Forwards to `port`; a report on its way suffers with the probability `bad`. `murder` kills the server."""

    def __init__(self, port: int, chance: random.Random, murder: Callable[[], Awaitable[None]], murders: int) -> None:
        self.upstream, self.chance, self.murder, self.murders = port, chance, murder, murders
        self.bad = 0.5
        self.did: Counter[str] = Counter()
        self.server: asyncio.Server | None = None
        # The loop itself holds its tasks loosely: a connection that is collected hangs for ever.
        self.serving: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Listen; answers with the address telephones use."""
        self.server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        """Nobody is connected any more."""
        if self.server:
            self.server.close()
        for task in self.serving:
            task.cancel()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            names = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
            body = await reader.readexactly(int(names.get(b"content-length", b"0")))
            await self._forward(head, body, writer)
        with suppress(OSError):
            writer.close()

    def _fault(self, head: bytes) -> str:
        """What happens to this request; pages and parts are only ever cut."""
        if head.startswith(b"POST /api/"):
            if self.murders and self.chance.random() < 0.08:
                self.murders -= 1
                return "killed in it"
            if self.chance.random() < self.bad:
                return self.chance.choice(["cut before", "cut inside", "cut after", "slow", "500", "503", "portal"])
        elif head.startswith(b"GET /report/") and self.chance.random() < self.bad / 5:
            return "cut before"
        return ""

    async def _forward(self, head: bytes, body: bytes, writer: asyncio.StreamWriter) -> None:
        fault = self._fault(head)
        self.did[fault] += bool(fault)
        if fault == "slow":
            await asyncio.sleep(self.chance.uniform(0.5, 2.5))
        if fault in {"500", "503", "portal"}:
            status, kind, text = {
                "500": (b"500 Broken", b"text/html", b"<h1>500</h1>"),
                "503": (b"503 Later", b"application/problem+json", b"{}"),
                "portal": (b"200 OK", b"text/html", PORTAL),
            }[fault]
            length = str(len(text)).encode()
            writer.write(b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %b\r\n" % (status, kind, length))
            writer.write(b"Connection: close\r\n\r\n" + text)
            await writer.drain()
        elif fault != "cut before":
            await self._ask(head, body, writer, fault)

    async def _ask(self, head: bytes, body: bytes, writer: asyncio.StreamWriter, fault: str) -> None:
        up_reader, up = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
            lines.insert(1, b"Connection: close")
            up.write(b"\r\n".join(lines) + (body[: len(body) // 2] if fault == "cut inside" else body))
            await up.drain()
            if fault == "killed in it":
                await asyncio.sleep(self.chance.uniform(0.0, 0.05))
                await self.murder()
            if fault == "cut after":
                await up_reader.read(1)
            if fault in CUT:
                return
            while chunk := await up_reader.read(65536):
                writer.write(chunk)
                await writer.drain()
        finally:
            up.close()
