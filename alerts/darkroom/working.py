"""The darkroom's worker: a thread beside the sweep that takes one file after the other; rows say who has what.

Any number of processes may have one. A file takes minutes where the sweep has a second, so nothing waits for it.
"""

import atexit
import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError, close_old_connections, connection

from alerts.darkroom.examining import examine
from alerts.media import actions, queries, store
from alerts.media.models import MediaFile
from commandcenter.clock import now

log = logging.getLogger(__name__)
MOST = 20


def develop_due(*, clock: Callable[[], datetime] = now, stop: Callable[[], bool] = lambda: False) -> int:
    """Examine what is due, one after the other. Returns how many were settled."""
    done = 0
    while done < MOST and not stop() and queries.is_due(clock()):
        media = actions.take_next(at=clock())
        if media is None:
            break
        done += _one(media, clock)
    return done


def _one(media: MediaFile, clock: Callable[[], datetime]) -> int:
    try:
        examined = examine(media)
    except Exception as error:  # noqa: BLE001 - one file must not stop the others; it is tried again after its lease
        # Not the error's text: it may quote what is in the file.
        log.error("media %s can't be examined (%s, try %s)", media.pk, type(error).__name__, media.attempts)  # noqa: TRY400
        return 0
    settled = actions.settle(media=media, examined=examined, at=clock())
    if settled:
        store.forget_plain(media.key)
    return int(settled)


def tidy() -> int:
    """Unsealed files that nothing needs any more, left by a process that died between two steps. Returns how many."""
    lying = store.plain_keys()
    gone = set(lying) - queries.needed_plain(lying)
    for key in gone:
        store.forget_plain(key)
    return len(gone)


class Darkroom:
    """The thread of this process; it starts with the first call."""

    def __init__(self) -> None:
        self.due = threading.Event()
        self.closing = False
        self.thread: threading.Thread | None = None
        self.lock = threading.Lock()

    def wake(self) -> None:
        """Look now; never waits."""
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.closing = False
                self.thread = threading.Thread(target=self._run, name="darkroom", daemon=True)
                self.thread.start()
        self.due.set()

    def close(self) -> None:
        """Begin no other file: what is on its way is tried again after its lease, by whoever looks."""
        self.closing = True
        self.due.set()

    def _run(self) -> None:
        tidied = False
        while not self.closing:
            self.due.wait()
            self.due.clear()
            try:
                if not tidied:
                    tidy()
                    tidied = True
                while develop_due(stop=lambda: self.closing) >= MOST:
                    close_old_connections()
            except DatabaseError as error:
                log.warning("the darkroom lost the database (%s); the next look goes on", type(error).__name__)
            finally:
                connection.close()


darkroom = Darkroom()
atexit.register(darkroom.close)
