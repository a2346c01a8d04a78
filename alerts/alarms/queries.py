"""Reads: the register, the alarms that stand, what was raised."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from alerts.alarms.models import Alarm, AlarmKind, AlarmRule
from commandcenter.access.reader import Reader
from missions.countries.tables import read_table

REFERENCE = Path(__file__).parent / "reference"


def register() -> QuerySet[AlarmRule]:
    """The alarm register, the gravest first."""
    return AlarmRule.objects.order_by("position")


def standing(reader: Reader) -> QuerySet[Alarm]:
    """The alarms that stand in the reader's world, the gravest first; of those alike the one nobody took."""
    found = Alarm.objects.filter(exercise=reader.exercise, ended_at__isnull=True).select_related("taken_by")
    return found.order_by("priority", "raised_at", "pk")


def untaken(reader: Reader) -> list[tuple[str, int]]:
    """Number and priority of the alarms that sound until a person takes them; missions hear none of them."""
    if not reader.is_dcc:
        return []
    found = standing(reader).filter(taken_by__isnull=True, priority__lte=2)
    return [(alarm.number, alarm.priority) for alarm in found]


def causes() -> list[Alarm]:
    """The alarms of every world whose cause may have gone; floods are watched apart."""
    found = Alarm.objects.filter(ended_at__isnull=True).exclude(kind=AlarmKind.FLOOD)
    return [alarm for alarm in found if not alarm.is_internal]


def standing_floods() -> list[Alarm]:
    """The floods of every world that stand."""
    return list(Alarm.objects.filter(ended_at__isnull=True, kind=AlarmKind.FLOOD))


def of_keys(keys: Iterable[str]) -> dict[str, Alarm]:
    """The alarms with these keys."""
    return {alarm.key: alarm for alarm in Alarm.objects.filter(key__in=list(keys))}


def raised_since(reader: Reader, at: datetime) -> QuerySet[Alarm]:
    """What was raised in the reader's world since then."""
    return Alarm.objects.filter(exercise=reader.exercise, raised_at__gte=at)


def shipped() -> list[dict[str, Any]]:
    """The rows of the reference table."""
    rows = read_table(REFERENCE / "rules.csv")
    numbers = ("position", "priority", "repeat")
    return [
        {
            **row,
            **{name: int(row[name]) if row[name] else None for name in numbers},
            "reviewed_on": date.fromisoformat(row["reviewed_on"]),
        }
        for row in rows
    ]
