"""The call-back list: a number stands on it once, is tried by name, and leaves by an answer or an outcome alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from alerts.alarms.models import Alarm
from alerts.callbacks import actions, queries
from alerts.callbacks.models import CallBack, CallTry, Reason
from alerts.escalation import tasks
from alerts.handover.queries import collect
from alerts.ladders.models import DueStep
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.outbox.models import Outgoing
from commandcenter.problems import Refusal
from tests.conftest import AT, People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def waits(digits: str = "9671234567", *, mission: str = "", exercise: str = "", minutes: float = 0) -> CallBack:
    where = {"exercise": exercise, "mission": mission, "phone": f"+{digits}" if digits else "", "digits": digits}
    return actions.await_call(at=AT + timedelta(minutes=minutes), reason=Reason.UNANSWERED, **where)


def sweep(minutes: float) -> None:
    moment = AT + timedelta(minutes=minutes)
    tasks.climb(moment)
    tasks.audit(moment)
    tasks.end_gone(moment)


def test_calls_of_one_number_attach_to_one_entry_and_are_counted(operator: Reader) -> None:
    first = waits()
    for minute in (1, 2, 3):
        assert waits(minutes=minute).pk == first.pk
    waits("9679999999")
    waits(mission="kbri-sanaa")
    waits(exercise="latihan")
    [entry, other, theirs] = queries.waiting(operator)
    assert (entry.times, entry.since, entry.last_call_at) == (4, AT, AT + timedelta(minutes=3))
    assert {other.mission, theirs.mission} == {"", "kbri-sanaa"}
    assert Event.objects.filter(kind="callback.repeated", object_id=entry.number).count() == 3


def test_withheld_numbers_never_merge() -> None:
    assert waits("").pk != waits("").pk


def test_the_database_itself_keeps_a_number_once() -> None:
    """The mutant: without the constraint two processes would list it twice."""
    entry = waits()
    with pytest.raises(IntegrityError), transaction.atomic():
        CallBack.objects.create(
            digits=entry.digits, reason="dropped", since=AT, last_call_at=AT, due_at=AT, phone=entry.phone
        )


def test_ten_minutes_without_a_try_raise_a_p2_and_a_try_ends_it(operator: Reader) -> None:
    entry = waits()
    sweep(9)
    assert not Alarm.objects.exists()
    sweep(10)
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.priority, alarm.about, alarm.ended_at) == ("call_back", 2, entry.number, None)
    assert entry.phone not in str(Event.objects.values_list("data", "object_id"))
    at = AT + timedelta(minutes=11)
    actions.note_try(actor=operator, at=at, pk=entry.pk, version=entry.version, outcome="no_answer", minutes=15)
    sweep(11)
    alarm.refresh_from_db()
    assert alarm.ended_at is not None
    sweep(35)
    alarm.refresh_from_db()
    assert alarm.ended_at is not None
    sweep(36)  # ten minutes after the next try was due
    alarm.refresh_from_db()
    assert (alarm.ended_at, alarm.times) == (None, 2)


def test_the_supervisor_is_told_and_told_again_until_somebody_calls(people: People, operator: Reader) -> None:
    people.reader(Role.SUPERVISOR)
    entry = waits()
    for minute in (10, 20, 35, 50):
        sweep(minute)
    rows = Outgoing.objects.filter(about=entry.number)
    assert rows.count() == 3
    assert not any(entry.digits in row.text for row in rows)
    actions.note_try(
        actor=operator, at=AT + timedelta(minutes=51), pk=entry.pk, version=entry.version, outcome="reached"
    )
    sweep(120)
    assert Outgoing.objects.filter(about=entry.number).count() == 3
    assert not DueStep.objects.filter(ref=entry.pk, ladder="callback", done_at=None).exists()


def test_a_step_that_was_lost_is_found_by_the_auditor() -> None:
    entry = waits()
    DueStep.objects.all().delete()
    sweep(1)
    assert DueStep.objects.filter(ladder="callback", ref=entry.pk).exists()


def test_nothing_but_an_answer_or_an_outcome_takes_it_off(operator: Reader) -> None:
    entry = waits()
    for minute, outcome in ((1, "no_answer"), (2, "busy")):
        entry.refresh_from_db()
        given = {"pk": entry.pk, "version": entry.version, "outcome": outcome, "minutes": 5}
        actions.note_try(actor=operator, at=AT + timedelta(minutes=minute), **given)
    sweep(60 * 24 * 7)
    [entry] = queries.waiting(operator)
    assert (entry.tries, entry.owner, entry.due_at) == (2, entry.owner, AT + timedelta(minutes=7))
    assert entry.owner_id == operator.user_id
    given = {"pk": entry.pk, "version": entry.version, "outcome": "over"}
    with pytest.raises(Refusal) as refused:
        actions.note_try(actor=operator, at=AT, **given)
    assert refused.value.error.field == "note"
    actions.note_try(actor=operator, at=AT, note="Keluarganya sudah dihubungi", **given)
    assert queries.waiting(operator) == []
    assert CallTry.objects.count() == 3


def test_who_calls_again_before_the_next_try_is_due_now(operator: Reader) -> None:
    entry = waits()
    given = {"pk": entry.pk, "version": entry.version, "outcome": "no_answer", "minutes": 60}
    actions.note_try(actor=operator, at=AT, **given)
    again = waits(minutes=5)
    assert again.due_at == AT + timedelta(minutes=5)
    sweep(15)
    assert Alarm.objects.get().about == entry.number


def test_the_owner_is_a_name_and_a_second_one_is_told_who(people: People, operator: Reader) -> None:
    entry = waits()
    actions.own(actor=operator, at=AT, pk=entry.pk, version=entry.version)
    entry.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        actions.own(actor=people.reader(Role.SUPERVISOR), at=AT, pk=entry.pk, version=entry.version)
    assert operator.name in str(refused.value.error.message)
    actions.let_go(actor=people.reader(Role.SUPERVISOR), at=AT, pk=entry.pk, version=entry.version)
    entry.refresh_from_db()
    assert entry.owner_id is None


def test_a_stale_page_is_refused(operator: Reader) -> None:
    entry = waits()
    waits()
    with pytest.raises(Refusal) as refused:
        actions.note_try(actor=operator, at=AT, pk=entry.pk, version=entry.version, outcome="reached")
    assert refused.value.status == 409


def test_undo_puts_it_back_and_keeps_the_trail(people: People, operator: Reader) -> None:
    entry = waits()
    made = actions.note_try(actor=operator, at=AT, pk=entry.pk, version=entry.version, outcome="reached")
    with pytest.raises(Refusal):
        actions.undo(actor=people.reader(Role.SUPERVISOR), at=AT, act=made.pk)
    back = actions.undo(actor=operator, at=AT + timedelta(seconds=9), act=made.pk)
    assert (back.closed_at, back.outcome, back.tries, back.due_at) == (None, "", 0, AT)
    assert CallTry.objects.get().undone_at is not None
    again = actions.note_try(actor=operator, at=AT, pk=back.pk, version=back.version, outcome="reached")
    with pytest.raises(Refusal) as late:
        actions.undo(actor=operator, at=AT + timedelta(minutes=3), act=again.pk)
    assert late.value.status == 409


def test_undo_is_refused_when_the_number_stands_there_anew(operator: Reader) -> None:
    entry = waits()
    made = actions.note_try(actor=operator, at=AT, pk=entry.pk, version=entry.version, outcome="reached")
    waits()
    with pytest.raises(Refusal) as refused:
        actions.undo(actor=operator, at=AT, act=made.pk)
    assert refused.value.status == 409


def test_a_mission_has_its_own_list_alone(people: People) -> None:
    ours, theirs = waits(mission="kbri-sanaa"), waits("9671111111")
    officer = people.reader(Role.MISSION_OFFICER, "kbri-sanaa")
    assert [one.pk for one in queries.waiting(officer)] == [ours.pk]
    with pytest.raises(Refusal) as refused:
        actions.own(actor=officer, at=AT, pk=theirs.pk, version=1)
    assert refused.value.status == 404
    with pytest.raises(Refusal) as forbidden:
        actions.own(actor=people.reader(Role.VERIFIER), at=AT, pk=theirs.pk, version=1)
    assert forbidden.value.status == 403


def test_it_stands_in_the_handover_sheet_of_its_place(operator: Reader) -> None:
    entry, theirs = waits(), waits("9671111111", mission="kbri-sanaa")
    sheet = collect(place="", exercise="", holder=operator.user_id, at=AT)
    assert [item.key for item in sheet] == [f"callback:{entry.number}"]
    [item] = sheet
    assert (item.group, item.facts["phone"], item.needs_tick) == ("call", "+9671234567", True)
    assert [item.key for item in collect(place="kbri-sanaa", exercise="", holder=0, at=AT)] == [
        f"callback:{theirs.number}"
    ]
