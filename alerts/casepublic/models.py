"""CaseTry: somebody knocked at the applicant's door. Rows, so that every process counts the same."""

from typing import ClassVar

from django.db import models


class TryKind(models.TextChoices):
    """What is counted."""

    NUMBER = "number", "wrong answers for a number"
    ADDRESS = "address", "wrong answers from an address"
    NEW = "new", "new cases from an address"


class CaseTry(models.Model):
    """One try. `key` is a digest of what was typed, or of an address; both go when the window has passed."""

    kind = models.CharField(max_length=8, choices=TryKind.choices)
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "key", "at"], name="case_try"),
            models.Index(fields=["at"], name="case_try_old"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F %T}"
