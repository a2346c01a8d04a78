"""The log's only writer and its triggers."""

from datetime import datetime
from typing import Any

import pydantic
import pytest
from django.db import DatabaseError, transaction

from commandcenter.events.models import Event
from commandcenter.events.record import record

pytestmark = pytest.mark.django_db


def _record(at: datetime, **changes: Any) -> Event:
    values: dict[str, Any] = {
        "kind": "emergency.opened",
        "object_id": "E-2026-00001",
        "version": 2,
        "at": at,
        "actor": None,
        "audiences": ["dcc", "dcc", "mission:kjri-hongkong"],
    }
    with transaction.atomic():
        record(**{**values, **changes})
        return Event.objects.latest("id")


def test_record_appends_an_unnumbered_event(at: datetime) -> None:
    event = _record(at)
    assert (event.seq, event.topic, event.object_type) == (None, "queue", "emergency")
    assert event.audiences == ["dcc", "mission:kjri-hongkong"]


def test_record_refuses_an_unknown_kind(at: datetime) -> None:
    with pytest.raises(KeyError):
        _record(at, kind="emergency.invented")


def test_record_refuses_data_its_schema_does_not_know(at: datetime) -> None:
    with pytest.raises(pydantic.ValidationError):
        _record(at, data={"name": "Siti"})


@pytest.mark.django_db(transaction=True)
def test_record_refuses_to_write_outside_a_transaction(at: datetime) -> None:
    with pytest.raises(RuntimeError):
        record(kind="emergency.opened", object_id="E", version=1, at=at, actor=None, audiences=["dcc"])


def test_the_log_refuses_deletes(at: datetime) -> None:
    event = _record(at)
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()


def test_the_log_refuses_a_changed_text(at: datetime) -> None:
    event = _record(at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(object_id="E-2026-00002")


def test_the_log_gives_a_number_once(at: datetime) -> None:
    event = _record(at)
    Event.objects.filter(pk=event.pk).update(seq=1, hash="a" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(seq=2, hash="b" * 64)
