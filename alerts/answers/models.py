"""LastSeen."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from alerts.crises.models import Crisis


class LastSeen(models.Model):
    """When a person last had a crisis' answers on the screen, and when the visit before ended (None: the first)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    crisis = models.ForeignKey(Crisis, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "crisis"], name="last_seen_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.crisis_id} {self.seen_at:%F %T}"
