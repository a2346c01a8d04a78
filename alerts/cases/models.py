"""Case, its messages and notes, the persons it concerns, and the time each category has."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alerts.emergencies.models import Emergency
from commandcenter.wording import language
from missions.directory.models import Mission
from missions.registry.models import Citizen

TEXT_LENGTH, REASON_LENGTH, URL_LENGTH = 4000, 400, 400


class Category(models.TextChoices):
    """What it is."""

    COMPLAINT = "complaint", _("Complaint")
    CONSULTATION = "consultation", _("Consultation")


class Channel(models.TextChoices):
    """How it reached us."""

    WEB = "web", _("Public form")
    TELEPHONE = "telephone", _("Telephone")
    WALK_IN = "walk_in", _("At the counter")
    LETTER = "letter", _("Letter or e-mail")


class State(models.TextChoices):
    """Where it stands (ux.md 4.4)."""

    NEW = "new", pgettext_lazy("case", "New")
    IN_ACTION = "in_action", pgettext_lazy("case", "In action")
    WAITING = "waiting", _("Waiting for the applicant")
    ANSWERED = "answered", pgettext_lazy("case", "Answered")
    CLOSED = "closed", pgettext_lazy("case", "Closed")
    REOPENED = "reopened", _("Opened again")


class Outcome(models.TextChoices):
    """How it ended."""

    SOLVED = "solved", _("Solved")
    ADVISED = "advised", _("Advice given")
    REFERRED = "referred", _("Passed on to another authority")
    WITHDRAWN = "withdrawn", _("Withdrawn by the applicant")
    SILENT = "silent", _("The applicant did not answer")
    EMERGENCY = "emergency", _("Became an emergency")


# Our clock runs while the next step is ours; while the applicant has it, and after the answer, it stands still.
OURS = (State.NEW, State.IN_ACTION, State.REOPENED)
OPEN = (*OURS, State.WAITING)


def number_of(pk: int, opened_at: datetime) -> str:
    """K-2026-00017: the year it was opened in, and its row."""
    return f"K-{opened_at.year}-{pk:05d}"


class Case(models.Model):
    """One complaint or consultation. `version` grows with every change; `began_at` is when it was opened (again) last.

    `due_at` is when we must have answered; it is null while our clock stands still. What was left of our time when
    the applicant was asked stays in `left_seconds`, below zero when it was late. `late_at` is when this run was missed,
    `late_runs` counts all runs that were.
    """

    client_id = models.UUIDField(unique=True)
    exercise = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.WEB)
    category = models.CharField(max_length=12, choices=Category.choices)
    topic = models.SlugField(max_length=40, blank=True, default="", db_index=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    version = models.PositiveIntegerField(default=1)

    opened_at = models.DateTimeField()
    began_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    read_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    left_seconds = models.BigIntegerField(null=True)
    late_at = models.DateTimeField(null=True)
    late_runs = models.PositiveSmallIntegerField(default=0)
    runs = models.PositiveSmallIntegerField(default=1)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    crowded = models.BooleanField(default=False)

    country = models.CharField(max_length=2, blank=True, default="")
    place = models.CharField(max_length=120, blank=True, default="")
    mission = models.ForeignKey(Mission, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    mission_reason_id = models.CharField(max_length=400, blank=True, default="")
    mission_reason_en = models.CharField(max_length=400, blank=True, default="")
    emergency = models.ForeignKey(Emergency, null=True, on_delete=models.PROTECT, related_name="cases")

    name = models.CharField(max_length=120, blank=True, default="")
    phone = models.CharField(max_length=32, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="id")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["new", "in_action", "reopened"], due_at__isnull=False)
                | ~models.Q(state__in=["new", "in_action", "reopened"]) & models.Q(due_at__isnull=True),
                name="case_clock_fits_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", left_seconds__isnull=False)
                | ~models.Q(state="waiting") & models.Q(left_seconds__isnull=True),
                name="case_left_fits_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False, outcome__gt="")
                | ~models.Q(state="closed") & models.Q(closed_at__isnull=True, outcome=""),
                name="case_closed_with_outcome",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["exercise", "due_at"], condition=models.Q(due_at__isnull=False), name="case_our_turn"),
            models.Index(
                fields=["exercise", "opened_at"], condition=models.Q(closed_at__isnull=True), name="case_open"
            ),
            models.Index(
                fields=["mission", "exercise", "opened_at"],
                condition=models.Q(closed_at__isnull=True),
                name="case_of_mission",
            ),
            models.Index(fields=["exercise", "closed_at"], name="case_closed"),
            models.Index(fields=["exercise", "answered_at"], name="case_answered"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """K-2026-00017."""
        return number_of(self.pk, self.opened_at)


class Side(models.TextChoices):
    """Who wrote a message."""

    APPLICANT = "applicant", _("Applicant")
    DCC = "dcc", _("DCC")
    MISSION = "mission", _("Mission")


class CaseMessage(models.Model):
    """What the applicant and the officers wrote to each other; never changed but for `read_at`, an officer's act."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    client_id = models.UUIDField(unique=True)
    side = models.CharField(max_length=10, choices=Side.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.side} {self.at:%F %T}"


class NoteKind(models.TextChoices):
    """What an officer noted; the applicant sees none of it."""

    NOTE = "note", _("Note")
    STEP = "step", _("Next step")
    DOCUMENT = "document", _("Document")
    REASON = "reason", _("Reason")


class CaseNote(models.Model):
    """One line of an officer; never changed, never shown to the applicant. `url` is where a document lies."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=NoteKind.choices, default=NoteKind.NOTE)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    url = models.CharField(max_length=URL_LENGTH, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.at:%F %T}"


class CasePerson(models.Model):
    """Somebody of the registry whom the case concerns; the row stays when the link is taken away."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="persons")
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "citizen"], condition=models.Q(removed_at__isnull=True), name="case_person_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} citizen {self.citizen_id}"


class CaseTime(models.Model):
    """How long we have for a first answer, by category: a row with its owner, reason and last review, like a clock."""

    category = models.CharField(max_length=12, choices=Category.choices, unique=True)
    hours = models.PositiveIntegerField()
    owner = models.CharField(max_length=80)
    reason_id = models.CharField(max_length=400)
    reason_en = models.CharField(max_length=400)
    reviewed_on = models.DateField()

    def __str__(self) -> str:
        return self.category

    @property
    def why(self) -> str:
        """Why it is so, in the language of the page."""
        return self.reason_id if language() == "id" else self.reason_en
