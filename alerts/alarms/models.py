"""AlarmRule (a row of the register, ux.md 3.5) and Alarm (one that was raised)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commandcenter.wording import language


class AlarmKind(models.TextChoices):
    """What a raised alarm is about. Emergencies sound by themselves, in the queue."""

    SILENT_MISSION = "silent_mission", _("Mission silent")
    UNVERIFIED = "unverified", _("Report not verified")
    CALL_BACK = "call_back", _("Not called back")
    FLOOD = "flood", _("Alarm flood")
    MESSAGE = "message", _("Message waiting on a P1")
    STEP_LOST = "step_lost", _("A step of a ladder was lost")
    STEP_FAILING = "step_failing", _("A step of a ladder fails again and again")


class AlarmRule(models.Model):
    """One row of the register: what raises it, what is expected, how it sounds, where it climbs, and whose it is."""

    code = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField()
    priority = models.PositiveSmallIntegerField()
    name_id = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    trigger_id = models.CharField(max_length=300)
    trigger_en = models.CharField(max_length=300)
    response_id = models.CharField(max_length=200)
    response_en = models.CharField(max_length=200)
    sound = models.CharField(max_length=1, blank=True, default="")
    repeat = models.PositiveIntegerField(null=True)
    climbs_id = models.CharField(max_length=200)
    climbs_en = models.CharField(max_length=200)
    owner = models.CharField(max_length=80)
    reason_id = models.CharField(max_length=300)
    reason_en = models.CharField(max_length=300)
    reviewed_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """What it is called."""
        return self._spoken("name")

    @property
    def trigger(self) -> str:
        """What raises it."""
        return self._spoken("trigger")

    @property
    def response(self) -> str:
        """What is expected of whom it wakes."""
        return self._spoken("response")

    @property
    def climbs(self) -> str:
        """Where it goes when nobody answers."""
        return self._spoken("climbs")

    @property
    def why(self) -> str:
        """Why it is an alarm."""
        return self._spoken("reason")

    def _spoken(self, field: str) -> str:
        return str(getattr(self, f"{field}_{language()}"))


class Alarm(models.Model):
    """One raised alarm. It stays until its cause is gone, or, with no cause that can go, until somebody took it.

    `about` is the number of its object; `room` the slug of the crisis, "" without one.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=AlarmKind.choices)
    priority = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=120)
    mission = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    room = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    times = models.PositiveIntegerField(default=1)
    raised_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["priority", "raised_at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["exercise", "priority", "raised_at"],
                condition=models.Q(ended_at__isnull=True),
                name="alarm_open",
            ),
            models.Index(fields=["raised_at"], name="alarm_by_time"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """A-12."""
        return f"A-{self.pk}"

    @property
    def is_internal(self) -> bool:
        """Whether it is about the machinery, so that only a person's taking ends it."""
        return self.kind in {AlarmKind.STEP_LOST, AlarmKind.STEP_FAILING}
