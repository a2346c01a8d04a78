"""What the sweep does here each second: plan fresh P1, fire what is due, end alarms; once a minute look after all."""

import logging
import time
from datetime import datetime

from django.db import connection

from alerts.crowds.queries import Together, due_together
from alerts.escalation import actions
from alerts.ladders.queries import TURN, due

log = logging.getLogger(__name__)
# Of fifty steps, and of five hundred of crowds, in one sweep: more wait for the next.
MOST_TURNS = 20
REST_SECONDS = 0.005


def climb(at: datetime) -> int:
    """Fire what is due, fifty a turn. A step that raises stops no other: it is noted and tried again later."""
    moved = _climb_together(at)
    for _turn in range(MOST_TURNS):
        found = due(at)
        done = sum(_fired(pk, at) for pk in found)
        moved += done
        if len(found) < TURN or not done:
            break
        _let_others_write()
    return moved


def _climb_together(at: datetime) -> int:
    """Crowds first, many in one transaction, so that no other alarm waits behind them for its turn."""
    moved = 0
    for _turn in range(MOST_TURNS):
        done = sum(_fired_together(group, at) for group in due_together(at))
        moved += done
        if not done:
            break
    return moved


def _fired_together(group: Together, at: datetime) -> int:
    _let_others_write()
    try:
        return actions.fire_together(at=at, cell=group.cell, pks=group.steps)
    except Exception:
        log.exception("%s steps of a crowd raised; each has its own turn", len(group.steps))
        return 0


def _let_others_write() -> None:
    """SQLite has no queue of writers: one that never rests leaves the others trying (reliability.md S1)."""
    if connection.vendor == "sqlite":
        time.sleep(REST_SECONDS)


def _fired(pk: int, at: datetime) -> bool:
    try:
        return actions.fire(at=at, pk=pk)
    except Exception:
        log.exception("step %s raised", pk)
        actions.note_failure(at=at, pk=pk)
        return False


def plan_fresh(at: datetime) -> int:
    """Steps of P1 that just arrived."""
    return actions.plan_fresh(at=at)


def audit(at: datetime) -> int:
    """Open alarms without a step ahead. One that can't be restored stops no other; the sweep has then not finished."""
    lost, failed = actions.audit(at=at), 0
    for alarm in lost:
        try:
            actions.restore(at=at, alarm=alarm)
        except Exception:
            log.exception("%s could not be restored", alarm.subject.about)
            failed += 1
        _let_others_write()
    if failed:
        raise RuntimeError(f"{failed} of {len(lost)} lost alarms could not be restored")
    return len(lost)


def end_gone(at: datetime) -> int:
    """Alarms whose cause is gone."""
    return actions.end_gone(at=at)


def watch_floods(at: datetime) -> int:
    """Floods that begin and ebb."""
    return actions.watch_floods(at=at)
