"""The standard procedures: checklists as data, one file, chosen by the kind of crisis."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from alerts.crises.models import CrisisKind
from alerts.team.models import TEXT_LENGTH

FILE = Path(__file__).parent / "procedures.json"
Text = Annotated[str, Field(min_length=1, max_length=TEXT_LENGTH)]


class Shape(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(Shape):
    """One line of a checklist: what, and so many minutes after the start until it is due."""

    minutes: Annotated[int, Field(ge=1, le=10_080)]
    id: Text
    en: Text


class Checklist(Shape):
    """One procedure. `kinds` says which crises start it by themselves; "any" is every crisis."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    kinds: list[CrisisKind | Literal["any"]]
    id: Text
    en: Text
    steps: Annotated[list[Step], Field(min_length=1)]


@cache
def checklists() -> dict[str, Checklist]:
    """Every procedure by name, in the order of the file. Raises pydantic.ValidationError for a broken file."""
    found = TypeAdapter(list[Checklist]).validate_json(FILE.read_text(encoding="utf-8"))
    return {one.name: one for one in found}


def started_by(kind: str) -> list[Checklist]:
    """The procedures that a crisis of this kind starts by itself."""
    return [one for one in checklists().values() if "any" in one.kinds or kind in one.kinds]
