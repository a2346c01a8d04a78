"""A flood of one city, and a sweep that is told the time."""

from datetime import timedelta

import pytest

from alerts.emergencies.models import Emergency
from tests.alerts.emergencies.conftest import make
from tests.alerts.escalation.conftest import chief, clock

__all__ = ["chief", "clock", "make"]


@pytest.fixture
def crowd(make, at):
    """crowd(n) receives so many within a second in one cell, the oldest first; `signed` ones by a registered device."""

    def made(n, *, signed=0, **more):
        found = [make(at=at + timedelta(milliseconds=k), lat=22.01 + k / 10_000, **more) for k in range(n)]
        keys = [emergency.pk for emergency in found[:signed]]
        Emergency.objects.filter(pk__in=keys).update(device="k" * 22)
        return found

    return made
