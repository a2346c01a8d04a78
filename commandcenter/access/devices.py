"""Devices: a wall screen shows a token instead of a person. It may listen to the command centre, and nothing else."""

from django.conf import settings
from django.utils.crypto import salted_hmac

from commandcenter.access.models import WallScreen
from commandcenter.access.reader import audience_name

COOKIE = "__Host-wall" if settings.SECURE else "dcc_wall"
LONGEST_TOKEN = 100


def digest_of(secret: str) -> str:
    """What is stored of a code or a token."""
    return salted_hmac("dcc.wall", secret, algorithm="sha256").hexdigest()


def device_with(token: str, exercise: str) -> WallScreen | None:
    """The device that holds this token in this world; None when it is forged, revoked or another world's."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        return None
    return WallScreen.objects.filter(token=digest_of(token), exercise=exercise, revoked_at__isnull=True).first()


def audience_of(device: WallScreen) -> str:
    """What it listens to: the cards of the command centre, which hold no person (ux.md 3.3)."""
    return audience_name("dcc", device.exercise)
