"""The lane and the API are two doors to one contract: the same refusals byte for byte, the same headers."""

import asyncio
import json
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from alerts.intake import actions
from alerts.lane import application as lane
from alerts.lane.application import PATH, Lane
from commandcenter import asgi
from commandcenter.bulkhead import Bulkhead
from tests.alerts.intake.test_api import ANY, CASES, FIELDS
from tests.alerts.lane.asgi import HOST, Answer, ask, post, through_django

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
# Named by Django alone: which language a page would have spoken. A problem document speaks both.
OF_PAGES = {"vary", "content-language"}

# An error the framework makes is rewritten outside the middleware that adds these; the lane gives them always.
MORE = {"content-length", "x-frame-options"}


def same(ours: Answer, theirs: Answer) -> None:
    assert (ours.status, ours.body) == (theirs.status, theirs.body)
    assert {
        name: value for name, value in theirs.headers.items() if name not in OF_PAGES
    }.items() <= ours.headers.items()
    assert ours.headers.keys() - theirs.headers.keys() <= MORE


@pytest.mark.parametrize(("field", "name", "value"), CASES, ids=lambda value: repr(value)[:30])
def test_bad_fields_read_the_same(emergency_payload: dict[str, Any], field: str, name: str, value: Any) -> None:
    body = {**emergency_payload, name: value}
    if (name, value) != ("country", "XX"):  # known only to the action: see test_lane.py
        same(post(Lane(), body), through_django(body))


BODIES = [b"", b"{", b"\xff\xfe", b"[" * 1500, b"nul", b"null", b"[]", b"7", b'"x"', b"{}", b"NaN", b'{"a":' * 300]


@pytest.mark.parametrize("body", [*BODIES, b"x" * 2048, b"x" * 2049, b" " * 9000], ids=lambda body: repr(body[:12]))
def test_bad_bodies_read_the_same(body: bytes) -> None:
    same(post(Lane(), body), through_django(body))


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_read_the_same(method: str) -> None:
    ours, theirs = post(Lane(), b"", method=method), through_django(b"", method=method)
    assert ours.headers["allow"] == "POST"
    # The server drops the body of an answer to HEAD; Django's test client does so itself.
    same(ours._replace(body=theirs.body) if method == "HEAD" else ours, theirs)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:x", "", "é", "localhost@evil"])
def test_a_foreign_host_is_refused_the_same(host: str, emergency_payload: dict[str, Any]) -> None:
    headers = ((b"host", host.encode("latin-1")),)
    ours = post(Lane(), emergency_payload, headers=headers)
    assert ours.status == 400
    if host.isascii():
        same(ours, through_django(emergency_payload, Host=host))


def test_a_repeat_reads_the_same(emergency_payload: dict[str, Any]) -> None:
    first = through_django(emergency_payload)
    report = lane._report(json.dumps(emergency_payload).encode())
    assert isinstance(report, actions.Report)
    repeat = lane._told(actions.receive(report=report, at=lane.now(), exercise=""))
    assert (first.status, repeat.status, repeat.body) == (201, 200, first.body)
    assert first.json()["mission"]["phones"]
    assert dict(repeat.headers)[b"content-type"].decode() == first.headers["content-type"]
    assert dict(repeat.headers)[b"cache-control"].decode() == first.headers["cache-control"]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), ANY, min_size=1, max_size=3))
@example(changes={"location": "x", "silent": 1})
def test_what_the_lane_refuses_the_api_refuses_the_same(
    emergency_payload: dict[str, Any], changes: dict[str, Any]
) -> None:
    body = {**emergency_payload, "client_id": str(uuid.uuid4()), **changes}
    if not isinstance(lane._report(json.dumps(body).encode()), actions.Report):
        same(post(Lane(), body), through_django(body))


def test_over_https_it_asks_for_https(settings: Any) -> None:
    from commandcenter import replies

    settings.SECURE_HSTS_SECONDS = 31_536_000
    replies._everywhere.cache_clear()
    secure, plain = (post(Lane(), b"", scheme=scheme).headers for scheme in ("https", "http"))
    replies._everywhere.cache_clear()
    assert secure.get("strict-transport-security")
    assert "strict-transport-security" not in plain


def test_the_server_sends_one_path_to_the_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    async def door(scope: Any, receive: Any, send: Any) -> None:
        taken.append(scope["path"])

    monkeypatch.setattr(asgi, "lane", door)
    monkeypatch.setattr(asgi, "pages", lambda scope, receive, send: _nothing())
    for path in (PATH, f"{PATH}/", f"{PATH}/E-2026-00001", f"/exercises/drill{PATH}", "/sos/", "/"):
        asyncio.run(asgi.application({"type": "http", "path": path}, None, None))  # type: ignore[arg-type]
    assert taken == [PATH]


async def _nothing() -> None:
    pass


def test_the_bulkhead_takes_requests_for_help_and_nothing_else() -> None:
    application = Bulkhead(Lane())
    same(post(application, b"{"), through_django(b"{"))
    same(post(application, b"", path="/api/v1/nowhere"), through_django(b"", path="/api/v1/nowhere"))
    assert post(application, b"", path="/", method="GET").status == 404
    health = post(application, b"", path="/healthz", method="GET")
    assert (health.status, health.json()) == (200, {"ok": True})


def test_the_bulkhead_lives_as_long_as_its_server() -> None:
    said: list[str] = []
    heard = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, Any]:
        return {"type": next(heard)}

    async def send(message: dict[str, Any]) -> None:
        said.append(message["type"])

    asyncio.run(Bulkhead(Lane())({"type": "lifespan"}, receive, send))
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_announced_bodies_are_refused_unread() -> None:
    async def unread() -> Any:
        raise AssertionError("the body was read")

    async def refused() -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [HOST, (b"content-length", b"300000000")]
        scope = {"type": "http", "method": "POST", "path": PATH, "headers": headers}
        await Lane()(scope, unread, send)
        return sent

    assert asyncio.run(refused())[0]["status"] == 413


def test_a_body_that_streams_too_much_is_refused_before_its_end() -> None:
    async def endless() -> Answer:
        return await ask(Lane(), b"x" * 300_000, chunks=300)

    assert asyncio.run(endless()).status == 413


def test_a_body_cut_short_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "_report", lambda body: pytest.fail("half a body was read as a whole one"))

    async def cut() -> None:
        parts = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])

        async def receive() -> Any:
            return next(parts)

        async def send(message: Any) -> None:
            pass

        await Lane()({"type": "http", "method": "POST", "path": PATH, "headers": [HOST]}, receive, send)

    asyncio.run(cut())
