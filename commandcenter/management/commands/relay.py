"""`manage.py relay`: numbers the log and builds frames; any number of copies may run, one works."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from commandcenter import sweep
from commandcenter.clock import now
from commandcenter.live.models import LogState
from commandcenter.relay.ears import HeadPublisher, WakeListener
from commandcenter.relay.numbering import Relay, Step

log = logging.getLogger(__name__)
IDLE_SECONDS = 0.2
SWEEP_OVERDUE_SECONDS = 10.0
LOOK_AT_SWEEP_SECONDS = 5.0


class Command(BaseCommand):
    """The relay process."""

    help = "Number committed events, build frames, nudge the hubs."
    requires_system_checks: list[str] = []
    sweeper: threading.Thread | None = None

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run until told to stop."""
        # The relay's lock lives in its session: a connection of its own, never one from the pool (reliability.md S3).
        connection.settings_dict["OPTIONS"].pop("pool", None)
        self.stopping = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        relay, ear, publisher = Relay(), WakeListener(), HeadPublisher()
        looked = time.monotonic()
        while not self.stopping:
            step = self._step(relay)
            publisher.publish(relay.heads)
            if step is not Step.MOVED:
                ear.wait(IDLE_SECONDS)
            if step is not Step.WAITING and time.monotonic() - looked > LOOK_AT_SWEEP_SECONDS:
                looked = time.monotonic()
                self._sweep_if_overdue()

    def _stop(self, *_: Any) -> None:
        self.stopping = True

    def _step(self, relay: Relay) -> Step:
        try:
            return relay.step(now())
        except DatabaseError as error:
            log.warning("the relay lost the database (%s); trying again", type(error).__name__)
            relay.heads = {}
            relay.lost_connection()
            connection.close()
            time.sleep(IDLE_SECONDS)
            return Step.WAITING

    def _sweep_if_overdue(self) -> None:
        """Nobody swept for ten seconds: Celery or beat is gone, so the relay does it (reliability.md K4).

        In a thread of its own: numbering waits for no sweep, however much is due.
        """
        if self.sweeper is not None and self.sweeper.is_alive():
            return
        try:
            swept_at = LogState.the().swept_at
        except DatabaseError:
            log.exception("the last sweep is not known")
            return
        if swept_at is None or (now() - swept_at).total_seconds() > SWEEP_OVERDUE_SECONDS:
            self.sweeper = threading.Thread(target=_sweep, name="sweep", daemon=True)
            self.sweeper.start()


def _sweep() -> None:
    try:
        sweep.sweep()
    except DatabaseError:
        log.exception("the sweep failed")
    finally:
        connection.close()
