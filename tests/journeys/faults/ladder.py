"""The processes of the ladder runs: sweepers that are killed, and people who ask, repeat, open and answer.

`python -m tests.journeys.faults.ladder sweepers N` forks N sweepers (each the product's own `manage.py sweep`) and puts
a new one in the place of each that dies. `... people` does what its standard input says, at the test's moments.
"""

import json
import os
import sys
import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import AppConfig

PAUSE = "0.15"


def without_key() -> None:
    """Mutant: the same step planned twice is two steps."""
    from alerts.ladders.models import DueStep

    whole = DueStep.make_key
    DueStep.make_key = lambda self: f"{whole(self)}:{uuid.uuid4().hex[:8]}"  # type: ignore[method-assign]


def without_claim() -> None:
    """Mutant: a sweeper does whatever was due when it looked, and does not ask whether another one did it since."""
    from alerts.escalation import actions
    from alerts.ladders.models import DueStep

    def claim(*, at: datetime, pk: int) -> Any:
        return DueStep.objects.get(pk=pk)

    actions.claim = claim


MUTANTS = {"key": without_key, "claim": without_claim}


class LadderConfig(AppConfig):
    """Writes the history of each step that was done, and plants the mutant when one is named."""

    name = "tests.journeys.faults"
    label = "ladder_runs"

    def ready(self) -> None:
        """After every room is loaded."""
        mutant = os.environ.get("DCC_LADDER_MUTANT")
        if mutant:
            MUTANTS[mutant]()
        from alerts.escalation import actions
        from commandcenter import clock
        from commandcenter.gateways import sending

        # What is tried here is the ladder; its messages have a fault run of their own.
        sending.wake = lambda: None
        fire = actions.fire

        def told(*, at: datetime, pk: int) -> bool:
            done = fire(at=at, pk=pk)
            if done:
                with Path(os.environ["DCC_HISTORY"]).open("a") as history:
                    history.write(f"{pk} {clock.now().isoformat()}\n")
            return done

        actions.fire = told


def sweepers(count: int) -> None:
    """Fork and fork again; the parent never opens the database. Its output is the ids of those who live."""
    import django

    django.setup()
    from django.core.management import call_command

    living: set[int] = set()
    while True:
        while len(living) < count:
            child = os.fork()
            if not child:
                call_command("sweep", "--every", PAUSE)
                os._exit(0)
            living.add(child)
        print(json.dumps(sorted(living)), flush=True)
        gone, _status = os.wait()
        living.discard(gone)


def people() -> None:
    """Each line of the input is one act: its moment, what, and on which mission of which crisis."""
    import django

    django.setup()
    from commandcenter.clock import now

    for line in sys.stdin:
        act = json.loads(line)
        when = datetime.fromisoformat(act["at"])
        while now() < when:
            time.sleep(0.005)
        _act(act)
        print(act["at"], flush=True)


def _act(act: dict[str, Any]) -> None:
    from alerts.crises.models import Crisis
    from alerts.sitreps import actions
    from alerts.sitreps.models import ReportRequest
    from commandcenter.access.models import User
    from commandcenter.access.reader import reader_of
    from commandcenter.clock import now

    crisis = Crisis.objects.get(slug=act["crisis"])
    if act["what"] in {"ask", "repeat"}:
        actor = reader_of(User.objects.get(username="operator"))
        assert actor is not None
        actions.request_reports(actor=actor, at=now(), crisis=crisis, mission_codes=[act["mission"]])
        return
    officer = reader_of(User.objects.get(username=f"{act['mission']}-0"))
    request = ReportRequest.objects.select_related("crisis").get(crisis=crisis, mission=act["mission"])
    assert officer is not None
    if act["what"] == "open":
        actions.mark_opened(actor=officer, at=now(), request=request)
        return
    given = {"answer": "figures", "figures": {"wni.dead": (0, None)}, "as_of": now() - timedelta(seconds=5)}
    actions.file_report(actor=officer, at=now(), request=request, client_id=uuid.uuid4(), **given)  # type: ignore[arg-type]


if __name__ == "__main__":
    sweepers(int(sys.argv[2])) if sys.argv[1] == "sweepers" else people()
