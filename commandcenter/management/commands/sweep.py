"""`manage.py sweep`: do once what time has made due; for cron, where Celery is not wanted."""

from typing import Any

from django.core.management.base import BaseCommand

from commandcenter import sweep
from commandcenter.clock import now


class Command(BaseCommand):
    """One sweep."""

    help = "Do once what is due."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Sweep and say how much moved."""
        self.stdout.write(f"{sweep.run(now())} rows moved")
