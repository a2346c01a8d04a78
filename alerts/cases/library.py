"""Sub-topics and reply templates: data in one file, in both languages."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from alerts.cases.models import TEXT_LENGTH, Category
from commandcenter.wording import language

FILE = Path(__file__).parent / "library.json"
Code = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Text = Annotated[str, Field(min_length=1, max_length=TEXT_LENGTH)]


class Shape(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Topic(Shape):
    """What a case is about, more closely than its category."""

    code: Code
    category: Category
    id: Text
    en: Text

    @property
    def name(self) -> str:
        """In the language of the page."""
        return self.en if language() == "en" else self.id


class Template(Shape):
    """A reply that is written often; the officer may change it before it goes."""

    code: Code
    id_title: Text
    en_title: Text
    id: Text
    en: Text

    @property
    def title(self) -> str:
        """In the language of the page."""
        return self.en_title if language() == "en" else self.id_title

    def text(self, spoken: str) -> str:
        """In the language of the applicant."""
        return self.en if spoken == "en" else self.id


class Library(Shape):
    """The whole file."""

    topics: list[Topic]
    replies: list[Template]


@cache
def library() -> Library:
    """Everything in the file. Raises pydantic.ValidationError for a broken one."""
    return Library.model_validate_json(FILE.read_text(encoding="utf-8"))


def topic(code: str) -> Topic | None:
    """One sub-topic."""
    return next((one for one in library().topics if one.code == code), None)


def topics_of(category: str) -> list[Topic]:
    """The sub-topics of a category."""
    return [one for one in library().topics if one.category == category]
