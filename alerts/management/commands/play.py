"""manage.py play SCENARIO: plays a scenario file as an exercise against a running server."""

from argparse import ArgumentParser
from typing import Any

import pydantic
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from alerts.exercises.library import names, scenario
from alerts.playing.checking import Result
from alerts.playing.desk import Account, PlayError
from alerts.playing.player import Player
from commandcenter.access.demo import accounts
from commandcenter.clock import now

FASTEST, LONGEST = 100_000.0, 13


class Command(BaseCommand):
    """Exits 1 when a figure at the end is not the file's."""

    help = "Plays a scenario through the public API and the pages' own endpoints, as an exercise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The scenario's name, the speed, the server."""
        parser.add_argument("scenario", help=f"one of: {', '.join(names())}")
        parser.add_argument("--speed", type=float, default=60.0, help="scenario minutes a real minute (default 60)")
        parser.add_argument("--base-url", default=f"http://127.0.0.1:{settings.PORT}", help="default: %(default)s")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, then compare."""
        if not 0 < options["speed"] <= FASTEST:
            raise CommandError(f"--speed must be above 0 and at most {FASTEST:.0f}.")
        try:
            found = scenario(options["scenario"])
        except pydantic.ValidationError as error:
            raise CommandError(f"{options['scenario']}.json is broken: {error}") from error
        if found is None:
            raise CommandError(f"There is no scenario {options['scenario']}; there is: {', '.join(names())}.")
        people = [Account(one.role, one.username, one.password, one.mission) for one in accounts()]
        player = Player(
            found,
            people,
            base=options["base_url"].rstrip("/"),
            speed=options["speed"],
            say=self._say,
            clock=now,
        )
        try:
            results = player.play()
        except PlayError as error:
            raise CommandError(str(error)) from error
        self._table(results)
        wrong = [result.name for result in results if not result.is_ok]
        if wrong:
            raise CommandError(f"not as the file says: {', '.join(wrong)}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _table(self, results: list[Result]) -> None:
        """Numbers side by side; a sentence that is as the file says stands there once."""
        width = max(len(result.name) for result in results)
        self.stdout.write(f"{'figure':<{width}}  {'expected':>13}  {'got':>13}")
        for result in results:
            mark = "OK" if result.is_ok else "DIFFERS"
            both = f"{result.expected:>13}  {result.got:>13}"
            shown = result.got if result.is_ok and len(result.got) > LONGEST else both
            self.stdout.write(f"{result.name:<{width}}  {shown}  {mark}")
