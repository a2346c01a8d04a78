"""The citizen's page: no sign-in, light, and it works without JavaScript."""

import re
import uuid

import pytest
from django.test import Client

from alerts.emergencies.models import Emergency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_needs_no_sign_in_and_sets_no_session(language: str) -> None:
    client = Client(headers={"Accept-Language": language})
    answer = client.get("/sos/")
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()
    assert "dcc_session" not in client.cookies
    assert "/api/v1/emergencies" in answer.content.decode()


def test_a_form_without_javascript_gets_its_receipt_once() -> None:
    typed = {"client_id": str(uuid.uuid4()), "country": "DJ", "message": "Tolong", "name": "Siti"}
    for _ in range(2):
        answer = Client(enforce_csrf_checks=True).post("/sos/", typed)
        assert answer.status_code == 200
    stored = Emergency.objects.get()
    assert (stored.country, stored.message, stored.name) == ("DJ", "Tolong", "Siti")
    page = answer.content.decode()
    assert stored.number in page
    assert re.search(r'href="tel:\+?[0-9]', page)


@pytest.mark.parametrize(
    "typed", [{}, {"client_id": "x", "message": "a\x00b"}, {"country": "XX"}, {"phone": "9" * 99, "place": "\x1b"}]
)
def test_a_bad_field_never_costs_an_emergency(typed: dict[str, str]) -> None:
    assert Client().post("/sos/", {"client_id": str(uuid.uuid4()), **typed}).status_code == 200
    assert Emergency.objects.get().priority == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("message", "a\x0bb"),
        ("message", "x" * 1001),
        ("country", "XX"),
        ("kind", "?"),
        ("place", "\0"),
        ("client_id", "?"),
    ],
)
def test_a_refused_field_costs_itself_and_no_other(field: str, typed: str) -> None:
    whole = {"client_id": str(uuid.uuid4()), "country": "DJ", "message": "Tolong", "name": "Siti", "phone": "0812"}
    assert Client().post("/sos/", whole | {field: typed}).status_code == 200
    stored = Emergency.objects.get()
    kept = {name: str(getattr(stored, name)) for name in whole}
    assert {name for name in whole if name != field and kept[name] != whole[name]} == set()
    assert kept.get(field) != typed
