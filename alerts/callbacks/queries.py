"""Reads of the call-back list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Prefetch, QuerySet

from alerts.callbacks.models import CallBack, CallTry
from alerts.callbacks.rules import WORKERS
from commandcenter.access.reader import Reader

MOST = 100


def visible(reader: Reader) -> QuerySet[CallBack]:
    """The entries of the reader's world and place."""
    world = CallBack.objects.filter(exercise=reader.exercise)
    if reader.is_mission:
        return world.filter(mission=reader.mission)
    return world if reader.role in WORKERS else world.none()


def waiting(reader: Reader) -> list[CallBack]:
    """Who must be called back, the most overdue first, with the tries so far; at most a hundred."""
    acts = Prefetch("acts", queryset=CallTry.objects.filter(undone_at=None).select_related("by"))
    found = visible(reader).filter(closed_at__isnull=True).select_related("owner").prefetch_related(acts)
    return list(found.order_by("due_at", "id")[:MOST])


@dataclass(frozen=True, slots=True)
class Strip:
    """How many wait, and since when the one that waits longest."""

    n: int
    oldest: datetime | None


def strip(reader: Reader) -> Strip:
    """The line of other pages."""
    found = visible(reader).filter(closed_at__isnull=True).aggregate(n=Count("pk"), oldest=Min("since"))
    return Strip(found["n"], found["oldest"])


def entry(reader: Reader, pk: int) -> CallBack | None:
    """One entry this reader may see."""
    return visible(reader).select_related("owner").filter(pk=pk).first()


def facts(exercise: str, mission: str) -> list[tuple[str, str, dict[str, Any]]]:
    """What the next shift must know of each entry that waits: its number, a stamp that changes with it, the facts."""
    rows = CallBack.objects.filter(exercise=exercise, mission=mission, closed_at__isnull=True).select_related("owner")
    return [
        (
            row.number,
            str(row.version),
            {
                "kind": "call",
                "about": row.number,
                "since": row.since.isoformat(),
                "to": "",
                "phone": row.phone,
                "by": row.owner.shown_name if row.owner else "",
            },
        )
        for row in rows.order_by("due_at", "pk")
    ]


def uncalled(entry: CallBack, at: datetime) -> bool:
    """Whether it still waits for a try that is due."""
    return entry.closed_at is None and entry.due_at <= at
