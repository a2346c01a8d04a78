"""What every door outward is: it takes a letter and says what became of it. The wall around exercises is here.

A real SMS gateway is one more subclass of Door: `name`, and `carry`, which reaches the network within DEADLINE seconds,
passes `ref` on (receipts come back with it) and never raises. `sms.DOORS` names it, DCC_SMS chooses it.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final
from uuid import UUID

from commandcenter.outbox.actions import Result
from commandcenter.outbox.models import Delivery, Device, Reason

# A whole sending, from the name's look-up to the answer; well inside the lease.
DEADLINE = 8.0


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way: `address` is a telephone number, `devices` are where push messages go."""

    ref: UUID
    address: str
    text: str
    url: str
    exercise: str
    devices: tuple[Device, ...] = ()


class Door(ABC):
    """One way out. `simulated`: it records, and nothing reaches anybody."""

    name: str
    simulated = False

    @final
    def send(self, letter: Letter) -> Result:
        """Hand the letter over, unless it belongs to an exercise: nothing of one ever leaves (domain.md rule 17)."""
        if letter.exercise:
            return Result(Delivery.UNAVAILABLE, Reason.EXERCISE)
        return self.carry(letter)

    @abstractmethod
    def carry(self, letter: Letter) -> Result:
        """Do it; only `send` calls this."""
