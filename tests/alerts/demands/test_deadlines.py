"""The mark of a board row at every edge of the clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.demands.deadlines import mark_of

ASKED = datetime(2026, 5, 12, 20, 0, tzinfo=UTC)
DUE = ASKED + timedelta(minutes=5)
HALF_AN_HOUR = timedelta(minutes=30)


def minutes(number: float) -> datetime:
    return ASKED + timedelta(minutes=number)


@pytest.mark.parametrize(
    ("contact", "figures", "at", "mark"),
    [
        (None, None, 0, "waiting"),
        (None, None, 4.99, "waiting"),
        (None, None, 5, "silent"),
        (None, None, 60 * 48, "silent"),
        (1, None, 4.99, "checking"),
        (1, None, 5, "overdue"),
        (7, None, 8, "overdue"),
        (1, 3, 3, "reported"),
        (1, 3, 32.99, "reported"),
        (1, 3, 33, "overdue"),
        (None, -10, 1, "waiting"),
        (None, -10, 6, "overdue"),
    ],
)
def test_mark_follows_the_clocks(contact, figures, at, mark):
    told = [None if given is None else minutes(given) for given in (contact, figures)]
    row = {"requested_at": ASKED, "due_at": DUE, "contact_at": told[0], "figures_at": told[1]}
    assert mark_of(**row, next_report=HALF_AN_HOUR, at=minutes(at)) == mark


def test_a_mission_that_was_not_asked_has_no_mark_until_it_reports():
    nothing = {"requested_at": None, "due_at": None, "contact_at": None, "next_report": HALF_AN_HOUR}
    assert mark_of(**nothing, figures_at=None, at=ASKED) == "none"
    assert mark_of(**nothing, figures_at=ASKED, at=ASKED) == "reported"
    assert mark_of(**nothing, figures_at=ASKED, at=ASKED + HALF_AN_HOUR) == "overdue"
