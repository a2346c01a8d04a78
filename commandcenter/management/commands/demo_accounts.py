"""`manage.py demo_accounts [--json]`: makes the demonstration accounts and prints them; only with DCC_DEMO=1."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commandcenter.access.demo import open_demo_accounts


class Command(BaseCommand):
    """Demonstration accounts."""

    help = "Make and print the demonstration accounts (DCC_DEMO=1 only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """--json for machines."""
        parser.add_argument("--json", action="store_true", help="print a JSON list")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make, then print."""
        try:
            made = open_demo_accounts()
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps([account.as_dict() for account in made], indent=1))
            return
        for account in made:
            self.stdout.write(f"{account.role:16} {account.username:20} {account.password:20} {account.mission}")
