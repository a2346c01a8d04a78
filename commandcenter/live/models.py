"""Frame, AudienceHead, LogState."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models


class Frame(models.Model):
    """One event as one audience sees it. `body` is the exact text every socket gets."""

    audience = models.CharField(max_length=140)
    seq = models.BigIntegerField()
    prev = models.BigIntegerField()
    at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["audience", "seq"], name="frame_once_per_audience")]
        indexes: ClassVar = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.audience} #{self.seq}"


class AudienceHead(models.Model):
    """The newest seq an audience may see; it outlives the frames."""

    audience = models.CharField(max_length=140, primary_key=True)
    seq = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.audience} #{self.seq}"


class LogState(models.Model):
    """The log's one row of state: epoch, head of numbers and chain, the relay that holds it, the last sweep."""

    epoch = models.UUIDField(default=uuid.uuid4)
    head = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
    holder = models.CharField(max_length=80, blank=True, default="")
    holder_backend = models.IntegerField(null=True)
    beat_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)
    card_errors = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="log_state_is_one_row")]

    def __str__(self) -> str:
        return f"{self.epoch} #{self.head}"

    @classmethod
    def the(cls) -> "LogState":
        """The one row, made when missing."""
        state, _made = cls.objects.get_or_create(pk=1)
        return state

    def silent_for(self, at: datetime) -> float:
        """Seconds since the relay last said it is alive; infinite when it never did."""
        return (at - self.beat_at).total_seconds() if self.beat_at else float("inf")
