"""What may follow what, when a message is tried again and when nobody needs it any more (pure)."""

import re
from datetime import datetime, timedelta

from commandcenter.access.models import MISSION, Role
from commandcenter.access.reader import Reader
from commandcenter.outbox.models import E164, FICTITIOUS, Delivery, Reason

LEASE = timedelta(seconds=30)
# When a gateway does not take a message: seconds until the next try; the last one again and again.
PAUSES = (5, 15, 30, 60, 120, 300)
# A night's text helps in the morning; "report now" does not.
KEPT = {True: timedelta(hours=24), False: timedelta(hours=2)}
# Failures in a row after which a gateway is left alone, and for how long.
FAILURES, REST = 3, timedelta(seconds=30)
MOST_DEVICES = 10
CODE = re.compile(r"[A-Za-z0-9:/_.-]*")
OPEN = (Delivery.QUEUED, Delivery.SENDING, Delivery.UNKNOWN)
# What a gateway's receipt may change. Before "accepted" it comes where the receipt overtakes the answer or the sender
# died; what the person has can't be undone by a later word, nor may a failed first try stop a second one.
RECEIPTS: dict[Delivery, frozenset[Delivery]] = {
    Delivery.ACCEPTED: frozenset({Delivery.SENDING, Delivery.UNKNOWN}),
    Delivery.DELIVERED: frozenset({Delivery.QUEUED, Delivery.SENDING, Delivery.ACCEPTED, Delivery.UNKNOWN}),
    Delivery.FAILED: frozenset({Delivery.SENDING, Delivery.ACCEPTED, Delivery.UNKNOWN}),
}
HOLDERS = frozenset({*MISSION, Role.OPERATOR, Role.SUPERVISOR, Role.VERIFIER})


def follows(told: Delivery, state: str, attempts: int) -> bool:
    """Whether a receipt that says `told` may change a message in this state; one never tried has no receipt."""
    return attempts > 0 and state in RECEIPTS.get(told, frozenset())


def pause(attempts: int) -> timedelta:
    """How long to wait after so many tries."""
    return timedelta(seconds=PAUSES[min(attempts, len(PAUSES)) - 1])


def is_too_late(made_at: datetime, at: datetime, *, life_safety: bool) -> bool:
    """Whether it no longer helps anybody."""
    return at - made_at > KEPT[life_safety]


def telephone_trouble(number: str, *, simulated: bool) -> Reason | None:
    """Why a text can't go to this number; None when it can."""
    if not number:
        return Reason.NO_ADDRESS
    if not E164.fullmatch(number):
        return Reason.BAD_ADDRESS
    return Reason.FICTITIOUS if number.startswith(FICTITIOUS) and not simulated else None


def is_path(url: str) -> bool:
    """Whether this opens a page of this site and of no other."""
    return not url or (url.startswith("/") and not url.startswith("//") and "\\" not in url)


def may_work(actor: Reader) -> bool:
    """Who calls people and decides what becomes of a message that may have been sent."""
    return actor.is_dcc


def may_hold_devices(actor: Reader) -> bool:
    """Whom push messages reach: mission officers and the command centre."""
    return actor.role in HOLDERS
