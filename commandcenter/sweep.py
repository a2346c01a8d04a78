"""The sweep: everything that time alone makes due. Beat wakes it each second; the relay runs it when nobody does."""

from collections.abc import Callable
from datetime import datetime

from celery import shared_task

from alerts.emergencies.tasks import return_untouched
from commandcenter.clock import now
from commandcenter.live.models import LogState
from commandcenter.live.tasks import drop_old_frames

DUE: tuple[Callable[[datetime], int], ...] = (return_untouched, drop_old_frames)


def run(at: datetime) -> int:
    """Do what is due at this moment; returns how many rows that moved."""
    moved = sum(work(at) for work in DUE)
    LogState.objects.filter(pk=1).update(swept_at=at)
    return moved


@shared_task
def sweep() -> None:
    """Celery's wake-up call."""
    run(now())
