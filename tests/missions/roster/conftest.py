"""A roster at two places, by short words."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from missions.roster.actions import Planned, plan
from missions.roster.models import Shift
from tests.conftest import AT, People

CAIRO, MELBOURNE = "kbri-kairo", "kjri-melbourne"
Plan = Callable[..., Shift]


@pytest.fixture
def supervisor(people: People) -> Reader:
    """Who plans."""
    return people.reader(Role.SUPERVISOR)


@pytest.fixture
def lina(people: People, reference: None) -> Reader:
    """An officer in Cairo."""
    return people.reader(Role.MISSION_OFFICER, CAIRO, username="lina")


@pytest.fixture
def maya(people: People, reference: None) -> Reader:
    """Another officer in Cairo."""
    return people.reader(Role.MISSION_OFFICER, CAIRO, username="maya")


@pytest.fixture
def planned(supervisor: Reader, reference: None) -> Plan:
    """Plans one shift, eight hours from AT unless told otherwise."""

    def made(
        person: Reader, *, after: float = 0, hours: int = 8, actor: Reader = supervisor, at: datetime = AT, **more: Any
    ) -> Shift:
        more = {"place": person.mission, "starts_at": AT + timedelta(hours=after), **more}
        done: Planned = plan(actor=actor, at=at, person=person.user_id, hours=hours, **more)
        return done.shift

    return made


def phone(reader: Reader, number: str) -> None:
    """Give somebody a telephone number."""
    User.objects.filter(pk=reader.user_id).update(phone=number)
