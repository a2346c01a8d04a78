"""What time alone makes due for emergencies."""

from datetime import datetime

from alerts.emergencies.actions import return_if_untouched
from alerts.emergencies.queries import taken_without_action


def return_untouched(at: datetime) -> int:
    """Emergencies taken ten minutes ago without a logged action go back to the queue. Returns how many."""
    return sum(return_if_untouched(emergency_id=emergency_id, at=at) for emergency_id in taken_without_action(at))
