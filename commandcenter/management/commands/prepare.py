"""`manage.py prepare`: what a server needs before it starts, in one process; what is up to date is not done again."""

import hashlib
import json
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from commandcenter.access.demo import accounts, open_demo_accounts
from commandcenter.clock import now
from missions.roster.demo import plan_demo_shifts

# htmx's extensions import a file that django-htmx does not ship, so they can't be hashed; no page uses them.
UNUSED_STATIC = ["django_htmx/ext/*"]


class Command(BaseCommand):
    """Migrations, static files, reference data and, with DCC_DEMO=1, the demonstration accounts and their shifts."""

    help = "Bring database, static files and reference data up to date; with DCC_DEMO=1 print the accounts."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do what is missing; progress goes to stderr, the accounts to stdout."""
        self.stderr.write(f"Database: {_database()}", self.style.NOTICE)
        self.memory = settings.VAR / "prepared.json"
        done = json.loads(self.memory.read_text()) if self.memory.exists() else {}
        wanted = {
            "code": _fingerprint("commandcenter", "missions", "alerts"),
            "static": _fingerprint("static", "requirements.txt", "commandcenter/static.py"),
            "reference": _fingerprint("missions") + _database(),
            "accounts": hashlib.sha256(f"{accounts()} {_database()}".encode()).hexdigest() if settings.DEMO else "",
        }
        if done.get("code") != wanted["code"]:
            self.check()  # among others: a view without a gate does not start
        fresh = self._migrate()
        if done.get("static") != wanted["static"] or not (settings.STATIC_ROOT / "staticfiles.json").exists():
            self._say("Collecting static files ...")
            call_command("collectstatic", interactive=False, clear=True, ignore_patterns=UNUSED_STATIC, verbosity=0)
        if fresh or done.get("reference") != wanted["reference"]:
            self._say("Loading reference data ...")
            told = StringIO()
            call_command("load_reference", stdout=told)
            self.stderr.write("\n".join(line for line in told.getvalue().splitlines() if not line.startswith(" ")))
        if settings.DEMO:
            self._accounts(made=done.get("accounts") == wanted["accounts"] and not fresh)
            plan_demo_shifts(at=now())
        self.memory.write_text(json.dumps(wanted))

    def _say(self, text: str) -> None:
        self.stderr.write(text, self.style.NOTICE)

    def _migrate(self) -> bool:
        """Whether anything had to be migrated; a database that was replaced counts as new."""
        executor = MigrationExecutor(connection)
        fresh = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if fresh:
            self._say("Migrating ...")
            call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        return fresh

    def _accounts(self, *, made: bool) -> None:
        """Print the demonstration accounts as a table; make them first, unless they are there."""
        rows = accounts() if made else open_demo_accounts()
        table = [("role", "user name", "password", "mission")]
        table += [(row.role, row.username, row.password, row.mission) for row in rows]
        widths = [max(len(row[column]) for row in table) for column in range(4)]
        for row in table:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  " + "  ".join(cells).rstrip())


def _database() -> str:
    """Where the data lives, without user and password."""
    if connection.vendor == "sqlite":
        return f"SQLite, {connection.settings_dict['NAME']}"
    known = connection.settings_dict
    return f"PostgreSQL, {known['HOST'] or 'local socket'}:{known['PORT'] or 5432}/{known['NAME']}"


def _fingerprint(*names: str) -> str:
    """Changes when one of these files, or one below these folders, was written."""
    known = hashlib.sha256()
    for name in names:
        top = settings.BASE_DIR / name
        files = sorted(top.rglob("*")) if top.is_dir() else [top]
        for path in files:
            if path.is_file() and "__pycache__" not in path.parts:
                stat = path.stat()
                known.update(f"{path.relative_to(settings.BASE_DIR)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return known.hexdigest()
