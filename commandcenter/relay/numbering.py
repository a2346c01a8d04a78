"""The relay: gives committed events their seq, chains them, builds frames, then nudges. One holder, copies wait.

Everything of one step is one transaction, so a crash at any point repeats or skips nothing (reliability.md 3.2).
"""

import logging
import os
import socket
import uuid
from datetime import datetime
from enum import Enum

from django.db import connection, transaction

from commandcenter import rows
from commandcenter.events.models import Event
from commandcenter.live import frames
from commandcenter.live.models import AudienceHead, Frame, LogState
from commandcenter.relay import chain

log = logging.getLogger(__name__)
BATCH = 500
# A copy takes over within 5 s (reliability.md 3.2): the lease is shorter by a look and a sign of life.
LEASE_SECONDS = 4.0
HOLDER_SILENT_SECONDS = 5.0
BEAT_SECONDS = 1.0
READ = f"SELECT head, hash, holder FROM {LogState._meta.db_table} WHERE id = 1"  # noqa: S608
LOCK = f"{READ} FOR UPDATE"
STATE = f"UPDATE {LogState._meta.db_table} SET head = %s, hash = %s, beat_at = %s WHERE id = 1"  # noqa: S608
HEAD = (
    f"INSERT INTO {AudienceHead._meta.db_table} (audience, seq) VALUES (%s, %s) "  # noqa: S608
    "ON CONFLICT (audience) DO UPDATE SET seq = excluded.seq"
)
ADVISORY_LOCK = 0x44434352  # "DCCR"


class Step(Enum):
    """What one step came to."""

    WAITING = "waiting"
    IDLE = "idle"
    MOVED = "moved"


class Relay:
    """One relay process's hold on the log."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.held = False
        self.beaten_at: datetime | None = None
        self.heads: dict[str, int] = {}

    def step(self, at: datetime) -> Step:
        """Number one batch, if this copy holds the log. Raises what the database raises; the caller reconnects."""
        self.heads = {}
        if not self._take_hold(at):
            return Step.WAITING
        # Looking costs no write lock; only work or a due sign of life opens a transaction. What is read here stays
        # unnumbered until then: nobody but the holder numbers.
        events = list(Event.objects.filter(seq__isnull=True).order_by("id")[:BATCH])
        if not events and not self._beat_due(at):
            return Step.IDLE
        try:
            return self._move(events, at, careful=False)
        except frames.CardRaised:
            return self._move(events, at, careful=True)

    def _move(self, events: list[Event], at: datetime, *, careful: bool) -> Step:
        """One transaction: the lock, the numbers, the frames, the sign of life."""
        with transaction.atomic(), connection.cursor() as cursor:
            # By hand, here and below: this runs for every event, and the ORM's words cost more than the database.
            cursor.execute(LOCK if connection.vendor == "postgresql" else READ)
            head, last, holder = cursor.fetchone()
            if holder != self.name:
                self.held = False
                return Step.WAITING
            if events:
                head, last = self._number(events, head, last, careful=careful)
            cursor.execute(STATE, [head, last, connection.ops.adapt_datetimefield_value(at)])
            self.beaten_at = at
        return Step.MOVED if events else Step.IDLE

    def _beat_due(self, at: datetime) -> bool:
        return self.beaten_at is None or (at - self.beaten_at).total_seconds() >= BEAT_SECONDS

    def _number(self, events: list[Event], head: int, last: str, *, careful: bool) -> tuple[int, str]:
        """Number, chain and tell; the new head and its hash."""
        for event in events:
            head += 1
            last = chain.link(last, head, event)
            event.seq, event.hash = head, last
        _write_numbers(events)
        touched = {audience for event in events for audience in (*event.audiences, *event.withdrawn)}
        prevs = frames.heads(touched)
        rows.insert(Frame, frames.COLUMNS, frames.build(events, prevs, careful=careful))
        with connection.cursor() as cursor:
            cursor.executemany(HEAD, list(prevs.items()))
        self.heads = prevs
        return head, last

    def _take_hold(self, at: datetime) -> bool:
        """PostgreSQL: an advisory lock on this connection; SQLite: a lease row. Both write the holder's name."""
        if self.held:
            return True
        LogState.the()
        if connection.vendor == "postgresql" and not self._advisory_lock(at):
            return False
        with transaction.atomic():
            state = LogState.objects.select_for_update().get(pk=1)
            lease_runs = state.holder not in {"", self.name} and state.silent_for(at) < LEASE_SECONDS
            if connection.vendor != "postgresql" and lease_runs:
                return False
            state.holder, state.beat_at, state.holder_backend = self.name, at, _backend()
            state.save(update_fields=["holder", "beat_at", "holder_backend"])
        log.info("relay %s holds the log", self.name)
        self.held = True
        return True

    def _advisory_lock(self, at: datetime) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
            if cursor.fetchone()[0]:
                return True
            state = LogState.the()
            # A holder that hangs keeps its lock: end its database backend, and the lock goes with it.
            if state.holder_backend and state.silent_for(at) > HOLDER_SILENT_SECONDS:
                log.warning("relay %s is silent; ending its database backend", state.holder)
                cursor.execute("SELECT pg_terminate_backend(%s)", [state.holder_backend])
        return False

    def lost_connection(self) -> None:
        """The connection broke, and the hold with it."""
        self.held = False
        self.beaten_at = None


def _write_numbers(events: list[Event]) -> None:
    """One statement for the batch: in bulk_update's the database tries every CASE on every row."""
    table = Event._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            given = "unnest(%s::bigint[], %s::bigint[], %s::text[]) AS given(id, seq, hash)"
            cursor.execute(
                f"UPDATE {table} SET seq = given.seq, hash = given.hash FROM {given} WHERE {table}.id = given.id",  # noqa: S608
                [list(column) for column in zip(*((event.pk, event.seq, event.hash) for event in events), strict=True)],
            )
        else:
            numbers = [(event.seq, event.hash, event.pk) for event in events]
            cursor.executemany(f"UPDATE {table} SET seq = %s, hash = %s WHERE id = %s", numbers)  # noqa: S608


def _backend() -> int | None:
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])
