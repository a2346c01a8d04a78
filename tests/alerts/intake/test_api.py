"""The public contract of intake: receipts, bad input, repeats, tokens, the exercise wall."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.emergencies.models import Emergency, EmergencyMessage
from alerts.exercises.models import Exercise
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from tests.conftest import AT, People

URL = "/api/v1/emergencies"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def send(payload: Any, path: str = URL, **headers: str) -> Any:
    body = payload if isinstance(payload, str | bytes) else json.dumps(payload)
    return Client().post(path, body, content_type="application/json", headers=headers)


@pytest.fixture
def sent(emergency_payload: dict[str, Any]) -> dict[str, Any]:
    answer = send(emergency_payload)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def as_citizen(sent: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {sent['token']}"}


def test_the_first_post_answers_with_number_token_mission_and_one_receipt(sent: dict[str, Any]) -> None:
    stored = Emergency.objects.get()
    assert sent["number"] == stored.number
    assert sent["mission"]["code"] == stored.mission_id == "kjri-hongkong"
    assert sent["mission"]["phones"]
    assert sent["mission"]["reason"]["id"]
    assert sent["mission"]["reason"]["en"]
    assert [receipt["step"] for receipt in sent["receipts"]] == ["received"]
    assert stored.country == "HK"
    assert stored.priority == 1
    event = Event.objects.get()
    assert (event.kind, event.object_id, event.version) == ("emergency.received", stored.number, stored.version)
    assert set(event.audiences) == {"dcc", f"mission:{stored.mission_id}"}


def test_a_repeat_is_acknowledged_with_the_same_body_and_stores_nothing(
    emergency_payload: dict[str, Any], sent: dict[str, Any]
) -> None:
    again = send({**emergency_payload, "message": "changed"})
    assert again.status_code == 200
    assert again.json() == sent
    assert list(again.json()) == list(sent)
    assert Emergency.objects.count() == Event.objects.count() == 1


def test_three_fields_are_enough(emergency_payload: dict[str, Any]) -> None:
    least = {name: emergency_payload[name] for name in ("client_id", "pressed_at", "kind")}
    answer = send(least)
    assert answer.status_code == 201
    assert answer.json()["mission"]["code"] == ""
    assert answer.json()["mission"]["reason"]["id"]
    assert not Emergency.objects.get().has_position


def test_a_country_alone_finds_the_mission(emergency_payload: dict[str, Any]) -> None:
    emergency_payload.pop("location")
    answer = send({**emergency_payload, "country": "dj"})
    assert answer.status_code == 201
    assert "Addis" in answer.json()["mission"]["name"]


BAD = {
    "client_id": [("client_id", None), ("client_id", "x"), ("client_id", 7)],
    "pressed_at": [
        ("pressed_at", "2026-05-12T20:04:50"),
        ("pressed_at", 1778616290),
        ("pressed_at", "yesterday"),
        ("pressed_at", "9999-12-31T23:59:59-12:00"),
        ("pressed_at", "0001-01-01T00:00:00+14:00"),
        ("pressed_at", None),
    ],
    "kind": [("kind", "alien"), ("kind", None), ("kind", ["panic"])],
    "country": [("country", "XX"), ("country", "IDN"), ("country", 62), ("country", "\x00\x00"), ("country", "ıd")],
    "message": [("message", "a\x00b"), ("message", "a\x1bb"), ("message", "x" * 1001), ("message", 5)],
    "name": [("name", "x" * 121), ("name", "\x00")],
    "phone": [("phone", "1" * 33), ("phone", "\x07")],
    "place": [("place", "x" * 121), ("place", "\ud800")],
    "language": [("language", "indonesian"), ("language", "i\x00")],
    "silent": [("silent", "yes"), ("silent", None)],
    "secret": [("secret", 1)],
    "": [("\ud800", 1)],
    "location": [("location", {"lat": 0, "lon": 0.0, "fixed_at": "2026-05-12T20:04:45Z"}), ("location", [1, 2])],
}
CASES = [(field, name, value) for field, cases in BAD.items() for name, value in cases]


@pytest.mark.parametrize(("field", "name", "value"), CASES, ids=lambda value: repr(value)[:30])
def test_bad_fields_are_named_in_both_languages(
    emergency_payload: dict[str, Any], field: str, name: str, value: Any
) -> None:
    answer = send({**emergency_payload, name: value})
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    error = answer.json()["errors"][0]
    assert error["field"] == field
    assert error["id"]
    assert error["en"]
    assert not Emergency.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lat", "91"),
        ("lat", "NaN"),
        ("lat", "Infinity"),
        ("lat", "-1e999"),
        ("lat", '"22"'),
        ("lat", "null"),
        ("lat", "true"),
        ("lon", "-180.1"),
        ("lon", "1" + "0" * 400),
        ("accuracy_m", "-1"),
        ("accuracy_m", "1e300"),
        ("fixed_at", '"2026-05-12"'),
        ("source", '"guess"'),
        ("extra", "1"),
    ],
)
def test_bad_positions_are_refused_with_the_path(emergency_payload: dict[str, Any], name: str, value: str) -> None:
    emergency_payload["location"][name] = "@"
    answer = send(json.dumps(emergency_payload).replace('"@"', value))
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"][0]["field"] == f"location.{name}"
    assert not Emergency.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 1500, b"nul", b'{"a":' * 300])
def test_what_is_not_json_is_malformed(body: bytes) -> None:
    answer = send(body)
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_over_two_kilobytes_is_too_large(emergency_payload: dict[str, Any]) -> None:
    answer = send({**emergency_payload, "message": "é" * 1000})
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:dcc:problem:too-large"
    assert not Emergency.objects.exists()


@pytest.mark.parametrize("pressed_at", ["1970-01-01T00:00:00Z", "2099-01-01T07:00:00+07:00", "0001-02-01T00:00:00Z"])
def test_lateness_is_data(emergency_payload: dict[str, Any], pressed_at: str) -> None:
    assert send({**emergency_payload, "pressed_at": pressed_at}).status_code == 201


def test_a_database_that_refuses_is_503(emergency_payload: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from alerts.intake import actions

    def refuse(**_: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(actions, "receive", refuse)
    answer = send(emergency_payload)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert answer.json()["type"] == "urn:dcc:problem:unavailable"


def test_the_token_opens_its_own_emergency_alone(emergency_payload: dict[str, Any], sent: dict[str, Any]) -> None:
    other = send({**emergency_payload, "client_id": str(uuid.uuid4())}).json()
    path = f"{URL}/{sent['number']}"
    assert Client().get(path, headers=as_citizen(sent)).status_code == 200
    wrong: list[dict[str, str]] = [
        {},
        as_citizen(other),
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer x.y"},
        {"Authorization": f"Bearer {sent['number']}.\ud7ff".encode("ascii", "replace").decode()},
        {"Authorization": f"Basic {sent['token']}"},
    ]
    for headers in wrong:
        answer = Client().get(path, headers=headers)
        assert answer.status_code == 404, headers
        assert answer.json()["type"] == "urn:dcc:problem:missing"
    for number in ("E-2026-99999", "E-2025-00001", "x", "E-2026-1", "E-2026-9999999999999999999999"):
        assert Client().get(f"{URL}/{number}", headers=as_citizen(sent)).status_code == 404


def test_an_exercise_is_another_world(emergency_payload: dict[str, Any], sent: dict[str, Any], people: People) -> None:
    from commandcenter.access.models import User

    reader = people.reader(Role.OPERATOR)
    Exercise.objects.create(
        slug="drill",
        name_id="Latihan",
        name_en="Drill",
        scenario="x",
        started_by=User.objects.get(pk=reader.user_id),
        started_at=AT,
    )
    drill = "/exercises/drill/api/v1/emergencies"
    assert send(emergency_payload, drill).json()["errors"][0]["field"] == "client_id"
    theirs = send({**emergency_payload, "client_id": str(uuid.uuid4())}, drill).json()
    assert Emergency.objects.get(exercise="drill").number == theirs["number"]
    assert Event.objects.get(exercise="drill").audiences[0].startswith("exercise:drill:")
    assert Client().get(f"{drill}/{theirs['number']}", headers=as_citizen(theirs)).status_code == 200
    assert Client().get(f"{URL}/{theirs['number']}", headers=as_citizen(theirs)).status_code == 404
    assert Client().get(f"{drill}/{sent['number']}", headers=as_citizen(sent)).status_code == 404


def test_messages_are_stored_once(sent: dict[str, Any]) -> None:
    path, key = f"{URL}/{sent['number']}/messages", str(uuid.uuid4())
    first = send({"client_id": key, "text": " Di lantai 7 "}, path, **as_citizen(sent))
    again = send({"client_id": key, "text": "lain"}, path, **as_citizen(sent))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert EmergencyMessage.objects.get().text == "Di lantai 7"
    seen = Client().get(f"{URL}/{sent['number']}", headers=as_citizen(sent)).json()
    assert [(message["side"], message["text"]) for message in seen["messages"]] == [("citizen", "Di lantai 7")]


@pytest.mark.parametrize("body", [{"text": "x"}, {"client_id": str(uuid.UUID(int=1)), "text": " "}, [], None, "\x00"])
def test_bad_messages_are_refused(sent: dict[str, Any], body: Any) -> None:
    answer = send(body, f"{URL}/{sent['number']}/messages", **as_citizen(sent))
    assert answer.status_code in {400, 422}
    assert not EmergencyMessage.objects.exists()


def test_a_newer_position_moves_it_and_an_older_one_does_not(sent: dict[str, Any]) -> None:
    path = f"{URL}/{sent['number']}/positions"
    newer = {"lat": 22.5, "lon": 114.2, "accuracy_m": 8, "fixed_at": "2026-05-12T20:06:00Z"}
    older = {"lat": 10.0, "lon": 10.0, "fixed_at": "2026-05-12T19:00:00Z"}
    for body in (newer, older, newer):
        assert send(body, path, **as_citizen(sent)).status_code == 201
    stored = Emergency.objects.get()
    assert (stored.latitude, stored.accuracy_m) == (22.5, 8)
    assert Event.objects.filter(kind="emergency.moved").count() == 1


def test_the_first_position_finds_the_mission_and_later_ones_leave_it(emergency_payload: dict[str, Any]) -> None:
    emergency_payload.pop("location")
    sent = send(emergency_payload).json()
    path = f"{URL}/{sent['number']}/positions"
    melbourne = {"lat": -37.81, "lon": 144.96, "fixed_at": "2026-05-12T20:06:00Z"}
    london = {"lat": 51.5, "lon": -0.12, "fixed_at": "2026-05-12T20:07:00Z"}
    send(melbourne, path, **as_citizen(sent))
    seen = Client().get(f"{URL}/{sent['number']}", headers=as_citizen(sent)).json()
    assert "Melbourne" in seen["mission"]["name"]
    send(london, path, **as_citizen(sent))
    assert Client().get(f"{URL}/{sent['number']}", headers=as_citizen(sent)).json()["mission"] == seen["mission"]


def test_cancel_marks_and_keeps(sent: dict[str, Any]) -> None:
    path = f"{URL}/{sent['number']}/cancel"
    first = Client().post(path, headers=as_citizen(sent)).json()
    again = Client().post(path, headers=as_citizen(sent)).json()
    assert first["cancelled_at"] == again["cancelled_at"] is not None
    assert Emergency.objects.get().state == "new"
    assert Event.objects.filter(kind="emergency.cancelled").count() == 1


ANY = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("client_id", "pressed_at", "kind", "location", "country", "place", "message", "phone", "name", "language")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), ANY, max_size=3))
def test_no_body_is_a_server_error(emergency_payload: dict[str, Any], changes: dict[str, Any]) -> None:
    answer = send({**emergency_payload, "client_id": str(uuid.uuid4()), **changes})
    assert answer.status_code in {201, 200, 400, 413, 422}, answer.content


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=400), location=ANY)
def test_no_bytes_are_a_server_error(emergency_payload: dict[str, Any], body: bytes, location: Any) -> None:
    assert send(body).status_code in {400, 422}
    nested = {**emergency_payload, "client_id": str(uuid.uuid4())}
    nested["location"] = {**nested["location"], "lat": location}
    assert send(nested).status_code in {201, 400, 413, 422}
