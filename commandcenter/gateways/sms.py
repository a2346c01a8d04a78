"""SMS: which door is connected, and the one that only records."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings

from commandcenter.gateways.door import Door, Letter
from commandcenter.outbox import rules
from commandcenter.outbox.actions import Result
from commandcenter.outbox.models import Delivery


def text_of(letter: Letter) -> str:
    """The text with the address it opens; a telephone needs the whole of it."""
    return f"{letter.text} {settings.ORIGINS[0]}{letter.url}" if letter.url else letter.text


class Recording(Door):
    """Writes what a gateway would have sent into DCC_VAR/sms.jsonl, for demonstrations and tests; it says so."""

    name = "sms:recording"
    simulated = True

    def carry(self, letter: Letter) -> Result:
        """One line, on the disk before it counts as taken."""
        trouble = rules.telephone_trouble(letter.address, simulated=self.simulated)
        if trouble:
            return Result(Delivery.UNAVAILABLE, trouble, self.name)
        line = json.dumps({"ref": str(letter.ref), "to": letter.address, "text": text_of(letter)}) + "\n"
        try:
            handle = os.open(recorded(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, line.encode())
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError:
            return Result(Delivery.QUEUED, gateway=self.name)
        return Result(Delivery.ACCEPTED, "", self.name, f"rec-{letter.ref.hex[:12]}", simulated=True)


def recorded() -> Path:
    """Where the recording door writes."""
    return Path(settings.VAR) / "sms.jsonl"


DOORS: Mapping[str, Callable[[], Door]] = {"recording": Recording}


def door() -> Door | None:
    """The connected SMS door; None when there is none, and SMS is "not available"."""
    return DOORS[settings.SMS]() if settings.SMS else None
