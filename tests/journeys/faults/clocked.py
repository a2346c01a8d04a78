"""Settings of a process whose clock the test holds: DCC_CLOCK names a file with the seconds it is ahead."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from commandcenter import clock

_real = clock.now


def now() -> datetime:
    """The test's moment. Before any room is loaded, so that all of them read this clock."""
    return _real() + timedelta(seconds=float(Path(os.environ["DCC_CLOCK"]).read_text()))


clock.now = now

from commandcenter.settings import *  # noqa: E402, F403
from commandcenter.settings import INSTALLED_APPS  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "tests.journeys.faults.ladder.LadderConfig"]
