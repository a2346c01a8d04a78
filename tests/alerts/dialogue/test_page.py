"""The officers' side: what the panel tells, what the form offers and keeps."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from alerts.dialogue.actions import ask_silence, show
from alerts.emergencies.models import Emergency, EmergencyMessage
from commandcenter.access.models import Role
from commandcenter.outbox.models import Outgoing
from tests.conftest import AT, People

Says = Callable[..., EmergencyMessage]


@pytest.fixture
def desk(people: People) -> Client:
    """The operator's browser."""
    return people.client(Role.OPERATOR)


def page(client: Client, emergency: Emergency, language: str = "id") -> str:
    client.cookies["django_language"] = language
    answer = client.get(f"/emergencies/{emergency.number}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(client: Client, emergency: Emergency, **given: Any) -> Any:
    body = {"text": "Kami datang", "client_id": str(uuid.uuid4()), **given}
    return client.post(f"/emergencies/{emergency.number}/message/", body)


@pytest.mark.parametrize(
    ("language", "waits", "unread", "shown"),
    [
        ("id", "2 pesan belum dijawab", "belum dibaca petugas", "tampil di perangkat WNI"),
        ("en", "2 messages not answered", "no officer has read it", "shown on the citizen's device"),
    ],
)
def test_each_message_says_how_far_it_got(
    desk: Client, held: Emergency, says: Says, answers: Says, language: str, waits: str, unread: str, shown: str
) -> None:
    show(number=held.number, exercise="", at=AT, up_to=answers().pk)
    says()
    last = says("to\u200blong")
    text = page(desk, held, language)
    for words in (waits, unread, shown, f'name="up_to" value="{last.pk}"'):
        assert words in text, words


def test_a_mere_reader_gets_no_form_that_reads_or_writes(people: People, held: Emergency, says: Says) -> None:
    says()
    text = page(people.client(Role.VERIFIER), held)
    assert 'name="up_to"' not in text
    assert 'data-module="talk-form"' not in text


def test_the_sms_is_ticked_unless_the_citizen_must_stay_silent(desk: Client, held: Emergency, settings: Any) -> None:
    settings.SMS = "recording"
    assert 'name="sms" value="1" checked' in page(desk, held)
    ask_silence(number=held.number, exercise="", at=AT, silent=True)
    text = page(desk, held)
    assert 'name="sms" value="1">' in text
    assert "TIDAK BISA BICARA" in text


def test_without_a_telephone_or_a_gateway_the_way_reads_not_available(
    desk: Client, held: Emergency, settings: Any
) -> None:
    settings.SMS = ""
    assert "SMS: tidak tersedia (belum ada gerbang)" in page(desk, held)
    Emergency.objects.filter(pk=held.pk).update(phone="")
    assert "SMS: tidak tersedia (tidak ada nomor telepon)" in page(desk, held)


def test_the_officer_chooses_the_way(desk: Client, held: Emergency) -> None:
    assert send(desk, held).status_code == 302
    assert not Outgoing.objects.exists()
    assert send(desk, held, sms="1").status_code == 302
    assert Outgoing.objects.get().address == "+85291234567"


@pytest.mark.parametrize("text", ["x" * 1001, "a\x00b", "\u200b"], ids=["long", "nul", "nothing"])
def test_what_is_refused_stays_in_the_form_with_the_reason(desk: Client, held: Emergency, text: str) -> None:
    answer = send(desk, held, text=text, sms="1")
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "error-summary" in body
    assert text.replace("\x00", "\x00") in body
    assert held.messages.count() == 0


def test_silence_is_marked_and_unmarked_by_an_officer(desk: Client, held: Emergency) -> None:
    for given, silent in (("1", True), ("0", False), ("x", False)):
        assert desk.post(f"/emergencies/{held.number}/silence/", {"silent": given}).status_code == 302
        assert Emergency.objects.get(pk=held.pk).silent is silent


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 40, "１"])
def test_a_wrong_number_reads_nothing(desk: Client, held: Emergency, says: Says, up_to: str) -> None:
    message = says()
    assert desk.post(f"/emergencies/{held.number}/read/", {"up_to": up_to}).status_code == 302
    message.refresh_from_db()
    assert message.read_at is None


def test_the_queue_shows_what_waits(desk: Client, held: Emergency, says: Says) -> None:
    says()
    says()
    text = desk.get("/").content.decode()
    row = text[text.index(f'id="q-{held.number}"') :].partition("</li>")[0]
    waiting = row[row.index('data-part="unanswered"') :]
    assert "hidden" not in waiting.partition(">")[0]
    assert "<b>2</b>" in waiting
