"""Each act on a crisis team: works, refuses, rolls back, records."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from alerts.crises import actions as crises
from alerts.crises.models import Crisis
from alerts.team import actions, library, queries
from alerts.team.models import Decision, TaskState, TeamMember, TeamTask
from alerts.team.tasks import start_procedures
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.conftest import AT, People

LATER = AT + timedelta(minutes=5)
SOON = AT + timedelta(minutes=30)


def refused(act: Callable[[], object], status: int = 422) -> Refusal:
    """The refusal, after which nothing more stands in the log."""
    events = Event.objects.count()
    with pytest.raises(Refusal) as caught:
        act()
    assert (caught.value.status, Event.objects.count()) == (status, events)
    return caught.value


def task_of(crisis: Crisis, actor: Reader, **more: Any) -> TeamTask:
    given = {"text": "Telepon rumah sakit", "due_at": SOON, "owner": None, "at": AT}
    return actions.add_task(actor=actor, crisis=crisis, **given | more)


def test_appoint_calls_somebody_and_tells_everybody_of_the_team(
    crisis: Crisis, operator: Reader, deputy: Reader
) -> None:
    member = actions.appoint(actor=operator, at=LATER, crisis=crisis, user=deputy.user_id, part="deputy")
    assert [(person.user.pk, person.part) for person in queries.people(crisis)] == [
        (operator.user_id, ""),
        (deputy.user_id, "deputy"),
    ]
    event = Event.objects.get(kind="team.called")
    assert (event.object_id, event.audiences) == (member.number, ["dcc", "mission:kjri-hongkong"])
    assert event.data == {"user": deputy.user_id, "part": "deputy"}


def test_appoint_takes_an_officer_of_the_mission_as_liaison_only(
    crisis: Crisis, operator: Reader, officer: Reader
) -> None:
    given = {"actor": operator, "at": LATER, "crisis": crisis, "user": officer.user_id}
    assert refused(lambda: actions.appoint(part="deputy", **given)).error.field == "part"
    assert actions.appoint(part="liaison", **given).user_id == officer.user_id


def test_appoint_refuses_strangers_twice_and_those_who_may_not_lead(
    crisis: Crisis, operator: Reader, deputy: Reader, people: People
) -> None:
    given = {"at": LATER, "crisis": crisis, "part": "member"}
    for stranger in (people.reader(Role.MINISTER), people.reader(Role.MISSION_OFFICER, "kbri-khartoum")):
        refusal = refused(lambda user=stranger.user_id: actions.appoint(actor=operator, user=user, **given))  # type: ignore[misc]
        assert refusal.error.field == "user"
    actions.appoint(actor=operator, user=deputy.user_id, **given)
    refused(lambda: actions.appoint(actor=operator, user=deputy.user_id, **given), 409)
    refused(lambda: actions.appoint(actor=operator, user=operator.user_id, **given), 409)
    verifier = people.reader(Role.VERIFIER)
    refused(lambda: actions.appoint(actor=verifier, user=verifier.user_id, **given), 403)
    drill = people.reader(Role.OPERATOR, exercise="latihan-1")
    refused(lambda: actions.appoint(actor=drill, user=verifier.user_id, **given), 403)


def test_dismiss_keeps_the_row_and_frees_the_open_tasks(crisis: Crisis, operator: Reader, deputy: Reader) -> None:
    member = actions.appoint(actor=operator, at=AT, crisis=crisis, user=deputy.user_id, part="member")
    task = task_of(crisis, operator, owner=deputy.user_id)
    gone = actions.dismiss(actor=operator, at=LATER, crisis=crisis, member=member.pk)
    assert (gone.left_at, TeamTask.objects.get(pk=task.pk).owner_id) == (LATER, None)
    assert not queries.is_in_team(crisis, deputy.user_id)
    assert actions.dismiss(actor=operator, at=LATER, crisis=crisis, member=member.pk).version == gone.version
    back = actions.appoint(actor=operator, at=LATER, crisis=crisis, user=deputy.user_id, part="member")
    assert TeamMember.objects.count() == 2
    assert back.pk != member.pk
    refused(lambda: actions.dismiss(actor=operator, at=LATER, crisis=crisis, member=0), 404)


def test_decide_numbers_decisions_and_says_who_and_why(crisis: Crisis, operator: Reader, deputy: Reader) -> None:
    actions.appoint(actor=operator, at=AT, crisis=crisis, user=deputy.user_id, part="deputy")
    given = {"actor": operator, "at": LATER, "crisis": crisis, "reason": "Jalan terbuka"}
    first = actions.decide(text="Berangkat pukul 18", decided_by=deputy.user_id, **given)
    second = actions.decide(text="Tunggu sampai pagi", decided_by=operator.user_id, replaces=1, **given)
    assert [(one.no, one.decided_by_id, one.noted_by_id) for one in (first, second)] == [
        (1, deputy.user_id, operator.user_id),
        (2, operator.user_id, operator.user_id),
    ]
    assert second.replaces == first
    assert [event.data for event in Event.objects.filter(kind="decision.noted").order_by("pk")] == [
        {"no": 1, "by": deputy.user_id, "replaces": None},
        {"no": 2, "by": operator.user_id, "replaces": 1},
    ]


@pytest.mark.parametrize(
    ("change", "field", "status"),
    [
        ({"text": "  "}, "text", 422),
        ({"reason": ""}, "reason", 422),
        ({"text": "x" * 401}, "text", 422),
        ({"text": "a\0b"}, "text", 422),
        ({"decided_by": 0}, "decided_by", 422),
        ({"replaces": 7}, "replaces", 422),
    ],
)
def test_decide_refuses_what_says_nothing(
    crisis: Crisis, operator: Reader, change: dict[str, Any], field: str, status: int
) -> None:
    given = {"text": "Siaga", "reason": "Gempa", "decided_by": operator.user_id} | change
    refusal = refused(lambda: actions.decide(actor=operator, at=AT, crisis=crisis, **given), status)
    assert (refusal.error.field, Decision.objects.count()) == (field, 0)


def test_a_decision_is_replaced_once(crisis: Crisis, operator: Reader) -> None:
    given = {"actor": operator, "at": AT, "crisis": crisis, "reason": "Baru", "decided_by": operator.user_id}
    actions.decide(text="Satu", **given)
    actions.decide(text="Dua", replaces=1, **given)
    refused(lambda: actions.decide(text="Tiga", replaces=1, **given), 409)


def test_add_task_wants_a_due_time_within_a_week_and_an_owner_of_the_team(
    crisis: Crisis, operator: Reader, deputy: Reader
) -> None:
    assert task_of(crisis, operator, owner=operator.user_id).is_open
    for due in (AT, AT - timedelta(minutes=1), AT + timedelta(days=8)):
        assert refused(lambda due=due: task_of(crisis, operator, due_at=due)).error.field == "due_at"  # type: ignore[misc]
    assert refused(lambda: task_of(crisis, operator, owner=deputy.user_id)).error.field == "owner"


def test_a_task_is_given_done_and_opened_again(crisis: Crisis, operator: Reader, officer: Reader) -> None:
    actions.appoint(actor=operator, at=AT, crisis=crisis, user=officer.user_id, part="liaison")
    task = task_of(crisis, operator)
    given = {"at": LATER, "crisis": crisis, "task": task.pk}
    actions.assign(actor=operator, owner=officer.user_id, version=1, **given)
    done = actions.finish(actor=officer, version=2, result="Tiga rumah sakit", **given)
    assert (done.state, done.ended_by_id, done.result) == (TaskState.DONE, officer.user_id, "Tiga rumah sakit")
    refused(lambda: actions.finish(actor=officer, version=2, result="", **given), 409)
    again = actions.resume(actor=officer, version=3, **given)
    assert (again.is_open, again.ended_by, again.result) == (True, None, "")
    kinds = Event.objects.filter(object_type="task").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["task.added", "task.assigned", "task.done", "task.resumed"]


def test_a_task_that_is_not_needed_needs_a_reason(crisis: Crisis, operator: Reader) -> None:
    task = task_of(crisis, operator)
    given = {"actor": operator, "at": LATER, "crisis": crisis, "task": task.pk, "version": 1}
    assert refused(lambda: actions.drop(result=" ", **given)).error.field == "result"
    assert actions.drop(result="Sudah ditangani KJRI", **given).state == TaskState.DROPPED


def test_a_task_of_somebody_else_is_not_ended(crisis: Crisis, operator: Reader, people: People) -> None:
    task = task_of(crisis, operator)
    stranger = people.reader(Role.MISSION_OFFICER, "kjri-hongkong", username="lain")
    given = {"at": LATER, "crisis": crisis, "task": task.pk, "version": 1}
    refused(lambda: actions.finish(actor=stranger, result="", **given), 403)
    refused(lambda: actions.finish(actor=operator, result="", **{**given, "task": 0}), 404)


def test_a_closed_crisis_takes_no_more_acts(crisis: Crisis, operator: Reader, supervisor: Reader) -> None:
    task = task_of(crisis, operator)
    crises.stand_down(actor=supervisor, at=LATER, slug=crisis.slug, version=1)
    refused(lambda: task_of(crisis, operator), 409)
    given = {"actor": operator, "at": LATER, "crisis": crisis}
    refused(lambda: actions.finish(task=task.pk, version=1, result="", **given), 409)
    refused(lambda: actions.join_meeting(**given), 409)


def test_a_crisis_starts_the_procedures_of_its_kind_once(crisis: Crisis) -> None:
    assert start_procedures(LATER) == 2
    assert start_procedures(LATER) == 0
    names = sorted(crisis.procedures.values_list("name", flat=True))
    assert names == ["every-crisis", "fire-accident"]
    steps = [step for name in names for step in library.checklists()[name].steps]
    assert sorted(crisis.tasks.values_list("text_id", flat=True)) == sorted(step.id for step in steps)
    assert {task.due_at - LATER for task in crisis.tasks.all()} == {timedelta(minutes=step.minutes) for step in steps}
    assert Event.objects.filter(kind="task.added", actor_id=None).count() == len(steps)


def test_a_procedure_is_started_by_hand_and_twice_is_once(crisis: Crisis, operator: Reader) -> None:
    given = {"actor": operator, "at": LATER, "crisis": crisis}
    first = actions.start_procedure(name="evacuation", **given)
    assert actions.start_procedure(name="evacuation", **given) == first
    assert crisis.tasks.count() == len(library.checklists()["evacuation"].steps)
    assert refused(lambda: actions.start_procedure(name="none", **given)).error.field == "name"


def test_every_kind_of_crisis_starts_something_and_every_procedure_speaks_both_languages() -> None:
    from alerts.crises.models import CrisisKind

    assert all(library.started_by(kind) for kind in CrisisKind.values)
    for checklist in library.checklists().values():
        assert all(step.id != step.en for step in checklist.steps)


def test_the_meeting_is_joined_by_the_team_alone_and_every_visit_is_logged(
    crisis: Crisis, operator: Reader, deputy: Reader
) -> None:
    actions.join_meeting(actor=operator, at=AT, crisis=crisis)
    actions.join_meeting(actor=operator, at=LATER, crisis=crisis)
    refused(lambda: actions.join_meeting(actor=deputy, at=LATER, crisis=crisis), 403)
    assert [(visit.user_id, visit.at) for visit in queries.visits(crisis)] == [
        (operator.user_id, LATER),
        (operator.user_id, AT),
    ]
    assert Event.objects.filter(kind="meeting.joined").count() == 2


def test_the_meeting_address_is_the_crisis_own_and_differs_in_an_exercise(crisis: Crisis, settings: Any) -> None:
    assert queries.meeting_address(crisis) == ""
    settings.MEETING_URL = "https://rapat.example/{slug}-{key}"
    live = queries.meeting_address(crisis)
    drill = queries.meeting_address(Crisis(slug=crisis.slug, exercise="latihan-1"))
    other = queries.meeting_address(Crisis(slug="lain"))
    assert live.startswith(f"https://rapat.example/{crisis.slug}-")
    assert "latihan-" in drill
    assert len({live, drill, other}) == 3
    assert len({address.rpartition("-")[2] for address in (live, drill, other)}) == 3
