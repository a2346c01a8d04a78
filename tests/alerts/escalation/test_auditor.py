"""The auditor: whatever is open and has no step ahead fires within a minute, and is told as a P1."""

import uuid

import pytest

from alerts.alarms.actions import take
from alerts.alarms.models import Alarm
from alerts.emergencies import actions as acts
from alerts.emergencies.models import Emergency
from alerts.escalation import tasks
from alerts.intake.actions import receive_message
from alerts.ladders.models import DueStep
from commandcenter.access.models import Role

pytestmark = pytest.mark.django_db


def test_a_step_row_deleted_by_hand_is_caught_within_a_minute(clock, crew, ask, done, world):
    crew()
    request = ask()
    clock.run(0, 595, 5)
    DueStep.objects.filter(step="head").delete()
    clock.run(596, 660, 1)
    assert "head" in done()
    alarm = Alarm.objects.get(kind="step_lost")
    assert (alarm.priority, alarm.about, alarm.taken_by) == (1, request.number, None)
    fired = DueStep.objects.get(step="head").done_at
    assert (fired - clock.at(seconds=600)).total_seconds() <= 60


def test_an_internal_alarm_stands_until_somebody_takes_it_by_name(clock, crew, ask, world):
    crew()
    ask()
    clock.sweep()
    DueStep.objects.all().delete()
    clock.run(1, 61, 1)
    alarm = Alarm.objects.get(kind="step_lost")
    clock.run(62, 600, 30)
    alarm.refresh_from_db()
    assert alarm.ended_at is None
    take(actor=world.operator, at=clock.at(seconds=601), pk=alarm.pk)
    alarm.refresh_from_db()
    assert (alarm.taken_by.username, alarm.ended_at) == ("operator", clock.at(seconds=601))


def test_all_steps_ended_by_mistake_fire_again(clock, crew, ask, done):
    crew()
    ask()
    clock.sweep()
    DueStep.objects.filter(state="waiting").update(state="ended", done_at=clock.at(seconds=1))
    clock.run(2, 62, 1)
    assert done()[-1] == "again2"


def test_nothing_is_found_where_nothing_is_lost(clock, crew, ask, world):
    crew()
    request = ask()
    clock.run(0, 1000, 20)
    world.file(request, figures={"wni.dead": 1}, at=clock.at(seconds=1001))
    clock.run(1002, 8000, 40)
    assert not Alarm.objects.filter(kind="step_lost").exists()


def test_the_next_report_that_nobody_planned_is_found(clock, crew, ask, world, done):
    crew()
    request = ask()
    world.file(request, figures={"wni.dead": 1}, at=clock.at(seconds=60))
    DueStep.objects.filter(ladder="next").delete()
    clock.run(61, 130, 1)
    assert DueStep.objects.filter(ladder="next", state="waiting").exists()
    assert Alarm.objects.filter(kind="step_lost").exists()


def test_figures_that_nobody_verifies_and_no_step_watches_are_found(clock, crew, ask, world):
    crew()
    world.file(ask(), figures={"wni.dead": 1}, at=clock.at(seconds=60))
    DueStep.objects.filter(ladder="verification").delete()
    clock.run(61, 130, 1)
    assert DueStep.objects.filter(ladder="verification", state="waiting").count() == 2


def test_one_that_can_not_be_restored_stops_no_other_and_the_sweep_says_so(make, people, clock, monkeypatch):
    people.reader(Role.SUPERVISOR)
    broken, other = make(), make()
    whole = tasks.actions.restore

    def restore(*, at, alarm):
        if alarm.subject.ref == broken.pk:
            raise ValueError("not this one")
        whole(at=at, alarm=alarm)

    monkeypatch.setattr(tasks.actions, "restore", restore)
    with pytest.raises(RuntimeError, match="1 of 2"):
        tasks.audit(clock.at(hours=2))
    assert set(DueStep.objects.values_list("ref", flat=True)) == {other.pk}


@pytest.mark.usefixtures("reference")
def test_an_untaken_p1_without_a_step_is_found(make, people, clock, done):
    people.reader(Role.SUPERVISOR)
    emergency = make()
    clock.run(0, 75, 1)
    DueStep.objects.all().delete()
    clock.run(76, 136, 1)
    assert "supervisor" in done("emergency")
    assert Alarm.objects.get(kind="step_lost").about == emergency.number


@pytest.mark.usefixtures("reference")
def test_a_p1_that_came_while_nobody_swept_is_found_at_once(make, people, clock, done):
    people.reader(Role.SUPERVISOR)
    make()
    clock.sweep(hours=2)
    clock.sweep(hours=2, seconds=1)
    assert done("emergency")[:2] == ["supervisor", "everyone"]


@pytest.mark.usefixtures("reference")
def test_a_message_nobody_answers_and_no_step_watches_is_found(make, people, clock):
    operator, emergency = people.reader(Role.OPERATOR), make()
    acts.take(actor=operator, number=emergency.number, at=clock.at(seconds=1))
    receive_message(number=emergency.number, exercise="", at=clock.at(seconds=2), client_id=uuid.uuid4(), text="Tolong")
    DueStep.objects.all().delete()
    clock.run(3, 70, 1)
    assert DueStep.objects.filter(ladder="message", state="waiting").exists()


@pytest.mark.usefixtures("reference")
def test_resolved_and_taken_ones_are_left_alone(make, people, clock):
    operator = people.reader(Role.OPERATOR)
    taken, resolved = make(), make()
    for each in (taken, resolved):
        acts.take(actor=operator, number=each.number, at=clock.at(seconds=1))
    acts.resolve(actor=operator, number=resolved.number, at=clock.at(seconds=2), outcome="helped")
    clock.run(3, 400, 60)
    assert not Alarm.objects.exists()
    assert Emergency.objects.count() == 2
