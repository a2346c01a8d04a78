"""The command centre's own server with one thing done the other way; daphne serves `uncached` or `unsigned`."""

import sys
import time
from functools import cache
from typing import Any

from commandcenter.asgi import application
from commandcenter.live import frames, snapshots
from commandcenter.sockets import consumer, doors

VARIANT = sys.argv[-1].rpartition(":")[2]


def made_anew(_shelf: snapshots.Shelf, audience: str) -> snapshots.Snapshot:
    """A snapshot by query for each who asks."""
    epoch, head = frames.epoch(), frames.heads([audience])[audience]
    return snapshots.Snapshot(epoch, head, snapshots._body(audience, epoch, head), time.monotonic())


if VARIANT == "uncached":
    snapshots.Shelf.get = made_anew  # type: ignore[method-assign]
if VARIANT == "unsigned":
    # Everybody is let in with the first one's right: what opening costs where nobody is asked.
    everybody: Any = cache(consumer.admit)
    consumer.admit = doors.admit = everybody  # type: ignore[attr-defined]

uncached = unsigned = application
