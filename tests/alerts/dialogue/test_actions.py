"""Both ways: what is stored, counted, read, shown; each act works, refuses, rolls back, records."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from alerts.dialogue import actions
from alerts.emergencies.actions import add_note, resolve, take
from alerts.emergencies.models import Emergency, EmergencyMessage
from alerts.intake.queries import citizen_view
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.alerts.dialogue.conftest import Make
from tests.conftest import AT, People

SECOND = timedelta(seconds=1)
Says = Callable[..., EmergencyMessage]


def fresh(emergency: Emergency) -> Emergency:
    return Emergency.objects.get(pk=emergency.pk)


def waits(emergency: Emergency) -> tuple[int, object]:
    found = fresh(emergency)
    return found.unanswered, found.unanswered_since


def states(emergency: Emergency) -> list[str]:
    return [message["state"] for message in citizen_view(fresh(emergency))["messages"]]


def kinds() -> list[str]:
    return [event.kind for event in Event.objects.order_by("id")]


def test_messages_of_the_citizen_wait_until_an_officer_answers(held: Emergency, says: Says, answers: Says) -> None:
    assert waits(held) == (0, None)
    says()
    says(at=AT + SECOND)
    assert waits(held) == (2, AT)
    answers()
    assert waits(held) == (0, None)
    says(at=AT + 9 * SECOND)
    assert waits(held) == (1, AT + 9 * SECOND)


@pytest.mark.parametrize("act", ["note", "resolve"])
def test_a_logged_act_answers_too(held: Emergency, says: Says, operator: Reader, act: str) -> None:
    says()
    if act == "note":
        add_note(actor=operator, number=held.number, at=AT, text="Menelepon")
    else:
        resolve(actor=operator, number=held.number, at=AT, outcome="helped")
    assert waits(held) == (0, None)


def test_reading_is_no_answer(held: Emergency, says: Says, operator: Reader) -> None:
    message = says()
    actions.read(actor=operator, number=held.number, at=AT, up_to=message.pk)
    assert waits(held) == (1, AT)


def test_what_an_officer_read_is_told_with_the_name_of_the_first(
    held: Emergency, says: Says, operator: Reader, officer: Reader
) -> None:
    first, second = says(), says()
    assert states(held) == ["delivered", "delivered"]
    assert actions.read(actor=operator, number=held.number, at=AT + SECOND, up_to=first.pk) == 1
    assert states(held) == ["read", "delivered"]
    assert actions.read(actor=officer, number=held.number, at=AT + 2 * SECOND, up_to=second.pk) == 1
    assert actions.read(actor=officer, number=held.number, at=AT + 3 * SECOND, up_to=second.pk) == 0
    read = [(message.read_by_id, message.read_at) for message in held.messages.all()]
    assert read == [(operator.user_id, AT + SECOND), (officer.user_id, AT + 2 * SECOND)]
    event = Event.objects.filter(kind="dialogue.read").latest("id")
    assert (event.object_id, event.actor_id, event.data) == (
        held.number,
        officer.user_id,
        {"message": second.pk, "n": 1},
    )
    assert set(event.audiences) == {"dcc", f"mission:{held.mission_id}"}


@pytest.mark.parametrize("who", ["verifier", "stranger"])
def test_who_may_not_work_it_reads_nothing_into_the_receipts(
    held: Emergency, says: Says, people: People, stranger: Reader, who: str
) -> None:
    actor = people.reader(Role.VERIFIER) if who == "verifier" else stranger
    message = says()
    with pytest.raises(Refusal):
        actions.read(actor=actor, number=held.number, at=AT, up_to=message.pk)
    assert states(held) == ["delivered"]


def test_what_the_device_showed_is_read_and_nothing_newer(held: Emergency, answers: Says) -> None:
    first, second = answers(), answers()
    assert states(held) == ["queued", "queued"]
    given = {"number": held.number, "exercise": ""}
    assert actions.show(at=AT, up_to=first.pk, **given) == 1
    assert states(held) == ["read", "queued"]
    assert actions.show(at=AT, up_to=first.pk, **given) == 0
    assert actions.show(at=AT, up_to=second.pk, **given) == 1
    assert kinds().count("dialogue.shown") == 2


def test_a_device_shows_no_message_of_another_emergency(held: Emergency, answers: Says, make: Make) -> None:
    message, other = answers(), make()
    with pytest.raises(Refusal) as refused:
        actions.show(number=other.number, exercise="", at=AT, up_to=message.pk)
    assert refused.value.error.field == "up_to"
    assert states(held) == ["queued"]


def test_silence_is_set_by_either_side_and_told_once(held: Emergency, operator: Reader) -> None:
    actions.ask_silence(number=held.number, exercise="", at=AT, silent=True)
    actions.set_silence(actor=operator, number=held.number, at=AT, silent=True)
    assert fresh(held).silent
    actions.set_silence(actor=operator, number=held.number, at=AT, silent=False)
    assert not fresh(held).silent
    told = Event.objects.filter(kind="emergency.silence_set").order_by("id")
    assert [(event.actor_id, event.data["silent"]) for event in told] == [(None, True), (operator.user_id, False)]


def test_the_same_message_again_changes_nothing(held: Emergency, answers: Says, operator: Reader) -> None:
    key = uuid.uuid4()
    for text in ("Kami datang", "lagi"):
        answers(text, client_id=key, sms=True)
    assert [message.text for message in held.messages.all()] == ["Kami datang"]
    with pytest.raises(Refusal):
        actions.hear(emergency=held, at=AT, client_id=key, text="Tolong")


def test_a_message_on_a_resolved_one_opens_it_and_a_repeat_does_not(held: Emergency, operator: Reader) -> None:
    key = uuid.uuid4()
    actions.hear(emergency=fresh(held), at=AT, client_id=key, text="Tolong")
    resolve(actor=operator, number=held.number, at=AT, outcome="helped")
    actions.hear(emergency=fresh(held), at=AT, client_id=key, text="Tolong")
    assert fresh(held).state == "resolved"
    actions.hear(emergency=fresh(held), at=AT, client_id=uuid.uuid4(), text="Masih di sini")
    assert (fresh(held).state, fresh(held).unanswered) == ("new", 1)


def test_an_exercise_is_another_world(make: Make, says: Says, operator: Reader, people: People) -> None:
    drill = make(exercise="latihan", phone="+85291234567")
    player = people.reader(Role.OPERATOR, exercise="latihan")
    take(actor=player, number=drill.number, at=AT)
    with pytest.raises(Refusal):
        actions.write(actor=operator, number=drill.number, at=AT, client_id=uuid.uuid4(), text="a")
    message = actions.write(actor=player, number=drill.number, at=AT, client_id=uuid.uuid4(), text="Halo", sms=True)
    event = Event.objects.filter(kind="emergency.messaged").latest("id")
    assert (event.exercise, set(event.audiences)) == (
        "latihan",
        {"exercise:latihan:dcc", f"exercise:latihan:mission:{drill.mission_id}"},
    )
    assert message.emergency_id == drill.pk
