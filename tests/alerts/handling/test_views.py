"""The page of one emergency: who opens it, what its forms do, what scripts are told."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alerts.emergencies.models import Emergency, EmergencyMessage
from commandcenter.access.models import Role
from commandcenter.audit.models import ReadEntry
from commandcenter.events.models import Event
from tests.alerts.emergencies.conftest import Make
from tests.conftest import People

FETCH = {"X-Requested-With": "fetch"}


def url(emergency: Emergency, name: str = "emergency", *args: str) -> str:
    return reverse(f"emergencies:{name}", args=[emergency.number, *args])


@pytest.fixture
def desk(people: People) -> Client:
    return people.client(Role.OPERATOR)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.VERIFIER])
def test_the_page_shows_the_emergency_and_logs_the_reading(emergency: Emergency, people: People, role: Role) -> None:
    answer = people.client(role).get(url(emergency))
    assert answer.status_code == 200
    page = answer.content.decode()
    for shown in ("Siti Aminah", "+85291234567", "Tolong", emergency.number, emergency.mission.name):  # type: ignore[union-attr]
        assert shown in page
    assert emergency.mission_reason_id in answer.context["mission_reason"]
    assert ReadEntry.objects.get().object_id == emergency.number
    assert ("id_minutes" in page) is (role != Role.VERIFIER)


def test_looking_sends_no_receipt(emergency: Emergency, desk: Client) -> None:
    desk.get(url(emergency))
    desk.get(url(emergency, "panel", "head"))
    assert Event.objects.count() == 1


def test_only_the_responsible_mission_finds_it(emergency: Emergency, people: People) -> None:
    assert people.client(Role.AMBASSADOR, emergency.mission_id or "").get(url(emergency)).status_code == 200
    assert people.client(Role.MISSION_OFFICER, "kbri-canberra").get(url(emergency)).status_code == 404
    assert people.client(Role.MINISTER).get(url(emergency)).status_code == 403
    assert Client().get(url(emergency)).status_code == 302
    assert not ReadEntry.objects.exclude(role=Role.AMBASSADOR).exists()


@pytest.mark.parametrize("number", ["x", "E-2026-99999", "E-2026-1", "E-2026-99999999999999999999"])
def test_other_numbers_are_missing(people: People, number: str) -> None:
    assert people.client(Role.OPERATOR).get(f"/emergencies/{number}/").status_code == 404
    assert people.client(Role.OPERATOR).post(f"/emergencies/{number}/take/").status_code == 404


@pytest.mark.parametrize("name", ["head", "timeline", "messages"])
def test_panels_carry_their_own_id(emergency: Emergency, desk: Client, name: str) -> None:
    assert f'id="{name}"' in desk.get(url(emergency, "panel", name)).content.decode()
    assert desk.get(url(emergency, "panel", "secret")).status_code == 404


def test_a_form_is_answered_with_a_redirect_and_an_undo(emergency: Emergency, desk: Client) -> None:
    answer = desk.post(url(emergency, "take"), {"minutes": "30"}, follow=True)
    assert answer.redirect_chain == [(url(emergency), 302)]
    assert url(emergency, "release") in answer.content.decode()
    taken = Emergency.objects.get()
    assert taken.next_contact_at
    assert taken.taken_at
    assert (taken.next_contact_at - taken.taken_at).total_seconds() == 1800
    desk.post(url(emergency, "release"))
    assert Emergency.objects.get().state == "new"


def test_a_script_is_answered_with_204_or_the_reason(emergency: Emergency, desk: Client, people: People) -> None:
    assert desk.post(url(emergency, "take"), headers=FETCH).status_code == 204
    late = people.client(Role.SUPERVISOR).post(url(emergency, "take"), headers={"Accept": "application/json"})
    assert late.status_code == 409
    assert late.json()["type"] == "urn:dcc:problem:conflict"
    assert late.json()["errors"][0]["en"].startswith("Already taken by operator")


def test_opening_by_the_browser_counts_once_and_answers_with_the_head(emergency: Emergency, desk: Client) -> None:
    answer = desk.post(url(emergency, "opened"), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'id="head"' in answer.content.decode()
    desk.post(url(emergency, "opened"))
    assert Event.objects.filter(kind="emergency.opened").count() == 1


def test_a_verifier_opens_nothing(emergency: Emergency, people: People) -> None:
    verifier = people.client(Role.VERIFIER)
    for name in ("opened", "take", "note"):
        assert verifier.post(url(emergency, name)).status_code == 403
    assert Emergency.objects.get().opened_at is None


def test_acts_need_post_and_a_csrf_token(emergency: Emergency, desk: Client) -> None:
    assert desk.get(url(emergency, "take")).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.cookies
    assert strict.post(url(emergency, "take")).status_code == 403


def test_a_refused_form_keeps_what_was_typed(emergency: Emergency, desk: Client) -> None:
    answer = desk.post(url(emergency, "note"), {"text": "a\x00b rumah sakit"})
    assert answer.status_code == 422
    assert "rumah sakit" in answer.content.decode()
    assert "error-summary" in answer.content.decode()


def test_a_message_sent_twice_is_stored_once(emergency: Emergency, desk: Client) -> None:
    sent = {"text": "Kami di sini", "client_id": str(uuid.uuid4())}
    for _ in range(2):
        assert desk.post(url(emergency, "message"), sent).status_code == 302
    assert EmergencyMessage.objects.count() == 1
    assert desk.post(url(emergency, "message"), {"text": "x", "client_id": "no"}).status_code == 302


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 40, "1"])
def test_resolving_with_any_version_text_never_breaks(emergency: Emergency, desk: Client, version: str) -> None:
    desk.post(url(emergency, "take"))
    answer = desk.post(url(emergency, "resolve"), {"outcome": "helped", "version": version})
    assert answer.status_code in {302, 409}
    assert (Emergency.objects.get().state == "resolved") is (version != "1")


def test_user_text_is_escaped(make: Make, desk: Client) -> None:
    emergency = make(name="<script>alert(1)</script>", message="<img src=x>", place="<b>", phone='"><i>')
    page = desk.get(url(emergency)).content.decode()
    for raw in ("<script>alert", "<img src=x", "<b></", '"><i>'):
        assert raw not in page


def test_the_page_costs_few_queries(emergency: Emergency, desk: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        desk.post(url(emergency, "note"), {"text": f"Catatan {number}"})
    with django_assert_max_num_queries(27):
        desk.get(url(emergency))
