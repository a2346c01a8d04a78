"""The log as a page and as a panel."""

from typing import Any

import pytest

from alerts.crises import actions
from alerts.crises.models import Crisis
from commandcenter.access.models import Role
from tests.conftest import People

HTMX = {"HX-Request": "true"}


@pytest.fixture
def crisis(fire: dict[str, Any]) -> Crisis:
    return actions.declare(**fire)


def test_the_log_is_a_page_of_its_own_and_a_panel(crisis: Crisis, people: People) -> None:
    browser = people.client(Role.VERIFIER)
    assert "<html" in browser.get(f"/crises/{crisis.slug}/log/").content.decode()
    assert "<html" not in browser.get(f"/crises/{crisis.slug}/log/", headers=HTMX).content.decode()
