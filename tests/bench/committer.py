"""A process of its own that commits events, as told on its standard input; answers with the moment after COMMIT.

make N          N requests for help by the real action; answers {"made": N}
event N         N events of existing emergencies in one transaction; answers {"at": CLOCK_MONOTONIC seconds}
burst R S B     R events a second for S seconds, B a transaction; answers {"moments": [[at, how many], ...]}
head            answers {"head": the last numbered seq of dcc}
"""

import json
import os
import sys
import time
import uuid
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commandcenter.settings")

django.setup()

from django.db import connection, transaction  # noqa: E402

from alerts.emergencies.models import Emergency  # noqa: E402
from alerts.intake.actions import Fix, Report, receive  # noqa: E402
from commandcenter.clock import now  # noqa: E402
from commandcenter.events.record import record  # noqa: E402
from commandcenter.live.frames import heads  # noqa: E402


def make(count: int) -> dict[str, Any]:
    """Emergencies by the real action."""
    for number in range(count):
        at = now()
        fix = Fix(22.3 + number % 90 / 1000, 114.1 + number % 80 / 1000, at, "gps", 25)
        report = Report(uuid.uuid4(), at, "panic", fix, message="Tolong", language="id")
        receive(report=report, at=at, exercise="")
    return {"made": count}


class Commits:
    """Events about the emergencies there are, in turn, for the command centre alone."""

    def __init__(self) -> None:
        self.numbers: list[tuple[str, int]] = []
        self.next = 0

    def commit(self, count: int) -> float:
        """Commit `count` events in one transaction; the moment after."""
        if not self.numbers:
            self.numbers = [(found.number, found.version) for found in Emergency.objects.order_by("pk")[:100]]
        with transaction.atomic():
            for _ in range(count):
                number, version = self.numbers[self.next % len(self.numbers)]
                self.next += 1
                record(
                    kind="emergency.noted",
                    object_id=number,
                    version=version + 1 + self.next // len(self.numbers),
                    at=now(),
                    actor=None,
                    audiences=["dcc"],
                )
        return time.monotonic()

    def burst(self, rate: int, seconds: float, batch: int) -> dict[str, Any]:
        """Commit at a steady rate; a late commit is made up for, never left out."""
        moments = []
        began = time.monotonic()
        for number in range(int(rate * seconds) // batch):
            time.sleep(max(0.0, began + number * batch / rate - time.monotonic()))
            moments.append((self.commit(batch), batch))
        return {"moments": moments}


def main() -> None:
    """Answer until standard input ends. The connection stays open: what is measured is a COMMIT, not a sign-in."""
    commits = Commits()
    orders = {
        "make": lambda count: make(int(count)),
        "event": lambda count: {"at": commits.commit(int(count))},
        "burst": lambda rate, seconds, batch: commits.burst(int(rate), float(seconds), int(batch)),
        "head": lambda: {"head": heads(["dcc"])["dcc"]},
    }
    connection.ensure_connection()
    print("{}", flush=True)
    for line in sys.stdin:
        order, *arguments = line.split()
        print(json.dumps(orders[order](*arguments)), flush=True)


if __name__ == "__main__":
    main()
