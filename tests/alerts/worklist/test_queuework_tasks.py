"""Five tasks of an emergency: not looked at, started, done; every step is an act, and one click takes it back."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from alerts.emergencies import actions
from alerts.emergencies.models import Emergency
from alerts.worklist import actions as worklist
from alerts.worklist.models import TaskEntry
from alerts.worklist.queries import tasks
from alerts.worklist.rules import may_follow, says_enough
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.conftest import AT, People

SECOND = timedelta(seconds=1)


def step(emergency: Emergency, actor: Reader, **more: Any) -> TaskEntry:
    given = {"task": "hospitals", "stage": "started", "at": AT + SECOND}
    return worklist.move_task(actor=actor, number=emergency.number, **given | more)


def standing(emergency: Emergency) -> dict[str, str | None]:
    return {row.task.value: row.last.stage if row.last else None for row in tasks(emergency)}


def test_a_task_nobody_looked_at_differs_from_a_started_one(emergency: Emergency, operator: Reader) -> None:
    assert set(standing(emergency).values()) == {None}
    assert not TaskEntry.objects.exists()  # no row is written where nobody did anything
    step(emergency, operator)
    assert standing(emergency) == dict.fromkeys(("citizen", "authorities", "family", "documents")) | {
        "hospitals": "started"
    }


def test_every_step_says_who_when_and_what_came_of_it(emergency: Emergency, operator: Reader, officer: Reader) -> None:
    step(emergency, operator, result="no_answer")
    step(emergency, officer, result="no_answer", at=AT + 2 * SECOND)
    step(emergency, officer, stage="done", words="Prince of Wales: bangsal 7", at=AT + 3 * SECOND)
    [row] = [row for row in tasks(emergency) if row.task == "hospitals"]
    assert row.last is not None
    assert (row.last.by_id, row.last.at, row.last.words) == (
        officer.user_id,
        AT + 3 * SECOND,
        "Prince of Wales: bangsal 7",
    )
    assert (row.tries, row.is_over) == (2, True)
    assert TaskEntry.objects.count() == 3


def test_progress_counts_as_an_act_and_ends_the_ten_minutes(emergency: Emergency, operator: Reader) -> None:
    actions.take(actor=operator, number=emergency.number, at=AT)
    step(emergency, operator)
    found = Emergency.objects.get()
    assert (found.state, found.acted_at) == ("in_action", AT + SECOND)
    event = Event.objects.get(kind="emergency.task_moved")
    assert event.data == {"task": "hospitals", "stage": "started", "entry": TaskEntry.objects.get().pk}


@pytest.mark.parametrize(
    ("stage", "result", "words", "enough"),
    [
        ("started", "", "", True),
        ("started", "no_answer", "", True),
        ("done", "", "", False),
        ("done", "no_answer", "", False),
        ("done", "reached", "", True),
        ("done", "", "Sudah", True),
        ("dropped", "", "", False),
        ("dropped", "", "Tidak terluka", True),
    ],
)
@pytest.mark.once
def test_done_needs_a_result_and_not_needed_a_reason(stage: str, result: str, words: str, *, enough: bool) -> None:
    assert says_enough(stage, result, words) is enough


@pytest.mark.once
def test_what_is_over_can_only_be_started_again() -> None:
    assert [stage for stage in ("started", "done", "dropped") if may_follow("done", stage)] == ["started"]
    assert may_follow("", "dropped")
    assert may_follow("started", "started")


@pytest.mark.parametrize(
    "bad", [{"task": "x"}, {"stage": "x"}, {"result": "x"}, {"words": "a\x00b"}, {"words": "x" * 1001}]
)
def test_bad_input_names_its_field_and_leaves_nothing(
    emergency: Emergency, operator: Reader, bad: dict[str, str]
) -> None:
    with pytest.raises(Refusal) as refused:
        step(emergency, operator, **bad)
    assert refused.value.error.field in {"task", "stage", "words"}
    assert Event.objects.count() == 1


def test_an_edit_over_anothers_is_refused_with_both_texts(
    emergency: Emergency, operator: Reader, officer: Reader
) -> None:
    step(emergency, officer, words="Perawat Chan mencari", seen=0)
    with pytest.raises(Refusal) as refused:
        step(emergency, operator, words="RS tidak punya data", seen=0, at=AT + 3 * SECOND)
    assert refused.value.status == 409
    with translation.override("en"):
        told = str(refused.value.error.message)
    assert officer.name in told
    assert "Perawat Chan mencari" in told
    assert "Your words are kept" in told
    assert TaskEntry.objects.count() == 1


def test_the_undo_takes_back_the_own_newest_step_and_keeps_its_row(
    emergency: Emergency, operator: Reader, officer: Reader
) -> None:
    step(emergency, operator)
    step(emergency, operator, stage="done", result="reached", at=AT + 2 * SECOND)
    worklist.undo_task(actor=operator, number=emergency.number, at=AT + 3 * SECOND)
    assert standing(emergency)["hospitals"] == "started"
    assert TaskEntry.objects.count() == 2
    step(emergency, officer, stage="done", result="reached", at=AT + 4 * SECOND)
    with pytest.raises(Refusal) as refused:
        worklist.undo_task(actor=operator, number=emergency.number, at=AT + 5 * SECOND)
    assert refused.value.status == 409
    assert standing(emergency)["hospitals"] == "done"


def test_there_is_nothing_to_take_back_at_first(emergency: Emergency, operator: Reader) -> None:
    with pytest.raises(Refusal):
        worklist.undo_task(actor=operator, number=emergency.number, at=AT)


def test_what_is_over_takes_no_steps(emergency: Emergency, operator: Reader) -> None:
    actions.take(actor=operator, number=emergency.number, at=AT)
    actions.resolve(actor=operator, number=emergency.number, at=AT, outcome="helped")
    with pytest.raises(Refusal) as refused:
        step(emergency, operator)
    assert refused.value.status == 409


def test_a_verifier_and_a_stranger_do_nothing(emergency: Emergency, people: People, stranger: Reader) -> None:
    for reader, status in ((people.reader(Role.VERIFIER), 403), (stranger, 404)):
        with pytest.raises(Refusal) as refused:
            step(emergency, reader)
        assert refused.value.status == status
