"""X15: fifty at once. One wins, every other one is refused with 409, and the counts are those of one act."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from alerts.assigning import actions as assigning
from alerts.cells.recount import recount
from alerts.duplicates import actions as duplicates
from alerts.emergencies import actions
from alerts.emergencies.models import Emergency
from alerts.progress import actions as progress
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.alerts.emergencies.conftest import Make
from tests.conftest import AT, People

MANY = 50
Act = Callable[[Reader], Any]


@pytest.fixture
def desks(transactional_db: None, people: People) -> list[Reader]:
    """Fifty supervisors."""
    return [people.reader(Role.SUPERVISOR, username=f"meja-{place}") for place in range(MANY)]


def status_of(act: Callable[[], Any]) -> int:
    """200, or that of the refusal. Who gets no connection of the pool in time is told 503, and sends again."""
    while True:
        try:
            act()
        except Refusal as refused:
            return refused.status
        except OperationalError:
            if connection.vendor == "sqlite":
                raise
            connection.close()
        else:
            return 200


def at_once(acts: list[Callable[[], Any]]) -> Counter[int]:
    """What came of them, by status; 200 is a winner."""
    told: list[int] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            told.append(status_of(act))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return Counter(told)


def count(kind: str) -> int:
    return Event.objects.filter(kind=f"emergency.{kind}").count()


def test_fifty_takes_have_one_winner(open_log: None, desks: list[Reader], make: Make) -> None:
    number = make().number
    acts = [lambda desk=desk: actions.take(actor=desk, number=number, at=AT) for desk in desks]
    assert at_once(acts) == {200: 1, 409: MANY - 1}
    assert count("taken") == 1


def test_fifty_merges_from_both_sides_have_one_winner(open_log: None, desks: list[Reader], make: Make) -> None:
    one, other = make(lat=None).number, make(lat=None).number
    pairs = [(one, other), (other, one)] * (MANY // 2)
    acts = [
        lambda desk=desk, pair=pair: duplicates.merge(actor=desk, number=pair[0], at=AT, into=pair[1])
        for desk, pair in zip(desks, pairs, strict=True)
    ]
    assert at_once(acts) == {200: 1, 409: MANY - 1}
    assert (count("merged"), count("joined")) == (1, 1)
    assert sorted(Emergency.objects.values_list("state", "duplicates_n")) == [("duplicate", 0), ("new", 1)]
    assert recount() == 0


def test_fifty_closes_have_one_winner(open_log: None, desks: list[Reader], make: Make) -> None:
    number = make().number
    actions.take(actor=desks[0], number=number, at=AT)
    actions.resolve(actor=desks[0], number=number, at=AT, outcome="helped")
    acts = [lambda desk=desk: progress.close(actor=desk, number=number, at=AT) for desk in desks]
    assert at_once(acts) == {200: 1, 409: MANY - 1}
    assert count("closed") == 1


def test_fifty_that_take_up_one_offer_have_one_winner(open_log: None, desks: list[Reader], make: Make) -> None:
    made = actions.take(actor=desks[0], number=make().number, at=AT)
    # As a mission's officer offered it: the missions are gone from the database of a transactional test.
    Emergency.objects.update(offered_to="dcc", offered_until=AT + timedelta(minutes=5))
    acts = [lambda desk=desk: assigning.accept(actor=desk, number=made.number, at=AT) for desk in desks]
    assert at_once(acts) == {200: 1, 409: MANY - 1}
    assert count("accepted") == 1


def test_two_tabs_of_one_person_resolve_once(open_log: None, desks: list[Reader], make: Make) -> None:
    number = make().number
    version = actions.take(actor=desks[0], number=number, at=AT).version
    given = {"actor": desks[0], "number": number, "at": AT, "outcome": "helped", "version": version}
    assert at_once([lambda: actions.resolve(**given)] * 2) == {200: 1, 409: 1}
