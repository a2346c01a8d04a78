"""What gateways call: each effect once, only with the secret and from a listed address, and no input is a 500."""

import json
import logging
import uuid
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commandcenter.access.logs import WithoutKeys
from commandcenter.events.models import Event
from commandcenter.gateways import inbound
from commandcenter.gateways.inbound import Handler, Inbound
from commandcenter.inbox import shapes
from commandcenter.inbox.models import InboundMessage
from commandcenter.live.models import Frame
from commandcenter.outbox.models import Delivery, Outgoing
from commandcenter.relay.numbering import Relay
from tests.commandcenter.inbox.conftest import SECRET
from tests.commandcenter.outbox.conftest import Queue
from tests.conftest import AT

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "sms"
MESSAGES, RECEIPTS = f"/api/v1/gateways/sms/inbound/{SECRET}", f"/api/v1/gateways/sms/receipt/{SECRET}"
FORM = "application/x-www-form-urlencoded"
MO = {
    "from": "628110000001",
    "to": "KEMLU",
    "text": "BANTU saya di Hatay",
    "ts": "2026-11-21 23:56:42",
    "coding": "0",
    "smsc": "SIM",
    "id": "dea55aea-fd1a-4311-871c-8f103aeaefaf",
}
pytestmark = pytest.mark.django_db


def seen(name: str) -> Any:
    """What a gateway was seen to send; the captures stay outside the project."""
    if not (DATA / name).exists():
        pytest.skip(f"{DATA / name} is not here: what gateways really send was NOT checked")
    return json.loads((DATA / name).read_text())


def post(body: dict[str, Any] | bytes, address: str = MESSAGES, content_type: str = FORM, **more: Any) -> Any:
    data = urlencode(body).encode() if isinstance(body, dict) else body
    return Client(raise_request_exception=False).post(address, data, content_type=content_type, **more)


def captured(kind: str) -> list[dict[str, str]]:
    """What a real Kannel called while the data were recorded."""
    return [
        fields
        for name in ("kannel_run_captured.json", "kannel_run1_captured_bad_config.json")
        for path, fields in seen(name)["app"]
        if path == kind
    ]


# --- the door ---


@pytest.mark.parametrize("address", [MESSAGES, RECEIPTS])
def test_a_wrong_secret_and_a_foreign_address_find_nothing_byte_for_byte(settings: Any, address: str) -> None:
    nothing = Client().post("/api/v1/there-is/nothing/here", MO)
    for secret in ("x", SECRET[:-1], SECRET + "x", SECRET.upper(), "%00", "é"):
        wrong = post(MO, address.replace(SECRET, quote(secret)))
        assert (wrong.status_code, wrong.content) == (404, nothing.content)
        assert dict(wrong.headers) == dict(nothing.headers)
    foreign = post(MO, address, REMOTE_ADDR="192.0.2.7")
    assert (foreign.status_code, foreign.content) == (404, nothing.content)
    assert not InboundMessage.objects.exists()
    settings.SMS_FROM = [ip_network("192.0.2.0/24")]
    assert post(MO, MESSAGES, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert post(MO, MESSAGES, REMOTE_ADDR="::ffff:192.0.2.7").status_code == 200
    assert post(MO, MESSAGES, REMOTE_ADDR="").status_code == 404


def test_without_the_check_of_the_secret_the_test_above_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: every secret is the right one."""
    monkeypatch.setattr("commandcenter.inbox.guard.compare_digest", lambda _given, _known: True)
    assert post(MO, MESSAGES.replace(SECRET, "x")).status_code == 200


def test_neither_secret_nor_message_stands_in_a_log() -> None:
    line = f"GET {MESSAGES}?from=628110000001&text=Tolong 200"
    record = logging.LogRecord("daphne", 20, "", 0, "%s", (line,), None)
    assert WithoutKeys().filter(record)
    assert record.getMessage() == "GET /api/v1/gateways/sms/inbound/... 200"


def test_too_much_is_refused_before_it_is_read() -> None:
    assert post(b"text=" + b"a" * 70_000).status_code == 413
    assert post({}, MESSAGES + "?text=" + "a" * 70_000).status_code == 413


# --- messages ---


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_kannel_really_sent_is_stored(method: str) -> None:
    sent = captured("/mo")
    assert len(sent) == 3
    for fields in sent:
        answer = Client().get(MESSAGES, fields) if method == "get" else post(fields)
        assert answer.status_code == 200
    stored = list(InboundMessage.objects.order_by("id").values_list("message_id", "sender", "text"))
    assert stored == [(fields["id"], "+628110000001", fields["text"]) for fields in sent]


def test_a_message_brought_a_hundred_times_has_one_effect(readers: dict[str, Handler]) -> None:
    effects: list[Inbound] = []
    inbound.register("ours", lambda message, _at: not effects.append(message))
    answers = {post(MO).content for _each in range(100)}
    assert len(answers) == 1
    assert InboundMessage.objects.count() == len(effects) == 1
    assert list(Event.objects.values_list("kind", flat=True)) == ["inbound.received", "inbound.handled"]
    assert effects[0].sender == "+628110000001"
    assert effects[0].exercise == ""


def test_without_unique_ids_it_would_have_a_hundred(
    readers: dict[str, Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant: every message has a number of its own."""
    whole = shapes.message_of
    fresh = lambda fields: whole(fields)._replace(message_id=uuid.uuid4().hex)  # noqa: E731
    monkeypatch.setattr(shapes, "message_of", fresh)
    for _each in range(5):
        post(MO)
    assert InboundMessage.objects.count() == 5


def test_infobip_and_vonage_shapes_are_understood() -> None:
    infobip = {"results": [{"messageId": "i-1", "from": "628110000001", "to": "KEMLU", "text": "AMAN"}]}
    vonage = {"messageId": "v-1", "msisdn": "628110000002", "to": "KEMLU", "text": "TOLONG", "type": "text"}
    for body in (infobip, vonage):
        assert post(json.dumps(body).encode(), content_type="application/json").status_code == 200
    assert set(InboundMessage.objects.values_list("message_id", "sender", "text")) == {
        ("i-1", "+628110000001", "AMAN"),
        ("v-1", "+628110000002", "TOLONG"),
    }


def test_one_bad_message_among_several_costs_no_other() -> None:
    results = [{"messageId": "1", "text": "x"}, {"messageId": "2", "from": "628110000001", "text": "AMAN"}]
    answer = post(json.dumps({"results": results}).encode(), content_type="application/json")
    assert answer.status_code == 200
    refused, stored = answer.json()["messages"]
    assert refused["refused"]["field"] == "from"
    assert stored["id"] == "2"
    assert InboundMessage.objects.count() == 1


def test_a_message_in_an_exercise_stays_in_it(people: Any, at: Any, readers: dict[str, Handler]) -> None:
    from alerts.exercises import actions as exercises

    seen: list[str] = []
    inbound.register("ours", lambda message, _at: not seen.append(message.exercise))
    supervisor = people.reader("supervisor")
    drill = exercises.start(actor=supervisor, at=at, scenario="hk-wangfuk-2025", name_id="Latihan", name_en="Drill")
    post(MO, f"/exercises/{drill.slug}{MESSAGES}")
    post(MO)
    assert seen == [drill.slug, ""]
    heard = Event.objects.filter(kind="inbound.received").order_by("id").values_list("exercise", "audiences")
    assert list(heard) == [(drill.slug, [f"exercise:{drill.slug}:dcc"]), ("", ["dcc"])]


ODD = [
    (b"from=628110000001&id=1&text=%00", "\N{REPLACEMENT CHARACTER}"),
    (b"from=628110000001&id=1&text=a%00b%07c", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"),
    (b"from=628110000001&id=1&text=%FF%FEkota", "ÿþkota"),
    (b"from=628110000001&id=1&text=Gempa+%93besar%94", "Gempa “besar”"),
    (b"from=628110000001&id=1&coding=2&text=%8B%66%62%A5%00%20%00A", "警报 A"),
    (b"from=628110000001&id=1&coding=2&charset=UTF-16BE&text=%8B%66%62%A5", "警报"),
    (b"from=628110000001&id=1&coding=2&charset=UTF-8&text=%E8%AD%A6%E6%8A%A5", "警报"),
    (b"from=628110000001&id=1&charset=rot13&text=abc", "abc"),
    ("from=628110000001&id=1&text=السفارة 🙏".encode(), "السفارة 🙏"),
    (b"from=628110000001&id=1&text=", ""),
    (b"from=628110000001&id=1&text=%E2%80%AEgnp.exe", "\u202egnp.exe"),
]


@pytest.mark.parametrize(("body", "text"), ODD)
def test_odd_encodings_lose_nothing(body: bytes, text: str) -> None:
    assert post(body).status_code == 200
    assert InboundMessage.objects.get().text == text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**MO, "from": ""}, "from"),
        ({**MO, "from": "6" * 41}, "from"),
        ({**MO, "text": "a" * 4001}, "text"),
        ({"from": "628110000001", "id": "1"}, "text"),
        ({"from": "628110000001", "text": "x"}, "id"),
        ({}, "from"),
    ],
)
def test_what_can_not_be_stored_is_refused_in_words(body: dict[str, str], field: str) -> None:
    answer = post(body)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert error["id"] != error["en"]
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"[1]", b"null", b"1e999", b'{"results": 3}', b"[" * 5000, b"\xff\xfe", b'{"a":"\\ud800"}'],
)
@pytest.mark.parametrize("address", [MESSAGES, RECEIPTS])
def test_json_that_is_none_is_refused_in_words(address: str, body: bytes) -> None:
    assert post(body, address, "application/json").status_code in {400, 422}


def test_a_message_without_a_number_is_told_apart_by_its_time() -> None:
    plain = {name: value for name, value in MO.items() if name != "id"}
    post(plain), post(plain), post({**plain, "ts": "2026-11-21 23:57:00"})
    assert InboundMessage.objects.count() == 2


@pytest.mark.parametrize("number", ["n" * 5000, "\0", "'; DROP TABLE x", "é" * 99])
def test_any_number_of_a_gateway_is_kept_apart(number: str) -> None:
    for _twice in range(2):
        assert post({**MO, "id": number}).status_code == 200
    assert InboundMessage.objects.count() == 1


VALUES = st.one_of(st.text(max_size=40), st.integers(), st.none(), st.booleans(), st.lists(st.text(), max_size=2))
NAMES = st.sampled_from(["from", "text", "id", "ts", "t", "status", "coding", "charset", "messageId", "fid", "x"])


@given(fields=st.dictionaries(NAMES, VALUES, max_size=7), raw=st.binary(max_size=120))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("address", [MESSAGES, RECEIPTS])
def test_no_input_is_a_500(address: str, fields: dict[str, Any], raw: bytes) -> None:
    for body, kind in ((json.dumps(fields).encode(), "application/json"), (raw, "application/json"), (raw, FORM)):
        assert post(body, address, kind).status_code in {200, 400, 422}
    form = {name: str(value).encode("utf-8", "surrogatepass") for name, value in fields.items()}
    assert post(form, address).status_code in {200, 422}


def test_no_personal_word_reaches_an_event_or_a_frame() -> None:
    post({**MO, "text": "Canary rahasia", "from": "628123456789"})
    Relay().step(AT)
    written = repr(list(Event.objects.values())) + "".join(Frame.objects.values_list("body", flat=True))
    assert "inbound.received" in written
    assert not any(word in written for word in ("anary", "rahasia", "8123456789"))


# --- receipts ---


def receipts(ref: object, **fields: str) -> Any:
    return post({"id": str(ref), **fields}, RECEIPTS)


def test_what_kannel_really_said_moves_messages(taken: Callable[..., Outgoing]) -> None:
    named = {fields["id"]: taken() for fields in captured("/dlr")}
    for fields in captured("/dlr"):
        answer = Client().get(RECEIPTS, {**fields, "id": str(named[fields["id"]].client_ref)})
        assert answer.json()["receipts"][0]["known"] is True
    states = {name: Outgoing.objects.get(pk=message.pk).state for name, message in named.items()}
    assert states["a1"] == states["b33"] == states["a13"] == Delivery.DELIVERED
    assert states["a6"] == states["a7"] == states["a8"] == Delivery.FAILED


def test_infobip_and_vonage_receipts_are_understood(taken: Callable[..., Outgoing]) -> None:
    shapes_ = seen("webhook_shapes.json")
    for name, entry in (("infobip_dlr_push", ("results", 0)), ("vonage_dlr", ())):
        message, body = taken(), shapes_[name]
        target = body
        for part in entry:
            target = target[part]
        target["messageId"] = str(message.client_ref)
        assert post(json.dumps(body).encode(), RECEIPTS, "application/json").json()["receipts"][0]["known"] is True
        assert Outgoing.objects.get(pk=message.pk).state == Delivery.DELIVERED


def test_a_receipt_a_hundred_times_is_one_event(taken: Callable[..., Outgoing]) -> None:
    message = taken()
    for _each in range(100):
        assert receipts(message.client_ref, t="1").status_code == 200
    assert Event.objects.filter(kind="delivery.delivered").count() == 1


@pytest.mark.parametrize("ref", ["00000000-0000-0000-0000-000000000000", "a1", "x" * 5000, "\0", "💥"])
def test_a_receipt_for_nothing_of_ours_says_so(queue: Queue, ref: str) -> None:
    queue()
    answer = receipts(ref, t="1")
    assert (answer.status_code, answer.json()["receipts"][0]["known"]) == (200, False)
    assert Outgoing.objects.get().state == Delivery.QUEUED


@pytest.mark.parametrize("news", ["4", "0", "99", "maybe"])
def test_news_that_is_none_changes_nothing(taken: Callable[..., Outgoing], news: str) -> None:
    message = taken()
    assert receipts(message.client_ref, t=news).status_code == 200
    assert Outgoing.objects.get(pk=message.pk).state == Delivery.SENDING


def test_a_receipt_without_number_or_status_is_refused_in_words() -> None:
    assert receipts("", t="1").json()["errors"][0]["field"] == "id"
    assert receipts(uuid.uuid4()).json()["errors"][0]["field"] == "status"
