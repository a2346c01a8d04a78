"""A flood pages the supervisors once, and ends when it has ebbed."""

from datetime import timedelta

import pytest

from alerts.alarms.models import Alarm, AlarmKind
from alerts.alarms.overview import shown
from alerts.emergencies.models import Emergency
from alerts.escalation.actions import watch_floods
from commandcenter.outbox.models import Outgoing

pytestmark = pytest.mark.django_db


def press(make, at, n, **more):
    """So many alarms a second apart."""
    for second in range(n):
        make(at=at + timedelta(seconds=second), **more)


def test_ten_a_desk_are_no_flood_and_eleven_are(make, chief, at):
    press(make, at, 10)
    watch_floods(at=at + timedelta(seconds=20))
    assert not Alarm.objects.exists()
    press(make, at, 1)
    watch_floods(at=at + timedelta(seconds=21))
    assert Alarm.objects.get().kind == AlarmKind.FLOOD
    assert {row.recipient_id for row in Outgoing.objects.all()} == {chief.user_id}


def test_a_flood_pages_once_ends_when_it_ebbs_and_pages_again(make, chief, at):
    press(make, at, 11)
    for second in (20, 30, 40):
        watch_floods(at=at + timedelta(seconds=second))
    assert Outgoing.objects.count() == 2
    assert watch_floods(at=at + timedelta(minutes=11)) == 1
    assert Alarm.objects.get().ended_at is not None
    later = at + timedelta(minutes=30)
    press(make, later, 11)
    watch_floods(at=later + timedelta(seconds=20))
    assert (Alarm.objects.get().times, Outgoing.objects.count()) == (2, 4)


@pytest.mark.usefixtures("reference")
def test_a_crowd_of_one_city_calls_each_person_once_a_step_and_who_is_signed_for_calls_by_itself(make, chief, clock):
    """The mutant: a key of each emergency's own calls the supervisor fifty-two times."""
    for number in range(52):
        made = make(lat=22.30 + number / 1000)
        if number == 51:
            Emergency.objects.filter(pk=made.pk).update(device="k" * 22)
    clock.sweep(seconds=30)
    clock.sweep(seconds=60)
    step = Outgoing.objects.filter(recipient=chief.user_id, channel="sms", about__startswith="E-")
    assert step.count() == 2
    assert made.number in {row.about for row in step}


@pytest.mark.usefixtures("reference")
def test_fifty_are_no_crowd_and_each_calls_by_itself(make, chief, clock):
    for number in range(50):
        make(lat=22.30 + number / 1000)
    clock.sweep(seconds=30)
    clock.sweep(seconds=60)
    assert Outgoing.objects.filter(recipient=chief.user_id, channel="sms", about__startswith="E-").count() == 50


def test_the_alarm_of_a_flood_names_itself_alone_and_leads_nowhere_else(make, chief, at):
    press(make, at, 11)
    watch_floods(at=at + timedelta(seconds=20))
    [flood] = shown(Alarm.objects.all(), chief)
    assert (flood.alarm.about, flood.address) == ("", "")
