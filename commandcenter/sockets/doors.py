"""The doors of the live channel before Django: who comes with a ticket needs no session, no user and no thread."""

import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from channels.security.websocket import OriginValidator
from django.conf import settings
from django.db import DatabaseError

from commandcenter.access.tickets import admit
from commandcenter.live.snapshots import Snapshot, shelf
from commandcenter.live.views import catch_up, forbidden, shown
from commandcenter.problems import problem
from commandcenter.replies import reply_of, respond
from commandcenter.sockets.hub import the_hub
from commandcenter.sockets.reading import OwnThread

App = Callable[[Any, Any, Any], Awaitable[None]]
PULLS = re.compile(r"(?:/exercises/(?P<exercise>[-\w]+))?/live/(?P<what>since|snapshot)")
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


def is_ticketed(scope: Any) -> bool:
    """Whether this is GET /live/since or /live/snapshot with a ticket, live or in an exercise."""
    return has_ticket(scope) and scope["method"] == "GET" and PULLS.fullmatch(scope["path"]) is not None


async def ticketed(scope: Any, receive: Any, send: Any) -> None:
    """What live.views answers to a session; snapshots from kept bytes where they are of this moment."""
    place = PULLS.fullmatch(scope["path"])
    asked = dict(parse_qsl(scope["query_string"].decode("latin1"), keep_blank_values=True))
    exercise = (place["exercise"] or "") if place else ""
    grant = admit(asked.get("ticket", ""), exercise, asked.get("audience", ""))
    try:
        if grant is None or grant in the_hub().refused:
            answer = forbidden()
        elif place and place["what"] == "since":
            answer = await pulls.run(catch_up, grant.audience, asked)
        else:
            kept = _kept(grant.audience)
            if kept is None:
                kept = await pulls.run(shelf.get, grant.audience, asked=time.monotonic() - FRESH_SECONDS)
            answer = shown(kept, dict(scope["headers"]).get(b"if-none-match", b"").decode("latin1"))
    except DatabaseError as error:
        log.warning("the database refused %s (%s)", scope["path"], type(error).__name__)
        answer = problem(503, "unavailable")
    answer.headers.setdefault("Cache-Control", "no-store")
    await respond(scope, send, reply_of(answer))


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
