"""Waiting comes back by itself and climbs; a supervisor closes; what is over can be opened again."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from alerts.emergencies import actions
from alerts.emergencies.cards import load
from alerts.emergencies.cards import make as card_of
from alerts.emergencies.models import Emergency
from alerts.intake.actions import receive_message
from alerts.intake.queries import citizen_view
from alerts.ladders.models import DueStep
from alerts.progress import actions as progress
from alerts.progress.tasks import return_waiting
from alerts.queue.queries import QueueFilter, rows
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.alerts.emergencies.conftest import Make
from tests.conftest import AT, People

MINUTE = timedelta(minutes=1)


@pytest.fixture
def taken(emergency: Emergency, operator: Reader) -> Emergency:
    return actions.take(actor=operator, number=emergency.number, at=AT)


def put_off(emergency: Emergency, actor: Reader, **more: Any) -> Emergency:
    given = {"at": AT + MINUTE, "waiting_for": "hospitals", "minutes": 15}
    return progress.wait(actor=actor, number=emergency.number, **given | more)


def fresh() -> Emergency:
    return Emergency.objects.get()


def test_waiting_says_until_when_and_for_whom_and_the_promise_stands(taken: Emergency, operator: Reader) -> None:
    put_off(taken, operator)
    found = fresh()
    assert (found.state, found.waiting_for, found.waiting_until) == ("waiting", "hospitals", AT + 16 * MINUTE)
    assert (found.taken_by_id, found.next_contact_at) == (operator.user_id, taken.next_contact_at)
    assert found.acted_at == AT + MINUTE  # it counts as an act
    assert [each["step"] for each in citizen_view(found)["receipts"]] == ["received", "opened", "taken"]
    [card] = [card_of(one, "dcc") for one in load([found.number], "").values()]
    assert card is not None
    assert card.model_dump()["waits"] == found.waiting_until
    assert [row.state for row in rows(operator, QueueFilter(state="taken"), most=5)] == ["waiting"]


def test_its_time_brings_it_back_to_the_queue_where_it_climbs(taken: Emergency, operator: Reader) -> None:
    put_off(taken, operator)
    assert return_waiting(AT + 16 * MINUTE - timedelta(seconds=1)) == 0
    assert return_waiting(AT + 16 * MINUTE) == 1
    assert return_waiting(AT + 16 * MINUTE) == 0
    found = fresh()
    assert (found.state, found.taken_by, found.waiting_until, found.waiting_for) == ("new", None, None, "")
    ahead = DueStep.objects.filter(ladder="emergency", ref=found.pk, done_at__isnull=True).order_by("due_at")
    assert [step.step for step in ahead] == ["supervisor", "everyone", "again"]
    event = Event.objects.get(kind="emergency.waited_out")
    assert event.data == {"was_taken_by": operator.user_id, "waiting_for": "hospitals"}


def test_going_on_before_ends_the_wait(taken: Emergency, operator: Reader) -> None:
    put_off(taken, operator)
    progress.go_on(actor=operator, number=taken.number, at=AT + 2 * MINUTE)
    assert (fresh().state, fresh().waiting_until) == ("in_action", None)
    assert return_waiting(AT + timedelta(days=2)) == 0
    with pytest.raises(Refusal):
        progress.go_on(actor=operator, number=taken.number, at=AT + 2 * MINUTE)


def test_a_critical_one_waits_an_hour_at_most_a_lesser_one_a_day(make: Make, operator: Reader) -> None:
    critical, lesser = make(), make(kind="other")
    for one in (critical, lesser):
        actions.take(actor=operator, number=one.number, at=AT)
    with pytest.raises(Refusal) as refused:
        put_off(critical, operator, minutes=240)
    assert refused.value.error.field == "minutes"
    assert put_off(lesser, operator, minutes=1440).state == "waiting"


def test_who_does_not_hold_it_puts_nothing_off(taken: Emergency, people: People, make: Make, operator: Reader) -> None:
    with pytest.raises(Refusal) as refused:
        put_off(taken, people.reader(Role.OPERATOR, username="rina"))
    assert refused.value.status == 403
    with pytest.raises(Refusal) as early:
        put_off(make(), operator)
    assert early.value.status == 409
    with pytest.raises(Refusal) as unnamed:
        put_off(taken, operator, waiting_for="")
    assert unnamed.value.error.field == "waiting_for"
    assert put_off(taken, people.reader(Role.SUPERVISOR)).state == "waiting"


def test_a_citizens_message_on_a_waiting_p1_climbs(taken: Emergency, operator: Reader) -> None:
    put_off(taken, operator)
    given = {"number": taken.number, "exercise": "", "client_id": uuid.uuid4(), "text": "Masih di sini"}
    receive_message(at=AT + 2 * MINUTE, **given)
    assert DueStep.objects.filter(ladder="message", ref=taken.pk, done_at__isnull=True).exists()
    assert fresh().state == "waiting"


def resolved(emergency: Emergency, operator: Reader) -> Emergency:
    return actions.resolve(actor=operator, number=emergency.number, at=AT + 2 * MINUTE, outcome="helped")


def test_only_a_supervisor_closes_and_only_what_is_resolved(taken: Emergency, operator: Reader, people: People) -> None:
    supervisor = people.reader(Role.SUPERVISOR)
    with pytest.raises(Refusal) as early:
        progress.close(actor=supervisor, number=taken.number, at=AT)
    assert early.value.status == 409
    resolved(taken, operator)
    with pytest.raises(Refusal) as refused:
        progress.close(actor=operator, number=taken.number, at=AT + 3 * MINUTE)
    assert refused.value.status == 403
    with pytest.raises(Refusal) as stale:
        progress.close(actor=supervisor, number=taken.number, at=AT + 3 * MINUTE, version=1)
    assert stale.value.status == 409
    progress.close(actor=supervisor, number=taken.number, at=AT + 3 * MINUTE, version=fresh().version)
    assert (fresh().state, fresh().outcome) == ("closed", "helped")
    assert rows(operator, QueueFilter(), most=5) == []
    assert [row.state for row in rows(operator, QueueFilter(state="resolved"), most=5)] == ["closed"]


def test_a_closed_one_opens_again_by_an_officer_or_by_the_citizens_word(
    taken: Emergency, operator: Reader, people: People
) -> None:
    resolved(taken, operator)
    progress.close(actor=people.reader(Role.SUPERVISOR), number=taken.number, at=AT + 3 * MINUTE)
    given = {"number": taken.number, "exercise": "", "client_id": uuid.uuid4(), "text": "Tolong lagi"}
    receive_message(at=AT + 4 * MINUTE, **given)
    assert fresh().state == "new"
    actions.take(actor=operator, number=taken.number, at=AT + 5 * MINUTE)
    actions.resolve(actor=operator, number=taken.number, at=AT + 6 * MINUTE, outcome="helped")
    progress.close(actor=people.reader(Role.SUPERVISOR), number=taken.number, at=AT + 7 * MINUTE)
    receive_message(at=AT + 8 * MINUTE, **given)  # a repeat of the old message reopens nothing
    assert fresh().state == "closed"
    actions.reopen(actor=operator, number=taken.number, at=AT + 9 * MINUTE)
    assert (fresh().state, fresh().outcome, fresh().resolved_at) == ("taken", "", None)


def test_nothing_closes_by_itself(taken: Emergency, operator: Reader) -> None:
    from commandcenter.sweep import run

    resolved(taken, operator)
    run(AT + timedelta(days=400))
    assert fresh().state == "resolved"
