"""The lane as an application of its own, for processes that serve nothing else: `uvicorn commandcenter.asgi:intake`."""

from django.http import JsonResponse

from alerts.lane.application import PATH, Lane
from commandcenter.problems import problem
from commandcenter.replies import Receive, Scope, Send, reply_of, respond


class Bulkhead:
    """Alarms are taken here even when the pages are overwhelmed; every other address is a 404."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live as long as the server does."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        elif scope["path"] == PATH:
            await self.lane(scope, receive, send)
        elif scope["path"] == "/healthz":
            await respond(scope, send, reply_of(JsonResponse({"ok": True})))
        else:
            await respond(scope, send, reply_of(problem(404, "missing")))

    async def _live(self, receive: Receive, send: Send) -> None:
        """The server tells of its start and its end; by the end every request was answered."""
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        self.lane.close()
        await send({"type": "lifespan.shutdown.complete"})
