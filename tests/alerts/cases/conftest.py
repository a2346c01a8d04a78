"""Cases in their states, and the people who work them."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts.cases.actions import New, open_case
from alerts.cases.models import Case
from alerts.casework import actions
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from tests.conftest import AT, People

Make = Callable[..., Case]
FAR = "kbri-canberra"
PHONE = "+60123456789"


def opened(*, actor: Reader | None = None, at: datetime = AT, exercise: str = "", **given: Any) -> Case:
    """A complaint out of Malaysia."""
    said = {"client_id": uuid.uuid4(), "category": "complaint", "topic": "wages", "text": "Gaji belum dibayar"}
    said |= {"phone": PHONE, "country": "MY", "name": "Siti Aminah"}
    return open_case(actor=actor, at=at, new=New(**said | given), exercise=exercise)


@pytest.fixture
def make(db: None, reference: None) -> Make:
    """Opens a case as its applicant does."""
    return opened


@pytest.fixture
def case(make: Make) -> Case:
    """A new one."""
    return make()


@pytest.fixture
def officer(people: People, case: Case) -> Reader:
    """An officer of its mission."""
    return people.reader(Role.MISSION_OFFICER, case.mission_id or "")


@pytest.fixture
def stranger(people: People) -> Reader:
    """An officer of another mission."""
    return people.reader(Role.MISSION_OFFICER, FAR)


def later(**time: float) -> datetime:
    """So long after the opening."""
    return AT + timedelta(**time)


def taken(case: Case, actor: Reader, **time: float) -> Case:
    """The case in somebody's hands."""
    return actions.take(actor=actor, number=case.number, at=later(**time))


def said(case: Case, actor: Reader, then: str = "", text: str = "Kami tangani", **time: float) -> Case:
    """An officer wrote."""
    given = {"actor": actor, "number": case.number, "client_id": uuid.uuid4(), "text": text, "then": then}
    actions.reply(at=later(**time), **given)
    return fresh(case)


def fresh(case: Case) -> Case:
    """As it stands in the database."""
    return Case.objects.get(pk=case.pk)
