"""What time alone makes due for silenced alarms."""

from datetime import datetime

from alerts.shelving.actions import unshelve_if_due
from alerts.shelving.queries import shelved_long_enough


def end_shelving(at: datetime) -> int:
    """Silenced alarms whose time is over sound again. Returns how many."""
    return sum(unshelve_if_due(emergency_id=emergency_id, at=at) for emergency_id in shelved_long_enough(at))
