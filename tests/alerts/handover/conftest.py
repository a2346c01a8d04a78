"""Two people at the command centre, and a sheet between them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from alerts.emergencies import actions as emergencies
from alerts.emergencies.models import Emergency
from alerts.handover import actions, queries
from alerts.handover.models import Handover
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from tests.alerts.emergencies.conftest import Make, make
from tests.conftest import AT, People

__all__ = ["make"]
NIGHT = "kjri-hongkong"
Take = Callable[..., Emergency]


@pytest.fixture
def rina(people: People, reference: None) -> Reader:
    """Who goes."""
    return people.reader(Role.OPERATOR, username="rina")


@pytest.fixture
def budi(people: People, reference: None) -> Reader:
    """Who comes."""
    return people.reader(Role.SUPERVISOR, username="budi")


@pytest.fixture
def taken(make: Make) -> Take:
    """An emergency somebody holds and has acted on."""

    def by(holder: Reader, **given: Any) -> Emergency:
        made = make(exercise=holder.exercise, **given)
        emergencies.take(actor=holder, number=made.number, at=AT + timedelta(minutes=1))
        emergencies.add_note(actor=holder, number=made.number, at=AT + timedelta(minutes=2), text="Ditelepon")
        return Emergency.objects.get(pk=made.pk)

    return by


def offered(outgoing: Reader, incoming: Reader, at: Any = AT) -> Handover:
    """A sheet that the outgoing person signed."""
    sheet = actions.begin(actor=outgoing, at=at)
    return actions.offer(actor=outgoing, at=at, handover_id=sheet.pk, incoming=incoming.user_id)


def tick_all(incoming: Reader, handover: Handover, at: Any = AT) -> int:
    """Everything that must be ticked is; answers with how many."""
    wanted = [item for item in queries.sheet(handover, at) if item.needs_tick]
    for item in wanted:
        actions.tick(
            actor=incoming, at=at, handover_id=handover.pk, key=item.key, stamp=item.stamp, repeat="Telepon balik"
        )
    return len(wanted)
