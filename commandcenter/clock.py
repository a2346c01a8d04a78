"""The clock. Views read it once and pass `at`; nothing below a view asks for the time."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment in UTC."""
    return timezone.now()
