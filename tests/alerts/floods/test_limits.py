"""Limits: updates wait beyond six a minute, networks are counted and forgotten, nothing is refused twice for one."""

import pytest

from alerts.floods import limits
from alerts.floods.limits import Counts, Registrations, Updates

pytestmark = pytest.mark.once


def test_six_updates_a_minute_then_so_many_seconds() -> None:
    updates = Updates()
    assert [updates.wait("E-1", f"m{n}", 100 + n) for n in range(6)] == [0] * 6
    wait = updates.wait("E-1", "m6", 106)
    assert 54 <= wait <= 56
    assert updates.wait("E-2", "m6", 106) == 0
    assert updates.wait("E-1", "m6", 106 + wait) == 0


def test_the_last_places_are_for_messages() -> None:
    updates = Updates()
    assert [updates.wait("E-1", f"p{n}", 100, leave=2) for n in range(4)] == [0] * 4
    assert updates.wait("E-1", "p4", 100, leave=2) > 0
    assert [updates.wait("E-1", f"m{n}", 100) for n in range(2)] == [0, 0]
    assert updates.wait("E-1", "m2", 100) > 0


def test_the_same_update_again_costs_nothing() -> None:
    updates = Updates()
    assert [updates.wait("E-1", "m", 100) for _ in range(50)] == [0] * 50
    assert [updates.wait("E-1", f"m{n}", 100) for n in range(5)] == [0] * 5
    assert updates.wait("E-1", "m", 100) == 0


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 10)
    updates = Updates()
    for n in range(100):
        updates.wait(f"E-{n}", "m", 100)
    assert len(updates.lately) <= 10


def test_a_network_is_counted_and_forgotten() -> None:
    counts = Counts()
    assert [counts.add("10.0.0.1", 600 + n) for n in range(5)] == [1, 2, 3, 4, 5]
    assert counts.add("10.0.0.2", 600) == 1
    # Half a minute into the next one half of the last still counts; two minutes later nothing is known of it.
    assert counts.add("10.0.0.1", 690) == 1 + 2
    counts.add("10.0.0.2", 800)
    assert "10.0.0.1" not in {**counts.now, **counts.before}


def test_registrations_of_one_network_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REGISTRATIONS", 3)
    registrations = Registrations()
    assert [registrations.allows("10.0.0.1", 600) for _ in range(4)] == [True, True, True, False]
