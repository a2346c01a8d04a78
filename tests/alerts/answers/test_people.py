"""What the ledger says to the five answers: who was reached, and the evacuation; pure."""

import pytest

from alerts.answers.people import coverage, evacuation
from alerts.ledger.reconcile import check_rows
from alerts.persons.models import State
from alerts.persons.shapes import Counted, Ledger

KATHMANDU = {
    State.CONTACTED_SAFE: 138,
    State.UNVERIFIED: 40,
    State.INJURED: 6,
    State.MISSING: 1,
    State.DEAD: 2,
}
SUDAN = {State.LEFT_EARLIER: 272, State.HOME: 829, State.OUT_OF_AREA: 68, State.SELF_EVACUATED: 15, State.REFUSED: 25}


def a_ledger(numbers, total=None):
    """The ledger with these numbers of rows; `total` people registered."""
    counts = tuple(Counted(state, numbers.get(state, 0)) for state in State)
    whole = sum(numbers.values()) if total is None else total
    return Ledger(whole, counts, (), None, check_rows(whole, numbers.values()))


def test_who_is_unverified_or_missing_was_not_reached():
    assert coverage(a_ledger(KATHMANDU)) == pytest.approx(100 * (187 - 41) / 187)


def test_who_left_earlier_is_neither_reached_nor_missed():
    assert coverage(a_ledger(SUDAN)) == 100
    assert coverage(a_ledger({State.LEFT_EARLIER: 5})) is None


def test_an_empty_ledger_and_one_that_does_not_close_say_nothing():
    assert coverage(a_ledger({})) is None
    assert coverage(a_ledger(KATHMANDU, total=200)) is None


def test_an_evacuation_is_told_by_its_states_in_order():
    told = evacuation(a_ledger(SUDAN))
    assert [line.figure.value for line in told.lines] == [68, 829, 15, 25]
    assert {line.figure.source for line in told.lines} == {"Buku besar"}


def test_before_anybody_moves_it_has_not_begun():
    told = evacuation(a_ledger(KATHMANDU))
    assert (told.lines, told.known, told.withheld) == ((), True, False)
    assert not evacuation(a_ledger({})).known


def test_a_ledger_that_does_not_close_withholds_the_set():
    told = evacuation(a_ledger(SUDAN, total=1300))
    assert (told.lines, told.withheld) == ((), True)
