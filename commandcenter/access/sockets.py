"""Which socket may hear what, and whether that is still true."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.db import connection
from django.utils.crypto import salted_hmac

from commandcenter.access.devices import audience_of, device_with
from commandcenter.access.models import Membership, User, WallScreen
from commandcenter.access.reader import audiences_of, reader_of
from commandcenter.clock import now

# By hand: every pull with a ticket asks it.
HOLDS = f"""
    SELECT 1 FROM {User._meta.db_table} AS person
    JOIN {Membership._meta.db_table} AS member ON member.user_id = person.id
    WHERE person.id = %s AND person.auth_epoch = %s AND person.is_active
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Grant:
    """One socket's right, as it was when it was last read; `session` is a digest: a ticket must not hold a cookie.

    A wall screen's has its `device` and nobody's id; its `session` is a digest of what is stored of its token.
    """

    audience: str
    user_id: int
    auth_epoch: int
    session: str
    device: int = 0


def digest(session_key: str) -> str:
    """What a grant knows of a session."""
    return salted_hmac("dcc.live.session", session_key, algorithm="sha256").hexdigest()[:32]


def grant(user: User, session_key: str, exercise: str, wanted: str) -> Grant | None:
    """The right to listen to `wanted` ("" = the person's own audience); None when there is none."""
    reader = reader_of(user, exercise)
    if reader is None or not session_key:
        return None
    audiences = audiences_of(reader)
    audience = wanted or (audiences[0] if audiences else "")
    if not audience or audience not in audiences:
        return None
    return Grant(audience, user.pk, user.auth_epoch, digest(session_key))


def grant_of_device(device: WallScreen) -> Grant:
    """The right of a wall screen."""
    return Grant(audience_of(device), 0, 0, digest(device.token or ""), device.pk)


def device_grant(token: str, exercise: str, wanted: str) -> Grant | None:
    """The right of whoever shows this token; None when there is none to `wanted`."""
    device = device_with(token, exercise)
    return grant_of_device(device) if device and wanted in {"", audience_of(device)} else None


def holds(grant: Grant) -> bool:
    """Whether person, role and mission are unchanged; the session is left to `still_granted`."""
    if grant.device:
        return grant in _devices_granted([grant])
    with connection.cursor() as cursor:
        cursor.execute(HOLDS, [grant.user_id, grant.auth_epoch])
        return cursor.fetchone() is not None


def still_granted(grants: Iterable[Grant]) -> set[Grant]:
    """Those whose session lives and whose person, role and mission are unchanged."""
    asked = set(grants)
    devices = _devices_granted([grant for grant in asked if grant.device])
    asked = {grant for grant in asked if not grant.device}
    users = {grant.user_id for grant in asked}
    epochs = dict(User.objects.filter(pk__in=users, is_active=True).values_list("pk", "auth_epoch"))
    members = set(Membership.objects.filter(user_id__in=users).values_list("user_id", flat=True))
    alive = {digest(key) for key in Session.objects.filter(expire_date__gt=now()).values_list("session_key", flat=True)}
    return devices | {
        grant
        for grant in asked
        if grant.session in alive and grant.user_id in members and epochs.get(grant.user_id) == grant.auth_epoch
    }


def _devices_granted(grants: list[Grant]) -> set[Grant]:
    """Those whose device was not revoked and still has the token it had; without devices nothing is asked."""
    keys = {grant.device for grant in grants}
    found = WallScreen.objects.filter(pk__in=keys, revoked_at__isnull=True) if keys else []
    return {grant_of_device(device) for device in found} & set(grants)
