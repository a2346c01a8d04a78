"""Sending: takes what is due from the outbox and hands it to the doors, in threads of its own beside the sweep.

A gateway that hangs holds up its own channel and nothing else: each channel has one thread in each process that is
woken, each sending a deadline, each gateway a breaker. Any number of processes may send; rows say who has what.
"""

import atexit
import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError, close_old_connections, connection

from commandcenter.clock import now
from commandcenter.gateways import sms
from commandcenter.gateways.door import Door, Letter
from commandcenter.gateways.push import Push
from commandcenter.outbox import actions, queries
from commandcenter.outbox.actions import Result
from commandcenter.outbox.models import Channel, Delivery, Outgoing, Reason

log = logging.getLogger(__name__)
MOST, LONGEST_SECONDS = 50, 10.0
DOORS: dict[Channel, Callable[[], Door | None]] = {Channel.SMS: sms.door, Channel.PUSH: Push}


def send_due(channel: Channel, *, clock: Callable[[], datetime] = now, stop: Callable[[], bool] = lambda: False) -> int:
    """Send what is due over a channel: at most 50 messages and some ten seconds. Returns how many were tried."""
    door, ends = DOORS[channel](), time.monotonic() + LONGEST_SECONDS
    tried = 0
    while tried < MOST and time.monotonic() < ends and not stop() and _send_one(channel, door, clock):
        tried += 1
    return tried


def _send_one(channel: Channel, door: Door | None, clock: Callable[[], datetime]) -> bool:
    """One message: `sending` is committed, then the network, then the result is committed. False: nothing to do."""
    if not queries.is_due(channel, clock()) or (door is not None and queries.is_resting(door.name, clock())):
        return False
    message = actions.take_next(channel=channel, at=clock())
    if message is None:
        return False
    result = _handed_over(door, message)
    actions.settle(message=message, result=result, at=clock())
    if door is not None and channel != Channel.PUSH and result.state != Delivery.UNAVAILABLE:
        works = result.state not in {Delivery.QUEUED, Delivery.UNKNOWN}
        actions.note_health(gateway=door.name, works=works, at=clock())
    return True


def _handed_over(door: Door | None, message: Outgoing) -> Result:
    """What the door says; one that raises may have sent it."""
    if door is None:
        return Result(Delivery.UNAVAILABLE, Reason.EXERCISE if message.exercise else Reason.NO_GATEWAY)
    letter = Letter(
        ref=message.client_ref,
        address=message.telephone,
        text=message.text,
        url=message.url,
        exercise=message.exercise,
        devices=tuple(queries.devices_of(message.recipient_id)) if message.channel == Channel.PUSH else (),
    )
    try:
        return door.send(letter)
    except Exception as error:  # noqa: BLE001 - one message must not stop the others
        # Not the error's text: it may quote a number or a key.
        log.error("%s raised %s for %s", door.name, type(error).__name__, message.number)  # noqa: TRY400
        return Result(Delivery.UNKNOWN, Reason.LOST, door.name)


class Sender:
    """The thread of one channel in this process; it starts with the first call."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.due = threading.Event()
        self.closing = False
        self.thread: threading.Thread | None = None
        self.lock = threading.Lock()

    def wake(self) -> None:
        """Look now; never waits."""
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.closing = False
                self.thread = threading.Thread(target=self._run, name=f"send-{self.channel}", daemon=True)
                self.thread.start()
        self.due.set()

    def close(self) -> None:
        """Finish the message that is on its way, then end: a stop makes nothing unknown."""
        self.closing = True
        self.due.set()
        if self.thread is not None:
            self.thread.join(LONGEST_SECONDS)

    def _run(self) -> None:
        while not self.closing:
            self.due.wait()
            self.due.clear()
            try:
                while send_due(self.channel, stop=lambda: self.closing) >= MOST:
                    close_old_connections()
            except DatabaseError as error:
                log.warning(
                    "sending %s lost the database (%s); the next look goes on", self.channel, type(error).__name__
                )
            finally:
                connection.close()


senders = tuple(Sender(channel) for channel in DOORS)


def wake() -> None:
    """Wake every channel's sender."""
    for sender in senders:
        sender.wake()


@atexit.register
def close(*_: object, **__: object) -> None:
    """Let what is on its way arrive."""
    for sender in senders:
        sender.close()
