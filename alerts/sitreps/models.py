"""ReportRequest, SituationReport, ReportedFigure."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.crises.models import Crisis
from alerts.figures.keys import ALL_KEYS, FIGURE_KEYS, PRESENT, WNI_KEYS, Category, Source
from missions.directory.models import Mission

__all__ = [
    "ALL_KEYS",
    "FIGURE_KEYS",
    "PRESENT",
    "WNI_KEYS",
    "Answer",
    "Category",
    "Checked",
    "Contacted",
    "ReportRequest",
    "ReportedFigure",
    "SituationReport",
    "Source",
]


class Answer(models.TextChoices):
    """Which of the three doors of the form was used (ux.md 4.6)."""

    NONE_AFFECTED = "none_affected", _("No Indonesians affected")
    FIGURES = "figures", _("Affected, or possibly affected")
    CHECKING = "checking", _("Not known yet, checking")


class Contacted(models.TextChoices):
    """Q4: have the local authorities been contacted?"""

    YES = "yes", _("Yes")
    NO = "no", _("Not yet")
    UNKNOWN = "unknown", _("Not known")


class Checked(models.TextChoices):
    """Q5: have the hospitals been checked?"""

    ALL = "all", _("All")
    PARTIAL = "partial", _("Some")
    NONE = "none", _("Not yet")
    UNKNOWN = "unknown", _("Not known")


class ReportRequest(models.Model):
    """The demand on one mission. A repeat raises `attempt`; the clock stays on the first (ux.md 4.5).

    `requested_by` is None where the clock asked: the next report of an open crisis. `step` is the last step of the
    ladder that was done for want of an answer.
    """

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="requests")
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    channels = models.JSONField(default=list)
    extra_questions = models.JSONField(default=list)
    step = models.SlugField(max_length=20, blank=True, default="", db_index=False)
    step_at = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField(null=True)
    filling_at = models.DateTimeField(null=True)
    contact_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["crisis", "mission"],
                condition=models.Q(answered_at__isnull=True, closed_at__isnull=True),
                name="request_open_once",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """R-17."""
        return f"R-{self.pk}"


class SituationReport(models.Model):
    """A mission's immutable, numbered answer. A correction is a new one that names what it replaces."""

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="reports")
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(ReportRequest, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    client_id = models.UUIDField(unique=True)
    answer = models.CharField(max_length=14, choices=Answer.choices)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.MISSION)
    as_of = models.DateTimeField()
    filed_at = models.DateTimeField()
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    authorities = models.CharField(max_length=8, choices=Contacted.choices, blank=True, default="")
    hospitals = models.CharField(max_length=8, choices=Checked.choices, blank=True, default="")
    note = models.TextField(blank=True, default="")
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["crisis", "number"], name="report_number_once")]

    def __str__(self) -> str:
        return f"{self.crisis_id} #{self.number}"


class ReportedFigure(models.Model):
    """One figure of one report, or a range (`high`). A figure nobody asserted has no row: null is never 0."""

    report = models.ForeignKey(SituationReport, on_delete=models.PROTECT, related_name="figures")
    key = models.CharField(max_length=24, choices=[(key, key) for key in FIGURE_KEYS])
    value = models.PositiveIntegerField()
    high = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "key"], name="figure_once_per_report"),
            models.CheckConstraint(
                condition=models.Q(high__isnull=True) | models.Q(high__gt=models.F("value")), name="figure_range_rises"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.key}={self.value}"
