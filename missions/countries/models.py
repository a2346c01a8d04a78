"""Country (negara) and the version stamp of all reference data."""

from __future__ import annotations

from typing import Any, ClassVar

from babel import Locale
from babel.numbers import get_currency_name
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language


def spoken(indonesian: str, english: str) -> str:
    """Return a text of the reference data in the active language; Indonesian unless English is asked for."""
    return english if (get_language() or "id").startswith("en") else indonesian


def coordinate_checks(prefix: str) -> list[models.BaseConstraint]:
    """Return the CHECK constraints every pair of `lat`/`lon` columns carries."""
    return [
        models.CheckConstraint(
            name=f"{prefix}_lat_range", condition=Q(lat__isnull=True) | Q(lat__gte=-90, lat__lte=90)
        ),
        models.CheckConstraint(
            name=f"{prefix}_lon_range", condition=Q(lon__isnull=True) | Q(lon__gte=-180, lon__lte=180)
        ),
        models.CheckConstraint(
            name=f"{prefix}_lat_lon_together",
            condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__isnull=False, lon__isnull=False),
        ),
    ]


class Country(models.Model):
    """A country or territory with an ISO 3166-1 code (and XK, Kosovo). Blank means unknown."""

    iso2 = models.CharField(max_length=2, primary_key=True)
    iso3 = models.CharField(max_length=3, blank=True)
    name_id = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    un_member = models.BooleanField(default=False)
    region = models.CharField(max_length=40, blank=True)
    subregion = models.CharField(max_length=60, blank=True)
    capital = models.CharField(max_length=100, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    bbox: models.JSONField[Any, Any] = models.JSONField(
        default=list, blank=True, help_text="[west, south, east, north]; west > east crosses the antimeridian"
    )
    dial_code = models.CharField(max_length=16, blank=True)
    currencies: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    languages: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    timezones: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    emergency_numbers: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    emergency_numbers_source = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["iso2"]
        verbose_name_plural = "countries"
        constraints: ClassVar[list[models.BaseConstraint]] = coordinate_checks("country")

    def __str__(self) -> str:
        return self.name_en

    @property
    def name(self) -> str:
        """Return the name in the active language."""
        return spoken(self.name_id, self.name_en)

    @property
    def language_names(self) -> list[str]:
        """Return the languages in words; a code that nobody has named stays a code."""
        return [_locale().languages.get(code, code) for code in self.languages]

    @property
    def currency_names(self) -> list[str]:
        """Return the currencies in words with their codes."""
        return [f"{get_currency_name(code, locale=_locale())} ({code})" for code in self.currencies]


def _locale() -> Locale:
    return Locale(spoken("id", "en"))


class ReferenceVersion(models.Model):
    """One row: which state of the reference tables is loaded.

    Every process keeps the reference data in memory and reads only this row to learn that its copy is old.
    The token is random, not a counter: a restored database can't repeat one that a process still remembers.
    """

    key = models.CharField(max_length=20, primary_key=True, default="reference")
    token = models.CharField(max_length=32)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} {self.token}"
