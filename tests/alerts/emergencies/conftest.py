"""Emergencies in their states."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from alerts.emergencies.models import Emergency
from alerts.intake.actions import Fix, Report, receive
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from tests.conftest import AT, People

Make = Callable[..., Emergency]


@pytest.fixture
def make(db: None, reference: None) -> Make:
    """Receives an emergency in Tai Po, Hong Kong (or at `lat`, `lon`; `lat=None`: without a position)."""

    def made(*, at: datetime = AT, lat: float | None = 22.45, lon: float = 114.1688, **given: Any) -> Emergency:
        fix = Fix(lat, lon, at, "gps", 25.0) if lat is not None else None
        exercise = given.pop("exercise", "")
        report = Report(**{"client_id": uuid.uuid4(), "pressed_at": at, "kind": "panic", "location": fix, **given})
        receive(report=report, at=at, exercise=exercise)
        return Emergency.objects.get(client_id=report.client_id)

    return made


@pytest.fixture
def emergency(make: Make) -> Emergency:
    """One that nobody took."""
    return make(name="Siti Aminah", phone="+85291234567", message="Tolong", language="id")


@pytest.fixture
def officer(people: People, emergency: Emergency) -> Reader:
    """An officer of the responsible mission."""
    return people.reader(Role.MISSION_OFFICER, emergency.mission_id or "")


@pytest.fixture
def stranger(people: People) -> Reader:
    """An officer of another mission."""
    return people.reader(Role.MISSION_OFFICER, "kbri-canberra")
