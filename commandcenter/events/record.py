"""The log's only writer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from commandcenter import rows
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.kinds.catalogue import KINDS

# The live room adds its nudge at start-up: the log stands below it and may not import it.
AFTER_COMMIT: list[Callable[[], None]] = []
COLUMNS = (
    "kind",
    "object_type",
    "object_id",
    "version",
    "topic",
    "at",
    "actor_id",
    "audiences",
    "withdrawn",
    "exercise",
    "data",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event to be; `crisis` fills the topic where the kind needs it."""

    kind: str
    object_id: str
    version: int
    at: datetime
    actor: Reader | None
    audiences: Iterable[str]
    withdrawn: Iterable[str] = ()
    exercise: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    crisis: str = ""


def _committed() -> None:
    for wake in AFTER_COMMIT:
        wake()


def record(
    *,
    kind: str,
    object_id: str,
    version: int,
    at: datetime,
    actor: Reader | None,
    audiences: Iterable[str],
    withdrawn: Iterable[str] = (),
    exercise: str = "",
    data: dict[str, Any] | None = None,
    crisis: str = "",
) -> None:
    """Append one event inside the caller's transaction; see Entry and record_many."""
    entry = Entry(
        kind=kind,
        object_id=object_id,
        version=version,
        at=at,
        actor=actor,
        audiences=audiences,
        withdrawn=withdrawn,
        exercise=exercise,
        data=data or {},
        crisis=crisis,
    )
    record_many([entry])


def record_many(entries: Sequence[Entry]) -> None:
    """Append events in this order inside the caller's transaction.

    Raises KeyError for an unknown kind and pydantic.ValidationError for data its schema refuses.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event is recorded only inside the transaction of its action.")
    rows.insert(Event, COLUMNS, [_row(entry) for entry in entries])
    transaction.on_commit(_committed)


def _row(entry: Entry) -> rows.Row:
    known = KINDS[entry.kind]
    return (
        entry.kind,
        known.about,
        entry.object_id,
        entry.version,
        known.topic.format(id=entry.object_id, crisis=entry.crisis),
        entry.at,
        entry.actor.user_id if entry.actor else None,
        sorted(set(entry.audiences)),
        sorted(set(entry.withdrawn)),
        entry.exercise,
        known.data.model_validate(entry.data).model_dump(mode="json"),
    )
