"""The lane as an application, a gate before its store, requests for help."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from alerts.lane import application as lane
from alerts.lane.application import Lane
from tests.alerts.lane.asgi import Gate

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def application(open_log: None, transactional_db: None) -> Iterator[Lane]:
    """The lane, closed afterwards."""
    made = Lane()
    yield made
    made.close()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Stands before the store: batches wait until it opens."""
    made = Gate()
    monkeypatch.setattr(lane, "receive_many", made)
    return made


@pytest.fixture
def make(emergency_payload: dict[str, Any]) -> Make:
    """A new request for help."""

    def made(**changes: Any) -> dict[str, Any]:
        return {**emergency_payload, "client_id": str(uuid.uuid4()), **changes}

    return made
