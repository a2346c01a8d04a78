"""The citizen's doors: write, what was shown, silence; the token opens its own emergency and no other."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from alerts.emergencies.models import Emergency, EmergencyMessage
from alerts.intake.queries import SIGNER
from tests.alerts.dialogue.conftest import Make

Says = Callable[..., EmergencyMessage]


@pytest.fixture
def post(client: Client, held: Emergency) -> Callable[..., Any]:
    """The citizen's device posts to the own emergency."""

    def posted(door: str, body: dict[str, Any], of: Emergency = held) -> Any:
        key = {"HTTP_AUTHORIZATION": f"Bearer {SIGNER.sign(held.number)}"}
        # As a browser writes it: JSON in UTF-8, not escaped.
        text = json.dumps(body, ensure_ascii=False).encode()
        return client.post(f"/api/v1/emergencies/{of.number}/{door}", text, content_type="application/json", **key)

    return posted


@pytest.fixture
def look(client: Client, held: Emergency) -> Callable[[], Any]:
    """The citizen's view."""
    key = {"HTTP_AUTHORIZATION": f"Bearer {SIGNER.sign(held.number)}"}
    return lambda: client.get(f"/api/v1/emergencies/{held.number}", **key).json()


def words(answer: Any) -> tuple[int, str]:
    errors = answer.json()["errors"]
    assert all(errors[0][language] for language in ("id", "en"))
    return answer.status_code, errors[0]["field"]


def test_each_message_has_a_number_and_a_state(post: Any, look: Any, answers: Says, says: Says) -> None:
    mine, theirs = says(), answers()
    assert [(one["id"], one["side"], one["state"]) for one in look()["messages"]] == [
        (mine.pk, "citizen", "delivered"),
        (theirs.pk, "dcc", "queued"),
    ]
    answer = post("messages/seen", {"up_to": theirs.pk})
    assert (answer.status_code, answer.content) == (204, b"")
    assert [one["state"] for one in look()["messages"]] == ["delivered", "read"]


def test_a_stored_message_answers_with_its_number(post: Any, look: Any) -> None:
    body = {"client_id": str(uuid.uuid4()), "text": "Tolong"}
    answers = [post("messages", body).json() for _twice in range(2)]
    assert answers[0] == answers[1]
    assert look()["messages"][0]["id"] == answers[0]["id"]


@pytest.mark.parametrize("up_to", [0, -1, 1.5, "1", None, True, 2**63, 2**200, 10**12])
def test_a_number_that_is_no_message_is_refused_in_words(post: Any, answers: Says, look: Any, up_to: Any) -> None:
    answers()
    assert words(post("messages/seen", {"up_to": up_to})) == (422, "up_to")
    assert look()["messages"][0]["state"] == "queued"


def test_anothers_token_reads_missing(post: Any, make: Make) -> None:
    other = make()
    for door, body in (("messages/seen", {"up_to": 1}), ("silent", {"silent": True})):
        assert post(door, body, of=other).status_code == 404
    assert not Emergency.objects.get(pk=other.pk).silent


def test_silence_is_chosen_later_too(post: Any, look: Any) -> None:
    assert look()["silent"] is False
    assert post("silent", {"silent": True}).status_code == 204
    assert look()["silent"] is True
    assert words(post("silent", {"silent": "ya"})) == (422, "silent")


STRANGE = {
    "emoji": "🆘" * 1000,
    "arabic": "م" * 1000,
    "latin": "x" * 1000,
    "hidden": "to\u200blong \u202e!",
    "family": "👨‍👩‍👧",
}


@pytest.mark.parametrize("name", STRANGE)
def test_the_longest_text_fits_in_every_script_and_strange_ones_are_kept(post: Any, look: Any, name: str) -> None:
    text = STRANGE[name]
    assert post("messages", {"client_id": str(uuid.uuid4()), "text": text}).status_code == 201
    assert look()["messages"][0]["text"] == text


REFUSED = {
    "long": ("x" * 1001, 422),
    "longer": ("x" * 10_000, 413),
    "emoji": ("🆘" * 10_000, 413),
    "zero-width": ("\u200b", 422),
    "blank": ("  ", 422),
    "empty": ("", 422),
    "nul": ("a\x00b", 422),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_not_be_kept_is_refused_in_words(post: Any, held: Emergency, name: str) -> None:
    text, status = REFUSED[name]
    assert words(post("messages", {"client_id": str(uuid.uuid4()), "text": text})) == (status, "text")
    assert held.messages.count() == 0
