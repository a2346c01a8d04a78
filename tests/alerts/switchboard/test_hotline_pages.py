"""The hotline's page: number first, masked persons, a draft with every keystroke, and words for what is wrong."""

import uuid
from typing import Any

import pytest
from django.test import Client

from alerts.callbacks.models import CallBack
from alerts.emergencies.models import Emergency
from alerts.hotline.models import Call
from alerts.opening.actions import open_by_staff
from alerts.switchboard import queries
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.audit.models import ReadEntry
from missions.registry.actions import register
from missions.registry.shapes import Entry
from tests.conftest import AT, People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PHONE = "+967771234567"
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def desk(people: People) -> Client:
    """The operator's browser."""
    return people.client(Role.OPERATOR)


@pytest.fixture
def siti(operator: Reader) -> int:
    """A citizen of the registry with this number."""
    person = Entry("Siti Aminah", "X1234567", PHONE, "YE", "Sana'a", "kbri-muscat")
    return register(actor=operator, at=AT, entries=[person])[0]


def draft(client: Client, key: uuid.UUID, **fields: str) -> Any:
    return client.post(f"/hotline/calls/{key}/draft/", {"phone": PHONE, "seen": "0", **fields}, **HX)


def save(client: Client, key: uuid.UUID, act: str, **fields: str) -> Any:
    return client.post(f"/hotline/calls/{key}/save/", {"phone": PHONE, "act": act, **fields})


def test_the_number_comes_first_and_has_the_focus(desk: Client) -> None:
    page = desk.get("/hotline/").content.decode()
    assert page.index('name="phone"') < page.index('name="caller"')
    assert "autofocus" in page.split('name="phone"')[1].split(">")[0]
    assert all(f'value="{act}"' in page for act in ("p1", "p2", "complaint", "consultation", "note", "dropped"))
    assert not Call.objects.exists()


def test_the_caller_is_found_masked_and_the_search_is_logged_once(desk: Client, siti: int) -> None:
    """The mutant: an unmasked name or document in the panel fails here."""
    key = uuid.uuid4()
    assert "Siti" not in draft(desk, key, phone="+96").content.decode()
    for phone in ("4567", "71234567", PHONE):
        found = draft(desk, key, phone=phone).content.decode()
        assert "Siti A●●●" in found
        for secret in ("Aminah", "X1234567", "771234567</"):
            assert secret not in found
    assert draft(desk, key).headers["HX-Replace-Url"] == f"/hotline/calls/{key}/"
    assert [entry.reason for entry in ReadEntry.objects.filter(screen="hotline")] == ["search"]


def test_a_person_opens_with_a_reason_and_is_logged(desk: Client, siti: int) -> None:
    key = uuid.uuid4()
    draft(desk, key)
    address = f"/hotline/calls/{key}/persons/{siti}/"
    refused = desk.post(address, {"why": "other"}, **HX).content.decode()
    assert "Aminah" not in refused
    assert "field-error" in refused
    opened = desk.post(address, {"why": "emergency"}, **HX).content.decode()
    assert "Siti Aminah" in opened
    number = Call.objects.get().number
    entry = ReadEntry.objects.get(object_id=f"citizen:{siti}")
    assert (entry.screen, entry.reason) == ("hotline", f"{number} emergency")
    assert "Siti Aminah" in desk.post(address, {"why": "family"}).content.decode()  # without JavaScript


def test_nobody_opens_a_person_who_does_not_call(desk: Client, siti: int) -> None:
    key = uuid.uuid4()
    draft(desk, key, phone="+85251112222")
    assert desk.post(f"/hotline/calls/{key}/persons/{siti}/", {"why": "emergency"}).status_code == 404


def test_a_mission_finds_its_own_persons_and_emergencies(people: People, siti: int, operator: Reader) -> None:
    given = {"actor": operator, "at": AT, "channel": "hotline", "nature": "other", "priority": 1}
    open_by_staff(client_id=uuid.uuid4(), phone="00967 771-234-567", country="YE", **given)
    key = uuid.uuid4()
    stranger = draft(people.client(Role.MISSION_OFFICER, "kjri-hongkong"), key).content.decode()
    assert "Siti" not in stranger
    assert "attach:" not in stranger
    own = draft(people.client(Role.OPERATOR), uuid.uuid4()).content.decode()
    assert f"attach:{Emergency.objects.get().number}" in own


@pytest.mark.parametrize(
    "written", ["+967771234567", "00967-771 234 567", "771234567", "(967) 771.234.567", "0771234567"]
)
def test_an_emergency_is_found_however_its_number_was_written(written: str, operator: Reader) -> None:
    given = {"actor": operator, "at": AT, "channel": "sms", "nature": "other", "priority": 2}
    made = open_by_staff(client_id=uuid.uuid4(), phone=written, **given)
    assert [one.pk for one in queries.match(operator, Call(phone=PHONE, digits=PHONE[1:])).emergencies] == [made.pk]
    assert queries.match(operator, Call(phone="+1", digits="96777123")).emergencies == []


def test_p1_leads_to_the_emergency_and_a_note_back(desk: Client) -> None:
    answer = save(desk, uuid.uuid4(), "p1")
    number = Emergency.objects.get().number
    assert answer.headers["location"] == f"/emergencies/{number}/"
    assert save(desk, uuid.uuid4(), "note").headers["location"] == "/hotline/"
    page = desk.get("/hotline/").content.decode()
    assert "Urungkan" in page or "Batalkan" in page or "undo" in page.lower() or "reopen" in page


def test_what_is_wrong_is_said_in_words_and_everything_typed_stays(people: People) -> None:
    key = uuid.uuid4()
    for language, sentence in (("id", "Nomor telepon hanya berisi angka"), ("en", "has digits only")):
        client = people.client(Role.OPERATOR)
        client.cookies["django_language"] = language
        answer = save(client, key, "p1", phone="0812-Siti", text="Jatuh di tangga")
        assert answer.status_code == 422
        page = answer.content.decode()
        assert sentence in page
        assert 'href="#id_phone"' in page
        assert 'value="0812-Siti"' in page
        assert "Jatuh di tangga" in page
    assert not Emergency.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"phone": "08\x0012"},
        {"phone": "1" * 5000},
        {"phone": "\u202e\u0660\u0661"},
        {"text": "x" * 901},
        {"text": "a\x00b"},
        {"name": "x" * 121},
        {"country": "QQ"},
        {"caller": "x"},
        {"safe": "x"},
        {"nature": "panic"},
        {"act": "explode"},
        {"seen": "-1", "phone": "x"},
        {"seen": "9" * 40, "phone": "\U0001f600"},
    ],
)
def test_bad_input_is_never_a_500_and_nothing_half_done(desk: Client, fields: dict[str, str]) -> None:
    key = uuid.uuid4()
    desk.raise_request_exception = False
    kept = draft(desk, key, **fields)
    assert kept.status_code == 200
    assert save(desk, key, **{"act": "p1", **fields}).status_code in {404, 422}
    assert not Emergency.objects.exists()


def test_emoji_and_letters_from_right_to_left_are_kept_as_they_are(desk: Client) -> None:
    words = "ساعدوني \U0001f198 Tolong"
    save(desk, uuid.uuid4(), "p2", text=words, name="سيتي")
    assert words in Emergency.objects.get().message


def test_without_javascript_every_act_is_a_plain_post(desk: Client) -> None:
    save(desk, uuid.uuid4(), "dropped")
    entry = CallBack.objects.get()
    at = f"/hotline/back/{entry.pk}"
    assert "lepas" in desk.get("/hotline/").content.decode().lower()
    assert desk.post(f"{at}/let-go/", {"version": entry.version}).status_code == 302
    entry.refresh_from_db()
    assert desk.post(f"{at}/own/", {"version": entry.version}).status_code == 302
    entry.refresh_from_db()
    assert (
        desk.post(f"{at}/try/", {"version": entry.version, "outcome": "no_answer", "minutes": "5"}).status_code == 302
    )
    entry.refresh_from_db()
    assert (entry.tries, entry.version) == (1, 4)
    undo = entry.acts.get()
    assert desk.post(f"/hotline/tries/{undo.pk}/undo/").status_code == 302
    entry.refresh_from_db()
    answer = desk.post(f"{at}/reached/", {"version": entry.version})
    call = Call.objects.latest("pk")
    assert answer.headers["location"] == f"/hotline/calls/{call.client_id}/"
    assert PHONE in desk.get(answer.headers["location"]).content.decode()
    assert desk.post(f"{at}/nonsense/", {"version": 1}).status_code == 404
    assert desk.post(f"{at}/reached/", {"version": "x"}).status_code == 302  # off the list: told on the page


def test_a_finished_call_is_read_by_who_may_and_logged(desk: Client, people: People) -> None:
    key = uuid.uuid4()
    save(desk, key, "note", text="Tanya paspor")
    assert "Tanya paspor" in desk.get(f"/hotline/calls/{key}/").content.decode()
    assert ReadEntry.objects.filter(screen="hotline", object_id=Call.objects.get().number).count() == 1
    listed = desk.get("/hotline/calls/").content.decode()
    assert "•••567" in listed
    assert PHONE not in listed
    assert people.client(Role.MISSION_OFFICER, "kbri-muscat").get(f"/hotline/calls/{key}/").status_code == 404
    assert desk.get(f"/hotline/calls/{uuid.uuid4()}/").status_code == 404


def test_the_picture_says_who_waits(desk: Client) -> None:
    assert "hidden" in desk.get("/hotline/ribbon/").content.decode()
    save(desk, uuid.uuid4(), "dropped")
    ribbon = desk.get("/hotline/ribbon/").content.decode()
    assert "hidden" not in ribbon
    assert PHONE not in ribbon
    assert desk.get("/hotline/panels/nothing/").status_code == 404
