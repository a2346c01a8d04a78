"""Every kind of event: what it is about, the topic its frames carry, and the schema of its data.

Data holds ids and codes only, never a name, a telephone number or free text (ux.md 3.3).
"""

from datetime import datetime

from commandcenter.kinds import cases, hotline
from commandcenter.kinds.casework import CASEWORK
from commandcenter.kinds.dialogue import BySms, Silence, Through
from commandcenter.kinds.kind import Data, Kind

__all__ = ["KINDS", "Data", "Kind"]


class Received(Data):
    """Intake of an emergency; events from before the priority was recorded have none."""

    channel: str
    mission: str
    rule: str
    priority: int | None = None


class Taken(Data):
    """A named desk took it; receipt 3."""

    by: int
    next_contact_at: datetime


class Returned(Data):
    """Taken without an action for ten minutes (domain.md rule 7)."""

    was_taken_by: int
    times: int


class Shelved(Data):
    """An alarm is silent until then; the reason stays in its own table."""

    by: int
    until: datetime


class Repeated(Data):
    """The device that opened it pressed again within a minute; what it sent is a row of its own."""

    alarm: int


class Outcome(Data):
    """How an emergency ended."""

    outcome: str


class Message(Data):
    """A message exists; its text stays in its own table."""

    message: int
    side: str


class Position(Data):
    """A position was sent; `doubt` is the code of why the citizen may not be there."""

    position: int
    doubt: str = ""


class Media(Data):
    """Something happened to a photograph or film: its row, where it stands, and the code of a refusal."""

    media: int
    stage: str
    reason: str = ""


class Declared(Data):
    """A crisis was declared."""

    kind: str
    level: int
    missions: list[str]


class Level(Data):
    """A crisis changed its level."""

    was: int
    level: int


class Involved(Data):
    """A mission was added to a crisis by hand; the reason stays in its own table."""

    mission: str


class Requested(Data):
    """A situation report was demanded from a mission, of this officer there (None: nobody has an account)."""

    mission: str
    officer: int | None = None
    attempt: int
    due_at: datetime
    periodic: bool = False


class Opened(Data):
    """The mission's officer opened the form."""

    mission: str


class Filling(Data):
    """The mission's officer typed or tapped something into the form."""

    mission: str


class Filed(Data):
    """A situation report arrived, with so many figures; events from before that was recorded have none."""

    mission: str
    report: int
    answer: str
    replaces: int | None = None
    figures: int | None = None


class Escalated(Data):
    """A step of the ladder was done for want of an answer; `step` is its code."""

    step: str
    turn: int


class Sounded(Data):
    """An alarm was raised or ended; `alarm` is its kind."""

    about: str
    alarm: str
    priority: int


class AlarmTaken(Sounded):
    """A named person took it."""

    by: int


class Threshold(Data):
    """A supervisor moved a threshold; the reason stays in its own table."""

    was: int
    seconds: int
    moved: int


class Seen(Data):
    """An officer of the command centre opened a report."""

    mission: str
    report: int


class Chosen(Data):
    """A verifier chose an official figure; null value means withdrawn."""

    key: str
    figure: int
    report: int | None


class Called(Data):
    """Somebody was called into a crisis team, in which part."""

    user: int
    part: str


class Gone(Data):
    """Somebody left a crisis team."""

    user: int


class Decided(Data):
    """A decision was noted under its number; the words stay in their own table."""

    no: int
    by: int
    replaces: int | None


class Owned(Data):
    """Something happened to a task; its owner then."""

    owner: int | None


class Rostered(Data):
    """A shift of a person (ids), at the command centre ("") or at a mission (its code)."""

    place: str
    person: int
    deputy: int | None
    kind: str
    starts_at: datetime
    ends_at: datetime


class Swap(Data):
    """A swap of a shift: its row, and the person who is asked."""

    swap: int
    other: int


class Tested(Data):
    """A person's telephone number was called and rang."""

    person: int
    tested_at: datetime


class HandedOver(Data):
    """At the change of shift an emergency went from one desk to the next; the promise to the citizen stands."""

    was: int
    by: int
    handover: int
    next_contact_at: datetime


class Offered(Data):
    """The outgoing person signed a handover and named who takes it."""

    place: str
    incoming: int
    items: int


class Handed(Data):
    """Both signed: whose sheet it was, and how many emergencies changed hands."""

    place: str
    outgoing: int
    moved: int
    items: int


class Left(Data):
    """Somebody signed out without a handover, holding so many emergencies."""

    place: str
    held: int


class Delivery(Data):
    """What became of one outgoing message; `about` is the number of the object it is about, `recipient` a user id."""

    channel: str
    about: str
    recipient: int | None
    state: str
    reason: str
    tries: int


class Inbound(Data):
    """A message came in; `handler` took it ("" when nobody did). Its sender and its text stay in their own table."""

    gateway: str
    handler: str


class Ledgered(Data):
    """An act upon the ledger of a crisis: its number, how many persons, and the state they are in now ("" various)."""

    act: int
    n: int
    state: str = ""


class Judged(Data):
    """A verifier judged a difference of two reports; the reason stays in its own table."""

    verdict: int
    kind: str
    key: str
    first: int
    second: int


KINDS: dict[str, Kind] = {
    "emergency.received": Kind("emergency", "queue", Received),
    "emergency.opened": Kind("emergency", "queue"),
    "emergency.taken": Kind("emergency", "queue", Taken),
    "emergency.released": Kind("emergency", "queue"),
    "emergency.returned": Kind("emergency", "queue", Returned),
    "emergency.shelved": Kind("emergency", "queue", Shelved),
    "emergency.unshelved": Kind("emergency", "queue"),
    "emergency.noted": Kind("emergency", "queue"),
    "emergency.messaged": Kind("emergency", "queue", Message),
    "emergency.moved": Kind("emergency", "queue", Position),
    "emergency.silence_set": Kind("emergency", "queue", Silence),
    "emergency.resolved": Kind("emergency", "queue", Outcome),
    "emergency.reopened": Kind("emergency", "queue"),
    "emergency.cancelled": Kind("emergency", "queue"),
    "emergency.repeated": Kind("emergency", "queue", Repeated),
    "emergency.handed_over": Kind("emergency", "queue", HandedOver),
    "emergency.escalated": Kind("emergency", "queue", Escalated),
    **cases.KINDS,
    "emergency.media_started": Kind("emergency", "queue", Media),
    "emergency.media_received": Kind("emergency", "queue", Media),
    "emergency.media_examined": Kind("emergency", "queue", Media),
    "emergency.media_removed": Kind("emergency", "queue", Media),
    **{f"emergency.{verb}": Kind("emergency", "queue", data) for verb, data in CASEWORK.items()},
    "dialogue.read": Kind("dialogue", "emergency:{id}", Through),
    "dialogue.shown": Kind("dialogue", "emergency:{id}", Through),
    "dialogue.carried": Kind("dialogue", "emergency:{id}", BySms),
    "crisis.declared": Kind("crisis", "crisis:{id}", Declared),
    "crisis.level_changed": Kind("crisis", "crisis:{id}", Level),
    "crisis.mission_added": Kind("crisis", "crisis:{id}", Involved),
    "crisis.stood_down": Kind("crisis", "crisis:{id}"),
    "report.requested": Kind("request", "crisis:{crisis}", Requested),
    "report.opened": Kind("request", "crisis:{crisis}", Opened),
    "report.filling": Kind("request", "crisis:{crisis}", Filling),
    "report.escalated": Kind("request", "crisis:{crisis}", Escalated),
    "report.filed": Kind("request", "crisis:{crisis}", Filed),
    "report.seen": Kind("request", "crisis:{crisis}", Seen),
    "figure.chosen": Kind("figure", "crisis:{crisis}", Chosen),
    "team.called": Kind("member", "crisis:{crisis}", Called),
    "team.left": Kind("member", "crisis:{crisis}", Gone),
    "decision.noted": Kind("decision", "crisis:{crisis}", Decided),
    "task.added": Kind("task", "crisis:{crisis}", Owned),
    "task.assigned": Kind("task", "crisis:{crisis}", Owned),
    "task.done": Kind("task", "crisis:{crisis}", Owned),
    "task.dropped": Kind("task", "crisis:{crisis}", Owned),
    "task.resumed": Kind("task", "crisis:{crisis}", Owned),
    "meeting.joined": Kind("meeting", "crisis:{crisis}"),
    "shift.planned": Kind("shift", "roster", Rostered),
    "shift.cancelled": Kind("shift", "roster", Rostered),
    "shift.reassigned": Kind("shift", "roster", Rostered),
    "shift.swap_asked": Kind("shift", "roster", Swap),
    "shift.swapped": Kind("shift", "roster", Swap),
    "shift.swap_declined": Kind("shift", "roster", Swap),
    "shift.swap_withdrawn": Kind("shift", "roster", Swap),
    "number.tested": Kind("number", "roster", Tested),
    "handover.offered": Kind("handover", "handover", Offered),
    "handover.taken_back": Kind("handover", "handover"),
    "handover.signed": Kind("handover", "handover", Handed),
    "handover.left": Kind("handover", "handover", Left),
    "alarm.raised": Kind("alarm", "system", Sounded),
    "alarm.taken": Kind("alarm", "system", AlarmTaken),
    "alarm.ended": Kind("alarm", "system", Sounded),
    "clock.changed": Kind("clock", "system", Threshold),
    **{
        f"delivery.{step}": Kind("delivery", "outbox", Delivery)
        for step in (
            "queued",
            "accepted",
            "delivered",
            "failed",
            "unknown",
            "unavailable",
            "delayed",
            "repeated",
            "called",
            "called_off",
        )
    },
    "inbound.received": Kind("inbound", "inbound", Inbound),
    "inbound.handled": Kind("inbound", "inbound", Inbound),
    "inbound.closed": Kind("inbound", "inbound", Inbound),
    **hotline.KINDS,
    "ledger.entered": Kind("ledger", "crisis:{crisis}", Ledgered),
    "ledger.listed": Kind("ledger", "crisis:{crisis}", Ledgered),
    "ledger.set": Kind("ledger", "crisis:{crisis}", Ledgered),
    "ledger.corrected": Kind("ledger", "crisis:{crisis}", Ledgered),
    "ledger.undone": Kind("ledger", "crisis:{crisis}", Ledgered),
    "ledger.merged": Kind("ledger", "crisis:{crisis}", Ledgered),
    "ledger.parted": Kind("ledger", "crisis:{crisis}", Ledgered),
    "difference.accepted": Kind("difference", "crisis:{crisis}", Judged),
    "difference.reopened": Kind("difference", "crisis:{crisis}", Judged),
    "wall.added": Kind("wall", "system"),
    "wall.paired": Kind("wall", "system"),
    "wall.revoked": Kind("wall", "system"),
    "exercise.started": Kind("exercise", "exercise"),
    "exercise.ended": Kind("exercise", "exercise"),
}
