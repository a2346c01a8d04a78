"""What the command centre sees of a raised alarm; nobody else sees any."""

from datetime import datetime

from alerts.alarms.models import Alarm
from commandcenter.events.audiences import Audience
from commandcenter.live.cards import Card, register


class AlarmCard(Card):
    """A raised alarm: codes, numbers of objects and times. `desk` is who took it."""

    kind: str
    priority: int
    about: str
    mission: str
    room: str
    raised: datetime
    desk: int | None
    open: bool


def load(ids: list[str], exercise: str) -> dict[str, Alarm]:
    """Alarms by number (A-12)."""
    keys = [int(number.removeprefix("A-")) for number in ids]
    return {alarm.number: alarm for alarm in Alarm.objects.filter(pk__in=keys, exercise=exercise)}


def current(audience: Audience) -> dict[str, Alarm]:
    """The alarms that stand."""
    if audience.base != "dcc":
        return {}
    found = Alarm.objects.filter(exercise=audience.exercise, ended_at__isnull=True)
    return {alarm.number: alarm for alarm in found}


def make(alarm: Alarm, audience: str) -> Card | None:
    """The card; None outside the command centre."""
    if audience != "dcc":
        return None
    return AlarmCard(
        kind=alarm.kind,
        priority=alarm.priority,
        about=alarm.about,
        mission=alarm.mission,
        room=alarm.room,
        raised=alarm.raised_at,
        desk=alarm.taken_by_id,
        open=alarm.ended_at is None,
    )


def register_cards() -> None:
    """Tell the relay."""
    register("alarm", load=load, make=make, current=current)
