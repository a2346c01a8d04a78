"""Call (one call, from the first ring or keystroke) and ExchangeEvent (one thing the exchange told)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.callbacks.models import CallBack
from alerts.emergencies.models import Emergency, Nature

LENGTHS = {"phone": 32, "name": 120, "country": 2, "place": 120, "text": 900}


class Source(models.TextChoices):
    """Where the row comes from."""

    DESK = "desk", _("Typed in")
    EXCHANGE = "exchange", _("Telephone exchange")
    CALLBACK = "callback", _("Called back")


class State(models.TextChoices):
    """Where the call stands."""

    RINGING = "ringing", _("Rings")
    SPOKEN = "spoken", _("Answered, nobody writes")
    OPEN = "open", _("Being written")
    CLOSED = "closed", _("Finished")


class Caller(models.TextChoices):
    """Who calls."""

    SELF = "self", _("The citizen")
    FAMILY = "family", _("Family")
    OTHER = "other", _("Somebody else")


class Safe(models.TextChoices):
    """Whether the citizen is safe now; not asked is empty."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class Outcome(models.TextChoices):
    """How it ended."""

    EMERGENCY = "emergency", _("Emergency opened")
    ATTACHED = "attached", _("Attached to an emergency")
    CASE = "case", _("Case opened")
    NOTE = "note", _("Note only")
    DROPPED = "dropped", _("Line dropped, to be called back")
    UNANSWERED = "unanswered", _("Not answered, to be called back")
    LEFT = "left", _("Left unfinished, to be called back")
    EMPTY = "empty", _("Nothing was written")


# The outcomes after which nobody has spoken to the caller to the end.
MISSED = frozenset({Outcome.DROPPED, Outcome.UNANSWERED, Outcome.LEFT})


class Call(models.Model):
    """One call. What the caller said is personal data; it stands here and nowhere in events or frames.

    `desk` writes it; `exchange_call` is the exchange's own number of it, "" for one typed in. `drafts` counts how often
    what was typed was kept, by which a second tab is noticed.
    """

    client_id = models.UUIDField(unique=True)
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    mission = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.DESK)
    exchange_call = models.CharField(max_length=120, blank=True, default="", db_index=False)
    state = models.CharField(max_length=8, choices=State.choices)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField()
    desk = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(max_length=LENGTHS["phone"], blank=True, default="")
    digits = models.CharField(max_length=20, blank=True, default="")
    caller = models.CharField(max_length=8, choices=Caller.choices, default=Caller.SELF)
    name = models.CharField(max_length=LENGTHS["name"], blank=True, default="")
    country = models.CharField(max_length=LENGTHS["country"], blank=True, default="")
    place = models.CharField(max_length=LENGTHS["place"], blank=True, default="")
    safe = models.CharField(max_length=8, choices=Safe.choices, blank=True, default="")
    nature = models.CharField(max_length=20, choices=Nature.choices, default=Nature.OTHER)
    text = models.TextField(blank=True, default="")
    recording = models.CharField(max_length=500, blank=True, default="")
    drafts = models.PositiveIntegerField(default=0)
    searched_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    about = models.CharField(max_length=40, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    emergency = models.ForeignKey(Emergency, null=True, on_delete=models.PROTECT, related_name="calls")
    entry = models.ForeignKey(CallBack, null=True, on_delete=models.PROTECT, related_name="calls")

    class Meta:
        ordering: ClassVar = ["started_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["exercise", "exchange_call"],
                condition=~models.Q(exchange_call=""),
                name="call_once_per_exchange",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False) & ~models.Q(outcome="")
                | ~models.Q(state="closed") & models.Q(closed_at__isnull=True, outcome=""),
                name="call_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(desk__isnull=False), name="call_open_at_a_desk"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["exercise", "started_at"], condition=models.Q(closed_at__isnull=True), name="call_open"
            ),
            models.Index(
                fields=["exercise", "closed_at"], condition=models.Q(closed_at__isnull=False), name="call_closed"
            ),
            models.Index(fields=["touched_at"], condition=models.Q(closed_at__isnull=True), name="call_touched"),
            models.Index(fields=["digits"], name="call_by_number"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """T-17."""
        return f"T-{self.pk}"

    @property
    def masked(self) -> str:
        """The telephone number for lists of what is over: its last three digits."""
        return f"•••{self.phone[-3:]}" if len(self.phone) > 5 else "•••" if self.phone else ""


class ExchangeEvent(models.Model):
    """One thing the exchange told, once by its own number of it; `said_at` is the exchange's clock."""

    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    event_id = models.CharField(max_length=120)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12)
    said_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exercise", "event_id"], name="exchange_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
