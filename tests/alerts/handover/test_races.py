"""One person in two tabs signs twice in the same instant, in two real connections."""

import threading

from django.db import connection

from alerts.handover import actions
from alerts.handover.models import State
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from tests.alerts.emergencies.conftest import Make
from tests.alerts.handover.conftest import Take, offered, tick_all
from tests.conftest import AT, People


def test_two_signatures_at_once_hand_over_once(
    open_log: None, transactional_db: None, people: People, make: Make, taken: Take
) -> None:
    rina, budi = people.reader(Role.OPERATOR, username="rina"), people.reader(Role.SUPERVISOR, username="budi")
    taken(rina, lat=None)
    handover = offered(rina, budi)
    tick_all(budi, handover)
    answers: list[State] = []

    def sign() -> None:
        try:
            answers.append(State(actions.sign(actor=budi, at=AT, handover_id=handover.pk).state))
        finally:
            connection.close()

    both = [threading.Thread(target=sign) for _tab in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert answers == [State.SIGNED] * 2
    assert Event.objects.filter(kind="handover.signed").count() == 1
    assert Event.objects.filter(kind="emergency.handed_over").count() == 1
