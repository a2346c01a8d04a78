"""Every act of an officer: works, refuses, rolls back, records."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from alerts.emergencies import actions
from alerts.emergencies.models import Emergency, EmergencyMessage, EmergencyNote
from alerts.intake.actions import receive_message
from alerts.intake.queries import citizen_view
from alerts.progress import actions as progress
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.alerts.emergencies.conftest import Make
from tests.conftest import AT, People

LATER = AT + timedelta(seconds=30)
MINUTES = timedelta(minutes=1)
Act = Callable[..., Any]

ACTS: dict[str, tuple[Act, dict[str, Any]]] = {
    "open": (actions.open_by_officer, {}),
    "take": (actions.take, {}),
    "release": (actions.release, {}),
    "note": (actions.add_note, {"text": "RS Bir dihubungi"}),
    "message": (actions.send_message, {"text": "Kami di sini", "client_id": uuid.UUID(int=7)}),
    "resolve": (actions.resolve, {"outcome": "helped"}),
    "reopen": (actions.reopen, {}),
}


def kinds() -> list[str]:
    return [event.kind.removeprefix("emergency.") for event in Event.objects.order_by("id")]


def fresh(emergency: Emergency) -> Emergency:
    return Emergency.objects.get(pk=emergency.pk)


def steps(emergency: Emergency) -> list[str]:
    return [receipt["step"] for receipt in citizen_view(fresh(emergency))["receipts"]]


def test_opening_sends_receipt_two_once(emergency: Emergency, operator: Reader, officer: Reader) -> None:
    assert steps(emergency) == ["received"]
    actions.open_by_officer(actor=operator, number=emergency.number, at=LATER)
    actions.open_by_officer(actor=officer, number=emergency.number, at=LATER + MINUTES)
    assert steps(emergency) == ["received", "opened"]
    assert (fresh(emergency).opened_at, fresh(emergency).opened_by_id) == (LATER, operator.user_id)
    assert kinds() == ["received", "opened"]


def test_taking_opens_holds_and_promises(emergency: Emergency, operator: Reader) -> None:
    actions.take(actor=operator, number=emergency.number, at=LATER)
    taken = fresh(emergency)
    assert (taken.state, taken.taken_by_id, taken.taken_at) == ("taken", operator.user_id, LATER)
    assert taken.next_contact_at == LATER + 15 * MINUTES
    assert steps(emergency) == ["received", "opened", "taken"]
    assert kinds() == ["received", "opened", "taken"]
    assert Event.objects.order_by("id").last().version == taken.version == 3  # type: ignore[union-attr]


def test_taking_tells_the_citizen_a_desk_and_no_name(emergency: Emergency, officer: Reader) -> None:
    actions.take(actor=officer, number=emergency.number, at=LATER, next_contact_at=LATER + 5 * MINUTES)
    told = citizen_view(fresh(emergency))["receipts"][-1]
    assert told["desk"] == f"{emergency.mission.name} {officer.user_id}"  # type: ignore[union-attr]
    assert officer.name not in str(told)
    assert told["next_contact_at"].startswith("2026-05-12T20:10:30")


def test_taking_twice_by_the_same_person_changes_nothing(emergency: Emergency, operator: Reader) -> None:
    for seconds in (0, 1):
        actions.take(actor=operator, number=emergency.number, at=LATER + timedelta(seconds=seconds))
    assert kinds() == ["received", "opened", "taken"]


def test_the_loser_of_a_race_reads_who_was_first(emergency: Emergency, operator: Reader, people: People) -> None:
    rina = people.reader(Role.OPERATOR, username="rina")
    actions.take(actor=rina, number=emergency.number, at=LATER)
    with pytest.raises(Refusal) as refused:
        actions.take(actor=operator, number=emergency.number, at=LATER + timedelta(seconds=12))
    assert (refused.value.status, refused.value.code) == (409, "conflict")
    with translation.override("en"):
        assert str(refused.value.error.message).startswith("Already taken by rina 12 s")
    assert fresh(emergency).taken_by_id == rina.user_id


def test_a_promise_in_the_past_is_refused(emergency: Emergency, operator: Reader) -> None:
    with pytest.raises(Refusal) as refused:
        actions.take(actor=operator, number=emergency.number, at=LATER, next_contact_at=LATER)
    assert refused.value.error.field == "next_contact_at"
    assert kinds() == ["received"]


def test_giving_back_makes_it_new_and_takes_receipt_three_back(emergency: Emergency, operator: Reader) -> None:
    actions.take(actor=operator, number=emergency.number, at=LATER)
    actions.release(actor=operator, number=emergency.number, at=LATER + MINUTES)
    assert (fresh(emergency).state, fresh(emergency).taken_by_id) == ("new", None)
    assert steps(emergency) == ["received", "opened"]
    assert kinds()[-1] == "released"


def test_only_the_holder_or_a_supervisor_gives_back(emergency: Emergency, operator: Reader, people: People) -> None:
    actions.take(actor=operator, number=emergency.number, at=LATER)
    with pytest.raises(Refusal) as refused:
        actions.release(actor=people.reader(Role.OPERATOR, username="rina"), number=emergency.number, at=LATER)
    assert refused.value.status == 403
    actions.release(actor=people.reader(Role.SUPERVISOR), number=emergency.number, at=LATER)
    assert fresh(emergency).state == "new"


def test_the_first_note_begins_the_action(emergency: Emergency, operator: Reader) -> None:
    actions.take(actor=operator, number=emergency.number, at=LATER)
    for minute in (1, 2):
        actions.add_note(actor=operator, number=emergency.number, at=LATER + minute * MINUTES, text=" RS dihubungi ")
    assert (fresh(emergency).state, fresh(emergency).acted_at) == ("in_action", LATER + MINUTES)
    assert EmergencyNote.objects.first().text == "RS dihubungi"  # type: ignore[union-attr]
    assert kinds()[-2:] == ["noted", "noted"]


def test_a_note_on_one_nobody_took_leaves_it_in_the_queue(emergency: Emergency, operator: Reader) -> None:
    actions.add_note(actor=operator, number=emergency.number, at=LATER, text="Sudah tahu")
    assert (fresh(emergency).state, fresh(emergency).acted_at) == ("new", None)


@pytest.mark.parametrize("text", ["", "  ", "a\x00b", "x" * 1001])
@pytest.mark.parametrize("name", ["note", "message"])
def test_bad_texts_are_refused_and_nothing_stays(emergency: Emergency, operator: Reader, name: str, text: str) -> None:
    act, given = ACTS[name]
    with pytest.raises(Refusal) as refused:
        act(actor=operator, number=emergency.number, at=LATER, **{**given, "text": text})
    assert refused.value.error.field == "text"
    assert kinds() == ["received"]


def test_a_message_reaches_the_citizen_once_and_is_an_act(emergency: Emergency, officer: Reader) -> None:
    actions.take(actor=officer, number=emergency.number, at=LATER)
    for text in ("Kami di sini", "lagi"):
        actions.send_message(
            actor=officer, number=emergency.number, at=LATER + MINUTES, client_id=uuid.UUID(int=1), text=text
        )
    seen = citizen_view(fresh(emergency))["messages"]
    assert [(message["side"], message["text"]) for message in seen] == [("mission", "Kami di sini")]
    assert fresh(emergency).state == "in_action"
    assert kinds()[-1] == "messaged"


def test_a_message_key_of_another_emergency_is_refused(make: Make, operator: Reader) -> None:
    first, second = make(), make()
    actions.send_message(actor=operator, number=first.number, at=LATER, client_id=uuid.UUID(int=1), text="a")
    with pytest.raises(Refusal) as refused:
        actions.send_message(actor=operator, number=second.number, at=LATER, client_id=uuid.UUID(int=1), text="b")
    assert refused.value.error.field == "client_id"
    assert EmergencyMessage.objects.count() == 1


def test_resolving_needs_an_outcome_and_a_taking(emergency: Emergency, operator: Reader) -> None:
    with pytest.raises(Refusal) as early:
        actions.resolve(actor=operator, number=emergency.number, at=LATER, outcome="helped")
    assert early.value.status == 409
    assert kinds() == ["received"]  # the opening of a refused act is rolled back with it
    actions.take(actor=operator, number=emergency.number, at=LATER)
    with pytest.raises(Refusal) as unnamed:
        actions.resolve(actor=operator, number=emergency.number, at=LATER, outcome="")
    assert unnamed.value.error.field == "outcome"
    actions.resolve(actor=operator, number=emergency.number, at=LATER, outcome="helped")
    assert (fresh(emergency).state, fresh(emergency).outcome, fresh(emergency).resolved_at) == (
        "resolved",
        "helped",
        LATER,
    )


def test_resolving_is_refused_when_something_arrived(emergency: Emergency, operator: Reader) -> None:
    seen = actions.take(actor=operator, number=emergency.number, at=LATER).version
    receive_message(number=emergency.number, exercise="", at=LATER, client_id=uuid.UUID(int=2), text="Masih di sini")
    with pytest.raises(Refusal) as refused:
        actions.resolve(actor=operator, number=emergency.number, at=LATER, outcome="helped", version=seen)
    assert refused.value.status == 409
    assert fresh(emergency).state == "taken"


def test_who_reopens_holds_it(emergency: Emergency, operator: Reader, officer: Reader) -> None:
    actions.take(actor=operator, number=emergency.number, at=LATER)
    actions.resolve(actor=operator, number=emergency.number, at=LATER, outcome="helped")
    actions.reopen(actor=officer, number=emergency.number, at=LATER + MINUTES)
    again = fresh(emergency)
    assert (again.state, again.taken_by_id, again.outcome, again.resolved_at) == ("taken", officer.user_id, "", None)
    with pytest.raises(Refusal):
        actions.reopen(actor=operator, number=emergency.number, at=LATER)


def test_a_citizens_word_after_the_end_puts_it_back_into_the_queue(emergency: Emergency, operator: Reader) -> None:
    number = emergency.number
    receive_message(number=number, exercise="", at=AT, client_id=uuid.UUID(int=3), text="Tolong")
    actions.take(actor=operator, number=number, at=LATER)
    actions.resolve(actor=operator, number=number, at=LATER, outcome="no_contact")
    receive_message(number=number, exercise="", at=LATER + MINUTES, client_id=uuid.UUID(int=3), text="Tolong")
    assert fresh(emergency).state == "resolved"  # only a repeat
    receive_message(number=number, exercise="", at=LATER + MINUTES, client_id=uuid.UUID(int=4), text="Masih di sini")
    assert fresh(emergency).state == "new"
    assert kinds()[-2:] == ["messaged", "reopened"]


@pytest.mark.parametrize(("after", "moves"), [(timedelta(minutes=9, seconds=59), False), (10 * MINUTES, True)])
def test_taken_without_an_act_returns_after_ten_minutes(
    emergency: Emergency, operator: Reader, after: timedelta, *, moves: bool
) -> None:
    actions.take(actor=operator, number=emergency.number, at=LATER)
    assert progress.return_if_untouched(emergency_id=emergency.pk, at=LATER + after) is moves
    assert fresh(emergency).state == ("new" if moves else "taken")
    assert fresh(emergency).returned_times == int(moves)
    assert progress.return_if_untouched(emergency_id=emergency.pk, at=LATER + after) is False


def test_what_was_acted_on_never_returns(emergency: Emergency, operator: Reader) -> None:
    actions.take(actor=operator, number=emergency.number, at=LATER)
    actions.add_note(actor=operator, number=emergency.number, at=LATER, text="RS dihubungi")
    assert progress.return_if_untouched(emergency_id=emergency.pk, at=LATER + timedelta(hours=5)) is False


@pytest.mark.parametrize("name", ACTS)
def test_the_verifier_reads_only(emergency: Emergency, people: People, name: str) -> None:
    act, given = ACTS[name]
    with pytest.raises(Refusal) as refused:
        act(actor=people.reader(Role.VERIFIER), number=emergency.number, at=LATER, **given)
    assert refused.value.status == 403
    assert kinds() == ["received"]


@pytest.mark.parametrize("name", ACTS)
def test_another_missions_emergency_does_not_exist(emergency: Emergency, stranger: Reader, name: str) -> None:
    act, given = ACTS[name]
    with pytest.raises(Refusal) as refused:
        act(actor=stranger, number=emergency.number, at=LATER, **given)
    assert refused.value.status == 404
    assert kinds() == ["received"]


@pytest.mark.parametrize("name", ACTS)
def test_an_exercise_is_a_wall(emergency: Emergency, people: People, name: str) -> None:
    act, given = ACTS[name]
    with pytest.raises(Refusal) as refused:
        act(actor=people.reader(Role.OPERATOR, exercise="drill"), number=emergency.number, at=LATER, **given)
    assert refused.value.status == 404
    assert kinds() == ["received"]


@pytest.mark.parametrize("name", ["open", "take", "note", "message"])
def test_an_act_that_cannot_be_recorded_leaves_nothing(
    emergency: Emergency, operator: Reader, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_entries: Any) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr(actions, "record_many", refuse)
    act, given = ACTS[name]
    with pytest.raises(RuntimeError):
        act(actor=operator, number=emergency.number, at=LATER, **given)
    assert (fresh(emergency).version, fresh(emergency).state, fresh(emergency).opened_at) == (1, "new", None)
    assert not EmergencyNote.objects.exists()
    assert not EmergencyMessage.objects.exists()
