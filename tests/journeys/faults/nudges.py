"""A Redis between the hub and Redis that loses, delays and reorders nudges; everything else passes untouched."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

# The beginning of a published message, after the mark of a list (RESP2) or of a push (RESP3).
NUDGE = b"3\r\n$7\r\nmessage\r\n"
# Seconds a nudge is held back; None loses it.
Fate = Callable[[], float | None]


class Thief(threading.Thread):
    """Listens on a socket of its own; `fate` decides over each nudge on its way to the hub."""

    def __init__(self, redis: Path, fate: Fate) -> None:
        super().__init__(daemon=True)
        self.redis, self.fate = redis, fate
        self.door = redis.with_name("thief.sock")
        self.url = f"unix://{self.door}"
        self.lost = self.passed = 0
        self.waiting: set[asyncio.Task[None]] = set()

    def run(self) -> None:
        """Serve until the test ends."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_unix_server(self._between, str(self.door))
        await server.serve_forever()

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_redis, to_redis = await asyncio.open_unix_connection(str(self.redis))
        except OSError:  # Redis is not up yet: nor is this one
            writer.close()
            return
        asking = asyncio.create_task(_copy(reader, to_redis))
        try:
            while True:
                self._pass_on(await _reply(from_redis), writer)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            asking.cancel()
            writer.close()
            to_redis.close()

    def _pass_on(self, reply: bytes, writer: asyncio.StreamWriter) -> None:
        seconds = self.fate() if reply.startswith(NUDGE, 1) else 0.0
        if seconds is None:
            self.lost += 1
        elif seconds:
            self.passed += 1
            task = asyncio.create_task(_later(seconds, reply, writer))
            self.waiting.add(task)
            task.add_done_callback(self.waiting.discard)
        else:
            writer.write(reply)


async def _later(seconds: float, reply: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(seconds)
    writer.write(reply)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65536):
        writer.write(some)
        await writer.drain()


async def _reply(reader: asyncio.StreamReader) -> bytes:
    """One whole reply of the Redis protocol (RESP), as it is on the wire."""
    line = await reader.readuntil(b"\r\n")
    kind, rest = line[:1], line[1:-2]
    if kind == b"$" and int(rest) >= 0:
        return line + await reader.readexactly(int(rest) + 2)
    if kind in {b"*", b">"}:
        parts = [await _reply(reader) for _ in range(max(0, int(rest)))]
        return line + b"".join(parts)
    return line
