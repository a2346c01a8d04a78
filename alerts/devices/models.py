"""Keys of devices, and presses that belong to an emergency which the same device opened shortly before."""

from typing import ClassVar

from django.db import models

from alerts.emergencies.models import Emergency, Nature


class DeviceKey(models.Model):
    """The public half of a key that cannot leave its browser (P-256). No address, no name: a key alone."""

    fingerprint = models.CharField(max_length=22, unique=True)
    public_key = models.CharField(max_length=87)
    registered_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.fingerprint


class RepeatedAlarm(models.Model):
    """A further press of the device that opened `emergency`: a row like any alarm, answered with that emergency."""

    client_id = models.UUIDField(unique=True)
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="repeats")
    pressed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    nature = models.CharField(max_length=20, choices=Nature.choices)
    country = models.CharField(max_length=2, blank=True, default="")
    place = models.CharField(max_length=120, blank=True, default="")
    phone = models.CharField(max_length=32, blank=True, default="")
    name = models.CharField(max_length=120, blank=True, default="")
    silent = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.received_at:%F %T}"
