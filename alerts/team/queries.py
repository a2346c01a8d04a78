"""Reads: the team of a crisis, its decisions, its tasks, its meeting."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from alerts.crises.models import Crisis
from alerts.team import library
from alerts.team.models import Decision, MeetingVisit, Part, TeamMember, TeamTask
from commandcenter import wording
from commandcenter.access.models import DCC, MISSION, User


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the team; the lead has no row of its own, `member` is None."""

    user: User
    part: str
    member: TeamMember | None

    @property
    def word(self) -> str:
        """The part in words; "" is the lead."""
        return str(Part(self.part).label) if self.part else ""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task in the language of the page, and whether it is late at the moment of the page."""

    task: TeamTask
    text: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Tasks:
    """What is to be done, the most urgent first, and what is over, the newest first."""

    open: tuple[TaskRow, ...]
    ended: tuple[TaskRow, ...]

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(row.is_late for row in self.open)

    @property
    def unowned(self) -> int:
        """How many wait for an owner."""
        return sum(row.task.owner_id is None for row in self.open)


def callable_people(crisis: Crisis) -> QuerySet[User]:
    """Who may be called: everybody of the command centre, and the officers of the missions involved."""
    involved = crisis.involved.values("mission_id")
    reach = Q(membership__role__in=DCC) | Q(membership__role__in=MISSION, membership__mission__in=involved)
    found = User.objects.filter(reach, is_active=True).select_related("membership")
    return found.order_by("membership__mission", "first_name", "last_name", "pk")


def people(crisis: Crisis) -> list[Person]:
    """Who is in the room now: the lead, then the deputies, members and liaisons in the order they were called."""
    rank = list(Part.values)
    rows = crisis.team.filter(left_at=None).select_related("user__membership")
    called = sorted(rows, key=lambda row: (rank.index(row.part), row.pk))
    return [Person(crisis.lead, "", None), *(Person(row.user, row.part, row) for row in called)]


def former(crisis: Crisis) -> list[TeamMember]:
    """Who was in the team and left, the latest first."""
    return list(crisis.team.exclude(left_at=None).select_related("user").order_by("-left_at"))


def is_in_team(crisis: Crisis, user: int) -> bool:
    """The lead and everybody called who has not left."""
    return user == crisis.lead_id or crisis.team.filter(user=user, left_at=None).exists()


def decisions(crisis: Crisis) -> list[Decision]:
    """Every decision, the newest first."""
    related = ("decided_by", "noted_by", "replaces", "replaced_by")
    return list(crisis.decisions.select_related(*related).order_by("-no"))


def tasks(crisis: Crisis, at: datetime) -> Tasks:
    """The tasks of a crisis as they stand at this moment."""
    english = wording.language() == "en"
    found = crisis.tasks.select_related("owner", "ended_by", "procedure")
    rows = [
        TaskRow(task, task.text_en if english else task.text_id, is_late=task.is_open and task.due_at <= at)
        for task in found
    ]
    ended = sorted((row for row in rows if not row.task.is_open), key=lambda row: row.task.ended_at or at, reverse=True)
    return Tasks(tuple(row for row in rows if row.task.is_open), tuple(ended))


def procedures(crisis: Crisis) -> list[tuple[str, str, bool]]:
    """Every standard procedure: its name, its title in the language of the page, whether it was started here."""
    english = wording.language() == "en"
    started = set(crisis.procedures.values_list("name", flat=True))
    known = library.checklists().values()
    return [(one.name, one.en if english else one.id, one.name in started) for one in known]


def without_procedures() -> list[Crisis]:
    """Open crises in which nothing was started yet."""
    return list(Crisis.objects.filter(stood_down_at__isnull=True, procedures__isnull=True).order_by("pk"))


def meeting_address(crisis: Crisis) -> str:
    """The crisis' own room at the configured video service; "" without one. The key can't be guessed."""
    if not settings.MEETING_URL:
        return ""
    whose = f"meeting:{crisis.exercise}:{crisis.slug}"
    key = hmac.new(settings.SECRET_KEY.encode(), whose.encode(), hashlib.sha256).hexdigest()[:20]
    slug = f"latihan-{crisis.slug}" if crisis.exercise else crisis.slug
    return str(settings.MEETING_URL.format(key=key, slug=slug))


def visits(crisis: Crisis, limit: int = 20) -> list[MeetingVisit]:
    """Who went into the meeting room, the newest first."""
    return list(crisis.meeting_visits.select_related("user").order_by("-pk")[:limit])
