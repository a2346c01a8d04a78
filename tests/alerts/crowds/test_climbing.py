"""A crowd climbs together: as many events as members, one call for each person, in few statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.crowds.queries import due_together
from alerts.emergencies.actions import take
from alerts.emergencies.models import Emergency
from alerts.escalation import tasks
from alerts.ladders.models import DueStep, Standing
from commandcenter.events.models import Event
from commandcenter.outbox.models import Outgoing

pytestmark = pytest.mark.django_db


def escalated():
    """(number, version) of each event of a step."""
    return list(Event.objects.filter(kind="emergency.escalated").values_list("object_id", "version"))


def test_each_member_climbs_once_with_its_own_event_and_next_turn(crowd, chief, clock):
    members = crowd(60)
    clock.sweep(seconds=31)
    [group] = due_together(clock.at(seconds=62))
    # The first P1 of a flood keeps a row of its own, and climbs by itself.
    assert len(group.steps) == 59
    clock.sweep(seconds=62)
    clock.sweep(seconds=63)
    assert sorted(escalated()) == sorted((emergency.number, 2) for emergency in members)
    assert set(Emergency.objects.values_list("version", flat=True)) == {2}
    assert Outgoing.objects.filter(recipient=chief.user_id, channel="sms", about__startswith="E-").count() == 1
    clock.sweep(seconds=181)
    clock.sweep(seconds=481)
    turns = DueStep.objects.filter(step="again")
    assert (turns.filter(turn=1, state=Standing.FIRED).count(), turns.filter(turn=2, done_at=None).count()) == (60, 60)


def test_who_is_signed_for_or_taken_is_not_of_it(crowd, chief, clock, at):
    members = crowd(70, signed=5)
    clock.sweep(seconds=31)
    take(actor=chief, number=members[-1].number, at=clock.at(seconds=40))
    [group] = due_together(clock.at(seconds=62))
    assert len(group.steps) == 70 - 5 - 1 - 1
    clock.sweep(seconds=62)
    assert {number for number, _version in escalated()} == {one.number for one in members[:-1]}


def test_one_taken_between_the_look_and_the_step_is_ended_and_not_called_for(crowd, chief, clock):
    members = crowd(60)
    clock.sweep(seconds=31)
    [group] = due_together(clock.at(seconds=62))
    late = members[30]
    # As if the taking had not ended it: the step itself looks.
    Emergency.objects.filter(pk=late.pk).update(priority=2)
    tasks.actions.fire_together(at=clock.at(seconds=62), cell=group.cell, pks=group.steps)
    assert DueStep.objects.get(ref=late.pk, step="supervisor").state == Standing.ENDED
    assert late.number not in {number for number, _version in escalated()}


def test_two_worlds_two_cells_and_two_missions_are_called_for_apart(crowd, chief, clock):
    crowd(60)
    crowd(60, exercise="latihan")
    crowd(60, lon=100.5)
    clock.sweep(seconds=31)
    assert len(due_together(clock.at(seconds=62))) == 3


def test_fifty_climb_one_by_one(crowd, chief, clock):
    crowd(50)
    clock.sweep(seconds=31)
    assert due_together(clock.at(seconds=62)) == []


def test_a_step_that_raises_for_all_is_tried_for_each(crowd, chief, clock, monkeypatch):
    crowd(60)
    clock.sweep(seconds=31)

    def broken(**_given):
        raise RuntimeError("not today")

    monkeypatch.setattr(tasks.actions, "change_many", broken)
    clock.sweep(seconds=62)
    assert len(escalated()) == 60


def test_five_times_as_many_ask_the_database_hardly_more_often(crowd, chief, clock):
    """The mutant: one by one, each costs twenty statements."""
    asked = []
    for n in (60, 300):
        DueStep.objects.all().delete()
        Emergency.objects.all().update(priority=2)
        crowd(n)
        clock.sweep(seconds=31)
        with CaptureQueriesContext(connection) as queries:
            tasks.climb(clock.at(seconds=62))
        asked.append(len(queries))
    assert asked[1] < asked[0] + 20, asked
