"""Housekeeping of the live channel."""

from datetime import datetime, timedelta

from commandcenter.live.models import Frame

KEEP = timedelta(hours=24)


def drop_old_frames(at: datetime) -> int:
    """Frames older than 24 h go; events never. Returns how many went."""
    old = Frame.objects.filter(at__lt=at - KEEP).values_list("pk", flat=True)[:5000]
    return Frame.objects.filter(pk__in=list(old)).delete()[0]
