"""A cookie that can't be a session's key."""

import pytest
from django.test import Client

from commandcenter.access.sessions import SessionStore


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["\0aaaaaaaaaaaa", "short", "aaaaaaaa aaaa", "１２３４５６７８９", ""])
def test_such_a_cookie_is_no_session(key: str) -> None:
    assert SessionStore(key).session_key is None


@pytest.mark.django_db
def test_an_escaped_nul_in_the_cookie_leads_to_sign_in() -> None:
    answer = Client(headers={"Cookie": 'dcc_session="\\000aaaaaaaaaaaa"'}).get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/")


@pytest.mark.django_db
def test_our_own_keys_are() -> None:
    store = SessionStore()
    store.create()
    assert SessionStore(store.session_key).session_key == store.session_key
