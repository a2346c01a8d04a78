"""Merging: this emergency is a duplicate of that one, from when until when. ToldApart: these two are not the same."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from alerts.emergencies.models import Emergency


class Merging(models.Model):
    """One merging, and its undoing. `told_at`: the holder of the other one told this citizen too that it is taken."""

    duplicate = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="mergings")
    into = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    parted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["duplicate"], condition=models.Q(parted_at__isnull=True), name="attached_to_one"
            ),
            models.CheckConstraint(condition=~models.Q(duplicate=models.F("into")), name="attached_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} in {self.into_id}"


class ToldApart(models.Model):
    """An officer looked at both and says that they are two; the lower key first."""

    first = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="told_apart_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="told_apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"
