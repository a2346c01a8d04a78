"""`manage.py sweep`: do what time has made due, once (for cron) or again and again, where Celery is not wanted."""

import logging
import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection

from alerts.darkroom.working import develop_due
from commandcenter import sweep
from commandcenter.clock import now
from commandcenter.gateways.sending import DOORS, send_due

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """One sweep, or one every so many seconds."""

    help = "Do what is due. Any number of sweepers may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """The pause between two sweeps."""
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on until told to stop")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Sweep, send, and say how much moved."""
        pause = options["every"]
        if not pause:
            moved = sweep.run(now())
            sent = sum(send_due(channel) for channel in DOORS)
            examined = develop_due()
            self.stdout.write(f"{moved} rows moved, {sent} messages tried, {examined} media examined")
            return
        self.stopping = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        while not self.stopping:
            self._sweep()
            time.sleep(pause)

    def _stop(self, *_: Any) -> None:
        self.stopping = True

    def _sweep(self) -> None:
        try:
            sweep.sweep()
        except DatabaseError as error:
            log.warning("the sweep lost the database (%s); trying again", type(error).__name__)
            connection.close()
