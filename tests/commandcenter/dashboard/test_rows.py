"""A row of the queue is drawn once for each version, and never shows another's words."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from alerts.emergencies import actions
from alerts.emergencies.models import Emergency
from alerts.intake.actions import Report, receive
from alerts.queue.queries import QueueFilter, rows
from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from commandcenter.dashboard import rows as drawing
from commandcenter.dashboard.rows import draw, drawn
from tests.conftest import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(reference: None, at: datetime) -> str:
    """One that somebody sent from Malaysia."""
    receive(report=Report(client_id=uuid.uuid4(), pressed_at=at, kind="panic", country="MY"), at=at, exercise="")
    return Emergency.objects.latest("pk").number


def _drawn(reader: Reader, at: datetime) -> str:
    [row] = rows(reader, QueueFilter(), most=2)
    return str(draw(row, reader, at))


def test_only_the_age_is_drawn_anew(number: str, operator: Reader, at: datetime) -> None:
    first, later = _drawn(operator, at), _drawn(operator, at + timedelta(seconds=90))
    assert len(drawn) == 1
    assert "00:00</time>" in first
    assert first.replace("00:00</time>", "01:30</time>") == later


def test_an_age_past_its_goal_is_marked(number: str, operator: Reader, at: datetime) -> None:
    assert "is-overdue" not in _drawn(operator, at)
    assert "is-overdue" in _drawn(operator, at + timedelta(minutes=2))


def test_a_new_version_a_new_name_and_another_language_are_drawn(number: str, operator: Reader, at: datetime) -> None:
    before = _drawn(operator, at)
    actions.take(actor=operator, number=number, at=at)
    taken = _drawn(operator, at)
    assert operator.name in taken
    assert operator.name not in before
    User.objects.filter(pk=operator.user_id).update(first_name="Rina")
    assert "Rina" in _drawn(operator, at)
    with translation.override("en"):
        assert "Panic button" in _drawn(operator, at)
    assert "Panic button" not in _drawn(operator, at)


def test_who_may_not_take_gets_no_button(number: str, operator: Reader, people: People, at: datetime) -> None:
    assert "queue-act" in _drawn(operator, at)
    assert "queue-act" not in _drawn(people.reader(Role.VERIFIER), at)


def test_a_key_without_the_version_would_show_the_old_row(
    number: str, operator: Reader, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant: a shelf that takes every row for the first one."""

    class Deaf(dict[Any, str]):
        def get(self, key: Any, default: Any = None) -> Any:
            return next(iter(self.values()), default)

    monkeypatch.setattr(drawing, "drawn", Deaf())
    _drawn(operator, at)
    actions.take(actor=operator, number=number, at=at)
    assert operator.name not in _drawn(operator, at)
