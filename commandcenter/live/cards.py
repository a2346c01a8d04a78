"""The register of cards: how each object type is loaded and what each audience may see of it.

Rooms register at start-up (their app's ready()); the relay knows no room.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from commandcenter.events.audiences import Audience


class Card(BaseModel):
    """Base of every card: unknown fields are refused; never a name, telephone, passport or free text."""

    model_config = ConfigDict(extra="forbid")


Load = Callable[[list[str], str], Mapping[str, Any]]
Make = Callable[[Any, str], Card | None]
Current = Callable[[Audience], Mapping[str, Any]]


def _none(_audience: Audience) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Maker:
    """`load(ids, exercise)` reads objects; `make(object, audience_base)` is the card, None when it may not be seen.

    `current(audience)` is what a snapshot holds, by id: every object the audience was told of and that is not over.
    An emergency is over when it is resolved, a crisis when it was stood down, and with it whatever names the crisis.
    """

    load: Load
    make: Make
    current: Current


_makers: dict[str, Maker] = {}


def register(object_type: str, *, load: Load, make: Make, current: Current = _none) -> None:
    """Say how cards of this object type are made."""
    _makers[object_type] = Maker(load, make, current)


def maker(object_type: str) -> Maker | None:
    """The maker of an object type; None when its room shows no card."""
    return _makers.get(object_type)


def makers() -> Mapping[str, Maker]:
    """Every maker by object type."""
    return _makers
