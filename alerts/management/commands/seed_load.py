"""manage.py seed_load: fills an empty database with up to millions of emergencies and their log, for measurements.

The rows are live work, not an exercise: benchmarks measure the live path, and nobody works with this database. That is
why it is never a demonstration's and never one that already holds anything. The log is written here and not by
events.record, so that it takes minutes and not hours; it is numbered, chained and framed as the relay does it.
"""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alerts.load.seed import RefusedError, refresh_statistics, seed
from commandcenter.clock import now


class Command(BaseCommand):
    """A load database."""

    help = "Fill an empty, throw-away database for measurements (never with DCC_DEMO=1)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many of each."""
        parser.add_argument("--emergencies", type=int, required=True)
        parser.add_argument("--events", type=int, help="default: five for each emergency")
        parser.add_argument("--open", type=float, default=0.01, help="share still open; from 2 up a number of rows")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill it, saying how far it is."""
        begun = time.monotonic()
        count, share = options["emergencies"], options["open"]
        events = options["events"] if options["events"] is not None else 5 * count
        still_open = round(share * count) if share <= 1 else int(share)
        try:
            seed(emergencies=count, events=events, still_open=still_open, at=now(), say=self._say)
        except RefusedError as error:
            raise CommandError(str(error)) from error
        refresh_statistics()
        self._say(f"{count:,} emergencies ({still_open:,} open), {events:,} events in {time.monotonic() - begun:.0f} s")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
