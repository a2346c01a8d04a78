"""Reads: the situation of a crisis at one instant, from versions and the log, never from today's state."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime
from itertools import groupby

from alerts.answers.queries import five_answers
from alerts.crises.models import Crisis
from alerts.handling.queries import Entry
from alerts.logbook.queries import entries
from alerts.situation.shapes import Moment, Moments, Sheet
from alerts.verification.queries import matrix
from commandcenter.access.reader import Reader
from commandcenter.events.queries import history

AROUND = 20


def sheet(reader: Reader, crisis: Crisis, at: datetime, until: datetime | None = None) -> Sheet:
    """What the pages show at `at`; with `until` what they showed then."""
    then = crisis if until is None else as_it_stood(crisis, until)
    return Sheet(then, at, five_answers(reader, then, at, until), matrix(reader, then, until))


def as_it_stood(crisis: Crisis, until: datetime) -> Crisis:
    """A copy with the level it had, and open if it was."""
    then = copy(crisis)
    if then.stood_down_at is not None and then.stood_down_at > until:
        then.stood_down_at = None
    log = history("crisis", [crisis.slug], crisis.exercise)
    changed = log.filter(kind="crisis.level_changed", at__gt=until).first()
    if changed is not None:
        then.level = changed.data["was"]
    return then


def moments(reader: Reader, crisis: Crisis, at: datetime) -> Moments:
    """Every instant at which something changed, with what; and the steps before and after `at`."""
    told = sorted(entries(crisis, reader), key=lambda entry: entry.at, reverse=True)
    found = [Moment(moment, tuple(same), moment == at) for moment, same in _by_time(told)]
    later = [moment for moment in found if moment.at > at]
    before = [moment for moment in found if moment.at < at]
    here = [moment for moment in found if moment.at == at]
    around = (*later[-AROUND:], *here, *before[:AROUND])
    return Moments(around, before[0] if before else None, later[-1] if later else None, len(found))


def _by_time(told: list[Entry]) -> Iterable[tuple[datetime, Iterable[Entry]]]:
    return groupby(told, key=lambda entry: entry.at)
