"""What a kind of event is, and the base of its data."""

from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict


class Data(BaseModel):
    """Base of every kind's data: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Data):
    """A kind that needs no data beside the object."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: `about` is the object type, `topic` may hold {id} or {crisis}."""

    about: str
    topic: str
    data: type[Data] = field(default=Nothing)
