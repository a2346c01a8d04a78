"""Reads: the clocks that hold, what is due, what comes next, what a changed threshold would move."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from django.db.models import Q, QuerySet

from alerts.ladders.models import Clock, ClockChange, DueStep
from commandcenter.wording import language
from missions.countries.tables import read_table

REFERENCE = Path(__file__).parent / "reference"
TURN = 50


def clocks(ladder: str) -> list[Clock]:
    """The steps of a ladder in order. One whose row is missing holds as the project ships it: none goes silent."""
    stored = {clock.step: clock for clock in Clock.objects.filter(ladder=ladder)}
    shipped_ones = {clock.step: clock for clock in shipped() if clock.ladder == ladder}
    return sorted({**shipped_ones, **stored}.values(), key=lambda clock: (clock.position, clock.step))


def clock(ladder: str, step: str) -> Clock | None:
    """One step of a ladder."""
    return next((each for each in clocks(ladder) if each.step == step), None)


def after(ladder: str, step: str, until: datetime | None = None) -> timedelta:
    """How long after its start this step comes; with `until` as the threshold was then."""
    found = clock(ladder, step)
    if found is None:
        raise LookupError(f"no clock {ladder}.{step}")
    changed = changes_of(found).filter(at__gt=until).last() if until and found.pk else None
    return timedelta(seconds=changed.was) if changed else found.after


@cache
def shipped() -> tuple[Clock, ...]:
    """The clocks of the reference table, not stored."""
    return tuple(_clock(row) for row in read_table(REFERENCE / "clocks.csv"))


def _clock(row: dict[str, str]) -> Clock:
    numbers = {name: int(row[name]) if row[name] else None for name in ("position", "seconds", "repeat", "priority")}
    more = {"by_deadline": row["by_deadline"] == "1", "reviewed_on": date.fromisoformat(row["reviewed_on"])}
    return Clock(**{**row, **numbers, **more})


def due_steps(at: datetime) -> QuerySet[DueStep]:
    """The steps that are due, the oldest first."""
    ready = Q(after_failure__isnull=True) | Q(after_failure__lte=at)
    return DueStep.objects.filter(ready, done_at__isnull=True, due_at__lte=at).order_by("due_at", "id")


def due(at: datetime) -> list[int]:
    """The next of them: one turn of the sweep."""
    return list(due_steps(at).values_list("pk", flat=True)[:TURN])


def waiting(ladder: str, refs: Iterable[int]) -> QuerySet[DueStep]:
    """The steps still ahead of these objects, the next one first."""
    return DueStep.objects.filter(ladder=ladder, ref__in=list(refs), done_at__isnull=True).order_by("due_at", "id")


def moved_by(clock: Clock) -> QuerySet[DueStep]:
    """The open rows that a new threshold would move: first turns, for repeats keep their own pace."""
    return DueStep.objects.filter(ladder=clock.ladder, step=clock.step, turn=1, done_at__isnull=True)


def said(ladder: str, step: str) -> str:
    """What a step does, in the language of the page; its code when no clock has it any more."""
    found = next((each for each in shipped() if (each.ladder, each.step) == (ladder, step)), None)
    return (found.what_id if language() == "id" else found.what_en) if found else step


def clock_with(pk: int) -> Clock | None:
    """One stored threshold."""
    return Clock.objects.filter(pk=pk).first()


def changes_of(clock: Clock) -> QuerySet[ClockChange]:
    """Every change of a threshold with who made it, the newest first."""
    return ClockChange.objects.filter(clock=clock).select_related("by")


@dataclass(frozen=True, slots=True)
class Moved:
    """What another threshold would do to open rows: all of them move, and some are due at once."""

    rows: int
    at_once: int


def would_move(clock: Clock, seconds: int, at: datetime) -> Moved:
    """Count it; a threshold that stays moves nothing."""
    if seconds == clock.seconds:
        return Moved(moved_by(clock).count(), 0)
    late = moved_by(clock).filter(since__lte=at - timedelta(seconds=seconds))
    return Moved(moved_by(clock).count(), late.count())
