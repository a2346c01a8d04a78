"""Speaks to an ASGI application as a server does, and to Django's own door, in comparable answers."""

import asyncio
import json
import threading
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.test import Client

from alerts.intake.actions import receive_many
from alerts.lane.application import PATH, Lane

HOST = (b"host", b"localhost")


class Answer(NamedTuple):
    """What came back; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def as_bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


async def ask(
    application: Any,
    body: Any = b"",
    *,
    method: str = "POST",
    path: str = PATH,
    headers: Iterable[tuple[bytes, bytes]] = (HOST,),
    chunks: int = 1,
    scheme: str = "http",
    peer: str = "",
) -> Answer:
    """One request with a body in so many chunks."""
    whole = as_bytes(body)
    size = max(1, -(-len(whole) // chunks))
    parts = [whole[start : start + size] for start in range(0, len(whole), size)] or [b""]
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    waiting[-1]["more_body"] = False
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": list(headers), "scheme": scheme}
    if peer:
        scope["client"] = [peer, 50_000]
    await application(scope, receive, send)
    start, *rest = sent
    shown = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], shown, b"".join(message.get("body", b"") for message in rest))


def post(application: Any, body: Any, **rest: Any) -> Answer:
    return asyncio.run(ask(application, body, **rest))


def through_django(body: Any, *, method: str = "POST", path: str = PATH, **headers: str) -> Answer:
    """The same request at the API's own door."""
    answer = Client(SERVER_NAME="localhost").generic(
        method, path, as_bytes(body), content_type="application/json", headers=headers
    )
    return Answer(answer.status_code, {name.lower(): value for name, value in answer.items()}, answer.content)


class Gate:
    """Stands before receive_many: holds the first batch until the gate opens, and keeps the size of each batch."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.entered = threading.Event()
        self.batches: list[int] = []

    def __call__(self, **given: Any) -> Any:
        self.batches.append(len(given["reports"]))
        self.entered.set()
        assert self.opened.wait(10)
        return receive_many(**given)


def together(lane: Lane, gate: Gate, first: Any, bodies: list[Any]) -> list[Answer]:
    """Post `first`, and while its batch is in flight all `bodies`: they become the next batch, in this order."""

    async def posted() -> list[Answer]:
        ahead = asyncio.create_task(ask(lane, first))
        await asyncio.to_thread(gate.entered.wait, 10)
        tasks = [asyncio.create_task(ask(lane, body)) for body in bodies]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gate.opened.set()
        assert (await ahead).status == 201
        return list(await asyncio.gather(*tasks))

    return asyncio.run(posted())
