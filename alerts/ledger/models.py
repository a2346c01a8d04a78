"""OfficialFigure."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from alerts.crises.models import Crisis
from alerts.sitreps.models import FIGURE_KEYS, ReportedFigure


class OfficialFigure(models.Model):
    """One choice by a named verifier; the newest version of a key counts, history stays. Null `chosen` withdraws it."""

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="official")
    key = models.CharField(max_length=24, choices=[(key, key) for key in FIGURE_KEYS])
    version = models.PositiveIntegerField()
    chosen = models.ForeignKey(ReportedFigure, null=True, on_delete=models.PROTECT, related_name="chosen_as")
    verifier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=400)

    class Meta:
        ordering: ClassVar = ["crisis", "key", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["crisis", "key", "version"], name="official_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.crisis_id} {self.key} v{self.version}"
