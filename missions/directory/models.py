"""Mission (Perwakilan RI) and ConsularArea (wilayah kerja)."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from missions.countries.models import Country, coordinate_checks, spoken


class Kind(models.TextChoices):
    KBRI = "KBRI", _("Embassy")
    KJRI = "KJRI", _("Consulate General")
    KRI = "KRI", _("Consulate")
    PTRI = "PTRI", _("Permanent Mission")
    KDEI = "KDEI", _("Economic and Trade Office")


class Precision(models.TextChoices):
    BUILDING = "building", _("building")
    CITY = "city", _("city centre")


class Mission(models.Model):
    """One mission. Seat and operating city differ when it works from elsewhere (Khartoum from Port Sudan)."""

    code = models.SlugField(max_length=60, primary_key=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    seat_city = models.CharField(max_length=80)
    host_country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="hosted_missions")
    operating_city = models.CharField(max_length=80)
    operating_country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="operating_missions")
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=Precision.choices, blank=True)
    position_source = models.CharField(max_length=120, blank=True)
    timezone = models.CharField(max_length=60)
    address = models.TextField(blank=True)
    phone_raw = models.CharField(max_length=300, blank=True)
    phones: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True, help_text="E.164")
    fax_raw = models.CharField(max_length=200, blank=True)
    hotline_raw = models.CharField(max_length=200, blank=True)
    hotlines: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True, help_text="E.164")
    hotline_news = models.CharField(max_length=200, blank=True, help_text="as quoted by the press; unverified")
    hotline_news_source = models.CharField(max_length=300, blank=True)
    whatsapp_raw = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=200, blank=True)
    website = models.CharField(max_length=200, blank=True)
    accreditation_text = models.TextField(blank=True, help_text="as Kemlu words it")
    district_text = models.TextField(blank=True, help_text="as Kemlu words it")
    organisations: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    is_open = models.BooleanField(default=True)
    source = models.CharField(max_length=200, blank=True)
    source_detail = models.CharField(max_length=300, blank=True)
    note_id = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *coordinate_checks("mission"),
            models.CheckConstraint(name="mission_kind_known", condition=Q(kind__in=Kind.values)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def note(self) -> str:
        """Return the note in the active language."""
        return spoken(self.note_id, self.note_en)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the place it works from."""
        return ZoneInfo(self.timezone)

    @property
    def serves_citizens(self) -> bool:
        """A permanent mission answers to an organisation, never for citizens."""
        return self.kind != Kind.PTRI

    @property
    def works_elsewhere(self) -> bool:
        """Tell whether it works from another city than its seat."""
        return (self.seat_city, self.host_country_id) != (self.operating_city, self.operating_country_id)


class Relation(models.TextChoices):
    HOST = "host", _("host country")
    ACCREDITED = "accredited", _("accredited")
    CONSULAR = "consular", _("consular district")


class ConsularArea(models.Model):
    """The country, or part of it, for which one mission answers."""

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="consular_areas")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="consular_areas")
    part = models.CharField(max_length=40, blank=True, help_text='"" is the whole country, else a code of parts.csv')
    part_name = models.CharField(max_length=100, blank=True)
    relation = models.CharField(max_length=10, choices=Relation.choices)
    verified = models.BooleanField(default=True)
    source = models.CharField(max_length=120, blank=True)
    note_id = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["mission_id", "country_id", "part"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="consular_area_once", fields=["mission", "country", "part", "relation"]),
            models.CheckConstraint(name="consular_area_relation_known", condition=Q(relation__in=Relation.values)),
        ]

    def __str__(self) -> str:
        return f"{self.mission_id} {self.country_id} {self.part}".strip()

    @property
    def note(self) -> str:
        """Return the note in the active language."""
        return spoken(self.note_id, self.note_en)
