"""manage.py cells: counts the map's cells anew from the emergencies, after a restore or in doubt."""

from typing import Any

from django.core.management.base import BaseCommand

from alerts.cells.recount import recount


class Command(BaseCommand):
    """The repair of the map's counts."""

    help = "Count the cells of the map anew from the emergencies; says how many were wrong (0 is expected)."

    def handle(self, *args: Any, **options: Any) -> None:
        """One transaction: right before, right after."""
        self.stdout.write(f"{recount()} cells were wrong; all are counted anew.")
