"""The ASGI applications: pages and API through Django, /live/ through Channels, requests for help by their lane."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commandcenter.settings")

from django.core.asgi import get_asgi_application

# Django must be set up before anything below imports a model.
pages = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.db import database_sync_to_async  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import re_path  # noqa: E402

from alerts.exercises.queries import by_slug  # noqa: E402
from alerts.lane.application import PATH, Lane  # noqa: E402
from commandcenter.bulkhead import Bulkhead  # noqa: E402
from commandcenter.dashboard.door import clusters  # noqa: E402
from commandcenter.process import Draining, tune  # noqa: E402
from commandcenter.sockets import doors  # noqa: E402
from commandcenter.sockets.consumer import LiveConsumer  # noqa: E402
from missions.countries import geo  # noqa: E402

geo.warm()
lane = Lane()
intake = Bulkhead(lane)
ticketed = (doors.since, doors.snapshot, clusters)

# django.urls.re_path knows only views; Channels routes to ASGI applications through it all the same.
as_view: Any = LiveConsumer.as_asgi()


async def nowhere(scope: Any, receive: Any, send: Any) -> None:
    """Refuse a socket at an address that has none: 403, not an exception in the log."""
    await send({"type": "websocket.close"})


async def in_exercise(scope: Any, receive: Any, send: Any) -> None:
    """An exercise that does not exist has no socket either; a ticket into one was made in it."""
    known = doors.has_ticket(scope) or await database_sync_to_async(by_slug)(scope["url_route"]["kwargs"]["exercise"])
    await (as_view if known else nowhere)(scope, receive, send)


async def http(scope: Any, receive: Any, send: Any) -> None:
    """Requests for help do not wait behind pages: Django's handler starts a thread for each request (500 us).

    Nor does who brings a ticket.
    """
    door: Any = lane if scope["path"] == PATH else next((door for door in ticketed if door.opens(scope)), pages)
    await door(scope, receive, send)


nothing_else: Any = nowhere
mounted: Any = in_exercise
routes: Any = [
    re_path(r"^live/$", as_view),
    re_path(r"^exercises/(?P<exercise>[-\w]+)/live/$", mounted),
    re_path(r"", nothing_else),
]
with_ticket: Any = URLRouter(routes)
with_session: Any = AuthMiddlewareStack(with_ticket)


async def sockets(scope: Any, receive: Any, send: Any) -> None:
    """Session and user are read only where no ticket stands for them."""
    await (with_ticket if doors.has_ticket(scope) else with_session)(scope, receive, send)


application = Draining(ProtocolTypeRouter({"http": http, "websocket": doors.Origins(sockets)}))
tune()
