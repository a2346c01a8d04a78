"""What staff enter from calls, counters and relatives becomes an emergency like any other."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from alerts.cells.recount import recount
from alerts.emergencies import actions
from alerts.emergencies.models import Channel, Emergency
from alerts.escalation.actions import plan_fresh
from alerts.handling.queries import timeline
from alerts.intake.actions import Report, receive
from alerts.ladders.models import DueStep
from alerts.opening.actions import open_by_staff
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.conftest import AT, People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
MELBOURNE = {"latitude": -37.81, "longitude": 144.96}


def opened(actor: Reader, **given: Any) -> Emergency:
    told = {"client_id": uuid.uuid4(), "channel": Channel.HOTLINE, "nature": "other", "priority": 1}
    return open_by_staff(actor=actor, at=AT, **{**told, **given})


def test_a_position_finds_its_mission_its_cell_and_its_event(operator: Reader) -> None:
    made = opened(operator, **MELBOURNE, phone="+61355501234", message="Jatuh", name="Siti", language="id")
    assert (made.mission_id, made.country, made.position_source) == ("kjri-melbourne", "AU", "manual")
    assert "KJRI Melbourne" in made.mission_reason_id
    assert (made.state, made.opened_at, made.taken_at, made.version, made.received_at) == ("new", None, None, 1, AT)
    assert recount() == 0
    [event] = Event.objects.filter(object_id=made.number)
    assert (event.kind, event.actor_id, event.version) == ("emergency.received", operator.user_id, 1)
    assert event.data == {"channel": "hotline", "mission": "kjri-melbourne", "rule": "district", "priority": 1}
    assert event.audiences == ["dcc", "mission:kjri-melbourne"]


def test_a_country_alone_is_enough_and_nothing_at_all_is_the_command_centres(operator: Reader) -> None:
    known = opened(operator, country="hk", channel=Channel.WALK_IN)
    assert (known.mission_id, known.country, known.latitude) == ("kjri-hongkong", "HK", None)
    bare = opened(operator)
    assert (bare.mission_id, bare.country) == (None, "")
    assert bare.mission_reason_id
    assert Event.objects.get(object_id=bare.number).audiences == ["dcc"]


def test_the_same_client_id_opens_one(operator: Reader) -> None:
    given = {"client_id": uuid.uuid4(), "country": "HK"}
    assert opened(operator, **given) == opened(operator, **given, priority=2)
    assert (Emergency.objects.count(), Event.objects.count()) == (1, 1)


def test_an_identifier_of_another_world_or_of_a_citizen_is_refused(people: People, operator: Reader) -> None:
    drill = people.reader(Role.OPERATOR, exercise="latihan")
    there = opened(drill, country="HK")
    assert there.exercise == "latihan"
    assert Event.objects.get(object_id=there.number).audiences == [
        "exercise:latihan:dcc",
        "exercise:latihan:mission:kjri-hongkong",
    ]
    pressed = Report(client_id=uuid.uuid4(), pressed_at=AT, kind="panic")
    receive(report=pressed, at=AT, exercise="")
    for client_id in (there.client_id, pressed.client_id):
        with pytest.raises(Refusal) as refused:
            opened(operator, client_id=client_id)
        assert refused.value.error.field == "client_id"


def test_what_staff_entered_is_never_given_to_the_public_door(operator: Reader) -> None:
    mine = opened(operator, country="HK")
    with pytest.raises(Refusal) as refused:
        receive(report=Report(client_id=mine.client_id, pressed_at=AT, kind="panic"), at=AT, exercise="")
    assert refused.value.error.field == "client_id"


@pytest.mark.parametrize(("priority", "steps"), [(1, True), (2, False)])
def test_a_p1_climbs_as_any_other(operator: Reader, priority: int, steps: bool) -> None:
    made = opened(operator, priority=priority, country="HK")
    plan_fresh(at=AT + timedelta(seconds=45))
    assert DueStep.objects.filter(ladder="emergency", ref=made.pk).exists() == steps
    actions.take(actor=operator, number=made.number, at=AT + timedelta(seconds=50))
    assert not DueStep.objects.filter(ref=made.pk, done_at=None).exists()


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.MINISTER, Role.AUDITOR, Role.ADMINISTRATOR, Role.SPOKESPERSON])
def test_who_only_reads_opens_none(people: People, role: Role) -> None:
    with pytest.raises(Refusal) as refused:
        opened(people.reader(role))
    assert refused.value.status == 403
    assert not Emergency.objects.exists()


def test_an_officer_of_a_mission_may(people: People) -> None:
    officer = people.reader(Role.MISSION_OFFICER, "kjri-hongkong")
    assert opened(officer, country="HK", channel=Channel.FOUND).mission_id == "kjri-hongkong"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("channel", "panic_button"),
        ("channel", "pigeon"),
        ("nature", "x"),
        ("priority", 3),
        ("country", "QQ"),
        ("country", "HKG"),
        ("phone", "1" * 33),
        ("name", "a\0b"),
        ("place", "x" * 121),
        ("message", "x" * 1001),
        ("message", "a\ud800"),
        ("latitude", 91.0),
        ("latitude", float("nan")),
        ("latitude", 0.0),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_leaves_nothing(operator: Reader, field: str, value: Any) -> None:
    more = {"longitude": 0.0} if field == "latitude" else {}
    with pytest.raises(Refusal) as refused:
        opened(operator, **{field: value}, **more)
    assert refused.value.error.field == field
    assert not Emergency.objects.exists()
    assert not Event.objects.exists()


def test_the_timeline_says_who_entered_it(operator: Reader) -> None:
    [line] = timeline(opened(operator, message="Jatuh di tangga"))
    assert (line.who, line.kind, line.note) == (operator.name, "dcc", "Jatuh di tangga")
    assert "Hotline" in line.text


def test_nothing_is_stored_when_its_event_is_refused(operator: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(entries: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "record_many", refuse)
    with pytest.raises(RuntimeError):
        opened(operator, **MELBOURNE)
    assert not Emergency.objects.exists()
    assert recount() == 0
    assert connection.in_atomic_block
