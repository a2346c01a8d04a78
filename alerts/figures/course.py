"""How one figure went over time: a step for each version, a gap where nobody knew it any more. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush

# A situation report is stale after an hour (ux.md 3.1): from then on the line stops until somebody says it again.
FRESH = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Step:
    """What was known from `at` on, true at `as_of`; None: it was taken back. `number`: its report or version."""

    at: datetime
    value: int | None
    high: int | None = None
    as_of: datetime | None = None
    number: int | None = None

    @property
    def until(self) -> datetime:
        """Until when it may still be called known; its own moment when it was old already."""
        if self.value is None or self.as_of is None:
            return self.at
        return max(self.at, self.as_of + FRESH)

    def says_as(self, other: "Step") -> bool:
        """Whether both say the same number."""
        return (self.value, self.high) == (other.value, other.high)


@dataclass(frozen=True, slots=True)
class Course:
    """Every version of one figure, oldest first."""

    steps: tuple[Step, ...] = ()

    def known(self, moment: datetime) -> Step | None:
        """The version that stood at a moment; None before the first."""
        return next((step for step in reversed(self.steps) if step.at <= moment), None)

    @property
    def changed_at(self) -> datetime | None:
        """Since when the newest number stands."""
        since = None
        for before, step in zip((None, *self.steps), self.steps, strict=False):
            if before is None or not step.says_as(before):
                since = step.at
        return since


NOTHING = Course()


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of one report: when it arrived, and when a correction replaced it (None: it stands)."""

    report: int
    as_of: datetime
    filed_at: datetime
    value: int
    high: int | None = None
    gone_at: datetime | None = None


def course_of(told: Iterable[Told]) -> Course:
    """The newest standing figure at each moment something arrived or was corrected; one source's figure alone."""
    ranked = sorted(told, key=lambda one: (one.as_of, one.report), reverse=True)
    arrivals: dict[datetime, list[int]] = defaultdict(list)
    gone: dict[datetime, list[int]] = defaultdict(list)
    for rank, figure in enumerate(ranked):
        arrivals[figure.filed_at].append(rank)
        if figure.gone_at is not None:
            gone[figure.gone_at].append(rank)
    newest: list[int] = []
    away: set[int] = set()
    steps: list[Step] = []
    for moment in sorted({*arrivals, *gone}):
        for rank in arrivals[moment]:
            heappush(newest, rank)
        away.update(gone[moment])
        while newest and newest[0] in away:
            heappop(newest)
        _append(steps, moment, ranked[newest[0]] if newest else None)
    return Course(tuple(steps))


def _append(steps: list[Step], moment: datetime, figure: Told | None) -> None:
    """A step, unless the figure that stood still stands."""
    if figure is None:
        fresh = Step(moment, None)
    else:
        fresh = Step(moment, figure.value, figure.high, figure.as_of, figure.report)
    if not steps or (steps[-1].number, steps[-1].value) != (fresh.number, fresh.value):
        steps.append(fresh)
