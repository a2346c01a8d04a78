"""Refusals are spoken in both languages, filled in or not; hostile text is refused."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from commandcenter.problems import Refusal, both, clean_text, filled, refusal_problem


def test_both_speaks_a_filled_sentence_in_both_languages() -> None:
    with translation.override("en"):
        words = filled(_("This text is too long (at most %(n)d characters)."), n=12)
    spoken = both(words)
    assert "12" in spoken["id"]
    assert "12" in spoken["en"]
    assert spoken["id"] != spoken["en"]


@pytest.mark.parametrize("text", ["a\0b", "a\x1bb", "a\x7fb", "\ud800"])
def test_clean_text_refuses_control_characters(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        clean_text(text, field="message", max_length=100)
    assert caught.value.error.field == "message"


def test_clean_text_keeps_lines_and_normalises() -> None:
    assert clean_text("  e\u0301\r\nb\t ", field="x", max_length=10) == "é\nb"


def test_clean_text_refuses_what_is_too_long() -> None:
    with pytest.raises(Refusal):
        clean_text("x" * 11, field="x", max_length=10)


def test_a_problem_names_the_field_and_never_a_stack() -> None:
    answer = refusal_problem(Refusal("location.lat", _("This must be a number."), status=422))
    assert answer["Content-Type"] == "application/problem+json"
    assert b'"field": "location.lat"' in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/nothing", 404),
        ("get", "/exercises/nothing/api/v1/emergencies", 404),
        ("get", "/api/v1/emergencies", 405),
        ("delete", "/api/v1/missions", 405),
        ("get", "/api/v1/crises/%00/figures", 404),
    ],
)
def test_the_api_answers_errors_of_the_framework_with_a_problem_too(method: str, path: str, status: int) -> None:
    answer = getattr(Client(), method)(path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["detail"].keys() == {"id", "en"}
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.django_db
def test_no_cache_keeps_what_the_api_says_of_a_person() -> None:
    asked = {"client_id": str(uuid4()), "pressed_at": "2026-05-12T20:05:00Z", "kind": "panic"}
    made = Client().post("/api/v1/emergencies", asked, content_type="application/json")
    seen = Client().get(f"/api/v1/emergencies/{made.json()['number']}", headers={"Authorization": "Bearer x"})
    own = Client().get(
        f"/api/v1/emergencies/{made.json()['number']}", headers={"Authorization": f"Bearer {made.json()['token']}"}
    )
    assert [(answer.status_code, answer["Cache-Control"]) for answer in (made, seen, own)] == [
        (201, "no-store"),
        (404, "no-store"),
        (200, "no-store"),
    ]
