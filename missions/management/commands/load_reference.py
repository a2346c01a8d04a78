"""Load the reference data that the project carries: countries, missions, consular areas, headcounts, clocks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from commandcenter.clock import now
from missions.countries.actions import load_countries, stamp_reference
from missions.countries.loaders import MORE
from missions.countries.tables import Changes
from missions.directory.actions import load_consular_areas, load_missions
from missions.headcounts.actions import load_headcounts

SHOWN = 20


class Command(BaseCommand):
    help = "Load the reference data (again); says what changed. Safe to repeat: a second run changes nothing."
    requires_system_checks = ()  # bin/run waits for this at every start

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="name every changed row, not only the first 20")

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        with transaction.atomic():
            loads = [load_countries(), load_missions(), load_consular_areas(), load_headcounts(at=at)]
            loads += [load(at) for load in MORE]
            total = sum(changes.count for changes in loads)
            if total:
                stamp_reference(at=at)
        for changes in loads:
            self._report(changes, limit=10_000 if options["all"] else SHOWN)
        self.stdout.write(f"{total} changes")

    def _report(self, changes: Changes, *, limit: int) -> None:
        counts = f"{len(changes.created)} created, {len(changes.updated)} updated, {len(changes.removed)} removed"
        self.stdout.write(f"{changes.table}: {counts}, {changes.unchanged} unchanged")
        for verb in ("created", "updated", "removed", "unknown"):
            names: list[str] = getattr(changes, verb)
            for name in names[:limit]:
                self.stdout.write(f"  {verb}: {name}")
            if len(names) > limit:
                self.stdout.write(f"  {verb}: and {len(names) - limit} more (--all names them)")
