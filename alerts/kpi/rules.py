"""Median, ninetieth percentile, share in goal, and the health of the alarms: pure, and silence is infinite."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil, inf

from alerts.kpi.clocks import CLOCKS, Clock
from alerts.kpi.spans import Span

SLOT = timedelta(minutes=10)
# EEMUA 191: more than ten alarms in ten minutes is a flood.
FLOOD_OVER = 10
# Domain of the alarm register (ux.md 3.5): what P1, P2 and P3 should be of a hundred.
TARGET_MIX = {1: 5, 2: 15, 3: 80}


@dataclass(frozen=True, slots=True)
class Figure:
    """What one clock came to. `silent` of the `n` never came and count as infinite; `excluded` is by reason."""

    clock: Clock
    n: int
    median: float | None
    p90: float | None
    in_goal: int | None
    silent: int
    excluded: dict[str, int]
    notes: dict[str, int]

    @property
    def percent(self) -> int | None:
        """Share in goal, rounded down: 100 only when all were."""
        return None if self.in_goal is None or not self.n else 100 * self.in_goal // self.n

    @property
    def left_out(self) -> int:
        """How many were excluded."""
        return sum(self.excluded.values())


@dataclass(frozen=True, slots=True)
class Health:
    """Alarms as far as the log tells: how many of which priority, the busiest ten minutes, floods, empty takings."""

    alarms: int
    mix: dict[int | None, int]
    peak: int
    floods: int
    slots: int
    takings: int
    returned: int


def figure(code: str, found: Iterable[Span]) -> Figure:
    """The figure of a clock from its spans."""
    whole = list(found)
    clock = CLOCKS[code]
    counted = sorted(span.seconds for span in whole if span.seconds is not None)
    return Figure(
        clock=clock,
        n=len(counted),
        median=median(counted),
        p90=p90(counted),
        in_goal=None if clock.goal is None else sum(span.in_goal for span in whole),
        silent=sum(seconds == inf for seconds in counted),
        excluded=dict(sorted(Counter(span.excluded for span in whole if span.excluded).items())),
        notes=dict(sorted(Counter(span.note for span in whole if span.note and not span.excluded).items())),
    )


def median(ordered: list[float]) -> float | None:
    """The middle of a sorted list, or the mean of the two middles; infinite as soon as one of them is."""
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def p90(ordered: list[float]) -> float | None:
    """The nearest rank: the smallest value that nine of ten do not exceed."""
    return ordered[ceil(0.9 * len(ordered)) - 1] if ordered else None


def health(receipts: Iterable[Span], takings: Iterable[Span], since: datetime, until: datetime) -> Health:
    """`receipts` has one span an alarm; the ten minutes are those of the clock on the wall."""
    alarms, taken = list(receipts), list(takings)
    per_slot = Counter(int(span.start.at.timestamp() // SLOT.total_seconds()) for span in alarms)
    return Health(
        alarms=len(alarms),
        mix={level: sum(span.priority == level for span in alarms) for level in (1, 2, 3, None)},
        peak=max(per_slot.values(), default=0),
        floods=sum(count > FLOOD_OVER for count in per_slot.values()),
        slots=max(0, ceil((until - since) / SLOT)),
        takings=len(taken),
        returned=sum(span.note == "returned" for span in taken),
    )


# Ends of the bars in seconds, the last one open; silence has a bar of its own.
BARS = (60, 120, 300, 600, 1800, 3600)


def bars(found: Iterable[Span]) -> list[int]:
    """How many spans up to each end, how many longer, and last how many never came."""
    seconds = sorted(span.seconds for span in found if span.seconds is not None)
    below = [bisect_right(seconds, end) for end in BARS] + [bisect_left(seconds, inf), len(seconds)]
    return [high - low for low, high in pairwise([0, *below])]
