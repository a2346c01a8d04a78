"""What the command centre sees of a delivery: codes, never the text or the number."""

from datetime import datetime

from commandcenter.events.audiences import Audience
from commandcenter.live.cards import Card, register
from commandcenter.outbox import rules
from commandcenter.outbox.models import Delivery, Outgoing


class DeliveryCard(Card):
    """One message to one person over one channel; `open` until it ended."""

    channel: str
    about: str
    recipient: int | None
    state: str
    reason: str
    tries: int
    made: datetime
    open: bool


def load(ids: list[str], exercise: str) -> dict[str, Outgoing]:
    """Messages by number (M-17)."""
    keys = {int(number.removeprefix("M-")) for number in ids}
    return {row.number: row for row in Outgoing.objects.filter(pk__in=keys, exercise=exercise)}


def current(audience: Audience) -> dict[str, Outgoing]:
    """What has not ended, by number, for the command centre."""
    if audience.base != "dcc":
        return {}
    return {row.number: row for row in Outgoing.objects.filter(exercise=audience.exercise, ended_at=None)}


def make(row: Outgoing, audience: str) -> Card | None:
    """The card; nobody else sees who is being reached. A sending that runs is still "queued" to boards."""
    if audience != "dcc":
        return None
    return DeliveryCard(
        channel=row.channel,
        about=row.about,
        recipient=row.recipient_id,
        state=Delivery.QUEUED if row.state == Delivery.SENDING else row.state,
        reason=row.reason,
        tries=row.attempts if row.state != Delivery.SENDING else row.attempts - 1,
        made=row.made_at,
        open=row.state in rules.OPEN,
    )


def register_cards() -> None:
    """Tell the relay."""
    register("delivery", load=load, make=make, current=current)
