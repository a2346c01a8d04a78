"""Mutants: the product with one safeguard removed. `python -m tests.journeys.faults.mutants` prints the table of kills.

Each is planted in every process of the fault run (settings of mutated.py), and at least one of its runs must fail.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.apps import AppConfig

from tests.journeys.running import ROOT


def without_idempotency_key() -> None:
    """Every post is a new emergency, whatever its client_id says."""
    from alerts.intake import actions
    from alerts.lane import application as lane

    original = actions.receive_many

    def anew(*, reports: Any, **rest: Any) -> Any:
        return original(reports=[replace(report, client_id=uuid4()) for report in reports], **rest)

    actions.receive_many = lane.receive_many = anew


def answer_before_commit() -> None:
    """The lane answers 201 while its transaction is still open."""
    from django.db import connection, transaction

    from alerts.lane import application as lane

    def work(self: Any) -> None:
        while requests := self._batch():
            with transaction.atomic():
                lane._deliver(requests, lane._replies([waiting.report for waiting in requests]))
                time.sleep(0.1)
            connection.close()

    lane.Lane._work = work  # type: ignore[method-assign]


def by_last_id() -> None:
    """The relay reads the outbox by `id > last`."""
    from commandcenter.events.models import Event
    from commandcenter.relay import numbering

    last = [0]
    number = numbering.Relay._number

    def numbered(self: Any, events: list[Event], *args: Any, **rest: Any) -> Any:
        last[0] = max(event.pk for event in events)
        return number(self, events, *args, **rest)

    def newer(**which: Any) -> Any:
        return Event.objects.filter(id__gt=last[0], **which)

    numbering.Relay._number = numbered  # type: ignore[method-assign]
    numbering.Event = SimpleNamespace(objects=SimpleNamespace(filter=newer), _meta=Event._meta)  # type: ignore[misc, assignment]


def without_relay_lock() -> None:
    """Every relay numbers, and none asks whether another one does."""
    from commandcenter.live.models import LogState
    from commandcenter.relay import numbering

    def hold(self: Any, _at: Any) -> bool:
        # The second check, inside the transaction, sees everybody as the holder; and nobody waits for the row.
        self.name = "anybody"
        LogState.the()
        LogState.objects.filter(pk=1).update(holder=self.name)
        return True

    numbering.Relay._take_hold = hold  # type: ignore[method-assign]
    numbering.LOCK = numbering.READ


def without_prev() -> None:
    """Frames don't say on which frame they stand."""
    from commandcenter.live import frames

    row = frames._row
    frames._row = lambda event, audience, _prev, card: row(event, audience, 0, card)  # type: ignore[assignment]


def nobody_looks() -> None:
    """The hub trusts its nudges: it never looks by itself, and the heartbeat's head is that of the start."""
    from commandcenter.sockets import hub

    hub.LOOK_SECONDS = hub.BLIND_SECONDS = 1e6


MUTANTS: dict[str, Callable[[], None]] = {
    "idempotency-key": without_idempotency_key,
    "answer-before-commit": answer_before_commit,
    "id-after-last": by_last_id,
    "relay-lock": without_relay_lock,
    "prev": without_prev,
    "head": nobody_looks,
}
RUNS = (
    ("idempotency-key", "test_a01"),
    ("idempotency-key", "test_a14"),
    ("answer-before-commit", "test_a01"),
    ("id-after-last", "test_a24"),
    # UNIQUE and the log's trigger stand behind this lock: two relays at once lose nothing, they only fail in turn.
    ("relay-lock", "test_numbering"),
    ("prev", "test_a06"),
    ("head", "test_a06"),
)


class MutantConfig(AppConfig):
    """Plants the mutant once every room is loaded."""

    name = "tests.journeys.faults"

    def ready(self) -> None:
        """Remove the safeguard."""
        MUTANTS[os.environ["DCC_MUTANT"]]()


def main(wanted: list[str]) -> int:
    """Run each mutant against its fault run; 1 when one survives."""
    survivors = 0
    for mutant, test in RUNS:
        if wanted and mutant not in wanted:
            continue
        env = {**os.environ, "DCC_MUTANT": mutant, "DJANGO_SETTINGS_MODULE": "tests.journeys.faults.mutated"}
        done = subprocess.run(
            ["bin/test", *map(str, (ROOT / "tests").rglob(f"{test}*.py"))],
            cwd=ROOT,
            env={"DCC_TEST_DB": "postgres"} | env,
            capture_output=True,
            text=True,
        )
        why = next((line[1:].strip() for line in done.stdout.splitlines() if line.startswith("E  ")), "")
        failed, broke = re.search(r"= .*\b\d+ failed", done.stdout), re.search(r"= .*\b\d+ error", done.stdout)
        # What could not even start kills nothing.
        verdict = "killed" if failed and not broke else "SURVIVED" if done.returncode == 0 else "NOT RUN"
        survivors += verdict != "killed"
        print(f"{mutant:<22} {test:<14} {verdict}  {why[:110]}", flush=True)
    return min(survivors, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
