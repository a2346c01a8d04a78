"""Limits in the memory of one process (reliability.md F10): no Redis, no row, forgotten after two minutes.

They never refuse a first request for help. Keys are networks and numbers of emergencies; an address outlives its flood
by a minute.
"""

from collections import OrderedDict, deque
from threading import Lock

MINUTE = 60.0
# Of one network: more registrations than this come again later, more requests for help wait behind the others'.
REGISTRATIONS = 60
CALM_REQUESTS = 10
# Of one emergency: new positions and messages; the last of them are for messages alone.
UPDATES = 6
FOR_MESSAGES = 2
MOST_KEYS = 50_000


class Counts:
    """How often each key came in this minute and the last one. Memory is bounded by what came in two minutes."""

    def __init__(self) -> None:
        self.minute, self.now, self.before = 0, dict[str, int](), dict[str, int]()
        self.lock = Lock()

    def add(self, key: str, at: float) -> int:
        """Count it (`at` in seconds); how often it came lately, this one included."""
        with self.lock:
            minute = int(at // MINUTE)
            if minute != self.minute:
                self.before = self.now if minute == self.minute + 1 else {}
                self.minute, self.now = minute, {}
            self.now[key] = self.now.get(key, 0) + 1
            share = 1 - at % MINUTE / MINUTE
            return self.now[key] + int(self.before.get(key, 0) * share)


class Registrations(Counts):
    """New keys of one network."""

    def allows(self, key: str, at: float) -> bool:
        """Whether this one may register now."""
        return self.add(key, at) <= REGISTRATIONS


class Updates:
    """New positions and messages of each emergency in the last minute; the same one again is never counted."""

    def __init__(self) -> None:
        self.lately: OrderedDict[str, deque[tuple[float, str]]] = OrderedDict()
        self.lock = Lock()

    def wait(self, emergency: str, update: str, at: float, *, leave: int = 0) -> int:
        """Seconds until this update may come; 0 takes it now. `leave` keeps that many places free for others."""
        with self.lock:
            came = self.lately.setdefault(emergency, deque())
            self.lately.move_to_end(emergency)
            while came and came[0][0] <= at - MINUTE:
                came.popleft()
            while len(self.lately) > MOST_KEYS:
                self.lately.popitem(last=False)
            if any(known == update for _, known in came):
                return 0
            if len(came) < UPDATES - leave:
                came.append((at, update))
                return 0
            return max(1, round(came[len(came) - (UPDATES - leave)][0] + MINUTE - at) + 1)


registrations = Registrations()
requests = Counts()
updates = Updates()
