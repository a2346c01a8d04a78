"""Reads what comes in by SMS: a text that begins with DCC is a report, or gets a sentence back."""

from datetime import datetime

from alerts.submissions import actions, smsline
from commandcenter.gateways.inbound import Inbound, register


def handle(message: Inbound, at: datetime) -> bool:
    """Whether the message is a report line; refused ones are answered too, so they are nobody else's."""
    if not smsline.is_line(message.text):
        return False
    key = f"{message.gateway}:{message.message_id}"
    actions.file_line(sender=message.sender, at=message.received_at, key=key, text=message.text)
    return True


def register_handler() -> None:
    """Tell the gateways."""
    register("reports", handle)
