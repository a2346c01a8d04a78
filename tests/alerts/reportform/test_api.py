"""POST /api/v1/crises/{slug}/reports."""

import json
import uuid
from datetime import datetime, timedelta

import pytest
from django.test import Client

from alerts.reporting import tokens
from alerts.sitreps.models import SituationReport
from commandcenter.access.models import Role
from commandcenter.clock import now

URL = "/api/v1/crises/gempa-kathmandu/reports"


@pytest.fixture
def bearer(world) -> dict[str, str]:
    request = world.ask("dhaka", at=now())
    token = tokens.make(request=request, officer=world.officer().user_id, at=now())
    return {"Authorization": f"Bearer {token}"}


def body(**given) -> dict:
    as_of = (now() - timedelta(minutes=1)).isoformat()
    return {"client_id": str(uuid.uuid4()), "answer": "figures", "as_of": as_of, "figures": {"wni.dead": 2}, **given}


def post(client: Client, payload, headers=None, url: str = URL):
    text = payload if isinstance(payload, str | bytes) else json.dumps(payload)
    return client.post(url, text, content_type="application/json", headers=headers or {})


@pytest.fixture
def phone() -> Client:
    return Client(enforce_csrf_checks=True)


def test_a_link_files_a_report_and_the_second_submit_gets_the_same_answer(phone, bearer):
    given = body(figures={"wni.dead": 2, "all.dead": {"value": 41, "high": 50}, "wni.safe": None}, authorities="yes")
    first, second = (post(phone, given, bearer) for _turn in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    told = first.json()
    assert told["number"] == 1
    assert told["figures"] == {"wni.dead": {"value": 2, "high": None}, "all.dead": {"value": 41, "high": 50}}
    assert (told["mission"], told["crisis"], told["authorities"]) == ("dhaka", "gempa-kathmandu", "yes")
    assert SituationReport.objects.count() == 1


def test_a_session_files_a_report_with_the_csrf_token(world, people):
    world.ask("dhaka", at=now())
    client = people.client(Role.AMBASSADOR, "dhaka")
    assert post(client, body()).status_code == 201
    client.handler.enforce_csrf_checks = True
    assert post(client, body()).status_code == 403
    client.get("/reports/")
    token = client.get("/reports/").context["csrf_token"]
    assert post(client, body(), {"X-CSRFToken": str(token)}).status_code == 201


def problem(answer, status: int, field: str | None = None) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    if field is not None:
        error = next(one for one in told["errors"] if one["field"] == field)
        assert error["id"]
        assert error["en"]
    return told


def test_strangers_other_roles_and_other_missions_are_refused_with_the_reason(world, people, phone):
    world.ask("dhaka", at=now())
    problem(post(phone, body()), 401, "")
    problem(post(people.client(Role.OPERATOR), body()), 403, "")
    problem(post(people.client(Role.MISSION_OFFICER, "newdelhi"), body()), 404, "")
    problem(post(people.client(Role.MISSION_OFFICER, "cairo"), body()), 404, "")
    assert not SituationReport.objects.exists()


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "é".encode().decode("latin1"), "x" * 5000])
def test_a_bad_link_is_refused(phone, world, token):
    problem(post(phone, body(), {"Authorization": f"Bearer {token}"}), 404, "token")


def test_an_old_link_and_a_link_of_another_crisis_are_refused(phone, world, bearer):
    request = world.ask("dhaka", at=now())
    old = tokens.make(request=request, officer=world.officer().user_id, at=now() - timedelta(hours=24))
    problem(post(phone, body(), {"Authorization": f"Bearer {old}"}), 410, "token")
    problem(post(phone, body(), bearer, "/api/v1/crises/lain/reports"), 403, "")


def test_a_closed_crisis_refuses_and_a_repeat_still_gets_its_answer(phone, world, bearer):
    given = body()
    post(phone, given, bearer)
    type(world.crisis).objects.update(stood_down_at=now())
    problem(post(phone, body(), bearer), 409, "")
    assert post(phone, given, bearer).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"client_id": "x"}, "client_id"),
        ({"client_id": None}, "client_id"),
        ({"answer": "maybe"}, "answer"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"as_of": "2026-05-12T20:05:12"}, "as_of"),
        ({"as_of": "2999-01-01T00:00:00Z"}, "as_of"),
        ({"as_of": "1999-01-01T00:00:00Z"}, "as_of"),
        ({"as_of": "9999-12-31T23:59:59-23:59"}, "as_of"),
        ({"as_of": "0001-01-01T00:00:00+23:59"}, "as_of"),
        ({"as_of": 5}, "as_of"),
        ({"as_of": 1e300}, "as_of"),
        ({"source": "friend"}, "source"),
        ({"figures": []}, "figures"),
        ({"figures": {"wni.dead": -1}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": 1.5}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": 2.0}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": True}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": "2"}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": "1.500"}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": 10_000_001}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": 10**30}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": [2, 3]}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": {"value": 3, "high": 3}}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": {"value": 3, "high": 2}}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": {"high": 2}}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": {"value": None}}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": {"value": 2, "source": "me"}}}, "figures.wni.dead"),
        ({"figures": {"wni.lost": 1}}, None),
        ({"figures": {"\x00": 1}}, None),
        ({"figures": {}}, "figures"),
        ({"answer": "checking"}, "figures"),
        ({"authorities": "perhaps"}, None),
        ({"hospitals": "yes"}, None),
        ({"note": "a\x00b"}, "note"),
        ({"note": "x" * 2001}, "note"),
        ({"note": "\ud800"}, "note"),
        ({"note": 5}, "note"),
        ({"replaces": 0}, "replaces"),
        ({"replaces": 7}, "replaces"),
        ({"replaces": 2**40}, "replaces"),
        ({"replaces": "1"}, "replaces"),
        ({"extra": 1}, "extra"),
    ],
)
def test_bad_input_gets_a_problem_with_its_field_and_stores_nothing(phone, bearer, change, field):
    problem(post(phone, body(**change), bearer), 422, field)
    assert not SituationReport.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "7", "[" * 100_000, '{"figures": {"wni.dead": 1e999}}', b"\xff\xfe", "NaN"]
)
def test_what_is_no_report_at_all_gets_a_problem(phone, bearer, text):
    answer = post(phone, text, bearer)
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_too_much_is_refused(phone, bearer):
    assert post(phone, body(note="x" * 1_100_000), bearer).status_code in {413, 422}


def test_an_exercise_has_its_own_address(phone, drill):
    request = drill.ask("dhaka", at=now())
    token = tokens.make(request=request, officer=drill.officer().user_id, at=now())
    headers = {"Authorization": f"Bearer {token}"}
    problem(post(phone, body(), headers), 404, "token")
    assert post(phone, body(), headers, "/exercises/hk" + URL).status_code == 201


def test_a_report_that_waited_on_a_phone_is_of_the_time_it_was_written(phone, bearer):
    given = body(age_s=3600)
    del given["as_of"]
    told = post(phone, given, bearer).json()
    assert now() - datetime.fromisoformat(told["as_of"]) >= timedelta(seconds=3600)
    # Sent again after a while it is the same report.
    assert post(phone, {**given, "age_s": 3700}, bearer).json() == told


@pytest.mark.parametrize("age", [-1, 1.5, "60", 4 * 24 * 3600 + 1])
def test_an_age_that_is_none_is_refused_at_its_field(phone, bearer, age):
    given = body(age_s=age)
    problem(post(phone, given, bearer), 422, "age_s")


def test_a_report_of_no_time_is_refused_at_its_field(phone, bearer):
    given = body()
    del given["as_of"]
    problem(post(phone, given, bearer), 422, "as_of")
