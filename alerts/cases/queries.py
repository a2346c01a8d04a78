"""Reads: the list of cases and its counts, one case, what is past its time, how fast answers came."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import QueryDict

from alerts.cases.models import OPEN, Case, CaseMessage, CaseNote, CaseTime, Category, Side, State
from alerts.ladders.models import DueStep, Ladder, Subject
from alerts.ladders.queries import waiting
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from missions.countries.tables import read_table

REFERENCE = Path(__file__).parent / "reference"
NUMBER = re.compile(r"K-[0-9]{4}-([0-9]{5,12})", re.ASCII)
NOT_OVER = Q(closed_at__isnull=True)  # the words of the partial index
STATES = ("open", *State.values, "all")


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """The filter bar, which is the address: what can't be understood is left out. Open ones without a state."""

    state: str = "open"
    category: str = ""
    mission: str = ""
    mine: bool = False
    overdue: bool = False
    q: str = ""

    @classmethod
    def from_params(cls, params: QueryDict) -> "CaseFilter":
        """The filter of a query string."""
        state, category, mission = params.get("state", ""), params.get("category", ""), params.get("mission", "")
        return cls(
            state=state if state in STATES else "open",
            category=category if category in Category.values else "",
            mission=mission if re.fullmatch(r"[-\w]{1,60}", mission, re.ASCII) else "",
            mine=params.get("mine") == "1",
            overdue=params.get("overdue") == "1",
            q=params.get("q", "").replace("\0", "").strip()[:60],
        )


def visible(reader: Reader) -> QuerySet[Case]:
    """What of the cases this reader may see, in the reader's world."""
    world = Case.objects.filter(exercise=reader.exercise)
    if reader.is_dcc:
        return world
    return world.filter(mission_id=reader.mission) if reader.is_mission else world.none()


def _narrowed(reader: Reader, wanted: CaseFilter, at: datetime) -> QuerySet[Case]:
    """Everything of the filter but its state."""
    exact = {"category": wanted.category, "mission_id": wanted.mission}
    found = visible(reader).filter(**{name: value for name, value in exact.items() if value})
    if wanted.mine:
        found = found.filter(owner_id=reader.user_id)
    if wanted.overdue:
        found = found.filter(due_at__isnull=False, due_at__lte=at)
    if wanted.q:
        digits = wanted.q.rsplit("-", 1)[-1]
        same = Q(pk=int(digits)) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else Q(pk=0)
        found = found.filter(same | Q(place__icontains=wanted.q) | Q(mission__name__icontains=wanted.q))
    return found


def _of_state(state: str) -> Q:
    if state == "all":
        return Q()
    return NOT_OVER & Q(state__in=OPEN) if state == "open" else Q(state=state)


def rows(reader: Reader, wanted: CaseFilter, at: datetime) -> QuerySet[Case]:
    """The list: least time left first, then those that wait for somebody else, the newest first."""
    found = _narrowed(reader, wanted, at).filter(_of_state(wanted.state)).select_related("mission", "owner")
    if wanted.state == State.CLOSED:
        return found.order_by("-closed_at", "-pk")
    return found.order_by(F("due_at").asc(nulls_last=True), "-opened_at", "-pk")


def unread(cases: Iterable[Case]) -> set[int]:
    """Which of these have words of the applicant that no officer has read: asked for one page, never for a list."""
    waiting = CaseMessage.objects.filter(case__in=list(cases), side=Side.APPLICANT, read_at__isnull=True)
    return set(waiting.values_list("case", flat=True))


def counts(reader: Reader, wanted: CaseFilter, at: datetime) -> dict[str, int]:
    """How many the same filter finds in each state, and how many of the open ones are late.

    The closed ones of all years are counted where they are shown, not on every other tab.
    """
    whole = _narrowed(reader, wanted, at)
    asked = {state: Count("pk", filter=_of_state(state)) for state in ("open", *State.values)}
    late = Count("pk", filter=Q(due_at__isnull=False, due_at__lte=at))
    found: dict[str, int] = whole.filter(NOT_OVER).aggregate(**asked, late=late, n=Count("pk"))
    if wanted.state not in {"all", State.CLOSED}:
        del found[State.CLOSED.value]
        return found
    closed = whole.filter(closed_at__isnull=False).count()
    return found | {"closed": closed, "all": found["n"] + closed}


def one(reader: Reader, number: str) -> Case | None:
    """The case of this number with all that belongs to it, if the reader may see it."""
    said = Prefetch("messages", queryset=CaseMessage.objects.select_related("author", "read_by"))
    noted = Prefetch("notes", queryset=CaseNote.objects.select_related("author"))
    whole = visible(reader).select_related("mission", "owner", "entered_by", "emergency")
    return by_number(whole.prefetch_related(said, noted), number)


def by_number(among: QuerySet[Case], number: str) -> Case | None:
    """The one whose whole number this is; None for any other text."""
    key = NUMBER.fullmatch(number)
    found = among.filter(pk=int(key[1])).first() if key else None
    return found if found is not None and found.number == number else None


def of_emergency(reader: Reader, emergency: int) -> list[Case]:
    """The cases that became this emergency, for those who may see them."""
    return list(visible(reader).filter(emergency_id=emergency).order_by("pk"))


def hours_of(category: str) -> int:
    """How long we have for this category; as shipped until the table is loaded."""
    stored = CaseTime.objects.filter(category=category).values_list("hours", flat=True).first()
    return stored if stored is not None else next(int(row["hours"]) for row in shipped() if row["category"] == category)


def shipped() -> list[dict[str, Any]]:
    """The rows of the reference table."""
    given = read_table(REFERENCE / "times.csv")
    return [{**row, "hours": int(row["hours"]), "reviewed_on": date.fromisoformat(row["reviewed_on"])} for row in given]


def subject(case: Case) -> Subject:
    """The case as its ladder knows it; each start of its clock is a run of its own."""
    return Subject(Ladder.CASE, case.pk, case.number, case.exercise, run=case.version)


def late(place: str, exercise: str, at: datetime) -> QuerySet[Case]:
    """What is past its time, the longest first: of the whole world, or of one mission."""
    found = Case.objects.filter(exercise=exercise, due_at__isnull=False, due_at__lte=at)
    return (found.filter(mission_id=place) if place else found).order_by("due_at", "pk")


def without_step() -> list[Case]:
    """Cases whose clock runs and that no step will look at."""
    ahead = DueStep.objects.filter(ladder=Ladder.CASE, ref=OuterRef("pk"), done_at__isnull=True)
    running = Case.objects.filter(due_at__isnull=False, late_at__isnull=True)
    return list(running.exclude(Exists(ahead)).order_by("pk")[:500])


def step_ahead(case: Case) -> DueStep | None:
    """The step that waits for the end of our time."""
    return waiting(Ladder.CASE, [case.pk]).first()


def hearing(case: Case) -> list[str]:
    """Who hears of the case: the command centre and its mission."""
    mission = [audiences.mission(case.mission_id, case.exercise)] if case.mission_id else []
    return [audiences.dcc(case.exercise), *mission]
