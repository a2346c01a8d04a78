"""The data of what desks do with one emergency together: leases, tasks, waiting, duplicates, missions, hand-overs."""

from datetime import datetime

from commandcenter.kinds.kind import Data, Nothing


class Echo(Data):
    """Something came in of a duplicate (`of`): a message, a position, or a cancelling."""

    of: str
    message: int | None = None
    side: str = ""
    position: int | None = None


class Lease(Data):
    """An officer writes on it until then; `was` is who was writing before a break."""

    by: int
    until: datetime
    was: int | None = None


class Waiting(Data):
    """It was put off, for whom and until when."""

    waiting_for: str
    until: datetime


class WaitedOut(Data):
    """The time of waiting is over: back in the queue."""

    was_taken_by: int
    waiting_for: str


class TaskStep(Data):
    """One step of one of the tasks; what came of it stays in its own table. "" is a task nobody has looked at."""

    task: str
    stage: str
    entry: int


class Merged(Data):
    """It is a duplicate and attached to that one."""

    into: str


class Other(Data):
    """The other one of two emergencies."""

    other: str


class Reassigned(Data):
    """Another mission answers for it ("" is the command centre); the reason stays in its own table."""

    was: str
    mission: str
    by_hand: bool


class OfferedTo(Data):
    """Who holds it asks the other side to take it up: a mission's code or "dcc"."""

    to: str
    by: int
    until: datetime


class OfferEnded(Data):
    """Nobody took it up: taken back, declined, or its time was over."""

    to: str
    was_taken_by: int | None = None


class Accepted(Data):
    """A named officer of the other side took it up, under the promise that was given before."""

    was: int
    by: int
    next_contact_at: datetime


CASEWORK: dict[str, type[Data]] = {
    "echoed": Echo,
    "leased": Lease,
    "lease_ended": Nothing,
    "lease_broken": Lease,
    "waiting": Waiting,
    "continued": Nothing,
    "waited_out": WaitedOut,
    "closed": Nothing,
    "task_moved": TaskStep,
    "task_undone": TaskStep,
    "merged": Merged,
    "joined": Other,
    "parted": Other,
    "left": Other,
    "told_apart": Other,
    "taking_told": Nothing,
    "reassigned": Reassigned,
    "offered": OfferedTo,
    "accepted": Accepted,
    "offer_declined": OfferEnded,
    "offer_withdrawn": OfferEnded,
    "offer_lapsed": OfferEnded,
}
