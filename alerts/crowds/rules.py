"""An emergency as the rule of floods sees it."""

from datetime import datetime
from typing import Protocol

from alerts.emergencies.models import Channel, State, number_of
from alerts.floods.rules import Arrival, cell_of, moment


class Seen(Protocol):
    """An emergency, or the columns of one."""

    id: int
    state: str
    priority: int
    channel: str
    device: str
    received_at: datetime
    latitude: float | None
    longitude: float | None
    country: str


COLUMNS = ("id", "state", "priority", "channel", "device", "received_at", "latitude", "longitude", "country")


def is_apart(row: Seen) -> bool:
    """Signed by a registered device, or told to an officer: never folded into a card."""
    return row.device != "" or row.channel != Channel.PANIC_BUTTON


def arrival(row: Seen) -> Arrival:
    """What decides whether it is of a crowd."""
    cell = cell_of(row.latitude, row.longitude, row.country)
    number = number_of(row.id, row.received_at)
    return Arrival(number, cell, moment(row.received_at), row.priority, row.state == State.NEW, is_apart(row))
