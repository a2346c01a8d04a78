"""Calls of the hotline."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from alerts.hotline import actions
from alerts.hotline.models import Call
from alerts.hotline.rules import Told
from commandcenter.access.reader import Reader
from tests.alerts.emergencies.conftest import make
from tests.conftest import AT

__all__ = ["make"]
Write = Callable[..., Call]
SANAA = "+967 771 234 567"


@pytest.fixture
def write(operator: Reader) -> Write:
    """A call that the operator (or `actor`) is writing."""

    def written(*, actor: Reader = operator, at: Any = AT, **told: str) -> Call:
        given = {"phone": SANAA, **told}
        return actions.draft(actor=actor, at=at, client_id=uuid.uuid4(), told=Told(**given)).call

    return written


@pytest.fixture
def save(operator: Reader) -> Callable[..., Call]:
    """Save a call with what it came to."""

    def saved(call: Call, act: str, *, actor: Reader = operator, at: Any = AT, **told: str) -> Call:
        given = {"phone": call.phone, **told}
        return actions.conclude(
            actor=actor, at=at, client_id=call.client_id, act=act, told=Told(**given), seen=call.drafts
        )

    return saved
