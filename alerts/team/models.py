"""TeamMember, Decision, Procedure, TeamTask, MeetingVisit."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alerts.crises.models import Crisis

TEXT_LENGTH = 400
RESULT_LENGTH = 400


class Part(models.TextChoices):
    """What somebody is in a crisis team; the lead stands on the crisis itself."""

    DEPUTY = "deputy", _("Deputy lead")
    MEMBER = "member", _("Member")
    LIAISON = "liaison", _("Mission's liaison")


class TeamMember(models.Model):
    """Somebody called into the team of one crisis, and until when; the row stays when they leave."""

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["crisis", "user"], condition=models.Q(left_at__isnull=True), name="team_member_once"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """M-3."""
        return f"M-{self.pk}"


class Decision(models.Model):
    """What was decided in a crisis, by whom and why. Never changed: a later decision replaces it and says so."""

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="decisions")
    no = models.PositiveIntegerField()
    text = models.CharField(max_length=TEXT_LENGTH)
    reason = models.CharField(max_length=TEXT_LENGTH)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        ordering: ClassVar = ["crisis", "no"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["crisis", "no"], name="decision_number_once")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """D-3."""
        return f"D-{self.pk}"

    @property
    def version(self) -> int:
        """The only one there is."""
        return 1


class Procedure(models.Model):
    """A standard procedure that was started in a crisis; its steps are the crisis' tasks."""

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="procedures")
    name = models.SlugField(max_length=40)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["crisis", "name"], name="procedure_once")]

    def __str__(self) -> str:
        return f"{self.crisis_id} {self.name}"


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", pgettext_lazy("task", "Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Not needed")


class TeamTask(models.Model):
    """Something to be done in a crisis until `due_at`; of a procedure in both languages, else as it was written."""

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="tasks")
    procedure = models.ForeignKey(Procedure, null=True, on_delete=models.PROTECT, related_name="tasks")
    text_id = models.CharField(max_length=TEXT_LENGTH)
    text_en = models.CharField(max_length=TEXT_LENGTH)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=RESULT_LENGTH, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="open", ended_by__isnull=True, ended_at__isnull=True)
                | ~models.Q(state="open") & models.Q(ended_by__isnull=False, ended_at__isnull=False),
                name="task_ended_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """T-3."""
        return f"T-{self.pk}"

    @property
    def is_open(self) -> bool:
        """Still to be done."""
        return self.state == TaskState.OPEN


class MeetingVisit(models.Model):
    """Somebody went into the crisis' meeting room."""

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="meeting_visits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.crisis_id} {self.user_id}"
