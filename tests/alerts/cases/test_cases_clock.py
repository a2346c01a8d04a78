"""The clock of a case: it is ours, stops while the applicant has the next step, and begins anew with a new promise."""

import uuid
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from alerts.alarms.models import Alarm, AlarmRule
from alerts.cases import actions as cases
from alerts.cases import queries, rules
from alerts.cases.models import Case, CaseTime, State
from alerts.casework import actions
from alerts.casework.queries import speed
from alerts.escalation import tasks
from alerts.handover import queries as handover
from alerts.ladders.models import DueStep
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from tests.alerts.cases.conftest import Make, fresh, later, said, taken
from tests.conftest import AT


def sweep(at: datetime) -> None:
    """What time does to a case."""
    tasks.climb(at)
    tasks.audit(at)


def write(case: Case, **time: float) -> Case:
    """The applicant writes."""
    cases.hear(case=case, at=later(**time), client_id=uuid.uuid4(), text="Ini jawabannya")
    return fresh(case)


def test_each_category_has_its_own_time_out_of_the_table(make: Make) -> None:
    assert make().due_at == later(hours=72)
    assert make(category="consultation", topic="passport").due_at == later(hours=120)
    CaseTime.objects.filter(category="complaint").update(hours=10)
    assert make().due_at == later(hours=10)


def test_the_time_a_question_takes_is_not_ours(case: Case, operator: Reader) -> None:
    taken(case, operator)
    waiting = said(case, operator, then="ask", hours=70)
    assert (waiting.state, waiting.due_at, waiting.left_seconds) == (State.WAITING, None, 2 * 3600)
    sweep(later(hours=500))
    assert fresh(case).late_runs == 0
    back = write(case, hours=500)
    assert (back.state, back.due_at) == (State.IN_ACTION, later(hours=502))
    sweep(later(hours=503))
    assert fresh(case).late_runs == 1


def test_asking_late_makes_nothing_undone(case: Case, operator: Reader) -> None:
    taken(case, operator)
    sweep(later(hours=73))
    waiting = said(case, operator, then="ask", hours=74)
    assert waiting.left_seconds == -2 * 3600
    back = write(case, hours=100)
    assert back.due_at == later(hours=98)
    assert rules.is_late(back, later(hours=100))
    sweep(later(hours=101))
    assert fresh(case).late_runs == 1


def test_opening_again_has_the_whole_time_and_forgets_nothing(case: Case, operator: Reader) -> None:
    taken(case, operator)
    sweep(later(hours=73))
    said(case, operator, then="final", hours=74)
    again = write(case, hours=200)
    assert (again.state, again.due_at, again.late_at, again.late_runs) == (State.REOPENED, later(hours=272), None, 1)
    sweep(later(hours=273))
    assert fresh(case).late_runs == 2


def test_past_its_time_it_is_counted_once_recorded_once_and_makes_no_sound(case: Case, reference: None) -> None:
    sweep(later(hours=71))
    assert fresh(case).late_at is None
    for hour in (72, 73, 90):
        sweep(later(hours=hour))
    late = fresh(case)
    assert (late.late_at, late.late_runs) == (later(hours=72), 1)
    assert Event.objects.filter(kind="case.overdue").count() == 1
    assert not Alarm.objects.exists()
    assert list(queries.late("", "", later(hours=73))) == [late]
    assert AlarmRule.objects.get(code="case-late").priority == 3


def test_an_answer_after_the_time_is_late_though_no_sweep_has_seen_it(case: Case, operator: Reader) -> None:
    taken(case, operator)
    assert said(case, operator, then="final", hours=80).late_runs == 1


def test_an_answer_in_time_ends_the_clock(case: Case, operator: Reader) -> None:
    taken(case, operator)
    said(case, operator, then="final", hours=10)
    sweep(later(hours=100))
    assert fresh(case).late_runs == 0
    assert not DueStep.objects.filter(done_at__isnull=True).exists()
    found = speed(operator, later(hours=100))
    assert (found.n, found.in_time, found.median) == (1, 1, later(hours=10) - AT)


def test_taking_and_noting_leave_the_step_as_it_is(case: Case, operator: Reader) -> None:
    step = DueStep.objects.get()
    taken(case, operator)
    actions.add_note(actor=operator, number=case.number, at=AT, kind="note", text="Ditelepon")
    assert DueStep.objects.get() == step


def test_the_auditor_gives_a_lost_step_back(case: Case) -> None:
    DueStep.objects.all().delete()
    sweep(later(hours=1))
    assert DueStep.objects.get(done_at__isnull=True).due_at == case.due_at
    assert Alarm.objects.get().kind == "step_lost"


def test_the_handover_names_what_is_late_in_one_line(case: Case, make: Make) -> None:
    other = make(country="AU")
    sheet = handover.collect(place="", exercise="", holder=0, at=later(hours=73))
    [line] = [item for item in sheet if item.group == "cases"]
    assert (line.facts["n"], line.facts["numbers"]) == (2, [case.number, other.number])
    own = handover.collect(place=case.mission_id or "", exercise="", holder=0, at=later(hours=73))
    assert [item.facts["numbers"] for item in own if item.group == "cases"] == [[case.number]]
    assert not [item for item in handover.collect(place="", exercise="", holder=0, at=AT) if item.group == "cases"]


def test_the_database_keeps_clock_and_state_together(case: Case) -> None:
    for wrong in ({"due_at": None}, {"state": "waiting"}, {"state": "closed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**wrong)
