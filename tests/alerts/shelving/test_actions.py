"""Silencing an alarm: who may, for how long, and that nothing but its sound rests."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from alerts.emergencies import actions
from alerts.emergencies.cards import load, make
from alerts.emergencies.models import Emergency, State
from alerts.intake.actions import Fix, Report, receive
from alerts.queue import queries as queues
from alerts.shelving import actions as shelving
from alerts.shelving import queries as shelf
from alerts.shelving.tasks import end_shelving
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.conftest import AT, People

LATER = AT + timedelta(minutes=1)
pytestmark = pytest.mark.django_db


def an_emergency(kind: str = "panic") -> Emergency:
    fix = Fix(22.3, 114.17, AT, "gps", 20)
    receive(report=Report(client_id=uuid.uuid4(), pressed_at=AT, kind=kind, location=fix), at=AT, exercise="")
    return Emergency.objects.latest("pk")


@pytest.fixture
def critical(reference: None) -> Emergency:
    return an_emergency()


@pytest.fixture
def high(reference: None) -> Emergency:
    return an_emergency("other")


@pytest.fixture
def supervisor(people: People) -> Reader:
    return people.reader(Role.SUPERVISOR)


def shelve(emergency: Emergency, actor: Reader, **more: Any) -> Emergency:
    given = {"at": LATER, "minutes": 15, "reason": "Uji bunyi di ruang rapat"}
    return shelving.shelve(actor=actor, number=emergency.number, **given | more)


def test_a_supervisor_silences_a_p1_and_everybody_sees_why_and_until_when(
    critical: Emergency, supervisor: Reader, people: People
) -> None:
    shelve(critical, supervisor)
    [row] = shelf.shelved(people.reader(Role.VERIFIER))
    assert (row.number, row.shelved_until, row.state) == (critical.number, LATER + timedelta(minutes=15), State.NEW)
    assert [note.text for note in row.notes.all()] == ["Uji bunyi di ruang rapat"]
    event = Event.objects.get(kind="emergency.shelved")
    assert (event.actor_id, event.data["by"]) == (supervisor.user_id, supervisor.user_id)
    card = make(load([critical.number], "")[critical.number], "dcc")
    assert card is not None
    assert card.model_dump()["shelved"] == row.shelved_until


def test_an_operator_silences_a_p2_and_no_p1(critical: Emergency, high: Emergency, operator: Reader) -> None:
    assert shelve(high, operator).shelved_by_id == operator.user_id
    with pytest.raises(Refusal) as refused:
        shelve(critical, operator)
    assert refused.value.status == 403
    assert not critical.notes.exists()


@pytest.mark.parametrize(
    ("change", "field"), [({"minutes": 31}, "minutes"), ({"minutes": 0}, "minutes"), ({"reason": "  "}, "reason")]
)
def test_silence_needs_a_reason_and_ends_within_thirty_minutes(
    critical: Emergency, supervisor: Reader, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        shelve(critical, supervisor, **change)
    assert refused.value.error.field == field
    assert Emergency.objects.get().shelved_until is None


def test_what_is_taken_is_not_silenced_and_taking_ends_the_silence(
    critical: Emergency, supervisor: Reader, operator: Reader
) -> None:
    shelve(critical, supervisor)
    taken = actions.take(actor=operator, number=critical.number, at=LATER)
    assert (taken.shelved_until, taken.shelved_by) == (None, None)
    with pytest.raises(Refusal) as refused:
        shelve(critical, supervisor)
    assert refused.value.status == 409


def test_silence_ends_by_itself_on_time_and_once(critical: Emergency, supervisor: Reader) -> None:
    shelve(critical, supervisor)
    due = LATER + timedelta(minutes=15)
    assert end_shelving(due - timedelta(seconds=1)) == 0
    assert (end_shelving(due), end_shelving(due)) == (1, 0)
    assert Event.objects.get(kind="emergency.unshelved").actor_id is None


def test_silence_is_ended_by_hand_and_twice_is_once(critical: Emergency, supervisor: Reader) -> None:
    shelve(critical, supervisor)
    for _ in range(2):
        shelving.unshelve(actor=supervisor, number=critical.number, at=LATER)
    assert Event.objects.filter(kind="emergency.unshelved").count() == 1


def test_a_silenced_alarm_still_goes_back_untouched_and_stands_in_the_queue(
    critical: Emergency, supervisor: Reader
) -> None:
    shelve(critical, supervisor)
    assert [row.number for row in queues.rows(supervisor, queues.QueueFilter(state="new"), most=9)] == [critical.number]


def test_the_pages_say_it_and_the_acts_have_doors(critical: Emergency, people: People) -> None:
    desk: Client = people.client(Role.SUPERVISOR)
    page = f"/emergencies/{critical.number}/"
    assert "Tunda alarm" in desk.get(page).content.decode()
    assert desk.post(f"{page}shelve/", {"reason": "", "minutes": "5"}).status_code == 422
    assert desk.post(f"{page}shelve/", {"reason": "Uji", "minutes": "5"}).status_code == 302
    assert "Bunyikan lagi" in desk.get(page).content.decode()
    assert "Uji" in desk.get("/emergencies/shelved/").content.decode()
    assert people.client(Role.OPERATOR).post(f"{page}unshelve/").status_code == 403
    assert desk.post(f"{page}unshelve/").status_code == 302
    assert "Tidak ada alarm yang ditunda" in desk.get("/emergencies/shelved/").content.decode()
