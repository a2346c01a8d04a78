"""The fast lane of POST /api/v1/emergencies: an ASGI application before Django's handler, with group commit.

One transaction is in flight per process, in a thread with a connection of its own; what arrives meanwhile is the next
batch, without a timer. Each request is answered after its COMMIT. Limits, refusals and headers are those of the API.
A signature and the sender's network decide the order alone; while intake is overloaded an unsigned request is asked for
work first (reliability.md 3.7).
"""

import asyncio
import json
import logging
import threading
from collections import defaultdict
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from time import monotonic
from typing import Any, NamedTuple

from django.db import connection, connections
from pydantic import ValidationError

from alerts.devices.rules import HEADER, signer_of
from alerts.floods.limits import CALM_REQUESTS, requests
from alerts.floods.pressure import pressure
from alerts.intake.actions import Report, receive_many
from alerts.intake.queries import Received, first_answer
from alerts.intake.schemas import LARGEST, EmergencyIn
from alerts.lane import work
from alerts.lane.waiting import Rank, WaitingRoom
from commandcenter.clock import now
from commandcenter.peers import network_in
from commandcenter.problems import Refusal, field_errors, problem, refusal_problem
from commandcenter.replies import JSON, Receive, Reply, Scope, Send, known_host, reply_of, respond, whole_body

PATH = "/api/v1/emergencies"
LARGEST_BATCH = 200
# Beyond this a request is answered 503 at once: the phone keeps it and sends it again, and memory stays bounded. A
# signed one still finds room.
MOST_WAITING = 5000
MOST_SIGNED = 2 * MOST_WAITING
DEVICE = HEADER.lower().encode()
# An idle lane holds no connection: a database that restarted meanwhile costs nobody.
IDLE_SECONDS = 2.0

log = logging.getLogger(__name__)


class Waiting(NamedTuple):
    """A request for help that waits for its COMMIT."""

    report: Report
    reply: "asyncio.Future[Reply]"


class Lane:
    """The application. Its thread starts with the first request: daphne has no lifespan."""

    def __init__(self) -> None:
        self.waiting = WaitingRoom[Waiting]()
        self.thread: threading.Thread | None = None
        self.starting = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        reply = _refused_unread(scope)
        if reply is None:
            body = await whole_body(receive, LARGEST)
            reply = await self._stored(body, scope) if body is not None else reply_of(problem(413, "too-large"))
        await respond(scope, send, reply)

    async def _stored(self, body: bytes, scope: Scope) -> Reply:
        """Refused here, in the event loop, when it is malformed; else stored with whatever arrived beside it."""
        report = _report(body)
        if isinstance(report, Reply):
            return report
        headers, began = dict(scope["headers"]), monotonic()
        if device := signer_of(headers[DEVICE], body) if DEVICE in headers else "":
            report = replace(report, device=device)
        elif asked := _work_asked(report, headers.get(work.HEADER, b""), began):
            return asked
        if len(self.waiting) >= (MOST_SIGNED if device else MOST_WAITING):
            return reply_of(problem(503, "unavailable"))
        self._start()
        waiting = Waiting(report, asyncio.get_running_loop().create_future())
        self.waiting.put(waiting, Rank.SIGNED if device else _rank(scope, began))
        try:
            return await waiting.reply
        finally:
            ended = monotonic()
            pressure.note(ended, ended - began)

    def _start(self) -> None:
        if self.thread is None:
            with self.starting:
                if self.thread is None:
                    self.thread = threading.Thread(target=self._work, name="intake", daemon=True)
                    self.thread.start()

    def close(self) -> None:
        """Store what waits, give the connection back and end the thread."""
        if self.thread is not None:
            self.waiting.close()
            self.thread.join()
            self.thread, self.waiting = None, WaitingRoom()

    def _work(self) -> None:
        _connect_apart()
        while batch := self._batch():
            _deliver(batch, _replies([waiting.report for waiting in batch]))
        connection.close()

    def _batch(self) -> list[Waiting]:
        """Whatever waits by now, at most so many, signed ones first; nothing when the lane is closed."""
        if not self.waiting.wait(IDLE_SECONDS):
            connection.close()
            self.waiting.wait()
        return self.waiting.take(LARGEST_BATCH)


def _work_asked(report: Report, done: bytes, at: float) -> Reply | None:
    """While intake is overloaded an unsigned request is asked for work, whatever its network and its rate."""
    bits = pressure.bits(at)
    moment = now().timestamp() if bits else 0
    if not bits or work.is_done(done, str(report.client_id), moment):
        return None
    return reply_of(work.asked(str(report.client_id), bits, moment))


def _rank(scope: Scope, at: float) -> Rank:
    """A network that asks often waits behind those that don't, and is refused nothing."""
    network = network_in(scope)
    busy = bool(network) and requests.add(network, at) > CALM_REQUESTS
    return Rank.BUSY_NETWORK if busy else Rank.UNSIGNED


def _connect_apart() -> None:
    """A connection beside the pool: pages may use that up, and it waits seconds between connections found broken."""
    settings = deepcopy(connections.settings["default"])
    settings["OPTIONS"].pop("pool", None)
    connections["default"] = type(connections["default"])(settings, "default")


def _replies(reports: list[Report]) -> list[Reply]:
    """Store a batch. When the database is away, or did not say whether it committed, all are asked to try again."""
    try:
        received = receive_many(reports=reports, at=now(), exercise="")
    except Exception as error:  # noqa: BLE001 - the thread must live; never a 500
        received = [error] * len(reports)
    if any(isinstance(one, Exception) and not isinstance(one, Refusal) for one in received):
        connection.close()
    return [_told(one) for one in received]


def _told(received: Received | Exception) -> Reply:
    if isinstance(received, Received):
        return Reply(201 if received.created else 200, json.dumps(first_answer(received)).encode(), JSON)
    if isinstance(received, Refusal):
        return reply_of(refusal_problem(received))
    # Not the error's text: it may quote what a citizen wrote.
    log.error("intake could not store a request (%s)", type(received).__name__)
    return reply_of(problem(503, "unavailable"))


def _deliver(requests: list[Waiting], replies: list[Reply]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Reply], Reply]]] = defaultdict(list)
    for waiting, reply in zip(requests, replies, strict=True):
        by_loop[waiting.reply.get_loop()].append((waiting.reply, reply))
    for loop, pairs in by_loop.items():
        with suppress(RuntimeError):  # the server has stopped; what is stored is stored
            loop.call_soon_threadsafe(_resolve, pairs)


def _resolve(pairs: list[tuple["asyncio.Future[Reply]", Reply]]) -> None:
    for future, reply in pairs:
        if not future.done():  # else the client hung up
            future.set_result(reply)


def _refused_unread(scope: Scope) -> Reply | None:
    """What the first lines of a request are enough to refuse."""
    headers = dict(scope["headers"])
    if not known_host(headers.get(b"host", b"")):
        return reply_of(problem(400, "malformed"))
    if scope["method"] != "POST":
        answer = problem(405, "malformed")
        answer.headers["Allow"] = "POST"
        return reply_of(answer)
    length = headers.get(b"content-length", b"")
    return reply_of(problem(413, "too-large")) if length.isdigit() and int(length) > LARGEST else None


def _report(body: bytes) -> Report | Reply:
    """What was sent, or why it is refused: in the words of the API, which reads the same schema."""
    try:
        return EmergencyIn.model_validate(json.loads(body) if body else {}).as_report()
    except ValidationError as error:
        found: Any = error.errors(include_url=False, include_input=False) if body else [{"loc": (), "type": "missing"}]
        return reply_of(problem(422, "invalid", field_errors(found)))
    except (ValueError, RecursionError):
        return reply_of(problem(400, "malformed"))
