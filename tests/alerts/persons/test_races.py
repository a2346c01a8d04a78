"""Desks at the same moment, in real connections: one state for one person, one row for one citizen."""

import threading

from django.db import connection

from alerts.persons import actions
from alerts.persons.models import Person
from commandcenter.access.models import Role
from commandcenter.problems import Refusal
from missions.registry import actions as registry
from tests.alerts.persons.world import HONG_KONG, an_entry, broken

DESKS = 4


def at_once(act):
    """act(number) in a thread for each desk; what each answered: "done" or the status of the refusal."""
    outcomes: list[object] = []

    def run(number):
        try:
            act(number)
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.status)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(DESKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(map(str, outcomes))


def test_of_many_desks_at_once_one_sets_the_state_and_the_others_are_told(
    open_log, transactional_db, people, listed, crisis, later
):
    [row] = listed(1)
    desks = [people.reader(Role.OPERATOR, username=f"meja-{number}") for number in range(DESKS)]
    states = ["dead", "missing", "injured", "contacted_safe"]

    def act(number):
        given = {"as_of": later, "reason": "x", "expected": 1, "version": 1}
        actions.set_state(actor=desks[number], at=later, crisis=crisis, persons=[row], state=states[number], **given)

    assert at_once(act) == ["409"] * (DESKS - 1) + ["done"]
    assert Person.objects.get(pk=row).version == 2
    assert broken(crisis) == []


def test_many_desks_that_enter_the_same_mission_at_once_make_one_row_for_each(
    open_log, transactional_db, people, operator, crisis, at, later
):
    registry.register(actor=operator, at=at, entries=[an_entry(number) for number in range(5)])
    desks = [people.reader(Role.OPERATOR, username=f"meja-{number}") for number in range(DESKS)]

    def act(number):
        actions.enter(actor=desks[number], at=later, crisis=crisis, mission=HONG_KONG)

    assert at_once(act) == ["409"] * (DESKS - 1) + ["done"]
    assert Person.objects.count() == 5
    assert broken(crisis) == []
