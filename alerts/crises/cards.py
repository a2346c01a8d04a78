"""What each audience sees of a crisis."""

from datetime import datetime
from typing import Any

from alerts.crises.models import Crisis
from commandcenter.events.audiences import Audience
from commandcenter.live.cards import Card, register
from missions.countries import geo


class CrisisCard(Card):
    """A crisis by its codes; its name is on the page, not in the card."""

    kind: str
    level: int
    area: dict[str, Any]
    countries: list[str]
    missions: list[str]
    declared: datetime
    open: bool


def load(ids: list[str], exercise: str) -> dict[str, Crisis]:
    """Crises by slug, with the missions involved."""
    found = Crisis.objects.filter(slug__in=ids, exercise=exercise).prefetch_related("involved")
    return {crisis.slug: crisis for crisis in found}


def current(audience: Audience) -> dict[str, Crisis]:
    """Open crises by slug; a mission's are those it is involved in."""
    found = Crisis.objects.filter(exercise=audience.exercise, stood_down_at__isnull=True)
    if audience.base == "mission":
        found = found.filter(involved__mission_id=audience.mission)
    return {crisis.slug: crisis for crisis in found.prefetch_related("involved")}


def make(crisis: Crisis, audience: str) -> Card | None:
    """The same card for every audience."""
    return CrisisCard(
        kind=crisis.kind,
        level=crisis.level,
        area=geo.drawn(crisis.area),
        countries=crisis.countries,
        missions=sorted(involved.mission_id for involved in crisis.involved.all()),
        declared=crisis.declared_at,
        open=crisis.is_open,
    )


def register_cards() -> None:
    """Tell the relay."""
    register("crisis", load=load, make=make, current=current)
