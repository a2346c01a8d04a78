"""Headcount (jumlah WNI): one dated estimate from one source; never overwritten, never summed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from missions.countries.models import Country, spoken
from missions.directory.models import Mission


class Estimator(models.TextChoices):
    """The way a number came about. Numbers of different estimators do not mean the same thing."""

    REGISTERED = "registered", _("Self-registered or recorded at a mission")
    ESTIMATE = "estimate", _("Estimate")
    VOTERS = "voters", _("Electoral roll")
    MIGRANT_STOCK = "migrant_stock", _("Born in Indonesia (UN DESA)")
    FLOW = "flow", _("Labour placements in a period")


class Scope(models.TextChoices):
    WORLD = "world", _("whole world")
    REGION = "region", _("region")
    COUNTRY = "country", _("country")
    MISSION = "mission", _("mission's area")


class DatePrecision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class Headcount(models.Model):
    """One estimate as one source gave it on one date. A newer one is a new row."""

    country = models.ForeignKey(Country, null=True, blank=True, on_delete=models.PROTECT, related_name="headcounts")
    mission = models.ForeignKey(Mission, null=True, blank=True, on_delete=models.PROTECT, related_name="headcounts")
    estimator = models.CharField(max_length=20, choices=Estimator.choices)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    value = models.PositiveIntegerField(null=True, blank=True)
    low = models.PositiveIntegerField(null=True, blank=True)
    high = models.PositiveIntegerField(null=True, blank=True)
    what_id = models.CharField(max_length=200, blank=True, help_text="what was counted")
    what_en = models.CharField(max_length=200, blank=True)
    as_of = models.DateField()
    as_of_text = models.CharField(max_length=60, help_text="the date as the source gave it")
    as_of_precision = models.CharField(max_length=5, choices=DatePrecision.choices)
    source = models.CharField(max_length=200)
    url = models.CharField(max_length=400, blank=True)
    note_id = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField()
    key = models.CharField(max_length=64, unique=True, help_text="hash of what makes the row itself: it loads once")

    class Meta:
        ordering: ClassVar[list[str]] = ["country_id", "estimator", "-as_of", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="headcount_by_country", fields=["country", "estimator", "-as_of"])
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="headcount_says_something",
                condition=Q(value__isnull=False) | Q(low__isnull=False, high__isnull=False),
            ),
            models.CheckConstraint(
                name="headcount_range_ordered", condition=Q(low__isnull=True) | Q(high__gte=models.F("low"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id or self.mission_id or self.scope} {self.estimator} {self.as_of_text}"

    @property
    def note(self) -> str:
        """Return the note in the active language."""
        return spoken(self.note_id, self.note_en)

    @property
    def what(self) -> str:
        """Return what was counted, in the active language."""
        return spoken(self.what_id, self.what_en)

    @property
    def link(self) -> str:
        """Return the address of the source; the table sometimes adds a remark behind it."""
        first = self.url.split(" ")[0]
        return first if first.startswith("https://") else ""
