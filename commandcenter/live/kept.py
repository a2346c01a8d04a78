"""What many screens ask for at once is made once for a moment: while the log stands still, and for two seconds at most.

A page shows what events have changed, and ages. The log's stamp tells moments apart, so a page is never older than an
act that was committed before it was asked for; ages run on in the browser from their own time (static/js/ui/clock.js).
"""

import secrets
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from commandcenter.access.reader import Reader
from commandcenter.live import frames

SECONDS = 2.0
MOST = 200


def hole(name: str) -> str:
    """A place in a kept text that each request fills anew; nobody outside this process can write one."""
    return f"[{SECRET}:{name}]"


SECRET = secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Kept:
    """A text with holes, and what else its maker wants to remember; `stamp` and `at` say what it is true of."""

    stamp: tuple[object, ...]
    at: datetime
    begun: float
    text: str
    more: Any = None

    def filled(self, request: HttpRequest, **holes: str) -> SafeString:
        """The text for this request: its own token in the forms, and the other holes by name."""
        text = self.text.replace(hole("csrf"), get_token(request))
        for name, value in holes.items():
            text = text.replace(hole(name), value)
        return mark_safe(text)  # noqa: S308 (rendered by templates, which escape)


Made = tuple[Mapping[str, Any], Any]


class Shelf:
    """One text for each key. Who asks while one is being made waits, and takes the next with all who wait with him."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self.locks: dict[Hashable, threading.Lock] = defaultdict(threading.Lock)

    def get(self, key: Hashable, at: datetime, make: Callable[[], tuple[str, Any]]) -> Kept:
        """The kept text, or a new one when something was committed since, or it is too old."""
        asked = time.monotonic()
        with self.locks[key]:
            kept = self.kept.get(key)
            # What was begun after we asked knows everything that was committed before we asked.
            if kept is None or kept.begun < asked:
                begun, stamp = time.monotonic(), frames.stamp()
                if kept is None or kept.stamp != stamp or not 0 <= (at - kept.at).total_seconds() <= SECONDS:
                    kept = self.kept[key] = Kept(stamp, at, begun, *make())
                    self._trim()
            return kept

    def _trim(self) -> None:
        while len(self.kept) > MOST:
            key, _ = self.kept.popitem(last=False)
            self.locks.pop(key, None)


shelf = Shelf()


def panel(
    request: HttpRequest, reader: Reader, at: datetime, template: str, make: Callable[[], Made], *, own: bool = False
) -> Kept:
    """A template rendered for everybody of the reader's audience and role at this address; `own`: for the reader alone.

    The template must show nothing that differs between two readers of one role, except through holes.
    """
    whose = reader.user_id if own else None
    key = (template, reader.exercise, reader.role, reader.mission, whose, request.get_full_path(), get_language())

    def rendered() -> tuple[str, Any]:
        context, more = make()
        return render_to_string(template, {**context, "csrf_token": hole("csrf")}, request), more

    return shelf.get(key, at, rendered)
