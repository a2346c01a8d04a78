"""One socket: it joins its audience's hub, acknowledges, and is closed when it falls silent (reliability.md 3.3)."""

import json
import time
from typing import Any
from urllib.parse import parse_qs

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from commandcenter.access.devices import COOKIE
from commandcenter.access.sockets import Grant, device_grant, grant
from commandcenter.access.tickets import admit
from commandcenter.sockets import transport
from commandcenter.sockets.hub import the_hub

NO_RIGHT = 4403
MISBEHAVED = 4008
ACK_SECONDS = 30.0
MESSAGES_PER_SECOND = 20


class LiveConsumer(AsyncWebsocketConsumer):
    """/live/: frames out, acknowledgements in, nothing else. What the hub needs of it: streams.Socket."""

    grant: Grant

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.joined = self.ended = self.held = self.proved = self.renew = False
        self.line: transport.Line | None = None
        self.slot, self.acked, self.asked, self.said = 0, 0, 0, -1
        self.unanswered_since: float | None = None
        self.window, self.received = 0.0, 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As Channels' own, but without a layer (a socket must open while Redis is away; membership is in the hub), and
        without a task and a thread hop for every message: this thread uses no database.
        """
        self.scope, self.base_send = scope, send
        try:
            while (message := await receive())["type"] != "websocket.disconnect":
                await getattr(self, get_handler_name(message))(message)
        finally:
            await self.disconnect(1006)

    async def connect(self) -> None:
        """Join, or close with 4403 after the handshake so that the page can tell a refusal from a broken line."""
        found = await self._right()
        await self.accept()
        if found is None:
            await self.end(NO_RIGHT, "no right to listen")
            return
        self.grant = found
        self.line = transport.line(self.base_send)
        self.joined = True
        await the_hub().tell(self, await the_hub().join(self))

    async def _right(self) -> Grant | None:
        query = parse_qs(self.scope.get("query_string", b"").decode("ascii", "replace"))
        wanted, ticket = query.get("audience", [""])[0], query.get("ticket", [""])[0]
        exercise = self.scope["url_route"]["kwargs"].get("exercise", "")
        if ticket:
            found = admit(ticket, exercise, wanted)
            return None if found in the_hub().refused else found
        self.proved = self.renew = True
        return await self._of_session(exercise, wanted)

    @database_sync_to_async
    def _of_session(self, exercise: str, wanted: str) -> Grant | None:
        """A person's session, else a wall screen's token."""
        user: Any = self.scope["user"]
        session: Any = self.scope["session"]
        found = grant(user, session.session_key or "", exercise, wanted) if user.is_authenticated else None
        return found or device_grant(self.scope["cookies"].get(COOKIE, ""), exercise, wanted)

    async def disconnect(self, code: int) -> None:
        """Leave the hub; nothing that matters happens here, and it may happen twice."""
        self.ended = True
        if self.joined:
            self.joined = False
            the_hub().leave(self)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Only {"ack": seq} is understood; anything else, or too much of it, ends the socket."""
        if self.ended:
            return
        if fault := await self._fault(text_data):
            await self.end(MISBEHAVED, fault)
            return
        self.unanswered_since = None
        the_hub().acknowledged(self, self.said)

    async def _fault(self, text: str | None) -> str:
        """What is wrong with a message; "" for an acknowledgement of something that exists."""
        moment = time.monotonic()
        if moment - self.window >= 1:
            self.window, self.received = moment, 0
        self.received += 1
        if self.received > MESSAGES_PER_SECOND:
            return f"more than {MESSAGES_PER_SECOND} messages a second"
        seq = _ack(text)
        if seq is None:
            return "only acknowledgements are understood"
        if seq < self.said:
            return "an acknowledgement went backwards"
        if self.joined and not await the_hub().knows(self, seq):
            return "an acknowledgement of what was never sent"
        self.said = seq
        return ""

    async def give(self, text: str) -> None:
        """Send through the server's own send."""
        await self.send(text_data=text)

    async def end(self, code: int, reason: str) -> None:
        """Close; what the client still says is not heard any more."""
        await self.disconnect(code)
        if not transport.end(self.base_send, code, reason):
            await self.close(code=code, reason=reason)

    def silent(self, moment: float) -> bool:
        """Whether the first heartbeat without an answer is 30 s old."""
        if self.unanswered_since is None:
            self.unanswered_since = moment
        return moment - self.unanswered_since > ACK_SECONDS


def _ack(text: str | None) -> int | None:
    """The acknowledged seq of {"ack": seq}; None for anything else."""
    try:
        message: Any = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or set(message) != {"ack"}:
        return None
    seq = message["ack"]
    return seq if isinstance(seq, int) and not isinstance(seq, bool) and seq >= 0 else None
