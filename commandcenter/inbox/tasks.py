"""What time alone makes due for messages that came in."""

from datetime import datetime

from commandcenter.inbox.handing import hand_over
from commandcenter.inbox.queries import to_hand_over


def hand_over_waiting(at: datetime) -> int:
    """Messages whose process died before a handler saw them, or whose handler failed. Returns how many were taken."""
    return sum(bool(hand_over(message_id=message_id, at=at)) for message_id in to_hand_over(at))
