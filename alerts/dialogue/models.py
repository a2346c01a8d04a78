"""Line: a telephone number that officers wrote to about an emergency; its replies find the way back by it."""

from typing import ClassVar

from django.db import models

from alerts.emergencies.models import Emergency


class Line(models.Model):
    """One number of one emergency, E.164; `at` is when an officer last wrote to it by SMS."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="lines")
    number = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["number", "emergency"], name="line_once")]

    def __str__(self) -> str:
        return f"line of {self.emergency_id}"
