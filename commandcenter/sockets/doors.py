"""The doors before Django: who comes with a ticket needs no session, no user and no thread of its own."""

import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from channels.security.websocket import OriginValidator
from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.db import DatabaseError
from django.http import HttpResponse, QueryDict

from commandcenter.access.sockets import Grant, holds
from commandcenter.access.tickets import admit
from commandcenter.live.snapshots import Snapshot, shelf
from commandcenter.live.views import catch_up, forbidden, shown
from commandcenter.problems import problem
from commandcenter.replies import reply_of, respond
from commandcenter.sockets.hub import the_hub
from commandcenter.sockets.reading import OwnThread

App = Callable[[Any, Any, Any], Awaitable[None]]
Read = Callable[[Grant, QueryDict, str], Awaitable[HttpResponse]]
FRESH_SECONDS = 1.0
log = logging.getLogger(__name__)
pulls = OwnThread("pulls")


def has_ticket(scope: Any) -> bool:
    """Whether the address brings a ticket."""
    return b"ticket=" in scope.get("query_string", b"")


class Origins(OriginValidator):
    """Full origins, never AllowedHostsOriginValidator: that one lets any port and http:// pass (reliability.md L5).

    An origin spelled just as ours is let in without taking it apart.
    """

    def __init__(self, application: App) -> None:
        super().__init__(application, settings.ORIGINS)
        self.inner = application
        self.ours = {origin.encode() for origin in settings.ORIGINS}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        """Hand on, or refuse with 403."""
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        if len(origins) == 1 and origins[0] in self.ours:
            return await self.inner(scope, receive, send)
        return await super().__call__(scope, receive, send)


class Door:
    """A GET that a ticket opens, live or in an exercise; `read` answers what the session's view would.

    It gets the ticket's right, the query string and the If-None-Match.
    """

    def __init__(self, path: str, read: Read) -> None:
        self.path = re.compile(rf"(?:/exercises/(?P<exercise>[-\w]+))?{path}")
        self.read = read

    def opens(self, scope: Any) -> bool:
        """Whether this request came here, and with a ticket."""
        return has_ticket(scope) and scope["method"] == "GET" and self.path.fullmatch(scope["path"]) is not None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Check the ticket, read, answer; 503 when the database does not."""
        try:
            answer = await self._answer(scope, QueryDict(scope["query_string"]))
        except TooManyFieldsSent:
            answer = problem(400, "malformed")
        except DatabaseError as error:
            log.warning("the database refused %s (%s)", scope["path"], type(error).__name__)
            answer = problem(503, "unavailable")
        answer.headers.setdefault("Cache-Control", "no-store")
        await respond(scope, send, reply_of(answer))

    async def _answer(self, scope: Any, asked: QueryDict) -> HttpResponse:
        place = self.path.fullmatch(scope["path"])
        exercise = (place["exercise"] or "") if place else ""
        grant = admit(asked.get("ticket", ""), exercise, asked.get("audience", ""))
        if grant is None or grant in the_hub().refused:
            return forbidden()
        known = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin1")
        return await self.read(grant, asked, known)


async def _since(grant: Grant, asked: QueryDict, _known: str) -> HttpResponse:
    return await pulls.run(_caught_up, grant, asked)


def _caught_up(grant: Grant, asked: QueryDict) -> HttpResponse:
    return catch_up(grant.audience, asked) if holds(grant) else forbidden()


async def _snapshot(grant: Grant, _asked: QueryDict, known: str) -> HttpResponse:
    """From kept bytes where they are of this moment."""
    kept = _kept(grant.audience)
    if kept is None:
        kept = await pulls.run(shelf.get, grant.audience, asked=time.monotonic() - FRESH_SECONDS)
    return shown(kept, known)


def _kept(audience: str) -> Snapshot | None:
    """The kept snapshot, if it is young or stands at the head the hub knows; a storm costs one a second.

    An old one is right too: the frames after its head complete it.
    """
    hub, kept = the_hub(), shelf.kept.get(audience)
    if kept is None or time.monotonic() - kept.begun < FRESH_SECONDS:
        return kept
    stream = hub.streams.get(audience)
    known = stream is not None and not hub.blind() and (kept.epoch, kept.head) == (hub.epoch, stream.given)
    return kept if known else None


since, snapshot = Door("/live/since", _since), Door("/live/snapshot", _snapshot)
