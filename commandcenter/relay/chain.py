"""The hash chain of the log, over canonical bytes as read back from the database (reliability.md S2)."""

import hashlib
import json
from collections.abc import Sequence

from commandcenter.events.models import Event

CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link(previous: str, seq: int, event: Event) -> str:
    """The hash of one event, given its predecessor's hash (64 hex digits)."""
    body = [
        seq,
        event.pk,
        event.kind,
        event.object_type,
        event.object_id,
        event.version,
        event.topic,
        event.at.isoformat(timespec="microseconds"),
        event.actor_id,
        event.audiences,
        event.withdrawn,
        event.exercise,
        event.data,
    ]
    return seal(previous, body)


def seal(previous: str, body: Sequence[object]) -> str:
    """The hash over `body`, the fields in the order of link()."""
    return hashlib.sha256(f"{previous}\n{CANONICAL.encode(body)}".encode()).hexdigest()
