"""CallBack (a number that waits to be called back) and CallTry (one act upon it)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

NOTE_LENGTH = 200


class Reason(models.TextChoices):
    """Why somebody must be called back."""

    UNANSWERED = "unanswered", _("Not answered")
    DROPPED = "dropped", _("Line dropped")
    LEFT = "left", _("Left unfinished")


class TryOutcome(models.TextChoices):
    """What a try came to. The first two keep the entry; the others are the only ways out of the list."""

    NO_ANSWER = "no_answer", _("No answer")
    BUSY = "busy", _("Busy")
    REACHED = "reached", _("Reached")
    CALLED_AGAIN = "called_again", _("Called again and was answered")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    OVER = "over", _("Settled another way")
    TAKEN_BACK = "taken_back", _("The call goes on")


KEEPING = frozenset({TryOutcome.NO_ANSWER, TryOutcome.BUSY})


class CallBack(models.Model):
    """One number on the list. `due_at` is when it must be called next; `times` how often it called meanwhile.

    A number stands on a place's list once: calls of the same number attach to it. A withheld number has no `digits`.
    """

    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    mission = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    phone = models.CharField(max_length=32, blank=True, default="")
    digits = models.CharField(max_length=20, blank=True, default="")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    since = models.DateTimeField()
    last_call_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=TryOutcome.choices, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["exercise", "mission", "digits"],
                condition=models.Q(closed_at__isnull=True) & ~models.Q(digits=""),
                name="call_back_once_per_number",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", closed_at__isnull=True)
                | ~models.Q(outcome="") & models.Q(closed_at__isnull=False),
                name="call_back_closed_with_an_outcome",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["exercise", "due_at"], condition=models.Q(closed_at__isnull=True), name="call_back_open"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """B-3."""
        return f"B-{self.pk}"


class CallTry(models.Model):
    """One act upon an entry: who tried, what came of it. What is undone stays, and says so."""

    entry = models.ForeignKey(CallBack, on_delete=models.PROTECT, related_name="acts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=TryOutcome.choices)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True, default="")
    was_due_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.outcome} {self.at:%F %T}"
