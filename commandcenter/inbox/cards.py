"""What the command centre sees of a message that came in: that it came, never from whom or what."""

from datetime import datetime

from commandcenter.events.audiences import Audience
from commandcenter.inbox.models import InboundMessage
from commandcenter.live.cards import Card, register


class InboundCard(Card):
    """A message that came in; `open` until a handler or a person took it."""

    gateway: str
    received: datetime
    handler: str
    open: bool


def load(ids: list[str], exercise: str) -> dict[str, InboundMessage]:
    """Messages by number (S-17)."""
    keys = {int(number.removeprefix("S-")) for number in ids}
    found = InboundMessage.objects.filter(pk__in=keys, exercise=exercise).defer("text", "sender")
    return {message.number: message for message in found}


def current(audience: Audience) -> dict[str, InboundMessage]:
    """Those that nobody took, by number, for the command centre."""
    if audience.base != "dcc":
        return {}
    found = InboundMessage.objects.filter(exercise=audience.exercise, closed_at=None).defer("text", "sender")
    return {message.number: message for message in found}


def make(message: InboundMessage, audience: str) -> Card | None:
    """The card, for the command centre alone."""
    if audience != "dcc":
        return None
    return InboundCard(
        gateway=message.gateway,
        received=message.received_at,
        handler=message.handler,
        open=message.closed_at is None,
    )


def register_cards() -> None:
    """Tell the relay."""
    register("inbound", load=load, make=make, current=current)
