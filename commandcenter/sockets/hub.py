"""The hub: one per web process. It reads new frames once and gives the same bytes to every socket of the audience.

Redis only says "look"; the hub also looks by itself every second, so a lost nudge costs a second and nothing else.
"""

import asyncio
import contextlib
import itertools
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable

import redis.asyncio as aioredis
from channels.db import database_sync_to_async
from django.conf import settings
from redis.exceptions import RedisError

from commandcenter.access import tickets
from commandcenter.access.sockets import Grant, still_granted
from commandcenter.clock import now
from commandcenter.live import frames
from commandcenter.live.nudge import BREAKER_SECONDS, HEADS
from commandcenter.sockets.reading import OwnThread
from commandcenter.sockets.streams import Socket, Stream, message
from commandcenter.sockets.transport import text_frame

log = logging.getLogger(__name__)
NO_RIGHT = 4403
MISBEHAVED = 4008
LOOK_SECONDS = 1.0
COALESCE_SECONDS = 0.02
# From one broadcast to the next, in lengths of the last; a fifth of a burst is for everything else.
STRETCH = 1.25
# Heartbeats go round: every socket is sent one each 5 s, a twentieth of them at a time.
BEAT_SECONDS = 5.0
SLOTS = 20
# Without a look for this long the head is not known, and nobody is told that all is well.
BLIND_SECONDS = 5.0
RIGHTS_SECONDS = 20.0
NEWCOMER_SECONDS = 2.0
RESUBSCRIBE_SECONDS = 3600.0
STUCK_SECONDS = 1.0


class Hub:
    """Streams by audience, and the loops that feed them."""

    def __init__(self) -> None:
        self.streams: dict[str, Stream] = {}
        self.epoch = ""
        self.looked_at = float("-inf")
        self.look = asyncio.Event()
        # What the relay's nudges said of audiences that have members here.
        self.heard: dict[str, int] = {}
        self.pause_until = 0.0
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.lock = asyncio.Lock()
        self.reading = OwnThread("hub")
        self.joins = 0
        # Rights that were withdrawn, until their last ticket has run out.
        self.refused: dict[Grant, float] = {}

    async def join(self, socket: Socket) -> str:
        """Take a socket in; answers with its first heartbeat. The first socket starts the hub."""
        self._ensure_running()
        stream = self.streams.get(socket.grant.audience)
        if stream is None or self.blind():
            stream = await self._open(socket.grant.audience)
        # From here to the heartbeat nothing waits: a frame is in the head it tells, or is pushed to this member.
        stream.admit(socket)
        self.joins += 1
        socket.slot = self.joins % SLOTS
        return self._heartbeat(stream, socket)

    async def _open(self, audience: str) -> Stream:
        """The audience's stream, made at the head of this moment. Raises what the database raises."""
        async with self.lock:
            if audience not in self.streams or self.blind():
                epoch, head = await _read_place(audience)
                self.epoch = self.epoch or epoch
                self.streams.setdefault(audience, Stream(audience, head))
            return self.streams[audience]

    def leave(self, socket: Socket) -> None:
        """Let a socket go; an audience without members is forgotten."""
        stream = self.streams.get(socket.grant.audience)
        if stream is not None:
            stream.dismiss(socket)
            if not stream.members:
                del self.streams[stream.audience]

    async def close(self, code: int, reason: str) -> None:
        """End every socket."""
        for socket in [member for stream in self.streams.values() for member in stream.members]:
            await self._safely(socket, socket.end(code, reason))

    def blind(self) -> bool:
        """Whether the head has not been read for too long."""
        return time.monotonic() - self.looked_at > BLIND_SECONDS

    async def knows(self, socket: Socket, seq: int) -> bool:
        """Whether the audience's log goes as far as this; a reader that pulled may be ahead of the hub."""
        stream = self.streams.get(socket.grant.audience)
        if stream is not None and seq <= stream.given:
            return True
        return seq <= (await _read_place(socket.grant.audience))[1]

    def acknowledged(self, socket: Socket, seq: int) -> None:
        """A reader has everything up to `seq`; one that was held goes on when that is enough."""
        socket.acked = max(socket.acked, seq)
        stream = self.streams.get(socket.grant.audience)
        if socket.held and stream is not None:
            stream.judge(socket)

    def _ensure_running(self) -> None:
        loops = {"listen": self._listen, "pump": self._pump, "beat": self._beat, "rights": self._rights}
        for name, loop in loops.items():
            task = self.tasks.get(name)
            if task is None or task.done():
                self.tasks[name] = asyncio.create_task(self._guarded(name, loop), name=f"hub-{name}")

    async def _guarded(self, name: str, loop: Callable[[], Awaitable[None]]) -> None:
        """The watchdog: a loop that dies is started again."""
        while True:
            try:
                await loop()
            except Exception:
                log.exception("hub %s stopped; starting it again", name)
            await asyncio.sleep(LOOK_SECONDS)

    async def _listen(self) -> None:
        """Hear the relay's nudges, on one subscription renewed hourly; without Redis, try again later."""
        client = aioredis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1)
        try:
            async with asyncio.timeout(RESUBSCRIBE_SECONDS):
                async with client.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(HEADS)
                    async for said in pubsub.listen():
                        self._hear(json.loads(said["data"]))
        except (RedisError, OSError):
            await asyncio.sleep(BREAKER_SECONDS)
        except TimeoutError:
            pass
        finally:
            with contextlib.suppress(RedisError, OSError):
                await client.aclose()

    def _hear(self, heads: dict[str, int]) -> None:
        for audience, head in heads.items():
            stream = self.streams.get(audience)
            if stream is not None and stream.given < head:
                self.heard[audience] = head
                self.look.set()

    async def _pump(self) -> None:
        """Look when nudged, and once a second anyway.

        The first event goes at once; while the last broadcast lies closer than its own duration, events collect and
        go as one message (performance.md section 2: a fixed tick falls behind in a burst).
        """
        clock = time.monotonic
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.looked_at + LOOK_SECONDS - clock()):
                    await self.look.wait()
            if (wait := self.pause_until - clock()) > 0:
                await asyncio.sleep(wait)
            self.look.clear()
            began = clock()
            whole = began - self.looked_at >= LOOK_SECONDS
            if await (self._look() if whole else self._give_heard()):
                self.pause_until = began + max(COALESCE_SECONDS, STRETCH * (clock() - began))

    async def _look(self) -> bool:
        """Read how far the log goes and give what is new; whether anything was given."""
        given = {audience: stream.given for audience, stream in self.streams.items()}
        news = await self.reading.run(frames.news, given)
        self.looked_at = time.monotonic()
        restored, self.epoch = self.epoch not in {"", news.epoch}, news.epoch
        for audience, head in news.heads.items():
            stream = self.streams.get(audience)
            if stream is not None and (restored or (head > stream.given and not news.frames.get(audience))):
                # Nobody can be brought on from there: the heartbeat's epoch or head tells every reader.
                stream.move_to(head)
        return await self._give(given, news.frames)

    async def _give_heard(self) -> bool:
        """Give what the nudges spoke of: one query an audience, for every event there is."""
        heard, self.heard = self.heard, {}
        moved = {name: self.streams[name].given for name in heard if name in self.streams}
        return await self._give(moved, await self.reading.run(frames.after, moved)) if moved else False

    async def _give(self, given: dict[str, int], found: dict[str, list[frames.Told]]) -> bool:
        any_given = False
        for audience, rows in found.items():
            stream = self.streams.get(audience)
            # A stream that was forgotten and begun anew meanwhile stands further on.
            if stream is None or stream.given != given[audience] or not rows:
                continue
            news = message(rows)
            for socket in stream.broadcast(news):
                await self._safely(socket, socket.give(news.payload.decode()))
            any_given = True
            if len(rows) == frames.PAGE:
                self.heard[audience] = news.last + 1
                self.look.set()
        return any_given

    async def _beat(self) -> None:
        """A heartbeat to every socket each 5 s, but only while the database tells how far the log goes."""
        due = time.monotonic()
        for slot in itertools.cycle(range(SLOTS)):
            due = max(due + BEAT_SECONDS / SLOTS, time.monotonic() - BEAT_SECONDS)
            await asyncio.sleep(due - time.monotonic())
            for stream in [] if self.blind() else list(self.streams.values()):
                await self._beat_slot(stream, slot)

    async def _beat_slot(self, stream: Stream, slot: int) -> None:
        moment, plain = time.monotonic(), self._heartbeat(stream)
        wire = text_frame(plain.encode())
        for socket in [member for member in stream.members if member.slot == slot]:
            if socket.silent(moment):
                await self._safely(socket, socket.end(MISBEHAVED, "no acknowledgement for 30 s"))
                continue
            stream.ask(socket)
            if socket.renew:
                await self.tell(socket, self._heartbeat(stream, socket))
            elif socket.line is None or socket.line.write(wire) is None:
                await self._safely(socket, socket.give(plain))

    async def tell(self, socket: Socket, text: str) -> None:
        """Send one socket something of its own; one that has gone meanwhile is let go."""
        if socket.line is None or socket.line.write(text_frame(text.encode())) is None:
            await self._safely(socket, socket.give(text))

    def _heartbeat(self, stream: Stream, socket: Socket | None = None) -> str:
        """{"at", "epoch", "head"}; for a socket whose right was just read also a new ticket."""
        at, ticket = now().isoformat(timespec="milliseconds").replace("+00:00", "Z"), ""
        if socket is not None and socket.renew:
            socket.renew = False
            ticket = f',"ticket":"{tickets.issue(socket.grant)}"'
        return f'{{"at":"{at}","epoch":"{self.epoch}","head":{stream.given}{ticket}}}'

    async def _rights(self) -> None:
        """Close sockets whose right is gone: signed out, disabled, role or mission changed (reliability.md L4).

        Who came with a ticket is asked about within two seconds, everybody every twenty.
        """
        everybody_at = 0.0
        while True:
            await asyncio.sleep(NEWCOMER_SECONDS)
            everybody = time.monotonic() >= everybody_at
            if everybody:
                everybody_at = time.monotonic() + RIGHTS_SECONDS * random.uniform(0.8, 1.0)  # noqa: S311 (jitter)
            members = [socket for stream in self.streams.values() for socket in stream.members]
            await self._prove([socket for socket in members if everybody or not socket.proved])

    async def _prove(self, sockets: list[Socket]) -> None:
        moment = time.monotonic()
        self.refused = {grant: until for grant, until in self.refused.items() if until > moment}
        valid = await _read_valid([socket.grant for socket in sockets]) if sockets else set()
        for socket in sockets:
            if socket.grant in valid:
                socket.proved = socket.renew = True
            else:
                self.refused[socket.grant] = moment + tickets.SECONDS
                await self._safely(socket, socket.end(NO_RIGHT, "the right was withdrawn"))

    async def _safely(self, socket: Socket, sending: Awaitable[None]) -> None:
        """A socket that breaks or sticks while it is written to is let go; its neighbours notice nothing."""
        try:
            async with asyncio.timeout(STUCK_SECONDS):
                await sending
        except Exception as error:  # noqa: BLE001 (whatever the transport raises)
            log.info("a socket of %s broke: %s", socket.grant.audience, type(error).__name__)
            self.leave(socket)


_read_valid = database_sync_to_async(still_granted)


@database_sync_to_async
def _read_place(audience: str) -> tuple[str, int]:
    return frames.epoch(), frames.heads([audience])[audience]


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def the_hub() -> Hub:
    """The hub of this process (of the running event loop)."""
    loop = asyncio.get_running_loop()
    for old in [known for known in _hubs if known.is_closed()]:
        del _hubs[old]
    return _hubs.get(loop) or _hubs.setdefault(loop, Hub())
