"""DifferenceVerdict."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alerts.crises.models import Crisis
from alerts.figures.detectors import KINDS


class Verdict(models.TextChoices):
    """What a verifier says of a difference."""

    ACCEPTED = "accepted", pgettext_lazy("difference", "judged plausible")
    REOPENED = "reopened", _("opened again")


class DifferenceVerdict(models.Model):
    """One judgement by a named verifier; the newest version counts, history stays. `about` says who says what
    (`detectors.Difference.about`), so that it holds while both sides only repeat themselves."""

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="verdicts")
    about = models.CharField(max_length=240)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    key = models.CharField(max_length=24)
    first = models.PositiveIntegerField()
    second = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    verifier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=400)

    class Meta:
        ordering: ClassVar = ["crisis", "about", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["crisis", "about", "version"], name="difference_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.crisis_id} {self.about} v{self.version}"
