"""What the gateways bring for the dialogue: replies by SMS, and what became of the SMS of officers."""

from datetime import datetime

from alerts.dialogue import actions
from alerts.dialogue.queries import KEY
from commandcenter.gateways.inbound import Inbound, register
from commandcenter.outbox.actions import HEARERS
from commandcenter.outbox.models import Outgoing


def handle(message: Inbound, at: datetime) -> bool:
    """Whether the message comes from the telephone of an emergency."""
    key = f"{message.gateway}:{message.message_id}"
    found = actions.hear_line(sender=message.sender, at=at, key=key, text=message.text, exercise=message.exercise)
    return found is not None


def carried(row: Outgoing, at: datetime) -> None:
    """One outgoing message changed; ours are those whose key says so."""
    if row.key.startswith(KEY):
        actions.note_carried(sms=row, at=at)


def register_handlers() -> None:
    """Tell the gateways and the outbox."""
    register("dialogue", handle)
    if carried not in HEARERS:
        HEARERS.append(carried)
