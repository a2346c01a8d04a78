"""The made-up years: when and where each emergency came, how far it got, and its events in the log's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alerts.emergencies.models import Nature, State
from alerts.load.spots import Spot, shares
from commandcenter.live.tasks import KEEP

YEARS = timedelta(days=730)
LAST = timedelta(hours=3)  # nothing is received later than this before the present, so that all acts lie in the past
BURSTS, BURST_SHARE, BURST_SPOTS, BURST_SECONDS = 24, 0.3, 3, 2 * 86400
NATURES = tuple(Nature.values)
NATURE_SHARES = (0.34, 0.16, 0.13, 0.07, 0.08, 0.09, 0.08, 0.05)
SECONDS_TO_STEP = {"opened": (15, 150), "taken": (5, 60), "noted": (60, 600), "resolved": (300, 3000)}
RECEIVED, OPENED, TAKEN, NOTED, RESOLVED = range(5)
KINDS = ("received", "opened", "taken", "noted", "resolved")


class TooFewEventsError(ValueError):
    """So many emergencies can't have so few events."""

    def __init__(self, least: int) -> None:
        super().__init__(f"--events must be at least {least}: every emergency has its own history.")


@dataclass(frozen=True, slots=True)
class Plan:
    """One array per column of the story; row i is the emergency with id i + 1. Times are whole seconds since 1970."""

    spots: Sequence[Spot]
    desks: Sequence[int]
    present: int
    spot: NDArray[Any]
    received: NDArray[Any]
    state: NDArray[Any]
    nature: NDArray[Any]
    desk: NDArray[Any]
    count: NDArray[Any]
    first: NDArray[Any]
    step: NDArray[Any]
    at: NDArray[Any]
    order: NDArray[Any]


def plan(*, emergencies: int, events: int, still_open: int, spots: list[Spot], desks: list[int], at: datetime) -> Plan:
    """The whole story; the same numbers give the same story. Raises TooFewEventsError."""
    random = np.random.default_rng(2026)
    present = int(at.timestamp())
    received, spot = _moments(random, emergencies, spots, present)
    # The newest are open; none is merely taken, for the first sweep would return those to the queue.
    state = np.full(emergencies, State.RESOLVED, dtype="<U12")
    newest = slice(emergencies - still_open, emergencies)
    state[newest] = np.where(random.random(still_open) < 0.4, State.NEW, State.IN_ACTION)
    count = _counts(state, events)
    first = np.concatenate(([0], np.cumsum(count)[:-1]))
    step = _steps(state, count, first)
    moments = _times(random, received, count, first, step, present)
    return Plan(
        spots=spots,
        desks=desks,
        present=present,
        spot=spot,
        received=received,
        state=state,
        nature=random.choice(len(NATURES), emergencies, p=NATURE_SHARES),
        desk=random.integers(0, len(desks), emergencies),
        count=count,
        first=first,
        step=step,
        at=moments,
        order=np.lexsort((step, moments)),
    )


def _moments(random: np.random.Generator, n: int, spots: list[Spot], present: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """When and where: most of them evenly over two years, and bursts of two days at a few spots each."""
    last = present - int(LAST.total_seconds())
    start = present - int(YEARS.total_seconds())
    received = random.integers(start, last, n)
    spot = random.choice(len(spots), n, p=shares(spots))
    in_burst = np.flatnonzero(random.random(n) < BURST_SHARE)
    burst = random.integers(0, BURSTS, len(in_burst))
    begins = random.integers(start, last - BURST_SECONDS - int(KEEP.total_seconds()), BURSTS)
    received[in_burst] = begins[burst] + random.exponential(BURST_SECONDS / 6, len(in_burst)).clip(0, BURST_SECONDS)
    places = random.choice(len(spots), (BURSTS, BURST_SPOTS), p=shares(spots))
    spot[in_burst] = places[burst, random.integers(0, BURST_SPOTS, len(in_burst))]
    order = np.argsort(received, kind="stable")
    return received[order], spot[order]


def _counts(state: NDArray[Any], events: int) -> NDArray[Any]:
    """Events of each: what its state needs, and the rest as notes on those that were worked."""
    count: NDArray[Any] = np.where(state == State.NEW, 1, 4)
    worked = np.flatnonzero(state != State.NEW)
    spare = events - int(count.sum())
    if spare < 0 or (spare and not len(worked)):
        raise TooFewEventsError(int(count.sum()))
    if len(worked):
        count[worked] += spare // len(worked)
        count[worked[: spare % len(worked)]] += 1
    return count


def _steps(state: NDArray[Any], count: NDArray[Any], first: NDArray[Any]) -> NDArray[Any]:
    place = np.arange(int(count.sum())) - np.repeat(first, count)
    step: NDArray[Any] = np.minimum(place, NOTED)
    done = state == State.RESOLVED
    step[(first + count - 1)[done]] = RESOLVED
    return step


def _times(
    random: np.random.Generator,
    received: NDArray[Any],
    count: NDArray[Any],
    first: NDArray[Any],
    step: NDArray[Any],
    present: int,
) -> NDArray[Any]:
    gap = np.zeros(len(step), dtype=np.int64)
    for code, name in enumerate(KINDS[1:], 1):
        chosen = step == code
        gap[chosen] = random.integers(*SECONDS_TO_STEP[name], int(chosen.sum()))
    run = np.cumsum(gap)
    since = run - np.repeat(run[first], count)
    moments: NDArray[Any] = np.minimum(np.repeat(received, count) + since, present)
    return moments
