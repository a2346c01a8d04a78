"""What each audience sees of an emergency."""

from datetime import datetime
from typing import Any

from alerts.emergencies.models import Emergency
from alerts.emergencies.queries import SHOWN_FIELDS, message_count
from commandcenter.events.audiences import Audience
from commandcenter.live.cards import Card, register


class EmergencyCard(Card):
    """The queue row and the marker. Staff are ids, places are codes; exact positions for dcc and the mission alone."""

    state: str
    priority: int
    type: str
    channel: str
    country: str
    mission: str
    desk: int | None
    received: datetime
    opened: datetime | None
    taken: datetime | None
    next_contact: datetime | None
    lat: float | None
    lon: float | None
    accuracy: float | None
    fixed: datetime | None
    returned: int
    messages: int
    media: int
    unanswered: int
    waiting: datetime | None
    silent: bool
    cancelled: bool
    shelved: datetime | None
    signed: bool
    waits: datetime | None
    offered: str
    leased: int | None
    leased_until: datetime | None
    duplicates: int


def load(ids: list[str], exercise: str) -> dict[str, Emergency]:
    """Emergencies by number, with their count of messages."""
    return _rows(exercise=exercise, pk__in={int(number.rsplit("-", 1)[1]) for number in ids})


def current(audience: Audience) -> dict[str, Emergency]:
    """The open ones by number: all for dcc, its own for a mission."""
    mine = {"dcc": {}, "mission": {"mission_id": audience.mission}}.get(audience.base)
    return {} if mine is None else _rows(exercise=audience.exercise, resolved_at__isnull=True, **mine)


def _rows(**which: Any) -> dict[str, Emergency]:
    found = Emergency.objects.filter(**which).only(*SHOWN_FIELDS).annotate(message_count=message_count())
    return {emergency.number: emergency for emergency in found}


def make(emergency: Emergency, audience: str) -> Card | None:
    """The card; the minister's audience sees no single emergency."""
    if audience not in {"dcc", "mission"}:
        return None
    return EmergencyCard(
        state=emergency.state,
        priority=emergency.priority,
        type=emergency.nature,
        channel=emergency.channel,
        country=emergency.country,
        mission=emergency.mission_id or "",
        desk=emergency.taken_by_id,
        received=emergency.received_at,
        opened=emergency.opened_at,
        taken=emergency.taken_at,
        next_contact=emergency.next_contact_at,
        lat=emergency.latitude,
        lon=emergency.longitude,
        accuracy=emergency.accuracy_m,
        fixed=emergency.fixed_at,
        returned=emergency.returned_times,
        messages=emergency.message_count,  # type: ignore[attr-defined]
        media=emergency.media,
        unanswered=emergency.unanswered,
        waiting=emergency.unanswered_since,
        silent=emergency.silent,
        cancelled=emergency.cancelled_at is not None,
        shelved=emergency.shelved_until,
        signed=emergency.device != "",
        waits=emergency.waiting_until,
        offered=emergency.offered_to,
        leased=emergency.leased_by_id,
        leased_until=emergency.leased_until,
        duplicates=emergency.duplicates_n,
    )


def register_cards() -> None:
    """Tell the relay."""
    register("emergency", load=load, make=make, current=current)
