"""Handlers of a test's own, and the address that gateways call."""

from typing import Any

import pytest

from commandcenter.gateways import inbound
from commandcenter.gateways.inbound import Handler
from tests.commandcenter.outbox.conftest import officer, open_log, queue, taken

__all__ = ["officer", "open_log", "queue", "taken"]
SECRET = "a-secret-of-the-tests-0123456789abcdef"


@pytest.fixture(autouse=True)
def secret(settings: Any) -> str:
    settings.SMS_SECRET = SECRET
    return SECRET


@pytest.fixture(autouse=True)
def readers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Handler]:
    """The registered handlers: none, until a test registers its own."""
    known: dict[str, Handler] = {}
    monkeypatch.setattr(inbound, "_handlers", known)
    return known
