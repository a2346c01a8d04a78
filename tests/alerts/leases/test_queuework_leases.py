"""Leases: named, two minutes long, renewed while typing, over by themselves, broken with a reason."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from alerts.emergencies import actions
from alerts.emergencies.models import Emergency, EmergencyNote
from alerts.leases import actions as leases
from alerts.leases.rules import is_leased
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.conftest import AT, People

SECOND = timedelta(seconds=1)
WRITES: dict[str, tuple[Any, dict[str, Any]]] = {
    "note": (actions.add_note, {"text": "RS dihubungi"}),
    "message": (actions.send_message, {"text": "Kami datang", "client_id": uuid.UUID(int=5)}),
    "resolve": (actions.resolve, {"outcome": "helped"}),
}


@pytest.fixture
def rina(people: People) -> Reader:
    return people.reader(Role.OPERATOR, username="rina")


def leased(emergency: Emergency, rina: Reader, at: Any = AT) -> Emergency:
    return leases.begin_writing(actor=rina, number=emergency.number, at=at)


def kinds() -> list[str]:
    return [event.kind.removeprefix("emergency.") for event in Event.objects.order_by("id")]


@pytest.mark.parametrize("name", WRITES)
def test_who_sends_while_another_writes_is_told_who_and_until_when(
    emergency: Emergency, operator: Reader, rina: Reader, name: str
) -> None:
    actions.take(actor=operator, number=emergency.number, at=AT)
    leased(emergency, rina)
    act, given = WRITES[name]
    with pytest.raises(Refusal) as refused:
        act(actor=operator, number=emergency.number, at=AT + 119 * SECOND, **given)
    assert (refused.value.status, refused.value.error.field) == (409, "lease")
    with translation.override("en"):
        assert "rina is writing here until 03:07:00 WIB" in str(refused.value.error.message)
    with translation.override("id"):
        assert "rina sedang mengetik di sini sampai 03.07.00 WIB" in str(refused.value.error.message)
    # It ends by itself: nothing ran, and two minutes later the same act goes through.
    act(actor=operator, number=emergency.number, at=AT + 120 * SECOND, **given)


@pytest.mark.parametrize("name", WRITES)
def test_the_act_of_the_holder_ends_the_lease(emergency: Emergency, rina: Reader, operator: Reader, name: str) -> None:
    actions.take(actor=rina, number=emergency.number, at=AT)
    leased(emergency, rina)
    act, given = WRITES[name]
    act(actor=rina, number=emergency.number, at=AT + SECOND, **given)
    found = Emergency.objects.get()
    assert (found.leased_by, found.leased_until) == (None, None)


def test_taking_a_p1_is_never_held_up_by_a_lease(emergency: Emergency, operator: Reader, rina: Reader) -> None:
    leased(emergency, rina)
    assert actions.take(actor=operator, number=emergency.number, at=AT + SECOND).taken_by_id == operator.user_id


def test_typing_on_renews_it_at_most_every_forty_seconds_and_moves_no_version(
    emergency: Emergency, rina: Reader
) -> None:
    version = leased(emergency, rina).version
    for second in range(0, 100, 5):
        found = leased(emergency, rina, AT + second * SECOND)
    assert found.leased_until == AT + (80 + 120) * SECOND
    assert found.version == version
    assert kinds().count("leased") == 3  # at 0, 40 and 80 s: one event a keystroke would flood the log
    assert is_leased(found, AT + 199 * SECOND)
    assert not is_leased(found, AT + 200 * SECOND)


def test_another_lease_is_refused_until_the_first_is_over(emergency: Emergency, operator: Reader, rina: Reader) -> None:
    leased(emergency, rina)
    with pytest.raises(Refusal):
        leased(emergency, operator, AT + 119 * SECOND)
    assert leased(emergency, operator, AT + 120 * SECOND).leased_by_id == operator.user_id


def test_stopping_ends_the_own_lease_and_nobody_elses(emergency: Emergency, operator: Reader, rina: Reader) -> None:
    leased(emergency, rina)
    leases.stop_writing(actor=operator, number=emergency.number, at=AT + SECOND)
    assert Emergency.objects.get().leased_by_id == rina.user_id
    leases.stop_writing(actor=rina, number=emergency.number, at=AT + SECOND)
    assert Emergency.objects.get().leased_by_id is None
    assert kinds()[-1] == "lease_ended"


def test_a_break_needs_a_reason_that_stays_and_hands_the_lease_over(
    emergency: Emergency, operator: Reader, rina: Reader
) -> None:
    leased(emergency, rina)
    given = {"actor": operator, "number": emergency.number, "at": AT + SECOND}
    for reason in ("", " ", "a\x00b"):
        with pytest.raises(Refusal) as refused:
            leases.break_lease(reason=reason, **given)
        assert refused.value.error.field == "reason"
    leases.break_lease(reason="Polisi menunggu di telepon", **given)
    assert Emergency.objects.get().leased_by_id == operator.user_id
    assert EmergencyNote.objects.get().text == "Polisi menunggu di telepon"
    broken = Event.objects.get(kind="emergency.lease_broken")
    assert (broken.data["was"], broken.data["by"]) == (rina.user_id, operator.user_id)
    with pytest.raises(Refusal) as refused:
        actions.add_note(actor=rina, number=emergency.number, at=AT + 2 * SECOND, text="x")
    assert refused.value.status == 409


def test_there_is_nothing_to_break_when_nobody_else_writes(emergency: Emergency, rina: Reader) -> None:
    given = {"actor": rina, "number": emergency.number, "reason": "x"}
    with pytest.raises(Refusal):
        leases.break_lease(at=AT, **given)
    leased(emergency, rina)
    with pytest.raises(Refusal):
        leases.break_lease(at=AT + SECOND, **given)


def test_a_verifier_and_a_stranger_write_nothing(emergency: Emergency, people: People, stranger: Reader) -> None:
    for reader, status in ((people.reader(Role.VERIFIER), 403), (stranger, 404)):
        with pytest.raises(Refusal) as refused:
            leased(emergency, reader)
        assert refused.value.status == status
