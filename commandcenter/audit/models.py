"""ReadEntry (domain.md rule 16)."""

from typing import ClassVar

from django.db import models


class ReadEntry(models.Model):
    """One reading of personal data."""

    at = models.DateTimeField()
    reader_id = models.BigIntegerField()
    role = models.CharField(max_length=20)
    screen = models.CharField(max_length=60)
    object_id = models.CharField(max_length=120)
    reason = models.CharField(max_length=200, blank=True, default="")
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["object_id", "at"]), models.Index(fields=["reader_id", "at"])]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.reader_id} {self.screen} {self.object_id}"
