"""Emergency, its messages, notes and positions."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.cells.models import SquareField
from missions.directory.models import Mission


class Nature(models.TextChoices):
    """What kind of trouble (the `kind` of the public contract)."""

    PANIC = "panic", _("Panic button")
    MEDICAL = "medical", _("Illness")
    ACCIDENT = "accident", _("Accident")
    VIOLENCE = "violence", _("Violence")
    DETENTION = "detention", _("Detained")
    DISASTER = "disaster", _("Disaster")
    LOST_CONTACT = "lost_contact", _("Lost contact")
    OTHER = "other", _("Other")


class Channel(models.TextChoices):
    """How it reached us."""

    PANIC_BUTTON = "panic_button", _("Panic button")


class State(models.TextChoices):
    """Where it stands (ux.md 3.4)."""

    NEW = "new", _("Not taken")
    TAKEN = "taken", _("Taken")
    IN_ACTION = "in_action", _("In action")
    RESOLVED = "resolved", _("Resolved")


class Outcome(models.TextChoices):
    """How it ended."""

    HELPED = "helped", _("Helped, safe")
    HANDED_OVER = "handed_over", _("Handed over to the authorities")
    NO_CONTACT = "no_contact", _("No contact after all attempts")
    FALSE_ALARM = "false_alarm", _("False alarm or test")


OPEN = (State.NEW, State.TAKEN, State.IN_ACTION)


def number_of(pk: int, received_at: datetime) -> str:
    """E-2026-00017: the year it was received in, and its row."""
    return f"E-{received_at.year}-{pk:05d}"


class Emergency(models.Model):
    """One request for help. `version` grows with every change; `answer` is what the citizen's device was told."""

    client_id = models.UUIDField(unique=True)
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.PANIC_BUTTON)
    nature = models.CharField(max_length=20, choices=Nature.choices)
    priority = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    version = models.PositiveIntegerField(default=1)

    pressed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    next_contact_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    returned_times = models.PositiveSmallIntegerField(default=0)
    resolved_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True, default="")
    cancelled_at = models.DateTimeField(null=True)

    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    fixed_at = models.DateTimeField(null=True)
    position_source = models.CharField(max_length=12, blank=True, default="")
    key = SquareField(null=True)
    country = models.CharField(max_length=2, blank=True, default="")
    place = models.CharField(max_length=120, blank=True, default="")
    mission = models.ForeignKey(Mission, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    mission_reason_id = models.CharField(max_length=400, blank=True, default="")
    mission_reason_en = models.CharField(max_length=400, blank=True, default="")

    name = models.CharField(max_length=120, blank=True, default="")
    phone = models.CharField(max_length=32, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    message = models.TextField(blank=True, default="")
    silent = models.BooleanField(default=False)
    answer = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="emergency_position_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(state="new", taken_by__isnull=True)
                | ~models.Q(state="new") & models.Q(taken_by__isnull=False, next_contact_at__isnull=False),
                name="emergency_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state="resolved", resolved_at__isnull=False)
                | ~models.Q(state="resolved") & models.Q(resolved_at__isnull=True),
                name="emergency_resolved_at_fits",
            ),
        ]
        # Open and resolved apart by a null test: SQLite takes a partial index only where the query repeats its words.
        indexes: ClassVar = [
            models.Index(
                fields=["exercise", "priority", "received_at"],
                condition=models.Q(resolved_at__isnull=True),
                name="emergency_open_queue",
            ),
            models.Index(
                fields=["exercise", "priority", "received_at"],
                condition=models.Q(resolved_at__isnull=False),
                name="emergency_resolved",
            ),
            models.Index(
                fields=["mission", "exercise", "priority", "received_at"],
                condition=models.Q(resolved_at__isnull=False),
                name="emergency_resolved_of_mission",
            ),
            models.Index(fields=["key"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """E-2026-00017."""
        return number_of(self.pk, self.received_at)

    @property
    def has_position(self) -> bool:
        """Whether it can be drawn on the map."""
        return self.latitude is not None


class Side(models.TextChoices):
    """Who wrote a message."""

    CITIZEN = "citizen", _("Citizen")
    DCC = "dcc", _("DCC")
    MISSION = "mission", _("Mission")


class EmergencyMessage(models.Model):
    """One message of the dialogue with the citizen; never changed."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="messages")
    client_id = models.UUIDField(unique=True)
    side = models.CharField(max_length=10, choices=Side.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.side} {self.at:%F %T}"


class EmergencyNote(models.Model):
    """One logged act or note of an officer; never changed, never shown to the citizen."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.at:%F %T}"
