"""Reads of the log."""

from django.db.models import QuerySet

from commandcenter.events.models import Event


def history(object_type: str, object_ids: list[str], exercise: str = "") -> QuerySet[Event]:
    """What happened to these objects, oldest first."""
    found = Event.objects.filter(object_type=object_type, object_id__in=object_ids, exercise=exercise)
    return found.order_by("id")
