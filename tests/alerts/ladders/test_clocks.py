"""Clocks as data: loaded once, changed by a supervisor with a reason, never overwritten."""

from datetime import timedelta

import pytest

from alerts.ladders import actions, queries
from alerts.ladders.models import Clock, ClockChange, DueStep, Ladder, Subject
from commandcenter.access.models import Role
from commandcenter.problems import Refusal
from tests.alerts.sitreps.conftest import events

__all__ = ["events"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(at):
    """The stored clock of the first figures."""
    actions.load_clocks(at=at)
    return Clock.objects.get(ladder="request", step="goal")


def some_steps(at, count=14):
    for ref in range(1, count + 1):
        actions.plan(at=at, subject=Subject(Ladder.REQUEST, ref, f"R-{ref}"), due_at=at + timedelta(minutes=5))


def change(people, at, goal, **given):
    who = given.pop("actor", None) or people.reader(Role.SUPERVISOR)
    values = {"clock_id": goal.pk, "version": goal.version, "seconds": 240, "reason": "Evaluasi latihan", **given}
    return actions.change_clock(actor=who, at=at, **values)


def test_the_clocks_of_the_domain_hold_also_before_they_are_loaded():
    assert queries.after("request", "goal") == timedelta(minutes=5)
    assert queries.after("next", "ask") == timedelta(minutes=30)
    assert [clock.seconds for clock in queries.clocks("emergency")] == [60, 180, 480]


def test_loading_again_never_overwrites_an_edited_row(people, at, goal):
    change(people, at, goal)
    assert actions.load_clocks(at=at).count == 0
    goal.refresh_from_db()
    assert goal.seconds == 240


def test_a_change_moves_the_open_rows_and_is_logged_with_its_reason(people, at, goal, events):
    some_steps(at)
    assert queries.would_move(goal, 240, at).rows == 14
    made = change(people, at, goal)
    assert (made.was, made.seconds, made.moved, made.version) == (300, 240, 14, 2)
    due = set(DueStep.objects.filter(step="goal").values_list("due_at", flat=True))
    assert due == {at + timedelta(seconds=240)}
    assert ClockChange.objects.get().reason == "Evaluasi latihan"
    [event] = events("clock.changed")
    assert event.data == {"was": 300, "seconds": 240, "moved": 14}


def test_the_preview_says_how_many_are_due_at_once(at, goal):
    some_steps(at)
    late = at + timedelta(seconds=200)
    assert queries.would_move(goal, 240, late).at_once == 0
    assert queries.would_move(goal, 120, late).at_once == 14


@pytest.mark.parametrize(
    ("given", "field", "status"),
    [
        ({"reason": "  "}, "reason", 422),
        ({"seconds": 300}, "seconds", 422),
        ({"seconds": -1}, "seconds", 422),
        ({"seconds": 86401}, "seconds", 422),
        ({"version": 9}, "version", 409),
        ({"clock_id": 10**9}, "", 404),
    ],
)
def test_a_change_is_refused_in_words(people, at, goal, given, field, status):
    with pytest.raises(Refusal) as refused:
        change(people, at, goal, **given)
    assert (refused.value.error.field, refused.value.status) == (field, status)
    assert not ClockChange.objects.exists()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VERIFIER])
def test_only_a_supervisor_changes_a_threshold(people, at, goal, role):
    with pytest.raises(Refusal) as refused:
        change(people, at, goal, actor=people.reader(role))
    assert refused.value.status == 403


def test_nobody_changes_a_threshold_from_inside_an_exercise(people, at, goal):
    with pytest.raises(Refusal):
        change(people, at, goal, actor=people.reader(Role.SUPERVISOR, exercise="hk"))


def test_the_same_step_is_planned_once(at):
    some_steps(at, 1)
    some_steps(at + timedelta(seconds=40), 1)
    assert DueStep.objects.count() == 7
    assert DueStep.objects.get(step="notify").due_at == at
