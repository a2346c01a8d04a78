"""The pages of exercises, and the wall between them and live work."""

import pytest

from alerts.emergencies.models import Emergency
from alerts.exercises.models import Exercise
from commandcenter.access.models import Role

pytestmark = pytest.mark.django_db
LIST, START, END = "/exercises/", "/exercises/start/", "/exercises/end/"
SCENARIO = {"scenario": "hk-wangfuk-2025"}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.VERIFIER])
def test_the_list_opens_for_the_command_centre(people, role):
    text = people.client(role).get(LIST).content.decode()
    assert 'id="s-hk-wangfuk-2025"' in text
    assert ('action="/exercises/start/"' in text) is (role != Role.VERIFIER)


@pytest.mark.parametrize("role", [Role.MINISTER, Role.SPOKESPERSON, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_are_refused(people, role):
    client = people.client(role)
    assert client.get(LIST).status_code == 403
    assert client.post(START, SCENARIO).status_code == 403
    assert client.post(END, {"slug": "x"}).status_code == 403


def test_a_mission_is_refused(people):
    assert people.client(Role.AMBASSADOR, "kjri-hongkong").get(LIST).status_code == 403


def test_starting_leads_into_the_exercise(people):
    answer = people.client(Role.SUPERVISOR).post(START, SCENARIO)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/exercises/hk-wangfuk-2025/")
    assert 'href="/exercises/hk-wangfuk-2025/"' in people.client(Role.OPERATOR).get(LIST).content.decode()


def test_an_unknown_scenario_starts_nothing(people):
    client = people.client(Role.SUPERVISOR)
    for name in ("", "nothing", "../../manage"):
        assert client.post(START, {"scenario": name}).status_code == 404
    assert not Exercise.objects.exists()


def test_from_inside_an_exercise_the_list_leads_out(people):
    client = people.client(Role.SUPERVISOR)
    client.post(START, SCENARIO)
    answer = client.get("/exercises/hk-wangfuk-2025/exercises/")
    assert (answer.status_code, answer.headers["Location"]) == (302, LIST)


def test_ending_moves_it_to_the_ended_ones(people):
    client = people.client(Role.SUPERVISOR)
    client.post(START, SCENARIO)
    assert client.post(END, {"slug": "hk-wangfuk-2025"}).status_code == 302
    assert client.post(END, {"slug": "nothing"}).status_code == 404
    assert 'id="ended-h"' in client.get(LIST).content.decode()


def test_an_unknown_exercise_has_no_pages(people):
    assert people.client(Role.SUPERVISOR).get("/exercises/nothing/summary/").status_code == 404


def test_what_happens_in_an_exercise_stays_in_it(people, client, emergency_payload):
    people.client(Role.SUPERVISOR).post(START, SCENARIO)
    sent = client.post(
        "/exercises/hk-wangfuk-2025/api/v1/emergencies", emergency_payload, content_type="application/json"
    )
    assert sent.status_code == 201
    assert Emergency.objects.get().exercise == "hk-wangfuk-2025"
    number = sent.json()["number"]
    operator = people.client(Role.OPERATOR)
    assert operator.get(f"/emergencies/{number}/").status_code == 404
    assert operator.get(f"/exercises/hk-wangfuk-2025/emergencies/{number}/").status_code == 200


def test_the_mount_ends_with_its_request(people):
    client = people.client(Role.SUPERVISOR)
    client.post(START, SCENARIO)
    inside = client.get("/exercises/hk-wangfuk-2025/summary/").content.decode()
    assert 'href="/exercises/hk-wangfuk-2025/crises/"' in inside
    assert 'href="/crises/"' in client.get("/summary/").content.decode()


def test_ending_what_is_not_there_finds_nothing(people):
    assert people.client("operator").post(END, {"slug": "a\0b"}).status_code == 404
