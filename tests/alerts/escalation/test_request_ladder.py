"""The ladder of a report request: whom it wakes, when, and what ends it (domain.md section 5)."""

import pytest

from alerts.alarms.models import Alarm
from alerts.crises.models import Crisis
from alerts.escalation import actions
from alerts.ladders.models import DueStep
from alerts.sitreps import actions as sitreps
from alerts.sitreps.models import ReportRequest
from commandcenter.outbox.models import Outgoing

pytestmark = pytest.mark.django_db


def test_the_officer_on_duty_is_told_at_once_over_the_chosen_channels_with_the_own_link(clock, crew, ask, told, at):
    crew()
    request = ask(channels=["push", "sms", "call"])
    clock.sweep()
    assert told() == [("dhaka-satu", "push"), ("dhaka-satu", "sms"), ("dhaka-satu", "call")]
    sms = Outgoing.objects.get(channel="sms")
    assert sms.address == "+628110000"
    assert sms.about == request.number
    assert "/report/" in sms.text
    assert "Gempa Kathmandu" in sms.text
    request.refresh_from_db()
    assert (request.step, request.step_at) == ("notify", at)


def test_not_opened_for_two_minutes_is_sms_and_then_the_second_officer(clock, crew, ask, told, done):
    crew()
    ask(channels=["push"])
    clock.run(0, 119, 7)
    assert done() == ["notify"]
    clock.sweep(seconds=120)
    assert done() == ["notify", "sms", "second"]
    assert told() == [("dhaka-satu", "push"), ("dhaka-satu", "sms"), ("dhaka-dua", "push"), ("dhaka-dua", "sms")]


def test_opening_ends_what_waited_for_an_opening_and_nothing_else(clock, crew, ask, world, done):
    crew()
    request = ask()
    clock.sweep()
    sitreps.mark_opened(actor=world.officer(), at=clock.at(seconds=60), request=request)
    assert set(DueStep.objects.filter(ladder="request", state="ended").values_list("step", flat=True)) == {
        "sms",
        "second",
    }
    clock.run(61, 400, 30)
    assert done() == ["notify", "goal"]


def test_figures_end_the_ladder_and_checking_ends_only_the_calls(clock, crew, ask, world, done):
    crew()
    request = ask()
    world.file(request, answer="checking", at=clock.at(seconds=30))
    clock.run(31, 310, 31)
    clock.sweep(seconds=310)
    assert done() == ["notify", "goal"]
    world.file(request, figures={"wni.dead": 2}, at=clock.at(seconds=320))
    clock.run(321, 1200, 60)
    assert done() == ["notify", "goal"]
    assert Alarm.objects.get(key=f"request:{request.pk}").ended_at is not None


def test_five_minutes_without_figures_is_a_p2_and_ten_a_silent_p1_with_the_head_of_mission(clock, crew, ask, told):
    crew()
    request = ask()
    clock.sweep(seconds=300)
    alarm = Alarm.objects.get()
    assert (alarm.priority, alarm.kind, alarm.about) == (2, "silent_mission", request.number)
    clock.sweep(seconds=600)
    alarm.refresh_from_db()
    assert (alarm.priority, alarm.taken_by) == (1, None)
    assert {("dhaka-dubes", channel) for channel in ("push", "sms", "call")} <= set(told())


def test_a_p1_asks_again_for_a_person_though_its_p2_was_taken(clock, crew, ask, world):
    from alerts.alarms.actions import take

    crew()
    ask()
    clock.sweep(seconds=300)
    take(actor=world.operator, at=clock.at(seconds=301), pk=Alarm.objects.get().pk)
    clock.sweep(seconds=600)
    assert Alarm.objects.get().taken_by is None


def test_fifteen_minutes_call_the_neighbour_and_the_directorate(clock, crew, ask, told, world, settings):
    crew()
    ask()
    clock.sweep(seconds=900)
    assert (world.reader("supervisor").name, "sms") in told()
    assert ("dhaka-dubes", "sms") in told()


def test_silence_is_called_out_again_every_half_hour_for_ever(clock, crew, ask, done):
    crew()
    ask()
    for second in (0, 120, 300, 600, 900, 1800, 3600, 5400):
        clock.sweep(seconds=second)
    assert done()[-3:] == ["again", "again2", "again3"]


def test_a_repeat_keeps_the_first_clock_and_tells_the_officer_once_more(clock, crew, ask, done, at):
    crew()
    first = ask()
    clock.sweep()
    again = ask(at=clock.at(seconds=90))
    assert (again.pk, again.requested_at, again.due_at, again.attempt) == (first.pk, at, first.due_at, 2)
    clock.sweep(seconds=91)
    clock.sweep(seconds=120)
    assert done() == ["notify", "notify2", "sms", "second"]
    assert DueStep.objects.filter(ladder="request").count() == 8


def test_a_deadline_of_its_own_moves_the_steps_that_go_by_it(clock, crew, ask, done):
    crew()
    ask(minutes=10)
    due = {row.step: (row.due_at - clock.start).total_seconds() for row in DueStep.objects.filter(ladder="request")}
    assert due == {"notify": 0, "sms": 120, "second": 120, "goal": 600, "head": 900, "neighbour": 1200, "again": 2100}


def test_standing_the_crisis_down_ends_every_step(clock, crew, ask, world, done):
    crew()
    ask()
    clock.sweep()
    from alerts.crises.actions import stand_down

    crisis = Crisis.objects.get()
    actor = world.reader("supervisor")
    stand_down(actor=actor, at=clock.at(seconds=10), slug=crisis.slug, version=crisis.version)
    clock.run(11, 1000, 60)
    assert done() == ["notify"]
    assert not DueStep.objects.filter(state="waiting").exists()


def test_a_crisis_closed_between_two_sweeps_fires_nothing(clock, crew, ask, at):
    """Mutant of the ending: the step still waits, but its need is gone."""
    crew()
    ask()
    Crisis.objects.update(stood_down_at=at)
    clock.sweep(seconds=700)
    assert not Outgoing.objects.exists()
    assert not DueStep.objects.filter(state="fired").exists()


def test_the_next_report_is_asked_for_half_an_hour_after_the_last(clock, crew, ask, world, done, events):
    crew()
    request = ask()
    world.file(request, figures={"wni.dead": 0}, at=clock.at(minutes=3))
    clock.sweep(minutes=32)
    assert ReportRequest.objects.count() == 1
    clock.sweep(minutes=33)
    newest = ReportRequest.objects.order_by("-pk").first()
    assert (newest.requested_by, newest.requested_at) == (None, clock.at(minutes=33))
    assert events("report.requested")[-1].data["periodic"] is True
    clock.sweep(minutes=33, seconds=1)
    assert done()[-1] == "notify"


def test_a_next_report_that_came_by_itself_begins_the_half_hour_anew(clock, crew, ask, world):
    crew()
    request = ask()
    world.file(request, figures={"wni.dead": 0}, at=clock.at(minutes=3))
    world.file(request, figures={"wni.dead": 1}, at=clock.at(minutes=20))
    clock.run(1980, 2940, 120)
    assert ReportRequest.objects.count() == 1
    clock.sweep(minutes=50)
    assert ReportRequest.objects.count() == 2


def test_an_exercise_says_so_in_its_texts_and_carries_its_world(drill, clock):
    from commandcenter.access.models import Membership, Role, User

    user = User.objects.create(username="dhaka-satu")
    Membership.objects.create(user=user, role=Role.MISSION_OFFICER, mission="dhaka")
    drill.ask("dhaka")
    clock.sweep()
    texts = list(Outgoing.objects.values_list("text", "exercise", "url"))
    assert texts
    assert all(text.startswith("[LATIHAN] ") and exercise == "hk" for text, exercise, _url in texts)
    assert all("/exercises/hk/report/" in url for _text, _exercise, url in texts)


def test_a_step_that_raises_stops_no_other_and_becomes_an_alarm(clock, crew, ask, monkeypatch, done):
    crew("dhaka")
    crew("newdelhi")
    broken, well = ask("dhaka"), ask("newdelhi")
    whole = actions.calling.calls_for_request

    def raises(request, *rest):
        if request.pk == broken.pk:
            raise ValueError("planted")
        return whole(request, *rest)

    monkeypatch.setattr(actions.calling, "calls_for_request", raises)
    clock.run(0, 30, 1)
    assert {row.about for row in DueStep.objects.filter(state="fired")} == {well.number}
    assert Alarm.objects.get(kind="step_failing").about == broken.number
    monkeypatch.undo()
    clock.run(31, 100, 10)
    assert DueStep.objects.get(about=broken.number, step="notify").state == "fired"


def test_the_text_names_nobody_but_the_mission_and_the_crisis(clock, crew, ask, world):
    crew()
    ask()
    for second in (0, 120, 600, 900):
        clock.sweep(seconds=second)
    names = {"satu", "dua", "dubes", world.operator.name}
    for text in Outgoing.objects.values_list("text", flat=True):
        assert not any(name in text.split("/report/")[0] for name in names)
