"""The mount under /exercises/<slug>/: the same pages in a world apart."""

from datetime import datetime

import pytest
from django.test import Client

from alerts.emergencies.models import Emergency
from alerts.exercises.models import Exercise
from tests.conftest import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def drill(people: People, at: datetime) -> Exercise:
    """A running exercise."""
    starter = people.reader("supervisor")
    return Exercise.objects.create(
        slug="drill", name_id="Latihan", name_en="Drill", scenario="x", started_by_id=starter.user_id, started_at=at
    )


def _send(client: Client, payload: dict[str, object], prefix: str = "") -> int:
    return client.post(f"{prefix}/api/v1/emergencies", payload, "application/json").status_code


def test_an_emergency_sent_under_the_mount_is_the_exercises_own(
    client: Client, people: People, drill: Exercise, emergency_payload: dict[str, object], reference: None
) -> None:
    assert _send(client, emergency_payload, "/exercises/drill") == 201
    assert Emergency.objects.get().exercise == "drill"
    operator = people.client("operator")
    number = Emergency.objects.get().number
    assert number in operator.get("/exercises/drill/").content.decode()
    assert number not in operator.get("/").content.decode()
    assert operator.get(f"/emergencies/{number}/").status_code == 404


def test_links_stay_under_the_mount_and_it_says_exercise(people: People, drill: Exercise, reference: None) -> None:
    text = people.client("operator").get("/exercises/drill/").content.decode()
    assert "/exercises/drill/crises/" in text
    assert "LATIHAN" in text


def test_an_unknown_exercise_is_missing(client: Client) -> None:
    assert client.get("/exercises/nothing/login/").status_code == 404


def test_an_ended_exercise_is_read_and_not_written(
    client: Client, people: People, drill: Exercise, at: datetime, emergency_payload: dict[str, object], reference: None
) -> None:
    Exercise.objects.update(ended_at=at)
    assert _send(client, emergency_payload, "/exercises/drill") == 409
    assert people.client("operator").post("/exercises/drill/crises/declare/").status_code == 409
    assert people.client("operator").get("/exercises/drill/").status_code == 200
    assert not Emergency.objects.exists()
