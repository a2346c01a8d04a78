"""Requests that wait for their COMMIT: signed ones first, those of a busy network last, and nobody for ever."""

import threading
from collections import deque
from enum import IntEnum
from itertools import count
from time import monotonic
from typing import Generic, TypeVar

Item = TypeVar("Item")
# One of so many places of a batch is for whoever has waited longest, whatever the rank.
FOR_THE_OLDEST = 4


class Rank(IntEnum):
    """Who goes first (reliability.md 3.7)."""

    SIGNED = 0
    UNSIGNED = 1
    BUSY_NETWORK = 2


class WaitingRoom(Generic[Item]):
    """Filled by the event loop, emptied by the lane's thread."""

    def __init__(self) -> None:
        self.rows: tuple[deque[tuple[int, Item]], ...] = tuple(deque() for _ in Rank)
        self.order = count()
        self.filled = threading.Condition()
        self.closed = False

    def __len__(self) -> int:
        return sum(map(len, self.rows))

    def put(self, item: Item, rank: Rank) -> None:
        """One more waits."""
        with self.filled:
            self.rows[rank].append((next(self.order), item))
            self.filled.notify()

    def close(self) -> None:
        """Nobody else comes: take() gives what waits and then nothing."""
        with self.filled:
            self.closed = True
            self.filled.notify()

    def wait(self, seconds: float | None = None) -> bool:
        """Until somebody waits or the room is closed; False when neither happened in that time."""
        deadline = None if seconds is None else monotonic() + seconds
        with self.filled:
            return self.filled.wait_for(
                lambda: self.closed or any(self.rows), None if deadline is None else max(0.0, deadline - monotonic())
            )

    def take(self, most: int) -> list[Item]:
        """The next batch: the longest waiting have a share of it, the rest goes by rank."""
        with self.filled:
            if len(self) <= most:
                batch = sorted(entry for row in self.rows for entry in row)
                for row in self.rows:
                    row.clear()
                return [item for _, item in batch]
            batch = [
                min((row for row in self.rows if row), key=lambda row: row[0][0]).popleft()
                for _ in range(most // FOR_THE_OLDEST)
            ]
            for row in self.rows:
                while row and len(batch) < most:
                    batch.append(row.popleft())
            return [item for _, item in batch]
