"""The consumer and the routing of the tutorial."""

import json
import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.tutorial.settings")
pages = get_asgi_application()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402


class Live(AsyncWebsocketConsumer):
    """In the group from connect to disconnect."""

    async def connect(self) -> None:
        await self.channel_layer.group_add("live", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard("live", self.channel_name)

    async def live_frame(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(event["frame"]))


sockets: Any = [path("live/", Live.as_asgi())]
application = ProtocolTypeRouter({"http": pages, "websocket": URLRouter(sockets)})
