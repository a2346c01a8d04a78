"""InboundMessage: what came in. Its sender and its text are personal data and stand nowhere else."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class InboundMessage(models.Model):
    """One message from outside, stored before anybody reads it; the same message again is the same row.

    `due_at` says that the handlers have not been asked to the end; `handler` took it, or a person closed it.
    """

    gateway = models.CharField(max_length=40)
    message_id = models.CharField(max_length=120)
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    sender = models.CharField(max_length=40)
    text = models.TextField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    handler = models.CharField(max_length=40, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gateway", "exercise", "message_id"], name="inbound_once_per_gateway")
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="inbound_to_hand_over"),
            models.Index(
                fields=["exercise", "received_at"], condition=models.Q(closed_at__isnull=True), name="inbound_open"
            ),
            models.Index(
                fields=["exercise", "closed_at"], condition=models.Q(closed_at__isnull=False), name="inbound_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """S-17."""
        return f"S-{self.pk}"

    @property
    def masked(self) -> str:
        """The sender for lists: its last three characters."""
        return f"•••{self.sender[-3:]}" if len(self.sender) > 5 else "•••"
