"""Limits, and who may look; pure."""

from datetime import timedelta

from alerts.emergencies.models import Emergency
from alerts.emergencies.rules import may_see
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader

LARGEST_CHUNK = 4 * 1024 * 1024
LARGEST_FILE = 200 * 1024 * 1024
# Of one request for help; what is sent beyond these is refused in words.
MOST_FILES = 60
MOST_BYTES = 3 * 1024**3
# A sending nobody continued for so long is sealed as it is.
IDLE = timedelta(days=14)
LEASE = timedelta(minutes=6)
MOST_ATTEMPTS = 3
LINK_SECONDS = 60


def may_open(reader: Reader, emergency: Emergency) -> bool:
    """Copies: whoever sees the emergency."""
    return may_see(reader, emergency)


def may_open_original(reader: Reader, emergency: Emergency) -> bool:
    """Sealed originals: supervisors alone (reliability.md 3.8)."""
    return may_see(reader, emergency) and reader.role == Role.SUPERVISOR
