"""TaskEntry: one step of one task of an emergency. Rows are never changed but for their undoing."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alerts.emergencies.models import Emergency


class Task(models.TextChoices):
    """Whom to reach, or what to arrange (ux.md 4.2)."""

    CITIZEN = "citizen", _("Contact the citizen")
    AUTHORITIES = "authorities", _("Local authorities")
    HOSPITALS = "hospitals", _("Hospitals")
    FAMILY = "family", _("The family")
    DOCUMENTS = "documents", _("Documents")


class Stage(models.TextChoices):
    """Where a task stands; one without a row was not looked at."""

    STARTED = "started", pgettext_lazy("task", "Started")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Not needed")


class Result(models.TextChoices):
    """What came of it, for one click; words say more."""

    REACHED = "reached", _("reached")
    NO_ANSWER = "no_answer", _("no answer")
    ARRANGED = "arranged", _("arranged")
    NONE = "", "—"


class TaskEntry(models.Model):
    """One step: who, when, what came of it. The newest that was not undone says where the task stands."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="task_entries")
    task = models.CharField(max_length=12, choices=Task.choices)
    stage = models.CharField(max_length=8, choices=Stage.choices)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True, default="")
    words = models.CharField(max_length=1000, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.task} {self.stage}"
