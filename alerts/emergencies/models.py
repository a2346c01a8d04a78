"""Emergency, its messages, notes and positions."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    HOTLINE = "hotline", _("Hotline")
    SMS = "sms", _("SMS")
    WALK_IN = "walk_in", _("Came in person")
    RELATIVE = "relative", _("Family")
    FOUND = "found", _("Found by staff")
    CASE = "case", _("From a case")


class State(models.TextChoices):
    """Where it stands (ux.md 3.4)."""

    NEW = "new", _("Not taken")
    TAKEN = "taken", _("Taken")
    IN_ACTION = "in_action", _("In action")
    WAITING = "waiting", pgettext_lazy("emergency", "Waiting")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", pgettext_lazy("emergency", "Closed")
    DUPLICATE = "duplicate", _("Duplicate")


class Outcome(models.TextChoices):
    """How it ended."""

    HELPED = "helped", _("Helped, safe")
    HANDED_OVER = "handed_over", _("Handed over to the authorities")
    NO_CONTACT = "no_contact", _("No contact after all attempts")
    FALSE_ALARM = "false_alarm", _("False alarm or test")


class Doubt(models.TextChoices):
    """Why its position may not be where the citizen is."""

    AHEAD = "ahead", _("Its time lies ahead of our clock: the device's clock is wrong")
    JUMPED = "jumped", _("Farther from the one before than anybody travels in that time")


class Wait(models.TextChoices):
    """For whom it waits."""

    CITIZEN = "citizen", _("the citizen")
    AUTHORITIES = "authorities", _("the local authorities")
    HOSPITALS = "hospitals", _("the hospital")
    FAMILY = "family", _("the family")
    DOCUMENTS = "documents", _("documents")


OPEN = (State.NEW, State.TAKEN, State.IN_ACTION, State.WAITING)
HELD_STATES = (State.TAKEN, State.IN_ACTION, State.WAITING)
OVER = (State.RESOLVED, State.CLOSED, State.DUPLICATE)
# What the map draws: the three kinds that cells count.
DRAWN = dict.fromkeys(OPEN, "taken") | dict.fromkeys(OVER, "resolved") | {State.NEW: "new"}


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
    shelved_until = models.DateTimeField(null=True)
    shelved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    resolved_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True, default="")
    cancelled_at = models.DateTimeField(null=True)
    waiting_until = models.DateTimeField(null=True)
    waiting_for = models.CharField(max_length=12, choices=Wait.choices, blank=True, default="")
    offered_to = models.CharField(max_length=60, blank=True, default="")
    offered_until = models.DateTimeField(null=True)
    leased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    leased_until = models.DateTimeField(null=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="duplicates", db_index=False
    )
    duplicates_n = models.PositiveSmallIntegerField(default=0)

    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    fixed_at = models.DateTimeField(null=True)
    position_source = models.CharField(max_length=12, blank=True, default="")
    position_doubt = models.CharField(max_length=8, choices=Doubt.choices, blank=True, default="")
    key = SquareField(null=True)
    country = models.CharField(max_length=2, blank=True, default="")
    place = models.CharField(max_length=120, blank=True, default="")
    mission = models.ForeignKey(Mission, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    mission_by_hand = models.BooleanField(default=False)
    mission_reason_id = models.CharField(max_length=400, blank=True, default="")
    mission_reason_en = models.CharField(max_length=400, blank=True, default="")

    name = models.CharField(max_length=120, blank=True, default="")
    phone = models.CharField(max_length=32, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    message = models.TextField(blank=True, default="")
    silent = models.BooleanField(default=False)
    media = models.PositiveSmallIntegerField(default=0)
    unanswered = models.PositiveIntegerField(default=0)
    unanswered_since = models.DateTimeField(null=True)
    answer = models.JSONField(default=dict)
    # The key that signed the request (alerts.devices), "" for all others.
    device = models.CharField(max_length=22, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="emergency_position_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(state="new", taken_by__isnull=True)
                | models.Q(state="duplicate")
                | ~models.Q(state="new") & models.Q(taken_by__isnull=False, next_contact_at__isnull=False),
                name="emergency_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["resolved", "closed", "duplicate"], resolved_at__isnull=False)
                | ~models.Q(state__in=["resolved", "closed", "duplicate"]) & models.Q(resolved_at__isnull=True),
                name="emergency_resolved_at_fits",
            ),
            models.CheckConstraint(
                condition=models.Q(state="duplicate", duplicate_of__isnull=False, duplicates_n=0)
                | ~models.Q(state="duplicate") & models.Q(duplicate_of__isnull=True),
                name="emergency_duplicate_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", waiting_until__isnull=False)
                | ~models.Q(state="waiting") & models.Q(waiting_until__isnull=True),
                name="emergency_waiting_fits",
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
            models.Index(fields=["device", "received_at"], condition=~models.Q(device=""), name="emergency_of_device"),
            models.Index(
                fields=["shelved_until"],
                condition=models.Q(shelved_until__isnull=False),
                name="emergency_shelved",
            ),
            *(
                models.Index(
                    fields=[field], condition=models.Q(**{f"{field}__isnull": False}), name=f"emergency_{name}"
                )
                for field, name in (("waiting_until", "waits"), ("offered_until", "offered"))
            ),
            models.Index(
                fields=["duplicate_of"], condition=models.Q(duplicate_of__isnull=False), name="emergency_duplicates"
            ),
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
    """One message of the dialogue; its words never change, what is known of its way does (alerts.dialogue.rules)."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="messages")
    client_id = models.UUIDField(unique=True)
    side = models.CharField(max_length=10, choices=Side.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    way = models.CharField(max_length=4, default="page")
    others = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    shown_at = models.DateTimeField(null=True)

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
