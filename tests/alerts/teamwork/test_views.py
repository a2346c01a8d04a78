"""The pages of a crisis team: what they show to whom, and that every act has its door."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from alerts.crises.models import Crisis
from alerts.team import actions
from alerts.team.models import Decision, MeetingVisit, TeamMember, TeamTask
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from tests.conftest import People


@pytest.fixture
def desk(people: People) -> Client:
    """The lead's browser."""
    return people.client(Role.OPERATOR)


@pytest.fixture
def room(crisis: Crisis) -> str:
    return f"/crises/{crisis.slug}/team/"


def test_the_page_shows_lead_tasks_decisions_and_procedures(
    desk: Client, crisis: Crisis, operator: Reader, room: str
) -> None:
    given = {"actor": operator, "at": now(), "crisis": crisis}
    actions.add_task(text="Telepon RS Prince of Wales", owner=None, due_at=now() + timedelta(minutes=5), **given)
    actions.decide(text="Buka posko", reason="Banyak yang mencari", decided_by=operator.user_id, **given)
    text = desk.get(room).content.decode()
    for word in (
        "pimpinan",
        "Telepon RS Prince of Wales",
        "belum ada penanggung jawab",
        "Buka posko",
        "Banyak yang mencari",
    ):
        assert word in text
    assert "Evakuasi" in text
    panel = desk.get(f"{room}panel/").content.decode()
    assert "Telepon RS Prince of Wales" in panel
    assert "Buka posko" in panel


def test_acts_go_through_the_page(desk: Client, crisis: Crisis, deputy: Reader, operator: Reader, room: str) -> None:
    assert desk.post(f"{room}call/", {"user": deputy.user_id, "part": "deputy"}).status_code == 302
    member = TeamMember.objects.get()
    task = {"text": "Hubungi keluarga", "minutes": "30", "owner": deputy.user_id}
    assert desk.post(f"{room}tasks/add/", task).status_code == 302
    made = TeamTask.objects.get()
    decision = {"text": "Berangkat", "reason": "Aman", "decided_by": deputy.user_id, "replaces": ""}
    assert desk.post(f"{room}decide/", decision).status_code == 302
    assert desk.post(f"{room}tasks/{made.pk}/assign/", {"owner": operator.user_id, "version": 1}).status_code == 302
    assert desk.post(f"{room}tasks/{made.pk}/finish/", {"version": 2, "result": "Sudah"}).status_code == 302
    assert desk.post(f"{room}tasks/{made.pk}/resume/", {"version": 3}).status_code == 302
    assert desk.post(f"{room}tasks/{made.pk}/drop/", {"version": 4, "result": "Ganda"}).status_code == 302
    assert desk.post(f"{room}procedures/evacuation/start/").status_code == 302
    assert desk.post(f"{room}dismiss/{member.pk}/").status_code == 302
    assert (Decision.objects.count(), crisis.procedures.count()) == (1, 1)
    assert "Ganda" in desk.get(room).content.decode()


@pytest.mark.parametrize(
    ("address", "data", "status"),
    [
        ("decide/", {"text": "", "reason": "", "decided_by": ""}, 422),
        ("decide/", {"text": "a\0b", "reason": "x", "decided_by": "99999999"}, 422),
        ("tasks/add/", {"text": "Telepon", "minutes": "-5"}, 422),
        ("call/", {"user": "x", "part": "king"}, 422),
        ("tasks/999999/finish/", {"version": "1"}, 404),
        ("tasks/999999/finish/", {"version": "99999999999"}, 422),
        ("tasks/999999/assign/", {"version": "1", "owner": "nobody"}, 422),
        ("dismiss/999999/", {}, 404),
        ("procedures/none/start/", {}, 422),
    ],
)
def test_bad_input_is_answered_in_words(
    desk: Client, room: str, address: str, data: dict[str, Any], status: int
) -> None:
    assert desk.post(room + address, data).status_code == status


def test_a_refused_decision_keeps_what_was_typed(desk: Client, room: str) -> None:
    answer = desk.post(f"{room}decide/", {"text": "Buka posko di masjid", "reason": "", "decided_by": ""})
    assert "Buka posko di masjid" in answer.content.decode()


def test_an_officer_sees_the_team_of_an_involved_mission_and_ends_only_own_tasks(
    people: People, crisis: Crisis, operator: Reader, officer: Reader, room: str
) -> None:
    given = {"actor": operator, "at": now(), "crisis": crisis}
    actions.appoint(user=officer.user_id, part="liaison", **given)
    due = now() + timedelta(minutes=30)
    own = actions.add_task(text="Cek RS", owner=officer.user_id, due_at=due, **given)
    other = actions.add_task(text="Siaran", owner=None, due_at=due, **given)
    phone = people.client(Role.MISSION_OFFICER, "kjri-hongkong")
    assert "Cek RS" in phone.get(room).content.decode()
    assert phone.post(f"{room}tasks/{own.pk}/finish/", {"version": 1}).status_code == 302
    assert phone.post(f"{room}tasks/{other.pk}/finish/", {"version": 1}).status_code == 403
    assert people.client(Role.MISSION_OFFICER, "kbri-khartoum").get(room).status_code == 404


def test_the_meeting_address_is_shown_only_to_the_team_and_only_after_the_visit_is_logged(
    desk: Client, people: People, deputy: Reader, room: str, settings: Any
) -> None:
    assert desk.post(f"{room}meeting/").status_code == 404
    settings.MEETING_URL = "https://rapat.example/{slug}-{key}"
    assert "rapat.example" not in desk.get(room).content.decode()
    assert not MeetingVisit.objects.exists()
    assert "rapat.example" in desk.post(f"{room}meeting/").content.decode()
    assert MeetingVisit.objects.count() == 1
    assert people.client(Role.OPERATOR, username="wakil").post(f"{room}meeting/").status_code == 403
    assert MeetingVisit.objects.count() == 1
