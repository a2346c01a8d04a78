"""Two planners book one person in the same instant, in two real connections."""

import threading
from datetime import timedelta

from django.db import connection

from commandcenter.access.models import Role
from commandcenter.problems import Refusal
from missions.roster import actions
from missions.roster.models import Shift
from tests.alerts.conftest import open_log
from tests.conftest import AT, People

__all__ = ["open_log"]


def test_of_two_plans_for_one_person_one_is_refused(open_log: None, transactional_db: None, people: People) -> None:
    planner, desk = people.reader(Role.SUPERVISOR), people.reader(Role.OPERATOR)
    answers: list[int] = []

    def plan(after: int) -> None:
        starts_at = AT + timedelta(hours=after)
        try:
            actions.plan(actor=planner, at=AT, place="", person=desk.user_id, starts_at=starts_at, hours=8)
            answers.append(200)
        except Refusal as refusal:
            answers.append(refusal.status)
        finally:
            connection.close()

    both = [threading.Thread(target=plan, args=(after,)) for after in (0, 4)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(answers) == [200, 409]
    assert Shift.objects.count() == 1
