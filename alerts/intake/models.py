"""The positions that a citizen's device streams."""

from typing import ClassVar

from django.db import models

from alerts.emergencies.models import Emergency


class EmergencyPosition(models.Model):
    """One position of the stream."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="positions")
    latitude = models.FloatField()
    longitude = models.FloatField()
    accuracy_m = models.FloatField(null=True)
    fixed_at = models.DateTimeField()
    source = models.CharField(max_length=12)
    received_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["emergency", "fixed_at"], name="position_once_per_fix"),
        ]

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.fixed_at:%F %T}"
