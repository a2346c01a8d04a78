"""Rows written without the ORM read as the ORM's own."""

import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from alerts.emergencies.models import Emergency
from commandcenter import rows

pytestmark = pytest.mark.django_db
COLUMNS = (
    "client_id",
    "id",
    "nature",
    "priority",
    "pressed_at",
    "received_at",
    "latitude",
    "message",
    "answer",
    "silent",
)
WORDS = "tab\t line\n back\\slash \\N \\. 'quote' \"double\" é 🆘"
EVERY = [field.attname for field in Emergency._meta.concrete_fields]


def _row(key: int, at: datetime, **changes: Any) -> rows.Row:
    values = {
        "client_id": uuid.uuid4(),
        "id": key,
        "nature": "panic",
        "priority": 1,
        "pressed_at": at.astimezone(timezone(timedelta(hours=7))),
        "received_at": at.replace(microsecond=123),
        "latitude": None,
        "message": WORDS,
        "answer": {"a": [WORDS, None, 1.5, True]},
        "silent": True,
    }
    return tuple((values | changes)[name] for name in COLUMNS)


def test_what_is_written_is_read_back(at: datetime) -> None:
    written = _row(*rows.reserve(Emergency, 1), at)
    rows.insert(Emergency, COLUMNS, [written])
    read = Emergency.objects.get()
    assert tuple(getattr(read, name) for name in COLUMNS) == written


def test_every_other_field_has_its_default(at: datetime) -> None:
    rows.insert(Emergency, COLUMNS, [_row(7, at)])
    by_rows = Emergency.objects.get(pk=7)
    made = Emergency(**{name: getattr(by_rows, name) for name in COLUMNS} | {"id": 8, "client_id": uuid.uuid4()})
    made.save()
    by_orm = Emergency.objects.get(pk=8)
    same = [name for name in EVERY if name not in {"id", "client_id"}]
    assert [getattr(by_rows, name) for name in same] == [getattr(by_orm, name) for name in same]


def test_reserved_keys_are_new_and_in_order(at: datetime) -> None:
    first = rows.reserve(Emergency, 3)
    rows.insert(Emergency, COLUMNS, [_row(key, at) for key in first])
    second = rows.reserve(Emergency, 2)
    assert first == sorted(first)
    assert min(second) > max(first)
    rows.insert(Emergency, COLUMNS, [_row(key, at) for key in second])
    Emergency.objects.create(client_id=uuid.uuid4(), nature="panic", priority=1, pressed_at=at, received_at=at)
    assert Emergency.objects.count() == 6


def test_present_finds_those_that_are_stored(at: datetime) -> None:
    rows.insert(Emergency, COLUMNS, [_row(1, at), _row(2, at)])
    known = set(Emergency.objects.values_list("client_id", flat=True))
    assert rows.present([Emergency], "client_id", {*known, uuid.uuid4()}) == known
