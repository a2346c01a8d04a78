"""A call is stored while it is typed, ends in what it came to, and is never lost."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from alerts.callbacks import queries as callbacks
from alerts.callbacks.models import CallBack
from alerts.cases.models import Case
from alerts.emergencies.models import Emergency
from alerts.hotline import actions, queries
from alerts.hotline.actions import News
from alerts.hotline.models import Call, ExchangeEvent
from alerts.hotline.rules import Told
from alerts.hotline.tasks import leave_unfinished
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.audit.models import ReadEntry
from commandcenter.events.models import Event
from commandcenter.live.cards import makers
from commandcenter.problems import Refusal
from tests.alerts.emergencies.conftest import Make
from tests.alerts.hotline.conftest import Write
from tests.conftest import AT, People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
Save = Callable[..., Call]


def heard(kind: str, call: str = "c1", event: str = "", *, minute: float = 0, phone: str = "+967771234567") -> Call:
    news = News(event or uuid.uuid4().hex, call, kind, phone=phone)
    return actions.hear(at=AT + timedelta(minutes=minute), exercise="", client_id=uuid.uuid4(), news=news)


# --- the draft ---


def test_the_first_digits_alone_make_a_row_and_one_event(write: Write, operator: Reader) -> None:
    call = write(phone="+9677")
    for phone in ("+96777", "+967771", "+967771234567"):
        told = Told(phone=phone)
        call = actions.draft(actor=operator, at=AT, client_id=call.client_id, told=told, seen=call.drafts).call
    assert (call.phone, call.digits, call.state, call.desk_id) == (
        "+967771234567",
        "967771234567",
        "open",
        operator.user_id,
    )
    assert [event.kind for event in Event.objects.all()] == ["call.began"]


def test_a_wrong_field_costs_nothing_but_itself(write: Write, operator: Reader) -> None:
    call = write()
    told = Told(phone="08-Siti", name="Siti", text="Jatuh", country="QQ", place="a\0b", safe="?")
    kept = actions.draft(actor=operator, at=AT, client_id=call.client_id, told=told, seen=1)
    assert {refusal.error.field for refusal in kept.wrong} == {"phone", "country", "place", "safe"}
    call.refresh_from_db()
    assert (call.phone, call.digits, call.name, call.text, call.place) == ("08-Siti", "", "Siti", "Jatuh", "")


def test_two_tabs_lose_neither_text(write: Write, operator: Reader) -> None:
    call = write(text="Dari tab pertama", place="Aden")
    told = Told(phone=call.phone, text="Dari tab kedua")
    kept = actions.draft(actor=operator, at=AT, client_id=call.client_id, told=told, seen=0)
    assert kept.elsewhere
    assert (kept.call.text, kept.call.place) == ("Dari tab pertama\nDari tab kedua", "Aden")
    told = Told(phone=call.phone, text="Dari tab pertama")
    again = actions.draft(actor=operator, at=AT, client_id=call.client_id, told=told, seen=kept.call.drafts)
    assert (again.elsewhere, again.call.text) == (False, "Dari tab pertama")


def test_a_draft_belongs_to_its_desk(write: Write, people: People) -> None:
    call = write()
    with pytest.raises(Refusal) as refused:
        actions.draft(actor=people.reader(Role.SUPERVISOR), at=AT, client_id=call.client_id, told=Told())
    assert refused.value.status == 409
    for stranger in (
        people.reader(Role.MISSION_OFFICER, "kbri-sanaa"),
        people.reader(Role.OPERATOR, exercise="latihan"),
    ):
        with pytest.raises(Refusal) as missing:
            actions.draft(actor=stranger, at=AT, client_id=call.client_id, told=Told())
        assert missing.value.status == 404


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.MINISTER, Role.AUDITOR, Role.ADMINISTRATOR, Role.SPOKESPERSON])
def test_who_takes_no_calls_is_refused(people: People, role: Role) -> None:
    with pytest.raises(Refusal) as refused:
        actions.draft(actor=people.reader(role), at=AT, client_id=uuid.uuid4(), told=Told(phone="0812"))
    assert refused.value.status == 403


def test_the_search_is_logged_once_a_call(write: Write, operator: Reader) -> None:
    call = write()
    for _key in range(5):
        actions.note_search(actor=operator, at=AT, client_id=call.client_id)
    [entry] = ReadEntry.objects.all()
    assert (entry.screen, entry.object_id, entry.reason) == ("hotline", call.number, "search")


# --- how it ends ---


@pytest.mark.parametrize(("act", "priority"), [("p1", 1), ("p2", 2)])
def test_an_emergency_needs_a_number_and_nothing_else(write: Write, save: Save, act: str, priority: int) -> None:
    call = save(write(), act)
    emergency = Emergency.objects.get()
    assert (emergency.priority, emergency.channel, emergency.phone) == (priority, "hotline", "+967771234567")
    assert (call.outcome, call.about, call.emergency_id) == ("emergency", emergency.number, emergency.pk)
    assert emergency.state == "new"


def test_what_the_caller_said_goes_with_it(write: Write, save: Save) -> None:
    save(
        write(),
        "p1",
        name="Siti",
        country="YE",
        place="Aden",
        safe="no",
        caller="family",
        text="Tertembak",
        nature="violence",
    )
    emergency = Emergency.objects.get()
    assert (emergency.name, emergency.country, emergency.place, emergency.nature) == ("Siti", "YE", "Aden", "violence")
    assert emergency.message == "[Keluarga · aman sekarang: Tidak] Tertembak"
    assert emergency.mission_id


def test_saving_twice_is_once(write: Write, save: Save) -> None:
    call = write()
    assert save(call, "p1").about == save(call, "p1").about
    assert Emergency.objects.count() == 1
    with pytest.raises(Refusal) as refused:
        save(call, "note")
    assert refused.value.status == 409


def test_nothing_at_all_is_refused_with_the_field_and_a_withheld_number_with_words_is_not(operator: Reader) -> None:
    """The mutant: without the guard an empty emergency would be opened."""
    given: dict[str, Any] = {"actor": operator, "at": AT, "act": "p1"}
    with pytest.raises(Refusal) as refused:
        actions.conclude(client_id=uuid.uuid4(), told=Told(), **given)
    assert refused.value.error.field == "phone"
    assert not Emergency.objects.exists()
    actions.conclude(client_id=uuid.uuid4(), told=Told(text="Bom di pasar"), **given)
    assert Emergency.objects.get().phone == ""


def test_attaching_leaves_both_trails(write: Write, save: Save, make: Make) -> None:
    about = make()
    call = save(write(), f"attach:{about.number}", text="Sudah di rumah sakit")
    assert (call.outcome, call.emergency_id) == ("attached", about.pk)
    [note] = about.notes.all()
    assert call.number in note.text
    assert "Sudah di rumah sakit" in note.text
    for number in ("E-2026-99999", "x", ""):
        with pytest.raises(Refusal) as missing:
            save(write(phone="0813777"), f"attach:{number}")
        assert missing.value.status == 404


def test_a_dropped_line_is_to_be_called_back_and_can_be_undone(write: Write, save: Save, operator: Reader) -> None:
    call = save(write(), "dropped")
    [entry] = callbacks.waiting(operator)
    assert (entry.phone, entry.reason, entry.owner_id, call.about) == (
        call.phone,
        "dropped",
        operator.user_id,
        entry.number,
    )
    back = actions.reopen(actor=operator, at=AT + timedelta(seconds=9), client_id=call.client_id)
    assert (back.state, back.outcome) == ("open", "")
    assert callbacks.waiting(operator) == []
    save(back, "note")
    with pytest.raises(Refusal):
        actions.reopen(actor=operator, at=AT + timedelta(minutes=5), client_id=call.client_id)


def test_without_a_number_nobody_can_call_back(write: Write, save: Save) -> None:
    with pytest.raises(Refusal) as refused:
        save(write(phone="", text="Tolong"), "dropped", phone="")
    assert refused.value.error.field == "phone"


def test_who_waits_and_calls_again_has_been_answered(write: Write, save: Save, operator: Reader) -> None:
    save(write(), "dropped")
    save(write(), "p2")
    entry = CallBack.objects.get()
    assert (entry.outcome, entry.closed_at) == ("called_again", AT)
    assert callbacks.waiting(operator) == []


def test_reaching_somebody_opens_the_call_that_is_being_spoken(write: Write, save: Save, operator: Reader) -> None:
    entry = save(write(), "dropped").entry
    assert entry is not None
    given = {"client_id": uuid.uuid4(), "entry": entry.pk, "version": entry.version}
    call = actions.call_back(actor=operator, at=AT, **given)
    assert (call.source, call.state, call.phone, call.entry_id) == ("callback", "open", entry.phone, entry.pk)
    assert callbacks.waiting(operator) == []
    save(call, "p1")
    assert Emergency.objects.get().phone == entry.phone


def test_a_call_left_alone_is_to_be_called_back(write: Write, operator: Reader) -> None:
    number, words, empty = write(), write(phone="", text="Tolong"), write(phone="")
    assert leave_unfinished(AT + timedelta(minutes=29)) == 0
    assert leave_unfinished(AT + timedelta(minutes=30)) == 2
    for call in (number, words, empty):
        call.refresh_from_db()
    assert [number.outcome, words.outcome, empty.outcome] == ["left", "", "empty"]
    assert [one.reason for one in callbacks.waiting(operator)] == ["left"]
    assert [call.pk for call in queries.ringing(operator)] == [words.pk]


def test_another_desk_takes_over_what_nobody_types_in(write: Write, people: People, operator: Reader) -> None:
    call, other = write(), people.reader(Role.SUPERVISOR)
    with pytest.raises(Refusal) as refused:
        actions.answer(actor=other, at=AT + timedelta(seconds=30), client_id=call.client_id)
    assert operator.name in str(refused.value.error.message)
    taken = actions.answer(actor=other, at=AT + timedelta(minutes=3), client_id=call.client_id)
    assert taken.desk_id == other.user_id


def test_a_missions_call_is_its_own_and_its_place_its_country(people: People) -> None:
    officer = people.reader(Role.MISSION_OFFICER, "kjri-hongkong")
    given: dict[str, Any] = {"actor": officer, "at": AT, "client_id": uuid.uuid4()}
    call = actions.conclude(act="p1", told=Told(phone="051234567"), **given)
    assert (call.mission, call.phone) == ("kjri-hongkong", "+85251234567")
    assert Emergency.objects.get().mission_id == "kjri-hongkong"
    assert queries.call(people.reader(Role.AMBASSADOR, "kbri-sanaa"), call.client_id) is None
    assert queries.call(people.reader(Role.OPERATOR), call.client_id) is not None


# --- cases, when there is a room of them ---


def test_a_complaint_and_a_consultation_are_cases_of_the_number_opened_once(write: Write, save: Save) -> None:
    """The mutant: a save repeated opens no second case."""
    for category in ("complaint", "consultation"):
        call = write()
        for _again in range(2):
            call = save(call, category, text="Paspor hilang")
        case = Case.objects.get(client_id=call.client_id)
        assert (call.outcome, call.about, case.category) == ("case", case.number, category)
        assert (case.channel, case.phone) == ("telephone", call.phone)
        assert "Paspor hilang" in case.messages.get().text


def test_an_unknown_act_is_refused_by_name(write: Write, save: Save) -> None:
    with pytest.raises(Refusal) as refused:
        save(write(), "case")
    assert refused.value.error.field == "act"


# --- the exchange ---


def test_a_call_rings_is_answered_and_ends(operator: Reader) -> None:
    call = heard("started")
    assert (call.state, call.phone, call.desk_id) == ("ringing", "+967771234567", None)
    call = actions.answer(actor=operator, at=AT, client_id=call.client_id)
    assert (call.state, call.desk_id) == ("open", operator.user_id)
    heard("answered", minute=1)
    call = heard("ended", minute=2)
    assert (call.state, call.ended_at) == ("open", AT + timedelta(minutes=2))
    assert callbacks.waiting(operator) == []


def test_what_nobody_answered_is_to_be_called_back(operator: Reader) -> None:
    heard("started")
    call = heard("ended", minute=1)
    [entry] = callbacks.waiting(operator)
    assert (call.outcome, call.about, entry.phone, entry.owner_id) == (
        "unanswered",
        entry.number,
        "+967771234567",
        None,
    )
    heard("started", "c2", minute=2)
    heard("ended", "c2", minute=3)
    [entry] = callbacks.waiting(operator)
    assert entry.times == 2


@pytest.mark.parametrize(
    "order",
    [
        ("started", "answered", "ended"),
        ("ended", "answered", "started"),
        ("answered", "ended", "started"),
        ("ended", "started", "answered"),
    ],
)
def test_in_any_order_an_answered_call_is_answered(operator: Reader, order: tuple[str, ...]) -> None:
    for kind in order:
        heard(kind)
    call = Call.objects.get()
    assert (call.state, call.outcome, call.phone) == ("spoken", "", "+967771234567")
    assert callbacks.waiting(operator) == []


def test_a_number_that_comes_late_still_stands_on_the_list(operator: Reader) -> None:
    heard("ended", phone="")
    assert [entry.phone for entry in callbacks.waiting(operator)] == [""]
    heard("started", minute=1)
    assert [entry.phone for entry in callbacks.waiting(operator)] == ["+967771234567"]
    assert Call.objects.get().outcome == "unanswered"


def test_one_event_counts_once_however_often_it_comes(operator: Reader) -> None:
    """The mutant: without UNIQUE a hundred repeats would be a hundred calls."""
    for _again in range(100):
        heard("started", event="e1")
        heard("ended", event="e2")
    heard("ended", call="another", event="e2")
    assert (Call.objects.count(), ExchangeEvent.objects.count()) == (1, 2)
    [entry] = callbacks.waiting(operator)
    assert entry.times == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeEvent.objects.create(event_id="e1", call=Call.objects.get(), kind="started", received_at=AT)


def test_an_exchange_that_falls_silent_leaves_nobody_ringing(operator: Reader) -> None:
    heard("started")
    assert leave_unfinished(AT + timedelta(minutes=2)) == 0
    assert leave_unfinished(AT + timedelta(minutes=3)) == 1
    assert [entry.reason for entry in callbacks.waiting(operator)] == ["unanswered"]
    heard("answered", minute=4)
    assert callbacks.waiting(operator) == []
    assert Call.objects.get().state == "spoken"


@pytest.mark.parametrize("phone", ["anonymous", "Siti\0", "sip:siti@example.org", "\U0001f4de", "9" * 200])
def test_a_number_that_is_none_loses_no_call(operator: Reader, phone: str) -> None:
    heard("started", phone=phone)
    call = heard("ended", phone=phone)
    assert call.digits == ""
    assert len(callbacks.waiting(operator)) == 1


# --- what is told ---


def test_no_card_and_no_event_holds_a_number_or_a_word(write: Write, save: Save, operator: Reader) -> None:
    save(write(name="Canary Name", text="canary words", place="Canary Town"), "dropped")
    heard("started")
    told = str(list(Event.objects.values()))
    for kind, rows in (("call", Call.objects.all()), ("callback", CallBack.objects.all())):
        told += "".join(str(makers()[kind].make(row, "dcc")) for row in rows)
        assert all(makers()[kind].make(row, "summary") is None for row in rows)
    for canary in ("Canary", "canary", "771234567"):
        assert canary not in told
