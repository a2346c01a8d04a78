"""Reads of what came in."""

from datetime import datetime

from django.db.models import QuerySet

from commandcenter.access.reader import Reader
from commandcenter.inbox.models import InboundMessage

MOST = 50


def to_hand_over(at: datetime) -> list[int]:
    """Messages whose handlers have not been asked to the end, oldest first, at most fifty."""
    due = InboundMessage.objects.filter(due_at__lte=at)
    return list(due.order_by("due_at", "id").values_list("pk", flat=True)[:MOST])


def unread(reader: Reader) -> QuerySet[InboundMessage]:
    """Messages that nobody took, oldest first, without their text."""
    open_ones = InboundMessage.objects.filter(exercise=reader.exercise, closed_at=None)
    return open_ones.defer("text").order_by("received_at", "id")


def closed(reader: Reader) -> QuerySet[InboundMessage]:
    """Messages that a handler took or a person closed, newest first, without their text."""
    found = InboundMessage.objects.filter(exercise=reader.exercise, closed_at__isnull=False)
    return found.select_related("closed_by").defer("text").order_by("-closed_at", "-id")


def message_of(reader: Reader, message_id: int) -> InboundMessage | None:
    """One message with its text."""
    found = InboundMessage.objects.select_related("closed_by")
    return found.filter(pk=message_id, exercise=reader.exercise).first()
