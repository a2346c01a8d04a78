"""Hands what came in to those who registered for it (commandcenter.gateways.inbound)."""

import logging
from collections.abc import Callable
from datetime import datetime

from commandcenter.gateways.inbound import Handler, Inbound, handlers
from commandcenter.inbox.actions import Took, hand_to, note_nobody_took
from commandcenter.inbox.models import InboundMessage

log = logging.getLogger(__name__)


def hand_over(*, message_id: int, at: datetime) -> str:
    """Ask the handlers in order; the first that says "mine" has it. Returns its name, "" when nobody took it.

    One that raises undoes only its own effects; the others are asked, and it is asked again by the sweep.
    """
    failed = False
    for name, handler in list(handlers().items()):
        try:
            took = hand_to(message_id=message_id, name=name, reader=_reader(handler, at), at=at)
        except Exception as error:  # noqa: BLE001 - a message is never lost to a fault of its reader
            # Not the error's text: it may quote the message.
            log.error("%s raised %s for S-%s", name, type(error).__name__, message_id)  # noqa: TRY400
            failed = True
            continue
        if took is not Took.NOT_MINE:
            return name if took is Took.MINE else ""
    note_nobody_took(message_id=message_id, at=at, failed=failed)
    return ""


def _reader(handler: Handler, at: datetime) -> Callable[[InboundMessage], bool]:
    def read(message: InboundMessage) -> bool:
        return handler(
            Inbound(
                gateway=message.gateway,
                message_id=message.message_id,
                sender=message.sender,
                text=message.text,
                received_at=message.received_at,
                exercise=message.exercise,
            ),
            at,
        )

    return read
