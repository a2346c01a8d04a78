"""The gate: anonymous to sign-in, another role refused, every view marked."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from commandcenter.access import checks
from commandcenter.access.gate import allow, public
from commandcenter.access.models import Membership, Role, User
from tests.conftest import People

pytestmark = pytest.mark.django_db


@allow(Role.OPERATOR)
def for_operators(request: HttpRequest) -> HttpResponse:
    """A page for operators."""
    return HttpResponse("in")


def _request(people: People, role: str, mission: str = "") -> HttpRequest:
    request = RequestFactory().get("/x/")
    reader = people.reader(role, mission)
    request.user = User.objects.get(pk=reader.user_id)
    request.reader = reader  # type: ignore[attr-defined]
    return request


def test_allow_lets_the_role_in(people: People) -> None:
    assert for_operators(_request(people, "operator")).content == b"in"


def test_allow_refuses_another_role(people: People) -> None:
    with pytest.raises(PermissionDenied):
        for_operators(_request(people, "minister"))


def test_allow_refuses_a_user_without_membership(people: People) -> None:
    request = _request(people, "operator")
    request.reader = None  # type: ignore[attr-defined]
    with pytest.raises(PermissionDenied):
        for_operators(request)


def test_personal_pages_are_not_stored_by_browsers(people: People) -> None:
    assert for_operators(_request(people, "operator"))["Cache-Control"] == "no-store"


def test_every_view_of_the_product_has_a_gate() -> None:
    assert [error for error in run_checks() if error.id == "access.E001"] == []


def test_a_view_without_a_gate_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def naked(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    class Resolver:
        url_patterns = [path("naked/", naked), path("open/", public(lambda request: HttpResponse()))]

    monkeypatch.setattr(checks, "get_resolver", Resolver)
    assert [str(error.msg)[:26] for error in checks.ungated()] == ["The view at /naked/ has no"]


@pytest.mark.parametrize(("role", "home"), [("operator", "/"), ("minister", "/summary/"), ("ambassador", "/")])
def test_home_is_each_roles_own_first_page(people: People, role: str, home: str) -> None:
    mission = "kjri-hongkong" if role == "ambassador" else ""
    assert people.client(role, mission).get("/home/").url == home  # type: ignore[attr-defined]


def test_a_mission_role_needs_a_mission_and_others_must_not_have_one(people: People) -> None:
    from django.db import IntegrityError, transaction

    for role, mission in ((Role.AMBASSADOR, ""), (Role.OPERATOR, "kjri-hongkong")):
        user = User.objects.create(username=f"u-{role}")
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(user=user, role=role, mission=mission)


def test_sign_in_by_password_and_sign_out(client: Client) -> None:
    from commandcenter.access.actions import open_account

    open_account(username="rina", password="a long pass phrase", name="Rina Sari", role=Role.OPERATOR)
    wrong = client.post("/login/", {"login": "rina", "password": "wrong"})
    assert wrong.status_code == 200
    right = client.post("/login/", {"login": "rina", "password": "a long pass phrase"})
    assert (right.status_code, right["Location"]) == (302, "/home/")
    assert client.get("/home/").status_code == 302
    client.post("/logout/")
    assert "/login/" in client.get("/home/")["Location"]


def test_nobody_signs_up(client: Client) -> None:
    assert client.get("/signup/").status_code == 404


def test_opening_an_account_again_changes_rights_and_ends_open_sockets(db: Any) -> None:
    from commandcenter.access.actions import open_account

    before = open_account(username="rina", password="a long pass phrase", name="Rina", role=Role.OPERATOR)
    epoch = User.objects.get(pk=before.pk).auth_epoch
    open_account(username="rina", password="a long pass phrase", name="Rina", role=Role.OPERATOR)
    assert User.objects.get(pk=before.pk).auth_epoch == epoch
    open_account(username="rina", password="a long pass phrase", name="Rina", role=Role.VERIFIER)
    assert User.objects.get(pk=before.pk).auth_epoch == epoch + 1


def test_pages_are_indonesian_until_somebody_chooses_english(client: Client) -> None:
    assert b'lang="id"' in client.get("/login/", headers={"Accept-Language": "en-GB"}).content
    client.post("/language/", {"language": "en", "next": "/login/"})
    assert b'lang="en"' in client.get("/login/").content
