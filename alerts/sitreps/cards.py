"""What each audience sees of a report request."""

from datetime import datetime

from django.db.models import Max

from alerts.sitreps.models import ReportRequest
from commandcenter.events.audiences import Audience
from commandcenter.live.cards import Card, register


class RequestCard(Card):
    """One row of the mission board."""

    crisis: str
    mission: str
    requested: datetime
    due: datetime
    attempt: int
    opened: datetime | None
    filling: datetime | None
    contact: datetime | None
    step: str
    answered: datetime | None
    closed: datetime | None
    last_report: int | None


def load(ids: list[str], exercise: str) -> dict[str, ReportRequest]:
    """Requests by number (R-17)."""
    keys = {int(number.removeprefix("R-")) for number in ids}
    found = ReportRequest.objects.filter(pk__in=keys, crisis__exercise=exercise).select_related("crisis")
    return {request.number: request for request in found.annotate(last_report=Max("reports__number"))}


def current(audience: Audience) -> dict[str, ReportRequest]:
    """The requests of open crises by number; a mission's are its own."""
    found = ReportRequest.objects.filter(crisis__exercise=audience.exercise, crisis__stood_down_at__isnull=True)
    if audience.base == "mission":
        found = found.filter(mission_id=audience.mission)
    found = found.select_related("crisis").annotate(last_report=Max("reports__number"))
    return {request.number: request for request in found}


def make(request: ReportRequest, audience: str) -> Card | None:
    """The same card for every audience: codes and times."""
    return RequestCard(
        crisis=request.crisis.slug,
        mission=request.mission_id,
        requested=request.requested_at,
        due=request.due_at,
        attempt=request.attempt,
        opened=request.opened_at,
        filling=request.filling_at,
        contact=request.contact_at,
        step=request.step,
        answered=request.answered_at,
        closed=request.closed_at,
        last_report=request.last_report,  # type: ignore[attr-defined]
    )


def register_cards() -> None:
    """Tell the relay."""
    register("request", load=load, make=make, current=current)
