"""Every kind of event: what it is about, the topic its frames carry, and the schema of its data.

Data holds ids and codes only, never a name, a telephone number or free text (ux.md 3.3).
"""

from dataclasses import dataclass, field
from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Data(BaseModel):
    """Base of every kind's data: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Data):
    """A kind that needs no data beside the object."""


class Received(Data):
    """Intake of an emergency."""

    channel: str
    mission: str
    rule: str


class Taken(Data):
    """A named desk took it; receipt 3."""

    by: int
    next_contact_at: datetime


class Returned(Data):
    """Taken without an action for ten minutes (domain.md rule 7)."""

    was_taken_by: int
    times: int


class Outcome(Data):
    """How an emergency ended."""

    outcome: str


class Message(Data):
    """A message exists; its text stays in its own table."""

    message: int
    side: str


class Position(Data):
    """A position was sent."""

    position: int


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
    """A situation report was demanded from a mission."""

    mission: str
    attempt: int
    due_at: datetime


class Opened(Data):
    """The mission's officer opened the form."""

    mission: str


class Filed(Data):
    """A situation report arrived."""

    mission: str
    report: int
    answer: str
    replaces: int | None = None


class Chosen(Data):
    """A verifier chose an official figure; null value means withdrawn."""

    key: str
    figure: int
    report: int | None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: `about` is the object type, `topic` may hold {id} or {crisis}."""

    about: str
    topic: str
    data: type[Data] = field(default=Nothing)


KINDS: dict[str, Kind] = {
    "emergency.received": Kind("emergency", "queue", Received),
    "emergency.opened": Kind("emergency", "queue"),
    "emergency.taken": Kind("emergency", "queue", Taken),
    "emergency.released": Kind("emergency", "queue"),
    "emergency.returned": Kind("emergency", "queue", Returned),
    "emergency.noted": Kind("emergency", "queue"),
    "emergency.messaged": Kind("emergency", "queue", Message),
    "emergency.moved": Kind("emergency", "queue", Position),
    "emergency.resolved": Kind("emergency", "queue", Outcome),
    "emergency.reopened": Kind("emergency", "queue"),
    "emergency.cancelled": Kind("emergency", "queue"),
    "crisis.declared": Kind("crisis", "crisis:{id}", Declared),
    "crisis.level_changed": Kind("crisis", "crisis:{id}", Level),
    "crisis.mission_added": Kind("crisis", "crisis:{id}", Involved),
    "crisis.stood_down": Kind("crisis", "crisis:{id}"),
    "report.requested": Kind("request", "crisis:{crisis}", Requested),
    "report.opened": Kind("request", "crisis:{crisis}", Opened),
    "report.filed": Kind("request", "crisis:{crisis}", Filed),
    "figure.chosen": Kind("figure", "crisis:{crisis}", Chosen),
    "exercise.started": Kind("exercise", "exercise"),
    "exercise.ended": Kind("exercise", "exercise"),
}
