"""Runs the press beside the server: one sheet at a time, with a time limit; what was printed once is kept."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commandcenter.brief import press

log = logging.getLogger(__name__)
PROGRAM = Path(press.__file__)
SECONDS = 30.0
MOST = 32
# The press gets what it needs to find its libraries and fonts, and none of the server's secrets.
PASSED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "FONTCONFIG_PATH")
WORDS: dict[int, str | Promise] = {
    press.MISSING: _("This server can't make a PDF: the Pango library is missing. The page itself has everything."),
    press.TOO_LONG: _("This does not fit on one page. The page itself has everything."),
}
SLOW = _("The PDF took too long. Try again; the page itself has everything.")
BROKEN = _("The PDF could not be made. The page itself has everything.")


class PressError(Exception):
    """No sheet; the sentence says why."""

    def __init__(self, words: str | Promise) -> None:
        super().__init__(str(words))
        self.words = words


class Press:
    """The sheets printed lately, by what they say. Who asks for one that is being printed waits for it."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.kept: OrderedDict[str, bytes] = OrderedDict()
        self.lock = threading.Lock()

    def sheet(self, key: str, layouts: Callable[[], Sequence[str]]) -> bytes:
        """The PDF for this key. Raises PressError."""
        known = self.kept.get(key)
        if known is not None:
            return known
        texts = layouts()
        _let_the_database_go()
        if not self.lock.acquire(timeout=self.seconds):
            raise PressError(SLOW)
        try:
            if key not in self.kept:
                self.kept[key] = printed(texts, self.seconds)
                while len(self.kept) > MOST:
                    self.kept.popitem(last=False)
            return self.kept[key]
        finally:
            self.lock.release()


def _let_the_database_go() -> None:
    """Whoever waits for the press holds no connection that others wait for."""
    if not connection.in_atomic_block:
        connection.close()


def printed(layouts: Sequence[str], seconds: float) -> bytes:
    """One page from the press. Raises PressError."""
    env = {name: os.environ[name] for name in PASSED if name in os.environ}
    command = [sys.executable, "-I", str(PROGRAM)]
    try:
        done = subprocess.run(  # noqa: S603 (our own program, nothing of the request in its command line)
            command, input=json.dumps(layouts).encode(), capture_output=True, env=env, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PressError(SLOW) from error
    if done.returncode != 0:
        log.error("the press ended with %s: %s", done.returncode, done.stderr.decode(errors="replace")[-2000:])
        raise PressError(WORDS.get(done.returncode, BROKEN))
    return done.stdout


the_press = Press()
