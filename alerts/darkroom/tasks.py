"""What time alone makes due for media."""

from datetime import datetime

from alerts.media.actions import end_idle
from alerts.media.queries import idle


def end_idle_uploads(at: datetime) -> int:
    """Sendings that nobody continued for two weeks are sealed as they are. Returns how many."""
    return sum(end_idle(media_id=media_id, at=at) for media_id in idle(at))
