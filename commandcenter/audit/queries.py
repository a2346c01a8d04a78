"""Reading the read-log."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from commandcenter.access.queries import names_of
from commandcenter.audit.models import ReadEntry

NEWEST = 20


class Reading(NamedTuple):
    """Somebody read an object's personal data."""

    at: datetime
    who: str
    reason: str


def reads_of(object_id: str) -> list[Reading]:
    """Who read an object's personal data, when and why, the newest first."""
    found = ReadEntry.objects.filter(object_id=object_id).order_by("-at", "-pk")
    entries = list(found[:NEWEST])
    names = names_of({entry.reader_id for entry in entries})
    return [Reading(entry.at, names.get(entry.reader_id, "—"), entry.reason) for entry in entries]


def reads_of_each(object_ids: Iterable[str]) -> dict[str, list[Reading]]:
    """The same for many objects in one query; those that nobody read have an empty list."""
    wanted = list(object_ids)
    entries = list(ReadEntry.objects.filter(object_id__in=wanted).order_by("-at", "-pk")) if wanted else []
    names = names_of({entry.reader_id for entry in entries})
    found: dict[str, list[Reading]] = defaultdict(list)
    for entry in entries:
        if len(found[entry.object_id]) < NEWEST:
            found[entry.object_id].append(Reading(entry.at, names.get(entry.reader_id, "—"), entry.reason))
    return found
