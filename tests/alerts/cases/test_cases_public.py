"""The applicant's doors: the form, its receipt, the status page by number and telephone."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from alerts.casepublic import actions, queries, rules, tasks, tickets
from alerts.casepublic.models import CaseTry
from alerts.cases.models import Case, CaseMessage, State
from alerts.casework import actions as work
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.problems import Refusal
from tests.alerts.cases.conftest import PHONE, Make, fresh, said, taken
from tests.conftest import AT

FORM, STATUS = "/public/case/", "/public/case/status/"


def body(**given: Any) -> dict[str, Any]:
    """What an applicant fills in."""
    told = {"topic": "wages", "text": "Gaji belum dibayar", "country": "MY", "phone": "+60 12-345 6789"}
    return {"client_id": str(uuid.uuid4()), "place": "Klang", "name": "Siti Aminah", **told, **given}


def sent(client: Client, **given: Any) -> HttpResponse:
    """The answer to the form."""
    return client.post(FORM, body(**given))  # type: ignore[return-value]


def entered(client: Client, case: Case, phone: str = PHONE) -> HttpResponse:
    """The answer to number and telephone."""
    return client.post(STATUS, {"number": case.number, "phone": phone})  # type: ignore[return-value]


def test_the_form_needs_no_cookie_and_shows_the_number(reference: None, db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = sent(client)
    case = Case.objects.get()
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"])
    html = page.content.decode()
    assert case.number in html
    for private in ("Siti", PHONE, "Gaji belum"):
        assert private not in html
    assert page.headers["Cache-Control"] == "no-store"
    assert (case.phone, case.category, case.channel, case.language) == (PHONE, "complaint", "web", "id")


def test_sent_twice_is_one_case(client: Client, reference: None, db: None) -> None:
    once = body()
    first, second = client.post(FORM, once), client.post(FORM, once)
    assert first.headers["Location"].split(":")[0] == second.headers["Location"].split(":")[0]
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("text", "", "wajib"),
        ("text", "x" * 4001, "4000"),
        ("text", "a\0b", "Null"),
        ("text", "a\x07b", "karakter kendali"),
        ("topic", "entah", "entah"),
        ("country", "", "wajib"),
        ("phone", "0812345678", "kode negara"),
        ("phone", "halo", "kode negara"),
        ("client_id", "x", ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(
    client: Client, reference: None, db: None, field: str, wrong: str, words: str
) -> None:
    answer = sent(client, **{field: wrong})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Siti Aminah" in html
    if words:
        assert words.lower() in html.lower()
        assert f'href="#id_{field}"' in html
    assert not Case.objects.exists()


def test_the_length_is_told_and_english_is_whole(client: Client, reference: None, db: None) -> None:
    assert "Paling banyak 4000 huruf" in client.get(FORM).content.decode()
    client.cookies["django_language"] = "en"
    html = client.get(FORM).content.decode()
    assert "At most 4000 characters" in html
    assert "Mengadu" not in html


def test_number_and_telephone_open_the_own_case_and_nothing_else(client: Client, case: Case, operator: Reader) -> None:
    for phone in (PHONE, "+60 12 345 6789", "0060123456789", "0123456789", "456789"):
        assert entered(client, case, phone).status_code == 302, phone
    where = entered(client, case).headers["Location"]
    taken(case, operator)
    work.add_note(actor=operator, number=case.number, at=AT, kind="note", text="CATATAN-DALAM")
    said(case, operator, then="final", text="Sudah kami bicarakan")
    html = client.get(where).content.decode()
    assert "Gaji belum dibayar" in html
    assert "Sudah kami bicarakan" in html
    for private in ("Siti", PHONE, "CATATAN-DALAM", operator.name):
        assert private not in html


def test_wrong_answers_can_not_be_told_from_missing_cases(client: Client, case: Case) -> None:
    def answer(number: str, phone: str) -> str:
        given = client.post(STATUS, {"number": number, "phone": phone})
        assert given.status_code == 422
        html = re.sub(r'(data-now|name="csrfmiddlewaretoken" value)="[^"]*"', "", given.content.decode())
        return html.replace(number, "").replace(phone, "")

    answers = {
        answer(case.number, "+60999999999"),
        answer(f"K-{AT.year}-99999", "+60999999999"),
        answer("entah", "+60999999999"),
        answer(case.number, "56789"),
        answer(case.number, "56788"),
    }
    assert len(answers) == 1


def test_a_case_without_a_telephone_opens_to_nobody(client: Client, make: Make, operator: Reader) -> None:
    case = make(actor=operator, channel="letter", phone="")
    for phone in ("000000", "0", PHONE, "------"):
        assert entered(client, case, phone).status_code == 422


@pytest.mark.parametrize(
    ("typed", "stored", "same"),
    [
        (PHONE, PHONE, True),
        ("0123456789", PHONE, True),
        ("456789", PHONE, True),
        ("56789", PHONE, False),
        ("456780", PHONE, False),
        ("", PHONE, False),
        ("", "", False),
        (PHONE, "", False),
        (f"99{PHONE}", PHONE, True),
        ("999999456789", PHONE, False),
    ],
)
def test_a_telephone_is_compared_by_its_end(typed: str, stored: str, same: bool) -> None:
    assert rules.same_phone(typed, stored) is same


def test_guessing_rests_after_five_for_a_number_that_is_there_or_not(client: Client, case: Case, make: Make) -> None:
    other = make()
    for number in (case.number, f"K-{AT.year}-99999"):
        codes = [client.post(STATUS, {"number": number, "phone": f"99999{n}"}).status_code for n in range(7)]
        assert codes == [422] * 5 + [429] * 2
    assert "15 menit" in entered(client, case).content.decode()
    # Nobody else waits for it.
    assert entered(client, other).status_code == 302


def test_a_network_that_tries_many_numbers_rests_and_our_own_proxy_never(client: Client, case: Case) -> None:
    def many(*remotes: str) -> list[int]:
        return [
            client.post(
                STATUS,
                {"number": f"K-{AT.year}-9{n:04}", "phone": "999999"},
                REMOTE_ADDR=remotes[n % len(remotes)],
            ).status_code
            for n in range(32)
        ]

    assert many("203.0.113.7").count(429) == 0  # set aside for documentation: not a public one
    assert many("8.8.8.8")[-2:] == [429, 429]
    # One household, whatever the rest of its address is.
    assert many("2606:4700:1::1", "2606:4700:1::2")[-2:] == [429, 429]
    assert entered(client, case).status_code == 302


def test_tries_are_forgotten_and_hold_no_address(client: Client, case: Case) -> None:
    client.post(STATUS, {"number": case.number, "phone": "999999"}, REMOTE_ADDR="8.8.8.8")
    kept = list(CaseTry.objects.values_list("key", flat=True))
    assert len(kept) == 2
    assert not any("8.8.8.8" in key or case.number in key for key in kept)
    assert tasks.forget_tries(now()) == 0
    assert tasks.forget_tries(now() + rules.KEPT_FOR) == 2


def test_a_crowd_at_one_address_is_marked_and_nobody_is_refused(client: Client, reference: None, db: None) -> None:
    answers = [
        client.post(FORM, body(phone=f"+6012345{n:04}"), REMOTE_ADDR="8.8.8.8").status_code
        for n in range(rules.CROWD + 3)
    ]
    assert answers == [302] * (rules.CROWD + 3)
    assert list(Case.objects.order_by("pk").values_list("crowded", flat=True)) == [False] * rules.CROWD + [True] * 3
    client.post(FORM, body(phone="+60199999999"), REMOTE_ADDR="8.8.4.4")
    assert Case.objects.latest("pk").crowded is False


def test_one_telephone_with_many_cases_is_asked_to_write_in_them(client: Client, reference: None, db: None) -> None:
    codes = [sent(client).status_code for _n in range(rules.MOST_NEW + 1)]
    assert codes == [302] * rules.MOST_NEW + [429]
    late = sent(client, text="Kalimat saya")
    assert "Kalimat saya" in late.content.decode()
    Case.objects.update(opened_at=now() - timedelta(hours=2))
    assert sent(client).status_code == 302


def test_the_states_shown_are_those_that_are_true(client: Client, case: Case, operator: Reader) -> None:
    where = entered(client, case).headers["Location"]
    assert "Belum dibaca petugas" in client.get(where).content.decode()
    taken(case, operator)
    html = client.get(where).content.decode()
    assert "Dibaca petugas" in html
    assert "Belum dijawab" in html
    said(case, operator, then="ask", text="Sejak kapan?")
    assert "menunggu jawaban Anda" in client.get(where).content.decode()
    said(case, operator, then="final", text="Selesai")
    html = client.get(where).content.decode()
    assert "Belum dijawab" not in html
    # The copy by SMS stands in the queue of the outbox, and the page says no more than that.
    assert "Salinan SMS: Antre" in html


def test_the_applicant_writes_again_and_the_case_opens(client: Client, case: Case, operator: Reader) -> None:
    taken(case, operator)
    said(case, operator, then="final")
    where = entered(client, case).headers["Location"]
    message = {"client_id": str(uuid.uuid4()), "text": "Belum dibayar juga"}
    for _tap in range(2):
        answer = client.post(where, message)
        assert answer.status_code == 302
    assert "belum dibaca" in client.get(answer.headers["Location"]).content.decode()
    assert fresh(case).state == State.REOPENED
    assert CaseMessage.objects.filter(text="Belum dibayar juga").count() == 1
    empty = client.post(where, {"client_id": str(uuid.uuid4()), "text": " "})
    assert empty.status_code == 422


@pytest.mark.parametrize("spoilt", ["", "x", "a" * 3000])
def test_a_forged_or_foreign_ticket_opens_nothing(client: Client, case: Case, spoilt: str) -> None:
    good = tickets.ticket(case.number, "")
    for ticket in (spoilt or good[:-1], tickets.ticket(case.number, "latihan"), tickets.receipt(case.number, "")):
        answer = client.get(f"{STATUS}{ticket}/")
        assert (answer.status_code, answer.headers.get("Location")) == (302, STATUS)
    assert client.get(f"/public/case/received/{good}/").status_code == 404


def test_a_ticket_ends(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = tickets.ticket(case.number, "")
    assert tickets.number_of(ticket, "") == case.number
    monkeypatch.setattr(tickets, "LASTS", -1)
    assert tickets.number_of(ticket, "") is None


def test_an_exercise_opens_none_of_the_live_cases(case: Case, make: Make) -> None:
    with pytest.raises(Refusal):
        actions.look_up(at=AT, number=case.number, phone=PHONE, exercise="latihan", remote="")
    assert queries.of_world(case.number, "latihan") is None
    with pytest.raises(Refusal):
        actions.write_by_applicant(
            at=AT, number=case.number, exercise="latihan", client_id=uuid.uuid4(), text="Salah dunia"
        )


def test_what_was_written_is_shown_as_text(client: Client, make: Make) -> None:
    case = make(text="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(entered(client, case).headers["Location"]).content.decode()
