"""What time alone makes due for calls."""

from datetime import datetime

from alerts.hotline.actions import leave
from alerts.hotline.queries import left


def leave_unfinished(at: datetime) -> int:
    """Calls that stopped ringing without a word, and drafts nobody came back to, are to be called back."""
    return sum(leave(at=at, call_id=call_id) for call_id in left(at))
