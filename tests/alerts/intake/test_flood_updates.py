"""Presses in a row attach to the emergency of the same device; updates that come too fast wait on the telephone."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from alerts.conversing import api as conversing
from alerts.devices.models import RepeatedAlarm
from alerts.devices.rules import HEADER, ONE_IN
from alerts.emergencies.models import Emergency, EmergencyMessage
from alerts.floods import updates
from alerts.floods.limits import Updates
from alerts.floods.pressure import Pressure
from alerts.intake import actions, api
from alerts.intake.models import EmergencyPosition
from commandcenter.events.models import Event
from tests.alerts.devices.test_flood_keys import known
from tests.conftest import AT
from tests.journeys.pressing import Device

URL = "/api/v1/emergencies"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
Payload = dict[str, Any]


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing came before."""
    monkeypatch.setattr(updates, "updates", Updates())
    monkeypatch.setattr(updates, "pressure", Pressure())


def send(payload: Payload, device: Device | None = None, path: str = URL, **headers: str) -> Any:
    body = json.dumps(payload).encode()
    proof = {HEADER: device.header(body)} if device else {}
    return Client().post(path, body, content_type="application/json", headers={**headers, **proof})


def anew(payload: Payload, **more: Any) -> Payload:
    return {**payload, "client_id": str(uuid.uuid4()), **more}


def test_a_second_press_of_one_device_belongs_to_its_first(emergency_payload: Payload) -> None:
    device, first = known(), emergency_payload
    fix = {**first["location"], "lat": 22.46, "fixed_at": "2026-05-12T20:06:00Z"}
    second = anew(first, message="Kami di atap", location=fix, phone="0812")
    opened, attached = send(first, device), send(second, device)
    assert (opened.status_code, attached.status_code) == (201, 200)
    assert attached.json() == opened.json()
    emergency = Emergency.objects.get()
    alarm = RepeatedAlarm.objects.get()
    assert (alarm.emergency, str(alarm.client_id), alarm.phone) == (emergency, second["client_id"], "0812")
    assert EmergencyMessage.objects.get().text == "Kami di atap"
    assert [*EmergencyPosition.objects.values_list("latitude", flat=True)] == [22.45, 22.46]
    assert emergency.latitude == 22.46
    events = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert events == ["emergency.received", "emergency.repeated", "emergency.messaged", "emergency.moved"]
    assert emergency.version == 4
    # It is not told that anybody opened or took it.
    assert [receipt["step"] for receipt in attached.json()["receipts"]] == ["received"]


def test_a_second_press_adds_what_was_not_known_and_changes_nothing_else() -> None:
    def report(**more: Any) -> actions.Report:
        return actions.Report(client_id=uuid.uuid4(), pressed_at=AT, device="A" * 22, **{"kind": "panic", **more})

    actions.receive(report=report(phone="+62811"), at=AT, exercise="")
    actions.receive(report=report(phone="+62899", silent=True, place="Blok F", kind="violence"), at=AT, exercise="")
    known_now = Emergency.objects.get()
    assert (known_now.phone, known_now.silent, known_now.place) == ("+62811", True, "Blok F")
    assert (known_now.nature, known_now.priority) == ("violence", 1)
    assert RepeatedAlarm.objects.get().phone == "+62899"


def test_the_same_press_again_is_a_repeat_signed_or_not(emergency_payload: Payload) -> None:
    device, second = known(), anew(emergency_payload)
    first = send(emergency_payload, device)
    for how in (device, device, None):
        answer = send(second, how)
        assert (answer.status_code, answer.json()) == (200, first.json())
    assert (Emergency.objects.count(), RepeatedAlarm.objects.count()) == (1, 1)


def test_a_burst_in_one_batch_is_one_emergency_and_a_row_for_each(emergency_payload: Payload) -> None:
    reports = [
        actions.Report(client_id=uuid.uuid4(), pressed_at=AT, kind="panic", device=device)
        for device in ("A" * 22, "B" * 22)
        for _ in range(30)
    ]
    received = actions.receive_many(reports=reports, at=AT, exercise="")
    assert len({one.number for one in received if not isinstance(one, Exception)}) == 2
    assert (Emergency.objects.count(), RepeatedAlarm.objects.count()) == (2, 58)
    assert {one.client_id for one in reports} == {
        *Emergency.objects.values_list("client_id", flat=True),
        *RepeatedAlarm.objects.values_list("client_id", flat=True),
    }


@pytest.mark.parametrize("why", ["later", "cancelled", "more urgent", "another device", "unsigned", "same telephone"])
def test_what_opens_an_emergency_of_its_own(why: str) -> None:
    def report(device: str, kind: str = "panic") -> actions.Report:
        return actions.Report(client_id=uuid.uuid4(), pressed_at=AT, kind=kind, device=device, phone="+62812")

    first = actions.receive(report=report("A" * 22, "other" if why == "more urgent" else "panic"), at=AT, exercise="")
    if why == "cancelled":
        actions.cancel(number=first.number, exercise="", at=AT)
    device = {"another device": "B" * 22, "unsigned": "", "same telephone": ""}.get(why, "A" * 22)
    at = AT + (ONE_IN if why == "later" else timedelta(seconds=20))
    received = actions.receive(report=report(device), at=at, exercise="")
    # Above all a number that anybody may type never opens another's emergency to them.
    assert received.created
    assert received.number != first.number


def test_an_exercise_is_a_world_of_its_own() -> None:
    report = actions.Report(client_id=uuid.uuid4(), pressed_at=AT, kind="panic", device="A" * 22)
    actions.receive(report=report, at=AT, exercise="")
    other = actions.Report(client_id=uuid.uuid4(), pressed_at=AT, kind="panic", device="A" * 22)
    assert actions.receive(report=other, at=AT, exercise="drill").created


def updated(sent: Any, to: str, body: Payload) -> Any:
    told = sent.json()
    return send(body, None, f"{URL}/{told['number']}/{to}", Authorization=f"Bearer {told['token']}")


def test_updates_beyond_six_a_minute_are_asked_to_come_later_in_both_languages(emergency_payload: Payload) -> None:
    sent = send(emergency_payload)
    bodies = [{"client_id": str(uuid.uuid4()), "text": f"{n}"} for n in range(7)]
    answers = [updated(sent, "messages", body) for body in bodies]
    assert [answer.status_code for answer in answers] == [201] * 6 + [429]
    told = answers[6].json()
    assert 0 < int(answers[6].headers["Retry-After"]) <= 62
    assert told["type"] == "urn:dcc:problem:busy"
    assert "enam" in told["errors"][0]["id"]
    assert "six" in told["errors"][0]["en"]
    # What is known already is acknowledged all the same, and a cancel always.
    assert updated(sent, "messages", bodies[0]).status_code == 201
    assert updated(sent, "cancel", {}).status_code == 200


def test_positions_leave_room_for_messages(emergency_payload: Payload) -> None:
    sent = send(emergency_payload)
    fixes = [{**emergency_payload["location"], "fixed_at": f"2026-05-12T20:1{n}:00Z"} for n in range(6)]
    answers = [updated(sent, "positions", fix).status_code for fix in fixes]
    assert answers == [201] * 4 + [429] * 2
    said = [updated(sent, "messages", {"client_id": str(uuid.uuid4()), "text": "x"}).status_code for _ in range(2)]
    assert said == [201, 201]


def test_under_overload_positions_wait_and_alarms_and_messages_do_not(
    emergency_payload: Payload, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(emergency_payload)
    monkeypatch.setattr(Pressure, "sheds", lambda _self, what, _at: what != "message")
    shed = updated(sent, "positions", {**emergency_payload["location"], "fixed_at": "2026-05-12T20:10:00Z"})
    assert (shed.status_code, shed.headers["Retry-After"]) == (503, "30")
    assert shed.json()["errors"][0]["id"].startswith("Permintaan tolong didahulukan")
    assert updated(sent, "messages", {"client_id": str(uuid.uuid4()), "text": "x"}).status_code == 201
    assert send(anew(emergency_payload)).status_code == 201


def test_the_door_asks_the_limit_before_it_writes(monkeypatch: pytest.MonkeyPatch, emergency_payload: Payload) -> None:
    sent = send(emergency_payload)
    asked: list[str] = []
    for door in (api, conversing):
        monkeypatch.setattr(door, "let_in", lambda what, *_: asked.append(what))
    updated(sent, "positions", emergency_payload["location"])
    updated(sent, "messages", {"client_id": str(uuid.uuid4()), "text": "x"})
    assert asked == ["position", "message"]
