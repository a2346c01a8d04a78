"""An open crisis of Tai Po with its lead, and people to call."""

from typing import Any

import pytest

from alerts.crises import actions as crises
from alerts.crises.models import Crisis
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from tests.alerts.crises.conftest import fire, supervisor
from tests.conftest import People

__all__ = ["fire", "supervisor"]


@pytest.fixture
def crisis(fire: dict[str, Any]) -> Crisis:
    """The fire, led by the operator."""
    return crises.declare(**fire, mission_codes=["kjri-hongkong"])


@pytest.fixture
def deputy(people: People) -> Reader:
    """Another operator, whom the lead may call."""
    return people.reader(Role.OPERATOR, username="wakil")


@pytest.fixture
def officer(people: People) -> Reader:
    """An officer of the mission involved."""
    return people.reader(Role.MISSION_OFFICER, "kjri-hongkong")
