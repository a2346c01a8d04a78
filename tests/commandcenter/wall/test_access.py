"""Whose the wall is: a screen's token is no person's session, and nobody else's token is a screen's."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from alerts.exercises.models import Exercise
from commandcenter.access import tickets
from commandcenter.access.checks import views
from commandcenter.access.devices import COOKIE
from commandcenter.access.models import Role
from commandcenter.access.sockets import Grant, device_grant, grant_of_device, holds, still_granted
from commandcenter.wall import actions
from tests.architecture.test_access_table import TABLE, _address
from tests.commandcenter.wall.conftest import Screen, paired
from tests.conftest import AT, People

pytestmark = pytest.mark.django_db


def test_a_screen_opens_no_other_page_and_posts_nothing(screen: Screen) -> None:
    """Every gated address, by both methods: it is sent to sign-in like any stranger."""
    client, closed = screen.browser, [_address(pattern) for pattern, allowed in TABLE.items() if allowed]
    assert len(closed) > 40
    for address in closed:
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in {302, 405}, address
            assert answer.status_code == 405 or answer["Location"].startswith("/login/"), address
    assert all(view.gate is not None for _where, view in views() if hasattr(view, "gate"))


def test_the_api_knows_no_screen(screen: Screen) -> None:
    answer = screen.browser.get("/api/v1/map/clusters?bbox=-180,-85,180,85&zoom=3")
    assert answer.status_code in {401, 403}


@pytest.mark.parametrize("path", ["/wall/panels/urgent/", "/wall/panels/silent/", "/wall/since?after=0"])
def test_a_screen_reads_its_zones_and_a_stranger_none(screen: Screen, people: People, path: str) -> None:
    assert screen.browser.get(path).status_code == 200
    forged = Client()
    forged.cookies[COOKIE] = screen.token[:-1] + ("A" if screen.token[-1] != "A" else "B")
    for client in (Client(), forged, people.client(Role.SUPERVISOR)):
        assert client.get(path).status_code == 403
    assert screen.browser.post(path).status_code == 405


@pytest.mark.parametrize("token", ["", "x", "\\000", "a" * 5000, "..", "'; DROP TABLE"])
def test_a_forged_token_sees_only_the_pairing_form(db: None, token: str) -> None:
    client = Client()
    client.cookies[COOKIE] = token
    answer = client.get("/wall/")
    assert answer.status_code == 200
    assert 'id="wall-urgent"' not in answer.content.decode()
    assert 'name="code"' in answer.content.decode()


def test_a_persons_session_is_no_token(people: People) -> None:
    client = people.client(Role.SUPERVISOR)
    client.cookies[COOKIE] = client.cookies["dcc_session"].value
    assert 'id="wall-urgent"' not in client.get("/wall/").content.decode()


def test_a_token_is_no_session(screen: Screen) -> None:
    client = Client()
    client.cookies["dcc_session"] = screen.token
    assert client.get("/")["Location"].startswith("/login/")


@pytest.fixture
def drill(people: People) -> str:
    Exercise.objects.create(
        slug="latihan-1",
        name_id="L",
        name_en="E",
        scenario="x",
        started_at=AT,
        started_by_id=people.reader(Role.SUPERVISOR).user_id,
    )
    return "latihan-1"


def test_each_world_has_its_own_screens(people: People, screen: Screen, drill: str) -> None:
    inside = paired(people, exercise=drill)
    mount = f"/exercises/{drill}"
    assert 'id="wall-urgent"' in inside.browser.get(f"{mount}/wall/").content.decode()
    assert "LATIHAN" in inside.browser.get(f"{mount}/wall/").content.decode()
    for client, path in ((screen.browser, f"{mount}/wall/"), (inside.browser, "/wall/")):
        assert 'id="wall-urgent"' not in client.get(path).content.decode()
    assert device_grant(screen.token, drill, "") is None
    assert device_grant(inside.token, "", "") is None
    assert tickets.admit(tickets.issue(grant_of_device(screen.row)), drill) is None


def test_its_ticket_hears_the_command_centre_and_nothing_else(screen: Screen) -> None:
    given = grant_of_device(screen.row)
    assert tickets.admit(tickets.issue(given), "") == given
    assert device_grant(screen.token, "", "dcc") == given
    for wanted in ("summary", "mission:kjri-hongkong", "exercise:x:dcc"):
        assert device_grant(screen.token, "", wanted) is None
        assert tickets.admit(tickets.issue(given), "", wanted) is None


def test_a_revoked_screen_loses_page_pull_and_socket(screen: Screen, people: People) -> None:
    given = grant_of_device(screen.row)
    assert holds(given)
    assert still_granted([given]) == {given}
    actions.revoke(actor=people.reader(Role.SUPERVISOR), at=AT, screen=screen.row.pk)
    assert not holds(given)
    assert still_granted([given]) == set()
    assert device_grant(screen.token, "", "") is None
    assert 'name="code"' in screen.browser.get("/wall/").content.decode()
    assert screen.browser.get("/wall/since?after=0").status_code == 403


def test_rights_of_people_and_screens_are_asked_together(screen: Screen, people: People) -> None:
    person = people.reader(Role.OPERATOR)
    forged = Grant("dcc", person.user_id, 1, "no-session")
    made_up = Grant("dcc", 0, 0, "", screen.row.pk)
    given = grant_of_device(screen.row)
    assert still_granted([forged, made_up, given]) == {given}
    assert not holds(made_up)


def test_the_cookie_can_be_read_by_no_script_and_goes_to_no_other_site(people: People) -> None:
    _row, code = actions.add_screen(actor=people.reader(Role.SUPERVISOR), at=datetime.now(UTC), name="Timur", place="")
    answer = Client().post("/wall/pair/", {"code": code})
    cookie = answer.cookies[COOKIE]
    assert (answer.status_code, cookie["httponly"], cookie["samesite"]) == (302, True, "Strict")
    assert "no-store" in answer["Cache-Control"]


def test_pairing_needs_the_forms_own_token(db: None) -> None:
    assert Client(enforce_csrf_checks=True).post("/wall/pair/", {"code": "ABCD-EFGH"}).status_code == 403


def test_a_supervisor_sees_the_code_once(people: People) -> None:
    client = people.client(Role.SUPERVISOR)
    answer: Any = client.post("/wall/devices/", {"name": "Barat", "place": "Lobi"}, follow=True)
    shown = re.search(r'id="wall-code">([-0-9A-Z]+)<', answer.content.decode())
    assert shown
    assert 'id="wall-code"' not in client.get("/wall/devices/").content.decode()
    wall = Client()
    assert 'id="wall-urgent"' in wall.post("/wall/pair/", {"code": shown[1]}, follow=True).content.decode()
    again = client.post("/wall/devices/", {"name": "Barat", "place": "Lobi"})
    assert (again.status_code, "Sudah ada layar dengan nama ini." in again.content.decode()) == (409, True)
