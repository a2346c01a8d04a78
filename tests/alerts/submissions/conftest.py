"""The world of the sitreps tests."""

import pytest
from django.urls import clear_script_prefix

from tests.alerts.sitreps.conftest import World, drill, events, world


@pytest.fixture(autouse=True)
def live_addresses() -> None:
    """The test client keeps the last exercise's prefix; a server sets it anew for each request."""
    clear_script_prefix()


__all__ = ["World", "drill", "events", "world"]
