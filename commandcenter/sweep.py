"""The sweep: everything that time alone makes due. Beat wakes it each second; the relay runs it when nobody does."""

import logging
from collections.abc import Callable
from datetime import datetime

from celery import shared_task

from alerts.assigning.tasks import lapse_offers
from alerts.casepublic.tasks import forget_tries
from alerts.darkroom.tasks import end_idle_uploads
from alerts.darkroom.working import darkroom
from alerts.escalation.tasks import audit, climb, end_gone, plan_fresh, watch_floods
from alerts.hotline.tasks import leave_unfinished
from alerts.progress.tasks import return_untouched, return_waiting
from alerts.shelving.tasks import end_shelving
from alerts.team.tasks import start_procedures
from commandcenter.clock import now
from commandcenter.gateways import sending
from commandcenter.inbox.tasks import hand_over_waiting
from commandcenter.live.models import LogState
from commandcenter.live.tasks import drop_old_frames
from commandcenter.outbox.tasks import end_leases, give_up_late

log = logging.getLogger(__name__)
DUE: tuple[Callable[[datetime], int], ...] = (
    plan_fresh,
    climb,
    return_untouched,
    return_waiting,
    lapse_offers,
    end_shelving,
    leave_unfinished,
    start_procedures,
    audit,
    end_gone,
    watch_floods,
    drop_old_frames,
    end_leases,
    give_up_late,
    hand_over_waiting,
    forget_tries,
    end_idle_uploads,
)


def run(at: datetime) -> int:
    """Do what is due at this moment; returns how many rows that moved.

    One kind of work that raises stops no other, but such a sweep has not finished: the strip turns red in time.
    """
    moved, failed = 0, 0
    for work in DUE:
        try:
            moved += work(at)
        except Exception:
            log.exception("%s failed in the sweep", work.__name__)
            failed += 1
    if not failed:
        LogState.objects.filter(pk=1).update(swept_at=at)
    return moved


@shared_task
def sweep() -> None:
    """Celery's wake-up call, and the relay's when Celery is gone. Senders and darkroom have threads of their own."""
    sending.wake()
    darkroom.wake()
    run(now())
