"""Which socket may hear what, and whether that is still true."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import F

from commandcenter.access.models import Membership, User
from commandcenter.access.sockets import Grant, grant, still_granted
from tests.conftest import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def session_key() -> str:
    """A living session."""
    session = SessionStore()
    session.create()
    assert session.session_key
    return session.session_key


def _user(people: People, role: str, mission: str = "") -> User:
    return User.objects.get(pk=people.reader(role, mission).user_id)


@pytest.mark.parametrize(
    ("role", "mission", "exercise", "wanted", "audience"),
    [
        ("operator", "", "", "", "dcc"),
        ("operator", "", "drill", "", "exercise:drill:dcc"),
        ("operator", "", "", "summary", None),
        ("operator", "", "", "exercise:drill:dcc", None),
        ("supervisor", "", "", "summary", "summary"),
        ("ambassador", "kbri-khartoum", "", "", "mission:kbri-khartoum"),
        ("ambassador", "kbri-khartoum", "", "mission:kjri-hongkong", None),
        ("ambassador", "kbri-khartoum", "", "dcc", None),
        ("minister", "", "", "", "summary"),
        ("auditor", "", "", "", None),
        ("administrator", "", "", "dcc", None),
    ],
)
def test_grant_is_the_roles_own_audience(
    people: People, session_key: str, role: str, mission: str, exercise: str, wanted: str, audience: str | None
) -> None:
    found = grant(_user(people, role, mission), session_key, exercise, wanted)
    assert (found.audience if found else None) == audience


def _granted(people: People, session_key: str) -> Grant:
    found = grant(_user(people, "operator"), session_key, "", "")
    assert found is not None
    return found


def test_a_grant_lives_while_nothing_changes(people: People, session_key: str) -> None:
    mine = _granted(people, session_key)
    assert still_granted([mine]) == {mine}


def test_a_grant_ends_with_sign_out(people: People, session_key: str) -> None:
    mine = _granted(people, session_key)
    SessionStore(session_key).delete()
    assert still_granted([mine]) == set()


def test_a_grant_ends_when_rights_change(people: People, session_key: str) -> None:
    mine = _granted(people, session_key)
    User.objects.filter(pk=mine.user_id).update(auth_epoch=F("auth_epoch") + 1)
    assert still_granted([mine]) == set()


def test_a_grant_ends_when_the_person_is_disabled(people: People, session_key: str) -> None:
    mine = _granted(people, session_key)
    User.objects.filter(pk=mine.user_id).update(is_active=False)
    assert still_granted([mine]) == set()


def test_a_grant_ends_without_membership(people: People, session_key: str) -> None:
    mine = _granted(people, session_key)
    Membership.objects.filter(user_id=mine.user_id).delete()
    assert still_granted([mine]) == set()
