"""Fixtures for the rooms of alerts."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from commandcenter.events.triggers import guard_the_log


@pytest.fixture
def open_log(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Lets a transactional test be emptied afterwards: the append-only log refuses that."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER IF EXISTS event_no_delete")
        connection.close()
    yield
    with django_db_blocker.unblock():
        guard_the_log(using="default")
        connection.close()
