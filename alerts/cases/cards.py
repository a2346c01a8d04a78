"""What each audience sees of a case: codes, ids and times; names, telephones and texts are on the page."""

from datetime import datetime

from django.db.models import QuerySet

from alerts.cases.models import OPEN, Case
from commandcenter.events.audiences import Audience
from commandcenter.live.cards import Card, register


class CaseCard(Card):
    """The row of the list. `due` is null while our clock stands still."""

    state: str
    category: str
    topic: str
    channel: str
    country: str
    mission: str
    desk: int | None
    opened: datetime
    due: datetime | None
    late: bool
    open: bool


def load(ids: list[str], exercise: str) -> dict[str, Case]:
    """Cases by number."""
    return _by_number(Case.objects.filter(exercise=exercise, pk__in={int(each.rsplit("-", 1)[1]) for each in ids}))


def current(audience: Audience) -> dict[str, Case]:
    """The open ones by number: all for dcc, its own for a mission."""
    mine = {"dcc": {}, "mission": {"mission_id": audience.mission}}.get(audience.base)
    if mine is None:
        return {}
    open_ones = Case.objects.filter(exercise=audience.exercise, closed_at__isnull=True, state__in=OPEN)
    return _by_number(open_ones.filter(**mine))


def _by_number(found: QuerySet[Case]) -> dict[str, Case]:
    return {case.number: case for case in found}


def make(case: Case, audience: str) -> Card | None:
    """The card; the minister's audience sees no single case."""
    if audience not in {"dcc", "mission"}:
        return None
    return CaseCard(
        state=case.state,
        category=case.category,
        topic=case.topic,
        channel=case.channel,
        country=case.country,
        mission=case.mission_id or "",
        desk=case.owner_id,
        opened=case.opened_at,
        due=case.due_at,
        late=case.late_at is not None,
        open=case.state in OPEN,
    )


def register_cards() -> None:
    """Tell the relay."""
    register("case", load=load, make=make, current=current)
