"""Reads about exercises."""

from django.db.models import QuerySet

from alerts.exercises.models import Exercise


def by_slug(slug: str) -> Exercise | None:
    """The exercise at this address."""
    return Exercise.objects.filter(slug=slug).first()


def running() -> list[Exercise]:
    """Exercises that go on, the newest first."""
    return list(Exercise.objects.filter(ended_at__isnull=True).select_related("started_by").order_by("-started_at"))


def ended() -> QuerySet[Exercise]:
    """Exercises that were ended, the newest first."""
    return Exercise.objects.filter(ended_at__isnull=False).select_related("started_by").order_by("-ended_at", "-pk")
