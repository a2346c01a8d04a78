"""Turns on one machine: `bin/test` runs the suite on both databases at once, and a test judged by the clock stops both.

Tests hold the machine together; one marked `alone` holds it by itself. Who waits for it holds the gate, so that the
others' next tests queue behind it instead of passing it for ever. The folder is named in DCC_TURNS; without it
nobody else is there to wait for.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(*, alone: bool) -> Iterator[None]:
    """Hold the machine for one test, with others or alone."""
    folder = os.environ.get("DCC_TURNS")
    if not folder:
        yield
        return
    with Path(folder, "machine").open("a") as machine:
        with Path(folder, "gate").open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            fcntl.flock(machine, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
