"""A crisis, emergencies, and a sweep that is told the time."""

from datetime import timedelta

import pytest

from alerts.escalation import tasks
from alerts.ladders.models import DueStep
from alerts.sitreps import actions as sitreps
from commandcenter.access.models import Membership, Role, User
from commandcenter.outbox.models import Outgoing
from tests.alerts.emergencies.conftest import emergency, make, officer, stranger
from tests.alerts.sitreps.conftest import World, committed, drill, events, world

__all__ = ["World", "committed", "drill", "emergency", "events", "make", "officer", "stranger", "world"]


class Time:
    """The clock of these tests: each pass is one sweep."""

    def __init__(self, start):
        self.start = start

    def at(self, **after):
        """The moment so long after the start."""
        return self.start + timedelta(**after)

    def sweep(self, **after):
        """What the product does at that moment."""
        moment = self.at(**after)
        tasks.plan_fresh(moment)
        tasks.climb(moment)
        tasks.audit(moment)
        tasks.end_gone(moment)
        return moment

    def run(self, begin, end, every):
        """Sweep again and again, seconds after the start."""
        for second in range(begin, end + 1, every):
            self.sweep(seconds=second)


@pytest.fixture
def clock(at):
    """Time that passes when the test says so."""
    return Time(at)


@pytest.fixture
def chief(people):
    """The only desk on duty."""
    return people.reader(Role.SUPERVISOR)


@pytest.fixture
def crew(world):
    """Two officers and the ambassador of a mission, a supervisor; everybody with a telephone."""

    def made(mission="dhaka"):
        for n, (name, role) in enumerate(
            [("satu", "mission_officer"), ("dua", "mission_officer"), ("dubes", "ambassador")]
        ):
            user, _made = User.objects.get_or_create(username=f"{mission}-{name}", defaults={"phone": f"+62811000{n}"})
            Membership.objects.get_or_create(user=user, defaults={"role": Role(role), "mission": mission})
        return mission

    return made


@pytest.fixture
def ask(world):
    """A request to a mission at the start; a repeat at another moment."""

    def asked(mission="dhaka", at=None, **more):
        given = {"actor": world.operator, "at": at or world.at, "crisis": world.crisis}
        return sitreps.request_reports(mission_codes=[mission], **given, **more)[0]

    return asked


@pytest.fixture
def told():
    """Who was told over which channel, as (user name, channel)."""

    def found(**which):
        rows = Outgoing.objects.filter(**which).select_related("recipient").order_by("pk")
        return [(row.recipient.username, row.channel) for row in rows]

    return found


@pytest.fixture
def done():
    """The steps of a ladder that were done, in order."""

    def found(ladder="request"):
        rows = DueStep.objects.filter(ladder=ladder, state="fired").order_by("done_at", "id")
        return [row.step if row.turn == 1 else f"{row.step}{row.turn}" for row in rows]

    return found
