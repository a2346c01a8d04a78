"""Event: outbox, replay source and audit trail in one (architecture.md section 3)."""

from typing import ClassVar

from django.db import models


class Event(models.Model):
    """One thing that happened. The relay gives `seq` and `hash` once, after commit; nothing else ever changes."""

    seq = models.BigIntegerField(null=True, unique=True)
    hash = models.CharField(max_length=64, null=True)
    kind = models.CharField(max_length=40)
    object_type = models.CharField(max_length=20)
    object_id = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    topic = models.CharField(max_length=100)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    audiences = models.JSONField()
    withdrawn = models.JSONField(default=list)
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(seq__isnull=True), name="event_unnumbered"),
            models.Index(fields=["object_type", "object_id", "id"], name="event_of_object"),
            models.Index(fields=["exercise", "at"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return f"#{self.seq} {self.kind} {self.object_id}"
