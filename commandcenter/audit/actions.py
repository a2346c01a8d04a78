"""Writing the read-log."""

from datetime import datetime

from commandcenter.access.reader import Reader
from commandcenter.audit.models import ReadEntry


def log_read(*, actor: Reader, at: datetime, screen: str, object_id: str, reason: str = "") -> None:
    """Note that this person read this object's personal data on this screen."""
    ReadEntry.objects.create(
        at=at,
        reader_id=actor.user_id,
        role=actor.role,
        screen=screen,
        object_id=object_id,
        reason=reason,
        exercise=actor.exercise,
    )
