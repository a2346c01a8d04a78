"""The ladders of a P1: not taken, a message waiting, given back (domain.md section 5, ux.md 3.5)."""

import uuid

import pytest

from alerts.alarms.models import Alarm
from alerts.emergencies import actions as acts
from alerts.intake.actions import receive_message
from alerts.ladders.models import DueStep
from alerts.progress import actions as progress
from commandcenter.access.models import Role
from commandcenter.outbox.models import Outgoing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def desk(people):
    """An operator and a supervisor."""
    return people.reader(Role.OPERATOR), people.reader(Role.SUPERVISOR)


def test_not_taken_for_a_minute_calls_the_supervisor_and_for_three_everybody(
    emergency, officer, desk, clock, told, done, events
):
    clock.run(0, 59, 1)
    assert done("emergency") == []
    clock.sweep(seconds=60)
    assert done("emergency") == ["supervisor"]
    assert set(told()) == {("supervisor", "push"), ("supervisor", "sms")}
    clock.run(61, 180, 1)
    assert done("emergency") == ["supervisor", "everyone"]
    names = {name for name, _channel in told()}
    assert {"operator", "supervisor", f"mission_officer-{emergency.mission_id}"} <= names
    assert [event.data["step"] for event in events("emergency.escalated")] == ["supervisor", "everyone"]


def test_most_are_taken_before_they_ever_have_a_step(emergency, desk, clock):
    clock.run(0, 29, 1)
    acts.take(actor=desk[0], number=emergency.number, at=clock.at(seconds=29))
    clock.run(30, 300, 10)
    assert not DueStep.objects.exists()


def test_taking_ends_it(emergency, desk, clock, done):
    clock.run(0, 61, 1)
    acts.take(actor=desk[0], number=emergency.number, at=clock.at(seconds=62))
    clock.run(63, 600, 20)
    assert done("emergency") == ["supervisor"]


def test_untaken_goes_on_for_ever(emergency, desk, clock, done):
    for second in (30, 60, 180, 480, 780, 1080):
        clock.sweep(seconds=second)
    assert done("emergency")[-3:] == ["again", "again2", "again3"]


def test_a_p2_has_no_ladder(make, desk, clock):
    make(kind="other")
    clock.run(0, 600, 10)
    assert not DueStep.objects.exists()


@pytest.mark.parametrize("how", ["released", "returned"])
def test_back_in_the_queue_begins_anew(emergency, desk, clock, done, how):
    clock.run(0, 61, 1)
    operator = desk[0]
    acts.take(actor=operator, number=emergency.number, at=clock.at(seconds=70))
    if how == "released":
        acts.release(actor=operator, number=emergency.number, at=clock.at(seconds=700))
    else:
        assert progress.return_if_untouched(emergency_id=emergency.pk, at=clock.at(seconds=700))
    clock.sweep(seconds=759)
    assert done("emergency") == ["supervisor"]
    clock.sweep(seconds=760)
    assert done("emergency") == ["supervisor", "supervisor"]


def says(emergency, at, text="Tolong"):
    return receive_message(number=emergency.number, exercise="", at=at, client_id=uuid.uuid4(), text=text)


def test_a_message_on_a_taken_p1_waits_no_longer_than_a_p1(emergency, desk, clock, done):
    acts.take(actor=desk[0], number=emergency.number, at=clock.at(seconds=5))
    says(emergency, clock.at(seconds=10))
    says(emergency, clock.at(seconds=50))
    clock.sweep(seconds=69)
    assert done("message") == ["sound"]
    clock.sweep(seconds=70)
    assert done("message") == ["sound", "supervisor"]


@pytest.mark.parametrize("act", ["note", "message", "resolve"])
def test_an_act_of_an_officer_ends_the_waiting(emergency, desk, clock, done, act):
    operator, number = desk[0], emergency.number
    acts.take(actor=operator, number=number, at=clock.at(seconds=5))
    says(emergency, clock.at(seconds=10))
    given = {"actor": operator, "number": number, "at": clock.at(seconds=20)}
    if act == "note":
        acts.add_note(text="Dihubungi", **given)
    elif act == "message":
        acts.send_message(client_id=uuid.uuid4(), text="Kami datang", **given)
    else:
        acts.resolve(outcome="helped", **given)
    clock.run(21, 300, 10)
    assert done("message") == []
    assert not DueStep.objects.filter(ladder="message", state="waiting").exists()


def alarms():
    return list(Alarm.objects.filter(kind="message").values_list("about", "priority", "times", "ended_at"))


def test_a_message_on_a_taken_p1_raises_the_p1_alarm_until_an_officer_answers(emergency, desk, clock):
    acts.take(actor=desk[0], number=emergency.number, at=clock.at(seconds=5))
    clock.sweep(seconds=6)
    assert alarms() == []
    says(emergency, clock.at(seconds=10))
    clock.sweep(seconds=10)
    assert alarms() == [(emergency.number, 1, 1, None)]
    clock.run(11, 300, 10)
    assert alarms() == [(emergency.number, 1, 1, None)]
    acts.add_note(actor=desk[0], number=emergency.number, at=clock.at(seconds=301), text="Dihubungi")
    ended = clock.sweep(seconds=302)
    assert alarms() == [(emergency.number, 1, 1, ended)]
    says(emergency, clock.at(seconds=400))
    clock.sweep(seconds=400)
    assert alarms() == [(emergency.number, 1, 2, None)]


def test_a_message_on_an_emergency_nobody_took_sounds_as_that_emergency_does(emergency, clock):
    says(emergency, clock.at(seconds=10))
    clock.run(10, 200, 10)
    assert alarms() == []


def test_what_was_written_before_the_taking_climbs_after_it_and_no_step_is_lost(emergency, desk, clock, done):
    says(emergency, clock.at(seconds=1))
    acts.take(actor=desk[0], number=emergency.number, at=clock.at(seconds=5))
    clock.run(6, 64, 1)
    assert (done("message"), alarms()) == ([], [])
    clock.run(65, 200, 5)
    assert done("message") == ["supervisor", "everyone"]
    assert not Alarm.objects.filter(kind="step_lost").exists()


def test_texts_carry_no_word_of_the_victim(emergency, officer, desk, clock):
    for second in (30, 60, 180):
        clock.sweep(seconds=second)
    texts = " ".join(Outgoing.objects.values_list("text", flat=True))
    assert emergency.number in texts
    for secret in ("Siti", "85291234567", "22.45", "Tolong"):
        assert secret not in texts
