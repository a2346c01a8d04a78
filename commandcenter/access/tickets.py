"""Tickets: the right to listen to one audience, signed, so that a socket joins without asking session or user.

A ticket is short and is given only to somebody whose right was just read from the database: with a page, and with a
heartbeat after each check of the open socket. So a withdrawn right ends with the last ticket (reliability.md L4).
"""

from django.core import signing

from commandcenter.access.reader import audience_name
from commandcenter.access.sockets import Grant

SECONDS = 60
SALT = "dcc.live.ticket"


def issue(grant: Grant) -> str:
    """The ticket of a right that holds now."""
    right = [grant.audience, grant.user_id, grant.auth_epoch, grant.session]
    return signing.dumps([*right, grant.device] if grant.device else right, salt=SALT)


def admit(ticket: str, exercise: str, wanted: str = "") -> Grant | None:
    """The right a ticket carries into this exercise ("" is live work); None when it is forged, old or another's.

    `wanted` is the audience asked for beside the ticket; "" leaves it to the ticket.
    """
    try:
        found = Grant(*signing.loads(ticket, salt=SALT, max_age=SECONDS))
    except signing.BadSignature:
        return None
    base = found.audience.removeprefix(audience_name("", exercise))
    if base.startswith("exercise:") or audience_name(base, exercise) != found.audience:
        return None
    return found if wanted in {"", found.audience} else None
