"""Tickets: who may join with one, and for how long."""

import time

import pytest

from commandcenter.access import tickets
from commandcenter.access.sockets import Grant, digest

MINE = Grant("dcc", 7, 3, digest("a-session-key"))
DRILL = Grant("exercise:drill:dcc", 7, 3, digest("a-session-key"))


@pytest.mark.parametrize(
    ("grant", "exercise", "wanted"),
    [(MINE, "", ""), (MINE, "", "dcc"), (DRILL, "drill", ""), (DRILL, "drill", "exercise:drill:dcc")],
)
def test_a_ticket_admits_to_what_it_was_issued_for(grant: Grant, exercise: str, wanted: str) -> None:
    assert tickets.admit(tickets.issue(grant), exercise, wanted) == grant


@pytest.mark.parametrize(
    ("grant", "exercise", "wanted"),
    [
        (MINE, "", "summary"),
        (MINE, "", "exercise:drill:dcc"),
        (MINE, "drill", ""),
        (MINE, "drill", "exercise:drill:dcc"),
        (DRILL, "", ""),
        (DRILL, "", "dcc"),
        (DRILL, "other", ""),
        (DRILL, "dri", ""),
    ],
)
def test_a_ticket_admits_to_no_other_audience_or_exercise(grant: Grant, exercise: str, wanted: str) -> None:
    assert tickets.admit(tickets.issue(grant), exercise, wanted) is None


@pytest.mark.parametrize("ticket", ["x", "x:y:z", "", ":::", "é", "a" * 60_000])
def test_what_is_no_ticket_admits_nobody(ticket: str) -> None:
    assert tickets.admit(ticket, "") is None


def test_a_changed_ticket_admits_nobody() -> None:
    whole = tickets.issue(MINE)
    for place in range(len(whole)):
        changed = whole[:place] + ("A" if whole[place] != "A" else "B") + whole[place + 1 :]
        assert tickets.admit(changed, "") != Grant("dcc", 7, 3, MINE.session), place


def test_a_ticket_ends_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, issued = tickets.issue(MINE), time.time()
    monkeypatch.setattr(time, "time", lambda: issued + tickets.SECONDS - 1)
    assert tickets.admit(ticket, "") == MINE
    monkeypatch.setattr(time, "time", lambda: issued + tickets.SECONDS + 2)
    assert tickets.admit(ticket, "") is None
    # The mutant without the limit lets the same ticket in: nothing else keeps it out.
    monkeypatch.setattr(tickets, "SECONDS", None)
    assert tickets.admit(ticket, "") == MINE


def test_a_ticket_of_another_purpose_admits_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(tickets, "SALT", "dcc.report")
        ticket = tickets.issue(MINE)
    assert tickets.admit(ticket, "") is None


def test_a_ticket_does_not_hold_the_session() -> None:
    assert "a-session-key" not in MINE.session
    assert digest("a-session-key") != digest("another-key")
