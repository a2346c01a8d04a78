"""Crisis and the missions involved."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.directory.models import Mission

NAME_LENGTH = 120
REASON_LENGTH = 400


class CrisisKind(models.TextChoices):
    """What happened."""

    EARTHQUAKE = "earthquake", _("Earthquake")
    TSUNAMI = "tsunami", _("Tsunami")
    FLOOD = "flood", _("Flood")
    STORM = "storm", _("Storm")
    LANDSLIDE = "landslide", _("Landslide")
    VOLCANO = "volcano", _("Volcano")
    FIRE = "fire", _("Fire")
    TERROR_ATTACK = "terror_attack", _("Terror attack")
    ARMED_CONFLICT = "armed_conflict", _("Armed conflict")
    UNREST = "unrest", _("Civil unrest")
    ACCIDENT = "accident", _("Transport accident")
    EPIDEMIC = "epidemic", _("Epidemic")
    EVACUATION = "evacuation", _("Evacuation")
    OTHER = "other", _("Other")


class CrisisLevel(models.IntegerChoices):
    """Siaga I is the gravest."""

    ONE = 1, _("Level I")
    TWO = 2, _("Level II")
    THREE = 3, _("Level III")


class AreaSource(models.TextChoices):
    """The way the area was given."""

    DRAW = "draw", _("Draw on the map")
    COUNTRIES = "countries", _("Countries")
    RADIUS = "radius", _("Around a point")
    GEOJSON = "geojson", _("GeoJSON")


class Crisis(models.Model):
    """One declared crisis. `area` is GeoJSON (Polygon or MultiPolygon, WGS 84), with its bounding box beside it."""

    slug = models.SlugField(max_length=60)
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    name = models.CharField(max_length=NAME_LENGTH)
    kind = models.CharField(max_length=20, choices=CrisisKind.choices)
    level = models.PositiveSmallIntegerField(choices=CrisisLevel.choices)
    area = models.JSONField()
    area_source = models.CharField(max_length=12)
    countries = models.JSONField(default=list)
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    stood_down_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    missions = models.ManyToManyField(Mission, through="CrisisMission", related_name="+")

    class Meta:
        verbose_name_plural = "crises"
        constraints: ClassVar = [models.UniqueConstraint(fields=["exercise", "slug"], name="crisis_slug_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["exercise", "level", "declared_at"],
                condition=models.Q(stood_down_at__isnull=True),
                name="crisis_open",
            ),
            models.Index(
                fields=["exercise", "-stood_down_at"],
                condition=models.Q(stood_down_at__isnull=False),
                name="crisis_stood_down",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_open(self) -> bool:
        """Not stood down."""
        return self.stood_down_at is None


class CrisisMission(models.Model):
    """One mission involved, with the reason in words (its consular area meets the crisis area)."""

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="involved")
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="+")
    reason_id = models.CharField(max_length=REASON_LENGTH)
    reason_en = models.CharField(max_length=REASON_LENGTH)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["crisis", "mission"], name="crisis_mission_once")]

    def __str__(self) -> str:
        return f"{self.crisis_id} {self.mission_id}"
