"""Two suites on one machine: `bin/test` runs both databases at once; what they must agree on lies in DCC_TURNS.

Tests hold the machine together; one marked `alone`, judged by the clock, holds it by itself. Who waits for it holds the
gate, so that the others' next tests queue behind it instead of passing it for ever. A module marked `either` is run by
whichever suite comes to it first. Without DCC_TURNS nobody else is there.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = os.environ.get("DCC_TURNS", "")
_mine: set[str] = set()


def is_mine(module: str) -> bool:
    """Whether this suite runs this module: it does from the first time it asks before the other."""
    if not FOLDER or module in _mine:
        return True
    try:
        Path(FOLDER, f"{module}.taken").touch(exist_ok=False)
    except FileExistsError:
        return False
    _mine.add(module)
    return True


@contextmanager
def turn(*, alone: bool) -> Iterator[None]:
    """Hold the machine for one test, with others or alone."""
    if not FOLDER:
        yield
        return
    with Path(FOLDER, "machine").open("a") as machine:
        with Path(FOLDER, "gate").open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            fcntl.flock(machine, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
