"""Who is woken, in which order, and where nobody would be."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from missions.directory.queries import directory
from missions.roster import actions, queries, rules
from missions.roster.demo import plan_demo_shifts
from missions.roster.models import Kind, Shift
from tests.conftest import AT, People
from tests.missions.roster.conftest import CAIRO, MELBOURNE, Plan, phone


def ids(duty: queries.Duty) -> list[int]:
    return [user.pk for user in duty.officers]


def test_without_a_roster_everybody_is_woken_the_ambassador_last(lina: Reader, maya: Reader, people: People) -> None:
    head = people.reader(Role.AMBASSADOR, CAIRO)
    duty = queries.duty(CAIRO, AT)
    assert ids(duty) == [lina.user_id, maya.user_id, head.user_id]
    assert duty.head
    assert duty.head.pk == head.user_id
    assert queries.duty("kbri-nowhere", AT) == queries.Duty((), None)


def test_on_duty_comes_first_then_deputy_then_standby_then_the_rest(
    lina: Reader, maya: Reader, planned: Plan, people: People
) -> None:
    third, fourth = (people.reader(Role.MISSION_OFFICER, CAIRO, username=name) for name in ("third", "fourth"))
    head = people.reader(Role.AMBASSADOR, CAIRO)
    planned(fourth, deputy=maya.user_id)
    planned(third, kind=Kind.STANDBY)
    order = [fourth.user_id, maya.user_id, third.user_id, lina.user_id, head.user_id]
    assert ids(queries.duty(CAIRO, AT)) == order
    assert ids(queries.duty(CAIRO, AT + timedelta(hours=8)))[0] == lina.user_id
    assert ids(queries.duty(CAIRO, AT - timedelta(seconds=1)))[0] == lina.user_id


def test_the_roster_of_an_exercise_wakes_nobody_in_live_work(
    lina: Reader, maya: Reader, planned: Plan, people: People
) -> None:
    planned(maya, actor=people.reader(Role.SUPERVISOR, exercise="drill"))
    assert ids(queries.duty(CAIRO, AT)) == [lina.user_id, maya.user_id]
    assert ids(queries.duty(CAIRO, AT, "drill"))[0] == maya.user_id


def test_a_cancelled_shift_and_an_inactive_person_wake_nobody(
    supervisor: Reader, lina: Reader, maya: Reader, planned: Plan
) -> None:
    shift = planned(maya)
    actions.cancel(actor=supervisor, at=AT, shift_id=shift.pk)
    assert ids(queries.duty(CAIRO, AT)) == [lina.user_id, maya.user_id]
    planned(maya)
    User.objects.filter(pk=maya.user_id).update(is_active=False)
    assert ids(queries.duty(CAIRO, AT)) == [lina.user_id]


def test_many_missions_are_asked_in_two_queries(lina: Reader, planned: Plan) -> None:
    planned(lina)
    every = [CAIRO, MELBOURNE, *(f"kbri-{number}" for number in range(120))]
    with CaptureQueriesContext(connection) as asked:
        found = queries.duties(every, AT)
    assert len(asked) == 2
    assert set(found) == set(every)
    assert ids(found[CAIRO]) == [lina.user_id]


def test_the_command_centre_falls_back_to_everybody(supervisor: Reader, people: People, planned: Plan) -> None:
    desk, verifier = people.reader(Role.OPERATOR), people.reader(Role.VERIFIER)
    assert {user.pk for user in queries.on_duty(AT)} == {desk.user_id, supervisor.user_id}
    planned(verifier, kind=Kind.DUTY)
    assert {user.pk for user in queries.on_duty(AT)} == {desk.user_id, supervisor.user_id}
    planned(desk)
    assert [user.pk for user in queries.on_duty(AT)] == [desk.user_id]
    User.objects.filter(pk=desk.user_id).update(is_active=False)
    assert [user.pk for user in queries.on_duty(AT)] == [supervisor.user_id]


@given(
    spans=st.lists(st.tuples(st.integers(-10, 90), st.integers(1, 30)), max_size=8),
)
def test_what_is_uncovered_and_what_is_covered_make_the_whole(spans: list[tuple[int, int]]) -> None:
    hour = timedelta(hours=1)
    made = [(AT + start * hour, AT + (start + length) * hour) for start, length in spans]
    holes = rules.uncovered(made, AT, AT + 72 * hour)
    for number in range(72):
        moment = AT + number * hour
        covered = any(start <= moment < end for start, end in made)
        assert covered is not any(start <= moment < end for start, end in holes)


def test_gaps_name_a_missing_shift_account_and_number(lina: Reader, maya: Reader, planned: Plan) -> None:
    phone(lina, "+20100000001")
    planned(lina, hours=24)
    planned(maya, after=24, hours=24)
    planned(maya, after=50, hours=2, kind=Kind.STANDBY)
    found = queries.gaps([CAIRO, MELBOURNE], AT)
    told = [(gap.place, gap.why, gap.starts_at - AT, gap.ends_at - AT) for gap in found]
    hours = [timedelta(hours=number) for number in (0, 24, 48, 72)]
    assert (CAIRO, "nobody", hours[2], hours[3]) in told
    assert (CAIRO, "phone", hours[1], hours[2]) in told
    assert (MELBOURNE, "nobody", hours[0], hours[3]) in told
    assert len(told) == 3
    User.objects.filter(pk=lina.user_id).update(is_active=False)
    why = [(gap.why, gap.starts_at - AT) for gap in queries.gaps([CAIRO], AT)]
    assert ("account", hours[0]) in why
    assert ("nobody", hours[0]) in why


def test_gaps_of_all_missions_are_found_in_two_queries(lina: Reader, planned: Plan) -> None:
    planned(lina)
    every = list(directory().missions)
    with CaptureQueriesContext(connection) as asked:
        assert queries.gaps(every, AT)
    assert len(asked) == 2


def test_a_changed_number_is_untested_again(supervisor: Reader, lina: Reader) -> None:
    phone(lina, "+20100000001")
    actions.mark_tested(actor=supervisor, at=AT - timedelta(days=1), person=lina.user_id)
    actions.mark_tested(actor=supervisor, at=AT, person=lina.user_id, minutes_ago=60)
    assert queries.tested([lina.user_id]) == {lina.user_id: AT - timedelta(hours=1)}
    phone(lina, "+20100000002")
    assert queries.tested([lina.user_id]) == {}
    assert rules.is_test_old(None, AT)
    assert rules.is_test_old(AT - timedelta(days=31), AT)
    assert not rules.is_test_old(AT - timedelta(days=29), AT)


def test_a_demonstration_plans_marked_shifts_once_and_only_there(
    reference: None, people: People, settings: Any
) -> None:
    people.reader(Role.OPERATOR, username="operator")
    people.reader(Role.SUPERVISOR, username="supervisor")
    people.reader(Role.MISSION_OFFICER, MELBOURNE, username="officer-melbourne")
    settings.DEMO = False
    with pytest.raises(RuntimeError):
        plan_demo_shifts(at=AT)
    settings.DEMO = True
    made = plan_demo_shifts(at=AT)
    assert made == Shift.objects.filter(demo=True).count() == Shift.objects.count() >= 10
    assert plan_demo_shifts(at=AT) == 0
    assert queries.shifts(AT, AT, place="")
    assert plan_demo_shifts(at=AT + timedelta(days=1)) > 0
