"""The contract for who reads incoming messages: rooms register a handler at start-up, as they do cards.

A room above says `register("reports", handler)` in its app's ready(). The message is already stored when a handler sees
it; each handler runs inside a transaction of its own together with the mark that it was handled, so its effects
happen exactly once, however often the gateway repeats itself. Nobody's message stays on the page of the command centre.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from outside. `sender` is E.164 where it can be read so, else as the gateway gave it.

    `received_at` is the server's time; `exercise` "" is live work. `text` and `sender` are personal data: neither may
    stand in an event, a frame or a log.
    """

    gateway: str
    message_id: str
    sender: str
    text: str
    received_at: datetime
    exercise: str


# True: the message is mine, and I did with it what there is to do (an answer that refuses it counts as well).
Handler = Callable[[Inbound, datetime], bool]

_handlers: dict[str, Handler] = {}


def register(name: str, handler: Handler) -> None:
    """Say who reads messages; `name` stays with each message it took. They are asked in the order of registration."""
    _handlers[name] = handler


def handlers() -> Mapping[str, Handler]:
    """Every handler by name, in the order in which they are asked."""
    return _handlers
