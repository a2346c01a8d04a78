"""Messages in every state."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from commandcenter.access.models import Role, User
from commandcenter.events.triggers import guard_the_log
from commandcenter.outbox import actions
from commandcenter.outbox.models import Channel, Outgoing
from tests.conftest import People

Queue = Callable[..., Outgoing]


@pytest.fixture
def officer(people: People) -> User:
    """A mission officer with a number."""
    reader = people.reader(Role.MISSION_OFFICER, "kjri-hongkong")
    User.objects.filter(pk=reader.user_id).update(phone="+6281100000001")
    return User.objects.get(pk=reader.user_id)


@pytest.fixture
def queue(officer: User, at: datetime) -> Queue:
    """Puts a message about R-17 to the officer into the outbox."""

    def put(channel: Channel = Channel.SMS, **more: Any) -> Outgoing:
        given = {"key": uuid.uuid4().hex, "recipient": officer.pk, "text": "Laporan diminta", "about": "R-17", "at": at}
        return actions.queue(channel=channel, **{**given, **more})

    return put


@pytest.fixture
def taken(queue: Queue, at: datetime) -> Callable[..., Outgoing]:
    """A message that is being sent."""

    def take(**more: Any) -> Outgoing:
        queue(**more)
        found = actions.take_next(channel=Channel.SMS, at=at)
        assert found is not None
        return found

    return take


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
