"""Many calls, for the tests that count what a page asks the database."""

import uuid
from collections.abc import Callable
from datetime import datetime

from alerts.callbacks import actions as callbacks
from alerts.callbacks.models import CallBack
from alerts.hotline import actions as hotline
from alerts.hotline.rules import Told
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader


def some_calls(many: int, at: datetime, reader: Callable[..., Reader]) -> uuid.UUID:
    """So many calls that are open, as many over, and numbers to be called back with a try each; one of the reader."""
    for place in range(many):
        desk = reader(Role.OPERATOR, f"meja-{place % 9}")
        given = {"actor": desk, "at": at, "client_id": uuid.uuid4()}
        hotline.conclude(act="dropped", told=Told(phone=f"+96777{place:07}"), **given)
        entry = CallBack.objects.latest("pk")
        callbacks.note_try(actor=desk, at=at, pk=entry.pk, version=entry.version, outcome="busy")
        hotline.draft(actor=desk, at=at, client_id=uuid.uuid4(), told=Told(phone="+967711111111", text="Tolong"))
    mine = {"actor": reader(Role.OPERATOR), "client_id": uuid.uuid4()}
    return hotline.draft(at=at, told=Told(phone="+967711111111"), **mine).call.client_id
