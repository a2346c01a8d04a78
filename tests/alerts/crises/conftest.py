"""Hong Kong's Tai Po as a crisis."""

from typing import Any

import pytest

from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from tests.conftest import AT, People

TAI_PO: dict[str, Any] = {
    "type": "Polygon",
    "coordinates": [[[114.1, 22.4], [114.2, 22.4], [114.2, 22.5], [114.1, 22.5], [114.1, 22.4]]],
}


@pytest.fixture
def supervisor(people: People) -> Reader:
    """A supervisor in live work."""
    return people.reader(Role.SUPERVISOR)


@pytest.fixture
def fire(reference: None, operator: Reader) -> dict[str, Any]:
    """What declares the fire of Tai Po."""
    return {
        "actor": operator,
        "at": AT,
        "name": "Kebakaran Tai Po",
        "kind": "fire",
        "level": 2,
        "area": TAI_PO,
        "area_source": "draw",
        "countries": [],
        "lead": operator.user_id,
    }
