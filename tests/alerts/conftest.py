"""Fixtures for the rooms of alerts."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from alerts.handover.triggers import guard_the_handovers
from commandcenter.events.triggers import guard_the_log


@pytest.fixture
def open_log(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Lets a transactional test be emptied afterwards: the append-only logs refuse that."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                for name in ("event_no_delete", "alerts_handover_delete", "alerts_handoveritem_delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        connection.close()
    yield
    with django_db_blocker.unblock():
        guard_the_log(using="default")
        guard_the_handovers(using="default")
        connection.close()
