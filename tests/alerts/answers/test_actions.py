"""What a person has seen: it never moves backwards, and a visit keeps the list it began with."""

from datetime import timedelta

import pytest

from alerts.answers.actions import see
from alerts.answers.models import LastSeen
from alerts.answers.queries import last_visits
from alerts.answers.rules import VISIT
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from tests.alerts.ledger.world import a_crisis

pytestmark = pytest.mark.django_db


@pytest.fixture
def minister(people):
    """The minister."""
    return people.reader(Role.MINISTER)


def seen(minister, crisis, at):
    """From when on things are news."""
    return last_visits(minister, [crisis], at).get(crisis.pk)


def test_before_the_first_visit_and_during_it_there_is_none_before(minister, crisis, at):
    assert seen(minister, crisis, at) is None
    see(actor=minister, at=at, crises=[crisis])
    assert seen(minister, crisis, at + timedelta(minutes=5)) is None


def test_who_comes_back_is_told_since_the_end_of_the_visit_before(minister, crisis, at):
    see(actor=minister, at=at, crises=[crisis])
    see(actor=minister, at=at + timedelta(minutes=4), crises=[crisis])
    assert seen(minister, crisis, at + timedelta(hours=2)) == at + timedelta(minutes=4)


def test_writing_the_new_visit_down_does_not_change_what_it_shows(minister, crisis, at):
    back = at + timedelta(hours=2)
    see(actor=minister, at=at, crises=[crisis])
    before = seen(minister, crisis, back)
    for minutes in range(0, 60, 5):
        see(actor=minister, at=back + timedelta(minutes=minutes), crises=[crisis])
        assert seen(minister, crisis, back + timedelta(minutes=minutes)) == before


def test_an_older_tab_does_not_move_it_backwards(minister, crisis, at):
    see(actor=minister, at=at + VISIT, crises=[crisis])
    see(actor=minister, at=at, crises=[crisis])
    assert LastSeen.objects.get().seen_at == at + VISIT


def test_each_person_and_each_crisis_has_its_own(minister, people, crisis, at):
    other = a_crisis(people, at, slug="other")
    supervisor = people.reader(Role.SUPERVISOR)
    see(actor=minister, at=at, crises=[crisis])
    see(actor=supervisor, at=at, crises=[crisis, other])
    later = at + timedelta(hours=1)
    assert last_visits(minister, [crisis, other], later) == {crisis.pk: at}
    assert last_visits(supervisor, [crisis, other], later) == {crisis.pk: at, other.pk: at}


def test_looking_is_no_event(minister, crisis, at):
    see(actor=minister, at=at, crises=[crisis])
    assert not Event.objects.exists()


def test_all_or_nothing(minister, crisis, at, monkeypatch):
    see(actor=minister, at=at, crises=[crisis])

    def broken(*_args, **_named):
        raise RuntimeError

    monkeypatch.setattr(LastSeen.objects, "bulk_create", broken)
    with pytest.raises(RuntimeError):
        see(actor=minister, at=at + VISIT, crises=[crisis])
    assert LastSeen.objects.get().seen_at == at
