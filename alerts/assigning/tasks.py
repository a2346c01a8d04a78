"""What time alone makes due for offers."""

from datetime import datetime

from alerts.assigning.actions import lapse_if_due
from alerts.assigning.queries import not_accepted


def lapse_offers(at: datetime) -> int:
    """Offers that nobody took up in time: back in the queue. Returns how many."""
    return sum(lapse_if_due(emergency_id=emergency_id, at=at) for emergency_id in not_accepted(at))
