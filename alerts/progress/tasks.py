"""What time alone makes due for emergencies."""

from datetime import datetime

from alerts.progress.actions import return_if_due, return_if_untouched
from alerts.progress.queries import taken_without_action, waited_long_enough


def return_untouched(at: datetime) -> int:
    """Emergencies taken ten minutes ago without a logged action go back to the queue. Returns how many."""
    return sum(return_if_untouched(emergency_id=emergency_id, at=at) for emergency_id in taken_without_action(at))


def return_waiting(at: datetime) -> int:
    """Emergencies that have waited as long as was said go back to the queue. Returns how many."""
    return sum(return_if_due(emergency_id=emergency_id, at=at) for emergency_id in waited_long_enough(at))
