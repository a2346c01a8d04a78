"""The exchange's callback: only with the secret, from a listed address, signed where it signs; each event once."""

import hmac
import json
import logging
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alerts.callbacks.models import CallBack
from alerts.hotline.models import Call, ExchangeEvent
from commandcenter.access.logs import WithoutKeys
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from tests.alerts.switchboard.conftest import ADDRESS, SECRET
from tests.conftest import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
KEY = "a-key-of-the-tests-0123456789abcdefgh"


def news(kind: str = "started", event: str = "e1", call: str = "c1", **more: Any) -> dict[str, Any]:
    return {"event_id": event, "call_id": call, "event": kind, "from": "+967771234567", **more}


def post(body: Any, address: str = ADDRESS, **more: Any) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    client = Client(raise_request_exception=False)
    return client.post(address, data, content_type="application/json", **more)


def signed(body: dict[str, Any], *, key: str = KEY, late: int = 0) -> dict[str, Any]:
    moment = str(int(datetime.now(UTC).timestamp()) - late)
    mark = hmac.digest(key.encode(), f"{moment}.{json.dumps(body)}".encode(), "sha256").hex()
    return {"HTTP_X_TIMESTAMP": moment, "HTTP_X_SIGNATURE": f"sha256={mark}"}


def test_a_ring_is_answered_after_it_is_stored(exchange: str) -> None:
    answer = post(news())
    assert (answer.status_code, answer.json()) == (200, {"call": f"T-{Call.objects.get().pk}", "state": "ringing"})
    assert post(news("ended", "e2")).json()["state"] == "closed"
    assert CallBack.objects.get().phone == "+967771234567"


def test_without_an_exchange_nothing_is_there(exchange: str, settings: Any) -> None:
    settings.EXCHANGE = False
    assert post(news()).status_code == 404
    assert not Call.objects.exists()


def test_another_secret_or_another_place_finds_nothing(exchange: str, settings: Any) -> None:
    nothing = post(news(), "/api/v1/gateways/nothing/x").content
    assert post(news(), ADDRESS[:-1] + "x").content == nothing
    settings.EXCHANGE_FROM = [ip_network("10.0.0.0/8")]
    assert post(news()).status_code == 404
    assert not Call.objects.exists()


def test_the_secret_stands_in_no_log() -> None:
    line = logging.LogRecord("x", logging.INFO, "", 0, "POST %s", (f"{ADDRESS}?from=+967771234567",), None)
    assert WithoutKeys().filter(line)
    assert SECRET not in line.getMessage()
    assert "771234567" not in line.getMessage()


def test_a_signature_is_asked_for_where_there_is_a_key(exchange: str, settings: Any) -> None:
    settings.EXCHANGE_KEY = KEY
    body = news()
    good = signed(body)
    wrong: list[dict[str, Any]] = [
        {},
        signed(body, key=KEY[:-1] + "x"),
        signed(body, late=301),
        signed(body, late=-301),
        signed({**body, "event_id": "e2"}),
        {**good, "HTTP_X_TIMESTAMP": str(int(good["HTTP_X_TIMESTAMP"]) - 1)},
        {**good, "HTTP_X_TIMESTAMP": "x"},
        {
            **good,
            "HTTP_X_SIGNATURE": good["HTTP_X_SIGNATURE"][:-1] + ("0" if good["HTTP_X_SIGNATURE"][-1] != "0" else "1"),
        },
        {**good, "HTTP_X_SIGNATURE": "sha256=\u0660"},
    ]
    assert [post(body, **headers).status_code for headers in wrong] == [403] * len(wrong)
    assert not Call.objects.exists()
    assert {post(body, **good).status_code for _again in range(100)} == {200}
    assert (Call.objects.count(), ExchangeEvent.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_id", ""),
        ("event_id", "a\0b"),
        ("event_id", "x" * 121),
        ("event_id", 7),
        ("call_id", None),
        ("event", "exploded"),
        ("at", "yesterday"),
        ("at", "2026-05-12T20:05:00"),
        ("from", ["x"]),
        ("recording_url", "javascript:alert(1)"),
        ("recording_url", "https://\0x/"),
        ("recording_url", "http://[::1"),
        ("recording_url", "x" * 501),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_field(exchange: str, field: str, value: Any) -> None:
    answer = post({**news("recording"), field: value})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert answer.json()["errors"][0]["id"] != answer.json()["errors"][0]["en"]
    assert not Call.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 5000, b"x" * 64_001])
def test_a_body_that_is_no_event_is_no_500(exchange: str, body: bytes) -> None:
    assert 400 <= post(body).status_code < 500


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.text(max_size=40), extra=st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=3))
def test_whatever_a_number_is_the_call_is_kept(exchange: str, number: str, extra: dict[str, str]) -> None:
    body = {**extra, **news("started", "e-any", "c-any")} | {"from": number}
    assert post(json.dumps(body).encode(errors="replace")).status_code == 200


def test_the_recording_is_an_address_for_who_opens_the_call(exchange: str, people: People) -> None:
    post(news("answered"))
    post(news("recording", "e2", recording_url="https://exchange.example/r/1?x=1"))
    call = Call.objects.get()
    page = people.client(Role.OPERATOR).get(f"/hotline/calls/{call.client_id}/")
    assert b'href="https://exchange.example/r/1?x=1"' in page.content
    assert "exchange.example" not in str(list(Event.objects.values()))


def test_a_drill_has_an_exchange_of_its_own(exchange: str, people: People, settings: Any) -> None:
    from alerts.exercises.actions import start

    given_ = {"scenario": "hk-wangfuk-2025", "name_id": "Latihan", "name_en": "Drill"}
    drill = start(actor=people.reader(Role.SUPERVISOR), at=datetime.now(UTC), **given_)
    assert post(news(), f"/exercises/{drill.slug}{ADDRESS}").status_code == 200
    assert post(news()).status_code == 200
    assert sorted(Call.objects.values_list("exercise", flat=True)) == ["", drill.slug]
    live = people.client(Role.OPERATOR).get("/hotline/")
    assert live.content.count(b"open-call-") == 1
