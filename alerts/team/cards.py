"""What each audience sees of a crisis team: ids and codes; names and words are on the page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from alerts.team.models import Decision, TeamMember, TeamTask
from commandcenter.events.audiences import Audience
from commandcenter.live.cards import Card, Current, Load, register


class MemberCard(Card):
    """Somebody in the team."""

    crisis: str
    user: int
    part: str
    left: bool


class DecisionCard(Card):
    """A decision exists."""

    crisis: str
    no: int
    by: int


class TaskCard(Card):
    """A task and its owner."""

    crisis: str
    state: str
    owner: int | None
    due: datetime


def _readers(table: QuerySet[Any]) -> tuple[Load, Current]:
    """How objects of one table are loaded by number ("T-3"), and which of open crises an audience knows."""

    def rows() -> QuerySet[Any]:
        return table.select_related("crisis")

    def load(ids: list[str], exercise: str) -> Mapping[str, Any]:
        keys = [int(number.partition("-")[2]) for number in ids]
        return {row.number: row for row in rows().filter(pk__in=keys, crisis__exercise=exercise)}

    def current(audience: Audience) -> Mapping[str, Any]:
        found = rows().filter(crisis__exercise=audience.exercise, crisis__stood_down_at__isnull=True)
        if audience.base == "summary":
            return {}
        if audience.base == "mission":
            found = found.filter(crisis__involved__mission_id=audience.mission)
        return {row.number: row for row in found}

    return load, current


def member(row: TeamMember, audience: str) -> Card | None:
    """The same card for everybody who hears of the team."""
    return MemberCard(crisis=row.crisis.slug, user=row.user_id, part=row.part, left=row.left_at is not None)


def decision(row: Decision, audience: str) -> Card | None:
    """The same card for everybody who hears of the team."""
    return DecisionCard(crisis=row.crisis.slug, no=row.no, by=row.decided_by_id)


def task(row: TeamTask, audience: str) -> Card | None:
    """The same card for everybody who hears of the team."""
    return TaskCard(crisis=row.crisis.slug, state=row.state, owner=row.owner_id, due=row.due_at)


def register_cards() -> None:
    """Tell the relay."""
    for kind, table, make in (
        ("member", TeamMember.objects.all(), member),
        ("decision", Decision.objects.all(), decision),
        ("task", TeamTask.objects.all(), task),
    ):
        load, current = _readers(table)
        register(kind, load=load, make=make, current=current)
