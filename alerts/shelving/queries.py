"""Reads: which alarms are silent, whose time is over, and what came in lately (a flood is grouped)."""

from datetime import datetime

from alerts.emergencies.models import Emergency
from alerts.emergencies.queries import IS_OPEN, visible, with_country
from commandcenter.access.reader import Reader

MOST_ARRIVALS = 500


def shelved(reader: Reader) -> list[Emergency]:
    """Alarms that are silent for a while, for everybody to see: the first to sound again first."""
    found = with_country(visible(reader)).filter(shelved_until__isnull=False).prefetch_related("notes")
    return list(found.select_related("mission", "shelved_by").order_by("shelved_until", "pk"))


def shelved_long_enough(at: datetime) -> list[int]:
    """Those whose time is over."""
    return list(Emergency.objects.filter(shelved_until__lte=at).order_by("shelved_until").values_list("pk", flat=True))


def reason_of(emergency: Emergency) -> str:
    """Why its alarm is silent: the note that was written with it."""
    texts = [note.text for note in emergency.notes.all() if note.author_id == emergency.shelved_by_id]
    return texts[-1] if texts else ""


def arrivals(reader: Reader, since: datetime) -> list[tuple[datetime, float | None, float | None, str]]:
    """P1 and P2 that arrived since and are open: when and where. What decides whether this is a flood."""
    found = visible(reader).filter(IS_OPEN, priority__in=(1, 2), received_at__gt=since).order_by("received_at")
    return list(found.values_list("received_at", "latitude", "longitude", "country")[:MOST_ARRIVALS])
