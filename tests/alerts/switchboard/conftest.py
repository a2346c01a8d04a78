"""The hotline's doors."""

from typing import Any

import pytest

SECRET = "a-secret-of-the-tests-0123456789abcdef"
ADDRESS = f"/api/v1/gateways/exchange/{SECRET}"


@pytest.fixture
def exchange(settings: Any) -> str:
    """There is a telephone exchange; its address."""
    settings.EXCHANGE, settings.EXCHANGE_SECRET, settings.EXCHANGE_KEY = True, SECRET, ""
    return ADDRESS
