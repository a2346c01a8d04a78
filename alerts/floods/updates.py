"""Positions, messages and media make way: what comes too fast stays on the telephone, which sends it again."""

from datetime import datetime
from time import monotonic

from django.utils.translation import gettext_lazy as _

from alerts.floods.limits import FOR_MESSAGES, updates
from alerts.floods.pressure import pressure
from commandcenter.problems import Refusal

SHED_SECONDS = 30


def let_in(what: str, emergency: str, update: str, at: datetime) -> None:
    """Refuses with the seconds to wait: 503 while requests for help need the room, 429 beyond six updates a minute.

    `update` names this one: the same one again is never counted. `what` is "message" or "position".
    """
    make_way(what)
    leave = 0 if what == "message" else FOR_MESSAGES
    if seconds := updates.wait(emergency, update, at.timestamp(), leave=leave):
        told = _("This is more than six updates in a minute. Keep this one; it is taken a little later.")
        raise Refusal("", told, status=429, code="busy", retry=seconds)


def make_way(what: str) -> None:
    """Refuses "media", a "position" or a "message" with 503 while requests for help need the room."""
    if pressure.sheds(what, monotonic()):
        told = _("Requests for help come first just now. Keep this; it is taken shortly.")
        raise Refusal("", told, status=503, code="unavailable", retry=SHED_SECONDS)
