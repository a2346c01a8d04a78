"""Starting and ending exercises."""

import pytest

from alerts.exercises import actions
from alerts.exercises.models import Exercise
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from commandcenter.problems import Refusal

pytestmark = pytest.mark.django_db
NAMES = {"scenario": "hk-wangfuk-2025", "name_id": "Kebakaran", "name_en": "Fire"}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_start_opens_a_world_and_tells_only_it(people, role, at):
    made = actions.start(actor=people.reader(role), at=at, **NAMES)
    assert (made.slug, made.started_at, made.ended_at) == ("hk-wangfuk-2025", at, None)
    event = Event.objects.get()
    assert (event.kind, event.exercise) == ("exercise.started", "hk-wangfuk-2025")
    assert event.audiences == ["exercise:hk-wangfuk-2025:dcc"]


def test_start_counts_when_the_scenario_ran_before(people, at):
    actor = people.reader(Role.SUPERVISOR)
    slugs = [actions.start(actor=actor, at=at, **NAMES).slug for _ in range(3)]
    assert slugs == ["hk-wangfuk-2025", "hk-wangfuk-2025-2", "hk-wangfuk-2025-3"]


def test_start_keeps_long_names_within_the_address(people, at):
    actor = people.reader(Role.SUPERVISOR)
    given = NAMES | {"scenario": "x" * 60}
    slugs = [actions.start(actor=actor, at=at, **given).slug for _ in range(2)]
    assert len(set(slugs)) == 2
    assert max(map(len, slugs)) == 60


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.MINISTER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_start_refuses_other_roles(people, role, at):
    with pytest.raises(Refusal) as refused:
        actions.start(actor=people.reader(role), at=at, **NAMES)
    assert refused.value.status == 403
    assert not Exercise.objects.exists()


def test_an_exercise_can_not_be_started_inside_another(people, at):
    with pytest.raises(Refusal):
        actions.start(actor=people.reader(Role.SUPERVISOR, exercise="other"), at=at, **NAMES)


def test_end_is_recorded_once(people, at):
    actor = people.reader(Role.SUPERVISOR)
    made = actions.start(actor=actor, at=at, **NAMES)
    actions.end(actor=actor, at=at, slug=made.slug)
    actions.end(actor=actor, at=at, slug=made.slug)
    assert Event.objects.filter(kind="exercise.ended").count() == 1
    assert Exercise.objects.get().ended_at == at


def test_end_refuses_strangers_and_unknown_exercises(people, at):
    made = actions.start(actor=people.reader(Role.SUPERVISOR), at=at, **NAMES)
    with pytest.raises(Refusal) as refused:
        actions.end(actor=people.reader(Role.VERIFIER), at=at, slug=made.slug)
    assert refused.value.status == 403
    with pytest.raises(Refusal) as refused:
        actions.end(actor=people.reader(Role.SUPERVISOR), at=at, slug="nothing")
    assert refused.value.status == 404
