"""What time alone makes due for outgoing messages. Sending itself is not here: no network in the sweep."""

from datetime import datetime

from commandcenter.outbox.actions import end_lease, give_up
from commandcenter.outbox.queries import leases_ended, too_late


def end_leases(at: datetime) -> int:
    """Sendings of which nobody told in time what became. Returns how many moved."""
    return sum(end_lease(message_id=message_id, at=at) for message_id in leases_ended(at))


def give_up_late(at: datetime) -> int:
    """Messages that no gateway took while they mattered. Returns how many moved."""
    return sum(give_up(message_id=message_id, at=at) for message_id in too_late(at))
