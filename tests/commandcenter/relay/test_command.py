"""The relay's loop: it sweeps when nobody does, and numbers meanwhile."""

import threading

import pytest

from commandcenter.live.models import LogState
from commandcenter.management.commands import relay

# The sweep has a connection of its own.
pytestmark = pytest.mark.django_db(transaction=True)


def test_numbering_waits_for_no_sweep_and_one_sweep_is_enough(monkeypatch):
    """The mutant: the relay's own sweep in its loop stops every screen while a flood's steps are done."""
    go_on, begun = threading.Event(), []

    def sweep():
        begun.append(threading.current_thread().name)
        assert go_on.wait(20)

    monkeypatch.setattr(relay.sweep, "sweep", sweep)
    LogState.the()
    command = relay.Command()
    command._sweep_if_overdue()
    command._sweep_if_overdue()
    assert command.sweeper.is_alive()
    go_on.set()
    command.sweeper.join(20)
    assert begun == ["sweep"]
