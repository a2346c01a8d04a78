"""ReportSeen, Submission: who opened a report, and by which doors it came. The report itself never changes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.sitreps.models import SituationReport


class ReportSeen(models.Model):
    """The first officer of the command centre who had the report open on a screen, and when."""

    report = models.OneToOneField(SituationReport, on_delete=models.PROTECT, related_name="seen")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.report_id} {self.at}"


class Door(models.TextChoices):
    """The way in."""

    WEB = "web", _("Web form")
    SMS = "sms", _("SMS")


class Submission(models.Model):
    """What names a report beside its own client_id: an SMS line, or the same answer given again through the other door.

    `text` is the line as it was sent; it may name people and stands on the report's page alone.
    """

    report = models.ForeignKey(SituationReport, on_delete=models.PROTECT, related_name="submissions")
    client_id = models.UUIDField(unique=True)
    door = models.CharField(max_length=3, choices=Door.choices)
    text = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.door} {self.client_id}"
