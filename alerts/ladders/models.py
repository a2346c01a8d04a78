"""Clock (a step of a ladder, as data), ClockChange (who moved it, why), DueStep (that step for one object)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commandcenter.wording import language, stopwatch


class Ladder(models.TextChoices):
    """What climbs (domain.md section 5)."""

    REQUEST = "request", _("Report request")
    NEXT = "next", _("Next report")
    EMERGENCY = "emergency", _("P1 not taken")
    MESSAGE = "message", _("Message waiting on a P1")
    VERIFICATION = "verification", _("Report not verified")
    CALLBACK = "callback", _("Not called back")
    CASE = "case", _("Case past its time")


class Need(models.TextChoices):
    """A step fires only while this still holds."""

    UNOPENED = "unopened", _("the form was not opened")
    UNANSWERED = "unanswered", _("no figures have arrived")
    ANSWERED = "answered", _("the report is the newest one")
    UNTAKEN = "untaken", _("nobody has taken it")
    UNREAD = "unread", _("no officer has acted since")
    UNVERIFIED = "unverified", _("no official figure was chosen since")
    UNCALLED = "uncalled", _("nobody has called back")
    OWED = "owed", _("the next step is ours")


class Standing(models.TextChoices):
    """What became of a due step."""

    WAITING = "waiting", _("waiting")
    FIRED = "fired", _("done")
    ENDED = "ended", _("no longer needed")


@dataclass(frozen=True, slots=True)
class Subject:
    """What climbs: the object (`ref` is its primary key, `about` its name on screen), and which run of it."""

    ladder: Ladder
    ref: int
    about: str
    exercise: str = ""
    crisis: int | None = None
    run: int = 1


class Clock(models.Model):
    """One step of a ladder: after so many seconds, this is done, for these people, while `need` holds.

    `repeat` is the pause between later turns. With `by_deadline` the seconds are right for the default deadline; a
    request with another one moves the step with it. `to` and `channels` are words of alerts/escalation/calling.py.
    """

    ladder = models.CharField(max_length=20, choices=Ladder.choices)
    step = models.SlugField(max_length=20)
    position = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField()
    repeat = models.PositiveIntegerField(null=True)
    by_deadline = models.BooleanField(default=False)
    need = models.CharField(max_length=12, choices=Need.choices)
    to = models.CharField(max_length=60, blank=True, default="")
    channels = models.CharField(max_length=30, blank=True, default="")
    priority = models.PositiveSmallIntegerField(null=True)
    what_id = models.CharField(max_length=200)
    what_en = models.CharField(max_length=200)
    owner = models.CharField(max_length=80)
    reason_id = models.CharField(max_length=400)
    reason_en = models.CharField(max_length=400)
    reviewed_on = models.DateField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["ladder", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["ladder", "step"], name="clock_once")]

    def __str__(self) -> str:
        return f"{self.ladder}.{self.step}"

    @property
    def what(self) -> str:
        """What is done, in the language of the page."""
        return self.what_id if language() == "id" else self.what_en

    @property
    def why(self) -> str:
        """Why it is so, in the language of the page; a supervisor's own words stand as written in both."""
        return self.reason_id if language() == "id" else self.reason_en

    @property
    def clock_text(self) -> str:
        """ "10:00"."""
        return stopwatch(self.after)

    @property
    def after(self) -> timedelta:
        """How long after the start of its clock."""
        return timedelta(seconds=self.seconds)


class ClockChange(models.Model):
    """One change of a threshold; never changed itself. `moved` counts the open rows it moved."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    was = models.PositiveIntegerField()
    seconds = models.PositiveIntegerField()
    moved = models.PositiveIntegerField()
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["clock", "version"], name="clock_change_once")]

    def __str__(self) -> str:
        return f"{self.clock} v{self.version}"


class DueStep(models.Model):
    """One step for one object, swept by whoever comes first (reliability.md 3.4). `key` makes it happen once.

    `since` is where its clock began, `run` tells the times apart that the same object climbed, `turn` the repeats.
    `after_failure` is when a step that raised is tried again; its neighbours never wait for it.
    """

    key = models.CharField(max_length=80, unique=True)
    ladder = models.CharField(max_length=20, choices=Ladder.choices)
    step = models.SlugField(max_length=20)
    ref = models.BigIntegerField()
    about = models.CharField(max_length=120)
    run = models.BigIntegerField(default=1)
    turn = models.PositiveIntegerField(default=1)
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    crisis = models.BigIntegerField(null=True)
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=Standing.choices, default=Standing.WAITING)
    done_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    after_failure = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", done_at__isnull=True)
                | ~models.Q(state="waiting") & models.Q(done_at__isnull=False),
                name="due_step_done_at_fits",
            )
        ]
        # Waiting and done apart by a null test: SQLite takes a partial index only where the query repeats its words.
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=models.Q(done_at__isnull=True), name="due_step_waiting"),
            models.Index(fields=["ladder", "ref", "run"], name="due_step_of_object"),
            models.Index(fields=["crisis"], condition=models.Q(done_at__isnull=True), name="due_step_of_crisis"),
            models.Index(fields=["exercise", "done_at"], name="due_step_done"),
        ]

    def __str__(self) -> str:
        return self.key

    def make_key(self) -> str:
        """What makes a step the same step, whoever plans it."""
        return f"{self.ladder}:{self.ref}:{self.run}:{self.step}:{self.turn}"


class Watch(models.Model):
    """When the auditor last looked: whoever moves the one row does the audit, in the same transaction."""

    audited_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.audited_at)

    @classmethod
    def the(cls) -> "Watch":
        """The one row; made by the first who asks."""
        return cls.objects.get_or_create(pk=1)[0]
