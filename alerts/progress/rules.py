"""How long one may wait, and who closes; pure."""

from alerts.emergencies.models import Emergency
from alerts.emergencies.rules import may_see
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader

# Minutes. A critical one is looked at again within the hour.
WAITS = (15, 60, 240, 1440)
WAITS_CRITICAL = (15, 60)


def waits(emergency: Emergency) -> tuple[int, ...]:
    """For how many minutes it may be put off."""
    return WAITS_CRITICAL if emergency.priority == 1 else WAITS


def may_close(reader: Reader, emergency: Emergency) -> bool:
    """A supervisor looks at the outcome once more."""
    return may_see(reader, emergency) and reader.role == Role.SUPERVISOR
