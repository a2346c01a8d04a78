"""The state machine of a message: what may follow what, and that nothing is sent twice without being counted."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.outbox import actions, queries, rules
from commandcenter.outbox.actions import Result
from commandcenter.outbox.models import CallOutcome, CallTry, Channel, Delivery, GatewayHealth, Outgoing, Reason
from commandcenter.problems import Refusal
from tests.commandcenter.outbox.conftest import Queue
from tests.conftest import AT, People

pytestmark = pytest.mark.django_db
Take = Callable[..., Outgoing]


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def state_of(message: Outgoing) -> str:
    message.refresh_from_db()
    return message.state


def test_queue_makes_a_message_once_by_its_key(queue: Queue) -> None:
    first, again = queue(key="R-17:sms"), queue(key="R-17:sms", text="Lain")
    assert first.pk == again.pk
    assert again.text == "Laporan diminta"
    assert kinds() == ["delivery.queued"]


def test_queue_rolls_back_with_its_caller(queue: Queue) -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not Outgoing.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"about": "Siti Aminah"}, {"url": "https://evil.example/"}, {"url": "//evil.example"}]
)
def test_queue_refuses_a_text_for_a_number_and_an_address_elsewhere(queue: Queue, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="`"):
        queue(**wrong)


def test_every_text_of_an_exercise_begins_with_the_word(queue: Queue) -> None:
    assert queue(exercise="hk").text == "[LATIHAN] Laporan diminta"


def test_take_next_commits_sending_with_a_lease_and_takes_lives_first(queue: Queue, at: datetime) -> None:
    queue(), queue(at=at + timedelta(hours=1))
    urgent = queue(life_safety=True, at=at + timedelta(seconds=1))
    first = actions.take_next(channel=Channel.SMS, at=at + timedelta(seconds=2))
    assert first == urgent
    assert state_of(urgent) == Delivery.SENDING
    assert urgent.lease_until == at + timedelta(seconds=32)
    assert actions.take_next(channel=Channel.SMS, at=at) is not None
    assert actions.take_next(channel=Channel.SMS, at=at) is None, "the third is not due yet"
    assert actions.take_next(channel=Channel.PUSH, at=at) is None


def test_accepted_keeps_the_gateways_number_and_is_recorded(taken: Take, at: datetime) -> None:
    message = taken()
    assert actions.settle(message=message, result=Result(Delivery.ACCEPTED, "", "sms:x", "id-1"), at=at)
    assert state_of(message) == Delivery.ACCEPTED
    assert (message.gateway_id, message.sent_at, message.lease_until) == ("id-1", at, None)
    assert kinds() == ["delivery.queued", "delivery.accepted"]


def test_a_gateway_that_does_not_take_it_is_asked_again_later_and_later(taken: Take, at: datetime) -> None:
    message, waits = taken(), []
    for _each in range(8):
        actions.settle(message=message, result=Result(Delivery.QUEUED), at=at)
        message.refresh_from_db()
        waits.append((message.due_at - at).total_seconds())
        again = actions.take_next(channel=Channel.SMS, at=message.due_at)
        assert again is not None
        message = again
    assert waits == [5, 15, 30, 60, 120, 300, 300, 300]


def test_retry_after_is_kept(taken: Take, at: datetime) -> None:
    message = taken()
    actions.settle(message=message, result=Result(Delivery.QUEUED, again_in=timedelta(seconds=77)), at=at)
    message.refresh_from_db()
    assert message.due_at == at + timedelta(seconds=77)


def test_a_routine_message_whose_sender_died_waits_for_a_person(taken: Take, at: datetime) -> None:
    message = taken()
    assert not actions.end_lease(message_id=message.pk, at=at + timedelta(seconds=29))
    assert actions.end_lease(message_id=message.pk, at=at + timedelta(seconds=30))
    assert state_of(message) == Delivery.UNKNOWN
    assert actions.take_next(channel=Channel.SMS, at=at + timedelta(days=1)) is None


def test_a_life_safety_message_whose_sender_died_goes_out_once_more_and_only_once(taken: Take, at: datetime) -> None:
    message = taken(life_safety=True)
    later = at + timedelta(seconds=31)
    assert actions.end_lease(message_id=message.pk, at=later)
    again = actions.take_next(channel=Channel.SMS, at=later)
    assert again == message
    assert again is not None
    assert again.repeats == 1
    assert actions.end_lease(message_id=message.pk, at=later + timedelta(seconds=31))
    assert state_of(message) == Delivery.UNKNOWN
    assert kinds() == ["delivery.queued", "delivery.repeated", "delivery.unknown"]


def test_an_answer_after_the_lease_still_counts_unless_it_was_sent_again(taken: Take, at: datetime) -> None:
    late, accepted = at + timedelta(minutes=1), Result(Delivery.ACCEPTED, "", "sms:x", "id-1")
    message = taken()
    actions.end_lease(message_id=message.pk, at=late)
    assert not actions.settle(message=message, result=Result(Delivery.QUEUED), at=late)
    assert state_of(message) == Delivery.UNKNOWN
    assert actions.settle(message=Outgoing.objects.get(pk=message.pk), result=accepted, at=late)
    assert state_of(message) == Delivery.ACCEPTED
    twice = taken(life_safety=True)
    actions.end_lease(message_id=twice.pk, at=late)
    second = actions.take_next(channel=Channel.SMS, at=late)
    assert second is not None
    assert not actions.settle(message=twice, result=accepted, at=late)
    assert state_of(second) == Delivery.SENDING


@pytest.mark.parametrize(
    ("before", "told", "after"),
    [
        ("sending", Delivery.DELIVERED, "delivered"),
        ("sending", Delivery.FAILED, "failed"),
        ("accepted", Delivery.DELIVERED, "delivered"),
        ("accepted", Delivery.FAILED, "failed"),
        ("accepted", Delivery.ACCEPTED, "accepted"),
        ("unknown", Delivery.DELIVERED, "delivered"),
        ("unknown", Delivery.ACCEPTED, "accepted"),
        ("delivered", Delivery.FAILED, "delivered"),
        ("delivered", Delivery.ACCEPTED, "delivered"),
        ("failed", Delivery.DELIVERED, "failed"),
        ("unavailable", Delivery.DELIVERED, "unavailable"),
        ("called_off", Delivery.DELIVERED, "called_off"),
    ],
)
def test_receipts_make_only_legal_steps(taken: Take, at: datetime, before: str, told: Delivery, after: str) -> None:
    message = taken()
    Outgoing.objects.filter(pk=message.pk).update(state=before)
    assert actions.note_receipt(ref=message.client_ref, told=told, at=at)
    assert state_of(message) == after


def test_a_receipt_for_a_message_that_was_never_tried_changes_nothing(queue: Queue, at: datetime) -> None:
    message = queue()
    actions.note_receipt(ref=message.client_ref, told=Delivery.DELIVERED, at=at)
    assert state_of(message) == Delivery.QUEUED


def test_a_receipt_of_the_first_sending_spares_the_second(taken: Take, at: datetime) -> None:
    message, later = taken(life_safety=True), at + timedelta(minutes=1)
    actions.end_lease(message_id=message.pk, at=later)
    actions.note_receipt(ref=message.client_ref, told=Delivery.DELIVERED, at=later)
    assert state_of(message) == Delivery.DELIVERED
    assert actions.take_next(channel=Channel.SMS, at=later) is None


def test_an_answer_that_a_receipt_overtook_adds_only_the_gateways_number(taken: Take, at: datetime) -> None:
    message = taken()
    actions.note_receipt(ref=message.client_ref, told=Delivery.DELIVERED, at=at)
    assert not actions.settle(message=message, result=Result(Delivery.ACCEPTED, "", "sms:x", "id-1"), at=at)
    assert state_of(message) == Delivery.DELIVERED
    assert message.gateway_id == "id-1"
    assert kinds() == ["delivery.queued", "delivery.delivered"]


def test_a_receipt_of_another_world_is_not_known(taken: Take, at: datetime) -> None:
    message = taken()
    assert not actions.note_receipt(ref=message.client_ref, told=Delivery.DELIVERED, at=at, exercise="hk")
    assert state_of(message) == Delivery.SENDING


STEPS = st.lists(
    st.sampled_from(["take", "accepted", "later", "lost", "lease", "r-accepted", "r-delivered", "r-failed", "off"]),
    max_size=12,
)


@given(steps=STEPS, life_safety=st.booleans())
@settings(max_examples=120)
def test_no_order_of_answers_receipts_and_deaths_takes_back_what_is_known(steps: list[str], life_safety: bool) -> None:
    """Whatever happens in whatever order: delivered stays, at most one uncounted sending, one event a change."""
    with transaction.atomic():
        at, taken = AT, []
        message = actions.queue(
            key="h", channel=Channel.SMS, recipient=None, text="x", about="R-1", at=at, life_safety=life_safety
        )
        final = ""
        for step in steps:
            at += timedelta(seconds=31)
            if step == "take":
                taken += filter(None, [actions.take_next(channel=Channel.SMS, at=at + timedelta(hours=1))])
            elif step.startswith("r-"):
                actions.note_receipt(ref=message.client_ref, told=Delivery(step[2:]), at=at)
            elif step == "lease":
                actions.end_lease(message_id=message.pk, at=at + timedelta(hours=2))
            elif step == "off":
                actions.call_off(about="R-1", at=at)
            elif taken:
                told = {"accepted": Delivery.ACCEPTED, "later": Delivery.QUEUED, "lost": Delivery.UNKNOWN}[step]
                actions.settle(message=taken[-1], result=Result(told), at=at)
            state = state_of(message)
            assert not final or state == final, (steps, step)
            final = state if state in {"delivered", "failed", "called_off"} else ""
        assert message.repeats <= (1 if life_safety else 0)
        assert message.version == Event.objects.filter(object_id=message.number).count()
        transaction.set_rollback(True)


def test_a_message_nobody_took_while_it_mattered_is_given_up(queue: Queue, at: datetime) -> None:
    routine, urgent = queue(), queue(life_safety=True)
    later = at + timedelta(hours=2, seconds=1)
    assert queries.too_late(later) == [routine.pk]
    assert actions.give_up(message_id=routine.pk, at=later)
    assert not actions.give_up(message_id=urgent.pk, at=later)
    assert (state_of(routine), routine.reason) == (Delivery.FAILED, Reason.TOO_LATE)


def test_call_off_ends_what_waits_and_leaves_what_was_sent(queue: Queue, taken: Take, at: datetime) -> None:
    sent, waiting, call, other = taken(), queue(), queue(Channel.CALL), queue(about="R-18")
    assert actions.call_off(about="R-17", at=at) == 2
    assert [state_of(one) for one in (sent, waiting, call, other)] == ["sending", "called_off", "called_off", "queued"]


def test_calls_end_when_reached_or_wrong_and_stay_when_nobody_answers(
    queue: Queue, operator: Reader, at: datetime
) -> None:
    call = queue(Channel.CALL)
    for tries in (1, 2):
        call = actions.note_call(
            actor=operator, at=at, message_id=call.pk, outcome=CallOutcome.NO_ANSWER, version=call.version
        )
        assert (call.state, call.attempts) == (Delivery.QUEUED, tries)
    assert queries.calls(operator) == [call]
    actions.note_call(actor=operator, at=at, message_id=call.pk, outcome="reached", version=call.version)
    assert state_of(call) == Delivery.DELIVERED
    assert [(row.outcome, row.by_id) for row in CallTry.objects.all()] == [
        ("no_answer", operator.user_id),
        ("no_answer", operator.user_id),
        ("reached", operator.user_id),
    ]
    assert Event.objects.filter(kind="delivery.called", actor_id=operator.user_id).count() == 3


@pytest.mark.parametrize(
    ("change", "status"), [({"version": 9}, 409), ({"outcome": "maybe"}, 422), ({"message_id": 0}, 404)]
)
def test_note_call_refuses_what_it_does_not_know(
    queue: Queue, operator: Reader, at: datetime, change: dict[str, object], status: int
) -> None:
    given = {"message_id": queue(Channel.CALL).pk, "outcome": "reached", "version": 1}
    with pytest.raises(Refusal) as refused:
        actions.note_call(actor=operator, at=at, **{**given, **change})  # type: ignore[arg-type]
    assert refused.value.status == status
    assert not CallTry.objects.exists()


def test_a_mission_officer_and_another_world_work_no_calls(queue: Queue, people: People, at: datetime) -> None:
    call = queue(Channel.CALL)
    mission = people.reader(Role.MISSION_OFFICER, "kjri-hongkong")
    drill = people.reader(Role.OPERATOR, exercise="hk")
    for actor, status in ((mission, 403), (drill, 404)):
        with pytest.raises(Refusal) as refused:
            actions.note_call(actor=actor, at=at, message_id=call.pk, outcome="reached", version=1)
        assert refused.value.status == status


def test_a_person_decides_what_becomes_of_an_unknown_one(taken: Take, operator: Reader, at: datetime) -> None:
    first, second = taken(), taken()
    for message in (first, second):
        actions.settle(message=message, result=Result(Delivery.UNKNOWN), at=at)
        message.refresh_from_db()
    actions.send_again(actor=operator, at=at, message_id=first.pk, version=first.version)
    actions.let_be(actor=operator, at=at, message_id=second.pk, version=second.version)
    assert (state_of(first), first.repeats) == (Delivery.QUEUED, 1)
    assert (state_of(second), second.reason) == (Delivery.CALLED_OFF, Reason.LOST)
    with pytest.raises(Refusal):
        actions.send_again(actor=operator, at=at, message_id=second.pk, version=second.version)


def test_a_gateway_rests_after_three_failures_and_one_success_ends_it(db: None, at: datetime) -> None:
    for _each in range(rules.FAILURES - 1):
        actions.note_health(gateway="sms:x", works=False, at=at)
    assert not queries.is_resting("sms:x", at)
    actions.note_health(gateway="sms:x", works=False, at=at)
    assert queries.is_resting("sms:x", at)
    assert not queries.is_resting("sms:x", at + timedelta(seconds=31))
    actions.note_health(gateway="sms:x", works=False, at=at + timedelta(seconds=31))
    assert queries.is_resting("sms:x", at + timedelta(seconds=60)), "the one that tried it closes the door again"
    actions.note_health(gateway="sms:x", works=True, at=at)
    assert GatewayHealth.objects.get().failures == 0


def test_events_hold_codes_and_no_text(queue: Queue, officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(first_name="Canary", last_name="Kenari")
    queue(text="Canary rahasia", address="+628123456789", url="/report/canary-token/")
    event = Event.objects.get()
    written = repr((event.data, event.object_id, event.topic, event.audiences))
    assert not any(word in written.lower() for word in ("canary", "kenari", "rahasia", "8123456789"))
