"""Numbers as people type them, texts that show nothing, states no better than what is known."""

import pytest

from alerts.dialogue import rules
from alerts.emergencies.models import EmergencyMessage
from commandcenter.outbox.models import Delivery
from commandcenter.problems import Refusal
from tests.conftest import AT

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("typed", "dial", "first"),
    [
        ("+852 9123 4567", "+852", "+85291234567"),
        ("00852-9123-4567", "+62", "+85291234567"),
        ("\u202a+62 812-3456-7890\u202c", "+852", "+6281234567890"),
        ("9123 4567", "+852", "+85291234567"),
        ("85291234567", "+852", "+85291234567"),
        ("0812 3456 7890", "+852", "+6281234567890"),
        ("050 123 4567", "+971", "+971501234567"),
        ("٠٥٠١٢٣٤٥٦٧", "+966", "+966501234567"),
        ("911", "+852", ""),
        ("tidak punya", "+852", ""),
        ("+1234567890123456", "+852", ""),
        ("", "+852", ""),
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str, dial: str, first: str) -> None:
    assert next(iter(rules.numbers_of(typed, dial)), "") == first


def test_an_indonesian_mobile_typed_abroad_may_also_be_a_number_of_that_country() -> None:
    assert rules.numbers_of("08123456789", "+49") == ["+628123456789", "+498123456789"]


@pytest.mark.parametrize("text", ["\u200b", "\u202e \u2066", "\u00a0", "\ufeff\u2060"])
def test_a_text_that_shows_nothing_is_no_message(text: str) -> None:
    assert rules.is_blank(text)
    with pytest.raises(Refusal) as refused:
        rules.words_of(text)
    assert refused.value.error.field == "text"


@pytest.mark.parametrize("text", ["👨‍👩‍👧 aman", "مرحبا", "می‌خواهم", "🆘", "Tolong"])
def test_emoji_and_other_scripts_are_words_without_a_mark(text: str) -> None:
    assert rules.words_of(text) == text
    assert not rules.has_hidden(text)


@pytest.mark.parametrize("text", ["to\u200blong", "abc\u202etxt.exe", "a\u2066b"])
def test_marks_that_hide_or_turn_the_text_are_kept_and_flagged(text: str) -> None:
    assert rules.words_of(text) == text
    assert rules.has_hidden(text)


def _message(side: str, **known: object) -> EmergencyMessage:
    return EmergencyMessage(side=side, **known)


def test_a_citizens_message_is_read_only_once_an_officer_read_it() -> None:
    assert rules.state_of(_message("citizen"), None) == "delivered"
    assert rules.state_of(_message("citizen", shown_at=AT), Delivery.DELIVERED) == "delivered"
    assert rules.state_of(_message("citizen", read_at=AT), None) == "read"


@pytest.mark.parametrize("sms", [None, *Delivery])
def test_an_officers_message_is_no_further_than_the_gateway_and_the_device_say(sms: Delivery | None) -> None:
    known = {Delivery.ACCEPTED: "sent", Delivery.DELIVERED: "delivered"}.get(sms, "queued")  # type: ignore[arg-type]
    assert rules.state_of(_message("dcc"), sms) == known
    assert rules.state_of(_message("dcc", read_at=AT), sms) == known
    assert rules.state_of(_message("mission", shown_at=AT), sms) == "read"
