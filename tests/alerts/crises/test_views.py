"""Pages by role: who may open them, what they hold, foreign is missing, exercises are walled off."""

from typing import Any

import pytest
from django.test import Client

from alerts.crises import actions
from alerts.crises.models import Crisis
from alerts.exercises.models import Exercise
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from tests.conftest import AT, People

PANELS = ("", "head/", "missions/", "emergencies/", "log/")


@pytest.fixture
def crisis(fire: dict[str, Any]) -> Crisis:
    return actions.declare(**fire)


def test_nobody_comes_in_without_signing_in(crisis: Crisis) -> None:
    for address in ("/crises/", "/crises/declare/", "/crises/ribbon/", *(f"/crises/{crisis.slug}/{p}" for p in PANELS)):
        answer = Client().get(address)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/login/")


@pytest.mark.parametrize(
    ("role", "mission", "listed", "declares", "enters"),
    [
        (Role.OPERATOR, "", 200, 200, 200),
        (Role.SUPERVISOR, "", 200, 200, 200),
        (Role.VERIFIER, "", 200, 403, 200),
        (Role.MISSION_OFFICER, "kjri-hongkong", 200, 403, 200),
        (Role.AMBASSADOR, "kbri-khartoum", 200, 403, 404),
        (Role.SPOKESPERSON, "", 200, 403, 403),
        (Role.MINISTER, "", 403, 403, 403),
        (Role.AUDITOR, "", 403, 403, 403),
        (Role.ADMINISTRATOR, "", 403, 403, 403),
    ],
)
def test_who_opens_which_page(
    role: Role, mission: str, listed: int, declares: int, enters: int, crisis: Crisis, people: People
) -> None:
    browser = people.client(role, mission)
    assert browser.get("/crises/").status_code == listed
    assert browser.get("/crises/declare/").status_code == declares
    for panel in PANELS:
        assert browser.get(f"/crises/{crisis.slug}/{panel}").status_code == enters, panel


def test_the_list_of_a_mission_holds_only_its_crises(crisis: Crisis, people: People) -> None:
    assert crisis.name in people.client(Role.MISSION_OFFICER, "kjri-hongkong").get("/crises/").content.decode()
    assert crisis.name not in people.client(Role.AMBASSADOR, "kbri-khartoum").get("/crises/").content.decode()


def test_an_empty_list_says_so(people: People) -> None:
    answer = people.client(Role.VERIFIER).get("/crises/").content.decode()
    assert answer.count("state--empty") == 2


def test_the_ribbon_names_the_open_crises(crisis: Crisis, people: People) -> None:
    answer = people.client(Role.OPERATOR).get("/crises/ribbon/").content.decode()
    assert crisis.name in answer
    assert f"/crises/{crisis.slug}/" in answer


def test_the_room_offers_a_reader_only_what_they_may_do(crisis: Crisis, people: People) -> None:
    offers = {}
    for role, mission in (
        (Role.SUPERVISOR, ""),
        (Role.OPERATOR, ""),
        (Role.VERIFIER, ""),
        (Role.MISSION_OFFICER, "kjri-hongkong"),
    ):
        client = people.client(role, mission)
        page = "".join(client.get(f"/crises/{crisis.slug}/{panel}").content.decode() for panel in ("", "board/"))
        offers[role] = [word for word in ("/level/", "/stand-down/", "/missions/add/", "/request/") if word in page]
    assert offers == {
        Role.SUPERVISOR: ["/level/", "/stand-down/", "/missions/add/", "/request/"],
        Role.OPERATOR: ["/missions/add/", "/request/"],
        Role.VERIFIER: [],
        Role.MISSION_OFFICER: [],
    }


def test_a_closed_room_offers_nothing(crisis: Crisis, supervisor: Reader, people: People) -> None:
    actions.stand_down(actor=supervisor, at=AT, slug=crisis.slug, version=1)
    page = people.client(Role.SUPERVISOR).get(f"/crises/{crisis.slug}/").content.decode()
    assert not [word for word in ("/level/", "/stand-down/", "/missions/add/", "/request/") if word in page]


def test_a_supervisor_changes_the_level_and_ends_the_crisis(crisis: Crisis, people: People) -> None:
    browser = people.client(Role.SUPERVISOR)
    assert browser.post(f"/crises/{crisis.slug}/level/", {"level": "1", "version": "1"}).status_code == 302
    assert browser.post(f"/crises/{crisis.slug}/stand-down/", {"version": "2"}).status_code == 422
    assert browser.post(f"/crises/{crisis.slug}/stand-down/", {"sure": "on", "version": "2"}).status_code == 302
    crisis.refresh_from_db()
    assert (crisis.level, crisis.is_open) == (1, False)


def test_the_second_of_two_supervisors_is_told(crisis: Crisis, people: People) -> None:
    browser = people.client(Role.SUPERVISOR)
    browser.post(f"/crises/{crisis.slug}/level/", {"level": "1", "version": "1"})
    late = browser.post(f"/crises/{crisis.slug}/level/", {"level": "3", "version": "1"})
    assert late.status_code == 409
    assert "error-summary" in late.content.decode()
    crisis.refresh_from_db()
    assert crisis.level == 1


@pytest.mark.parametrize(("path", "data"), [("level", {"level": "1"}), ("stand-down", {"sure": "on"})])
def test_an_operator_may_not_command(path: str, data: dict[str, str], crisis: Crisis, people: People) -> None:
    answer = people.client(Role.OPERATOR).post(f"/crises/{crisis.slug}/{path}/", data | {"version": "1"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "data", [{}, {"level": "9"}, {"level": "1", "version": "x"}, {"level": "\x00", "version": "9" * 40}]
)
def test_a_bad_level_is_a_sentence(data: dict[str, str], crisis: Crisis, people: People) -> None:
    assert people.client(Role.SUPERVISOR).post(f"/crises/{crisis.slug}/level/", data).status_code == 422


def test_a_mission_is_added_by_hand(crisis: Crisis, people: People) -> None:
    browser, address = people.client(Role.OPERATOR), f"/crises/{crisis.slug}/missions/add/"
    data = {"mission": "kbri-manila", "reason": "Pekerja pindahan"}
    assert browser.post(address, data).status_code == 302
    assert browser.post(address, data).status_code == 422
    assert browser.post(address, {"mission": "kbri-tokyo", "reason": "\x00"}).status_code == 422
    assert crisis.involved.filter(mission_id="kbri-manila").count() == 1


def test_no_name_of_a_crisis_leaves_its_world(crisis: Crisis, operator: Reader, people: People) -> None:
    Exercise.objects.create(
        slug="drill", name_id="Gladi", name_en="Drill", scenario="own", started_by_id=operator.user_id, started_at=AT
    )
    browser = people.client(Role.SUPERVISOR)
    assert crisis.name not in browser.get("/exercises/drill/crises/").content.decode()
    for panel in PANELS:
        assert browser.get(f"/exercises/drill/crises/{crisis.slug}/{panel}").status_code == 404
    stand_down = f"/exercises/drill/crises/{crisis.slug}/stand-down/"
    assert browser.post(stand_down, {"sure": "on", "version": "1"}).status_code == 404
    crisis.refresh_from_db()
    assert crisis.is_open
