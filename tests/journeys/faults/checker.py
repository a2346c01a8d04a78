"""The checker: the promises of reliability.md section 1 over recorded histories.

T = client_ids tried, A = those answered 2xx, D = rows stored, R = frames drawn by one reader.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.journeys.faults.phones import History
from tests.journeys.reader import Reader
from tests.journeys.running import Running

READ = """
import json
from django.db import connection, transaction
from alerts.emergencies.models import Emergency
from commandcenter.events.models import Event
from commandcenter.live.models import Frame, LogState
from commandcenter.relay import chain
previous, seqs, broken = "0" * 64, [], []
# One instant of the database: ladders climb, and events go on while this reads.
with transaction.atomic():
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    for event in Event.objects.filter(seq__isnull=False).order_by("seq"):
        if event.hash != chain.link(previous, event.seq, event):
            broken.append(event.seq)
        previous = event.hash
        seqs.append(event.seq)
    frames = Frame.objects.order_by("seq").values_list("audience", "prev", "seq")
    log = LogState.the()
    print(json.dumps({
        "rows": [[str(client_id), number] for client_id, number in Emergency.objects.values_list("client_id", "pk")],
        "seqs": seqs, "broken": broken, "unnumbered": Event.objects.filter(seq__isnull=True).count(),
        "head": log.head, "card_errors": log.card_errors, "frames": [list(frame) for frame in frames],
    }))
"""


@dataclass(frozen=True, slots=True)
class World:
    """What the database holds: emergencies (client_id, pk), the log's numbers, frames (audience, prev, seq)."""

    rows: list[tuple[str, int]]
    seqs: list[int]
    head: int
    broken: list[int] = field(default_factory=list)
    unnumbered: int = 0
    card_errors: int = 0
    frames: list[tuple[str, int, int]] = field(default_factory=list)

    def head_of(self, audience: str) -> int:
        """The newest seq this audience may see."""
        return max((seq for heard, _prev, seq in self.frames if heard == audience), default=0)


@dataclass(frozen=True, slots=True)
class Screen:
    """One reader: its audience, the seq it began after, and the seqs it drew, in order."""

    audience: str
    start: int
    drawn: list[int]


@dataclass(slots=True)
class Verdict:
    """The five numbers, and every broken promise in words."""

    tried: int
    acknowledged: int
    stored: int
    doubles: int
    holes: int
    broken: list[str] = field(default_factory=list)

    def must_hold(self) -> None:
        """Fail with every broken promise."""
        assert not self.broken, "\n".join(self.broken)


def read_world(running: Running) -> World:
    """The database, once every event is numbered; read past the application's own pages."""
    deadline = time.monotonic() + 20
    while (found := running.script(READ))["unnumbered"] and time.monotonic() < deadline:
        time.sleep(0.2)
    rows = [(str(client_id), int(number)) for client_id, number in found.pop("rows")]
    frames = [(str(audience), int(prev), int(seq)) for audience, prev, seq in found.pop("frames")]
    return World(rows=rows, frames=frames, **found)


def screens(readers: Sequence[Reader]) -> list[Screen]:
    """What readers drew."""
    return [Screen(reader.audience, 0, [frame["seq"] for frame in reader.seen]) for reader in readers]


def judge(history: History, world: World, seen: Sequence[Screen] = ()) -> Verdict:
    """Promises 1, 2, 3 and 7 over what was tried, answered, stored, numbered and drawn."""
    tried, stored = set(history.tried), Counter(client_id for client_id, _number in world.rows)
    said: dict[str, set[int]] = {}
    for attempt in history.heard:
        said.setdefault(attempt.client_id, set()).add(int(attempt.number.rsplit("-", 1)[1]))
    doubles = sum(stored.values()) - len(stored)
    broken = [
        *_told("answered 2xx and not stored", set(said) - set(stored)),
        *_told("stored and never tried", set(stored) - tried),
        *_told("stored twice", [client_id for client_id, count in stored.items() if count > 1]),
        *_told("never answered 2xx", tried - set(said)),
        *_told("answered with another number than stored", _renamed(said, world.rows)),
        *_told("answered neither 2xx nor 503", _wrong(history)),
    ]
    holes = _log_holes(world, broken) + sum(_screen_holes(screen, world, broken) for screen in seen)
    return Verdict(len(tried), len(said), sum(stored.values()), doubles, holes, broken)


def _renamed(said: dict[str, set[int]], rows: list[tuple[str, int]]) -> list[str]:
    numbers = dict(rows)
    return [client_id for client_id, heard in said.items() if client_id in numbers and heard != {numbers[client_id]}]


def _wrong(history: History) -> list[int]:
    """Statuses that no phone may ever see (0 is a broken line)."""
    return [attempt.status for attempt in history.attempts if attempt.status not in {0, 200, 201, 503}]


def _log_holes(world: World, broken: list[str]) -> int:
    missing = set(range(1, max(world.head, *world.seqs, 0) + 1)) - set(world.seqs)
    broken += _told("missing in the log", missing)
    broken += _told("numbered twice", [seq for seq, count in Counter(world.seqs).items() if count > 1])
    broken += _told("not linked to its predecessor by its hash", world.broken)
    if world.head != len(world.seqs):
        broken.append(f"the log's head is {world.head} of {len(world.seqs)} events")
    if world.unnumbered:
        broken.append(f"{world.unnumbered} events have no number")
    previous: dict[str, int] = {}
    for audience, prev, seq in world.frames:
        if prev != previous.get(audience, 0):
            broken.append(f"frame {seq} of {audience} stands on {prev}, its predecessor is {previous.get(audience, 0)}")
        previous[audience] = seq
    return len(missing) + world.unnumbered


def _screen_holes(screen: Screen, world: World, broken: list[str]) -> int:
    due = [seq for audience, _prev, seq in world.frames if audience == screen.audience and seq > screen.start]
    # What was numbered after the world was read is nobody's fault.
    drawn = [seq for seq in screen.drawn if seq <= world.head]
    missing = set(due) - set(drawn)
    broken += _told(f"never drawn by a reader of {screen.audience}", missing)
    broken += _told(f"drawn by a reader of {screen.audience} it was not for", set(drawn) - set(due))
    if screen.drawn != sorted(set(screen.drawn)):
        broken.append(f"a reader of {screen.audience} drew out of order or twice")
    return len(missing)


def _told(what: str, found: Any) -> list[str]:
    some = sorted(found, key=str)
    return [f"{len(some)} {what}: {', '.join(map(str, some[:5]))}"] if some else []
