"""Two officers at once, in two real connections: one has the case, one closes it, the other is told."""

import threading
from collections.abc import Callable

from django.db import connection

from alerts.cases.models import Case, State
from alerts.casework import actions
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.alerts.cases.conftest import fresh, opened, taken
from tests.conftest import AT, People


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What becomes of acts begun in the same instant, sorted."""
    answers: list[str] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            act()
            answers.append("done")
        except Refusal as refusal:
            answers.append(str(refusal.status))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def a_case() -> Case:
    """One that needs no reference data, which these tests empty."""
    return opened(country="")


def test_two_officers_take_and_one_has_it(open_log: None, transactional_db: None, people: People) -> None:
    case = a_case()
    pair = [people.reader(Role.OPERATOR, username=name) for name in ("rina", "budi")]
    found = at_once(*(lambda each=each: taken(case, each) for each in pair))
    assert found == ["409", "done"]
    assert Event.objects.filter(kind="case.taken").count() == 1
    assert fresh(case).owner_id in {each.user_id for each in pair}


def test_two_officers_end_it_and_one_does(open_log: None, transactional_db: None, people: People) -> None:
    case = a_case()
    rina, budi = (people.reader(Role.OPERATOR, username=name) for name in ("rina", "budi"))
    version = taken(case, rina).version
    given = {"number": case.number, "at": AT, "version": version}
    found = at_once(
        lambda: actions.close(actor=rina, outcome="solved", **given),
        lambda: actions.convert(actor=budi, nature="violence", priority=1, reason="Dipukul", **given),
    )
    assert found == ["409", "done"]
    ends = Event.objects.filter(kind__in=["case.closed", "case.converted"])
    assert ends.count() == 1
    assert fresh(case).state == State.CLOSED
