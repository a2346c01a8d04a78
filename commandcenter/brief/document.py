"""The brief as text for the press: the same answers in several layouts, from the whole to the shortest.

What a layout leaves out it counts in words. The hash is of the whole one, without the moment it was printed.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from alerts.answers.shapes import Answers, Chosen, ContactAnswer, FigureAnswer, Reported
from alerts.crises.models import Crisis

TEMPLATE = "commandcenter/brief/page.html"
STALE = timedelta(minutes=60)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cut:
    """How much of each list a layout prints, how many letters of a name, and the size of its letters."""

    sources: int
    names: int
    silent: int
    letters: int
    size: str


ALL = 10_000
CUTS = (
    Cut(ALL, ALL, ALL, ALL, "z"),
    Cut(ALL, ALL, ALL, ALL, "a"),
    Cut(ALL, ALL, ALL, ALL, "b"),
    Cut(8, 12, 16, 200, "b"),
    Cut(6, 8, 9, 120, "b"),
    Cut(4, 6, 9, 120, "c"),
    Cut(3, 4, 6, 90, "c"),
    Cut(2, 3, 4, 60, "d"),
    Cut(1, 2, 3, 40, "d"),
    Cut(1, 1, 1, 24, "e"),
)


@dataclass(frozen=True, slots=True)
class Some(Generic[T]):
    """The first of a list, and how many more there are."""

    items: Sequence[T]
    more: int


def some(whole: Iterable[T], most: int) -> Some[T]:
    """At most so many, and the number of the others."""
    found = tuple(whole)
    return Some(found[:most], max(0, len(found) - most))


@dataclass(frozen=True, slots=True)
class Told:
    """One question's figures in this layout: every official one, then what each source says, as far as it fits."""

    answer: FigureAnswer
    chosen: Sequence[Chosen]
    reported: Some[Reported]


@dataclass(frozen=True, slots=True)
class Said:
    """The missions that gave the same answer to question 4 or 5."""

    word: str
    missions: Some[ContactAnswer]


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed, and what identifies it; `at` is the moment of the answers."""

    crisis: Crisis
    answers: Answers
    version: int
    at: datetime
    exercise: str
    digest: str = ""

    @property
    def link(self) -> str:
        """The page this is a copy of."""
        return f"{settings.ORIGINS[0]}{reverse('dashboard:summary')}#c-{self.crisis.slug}"

    def text(self, cut: Cut, *, printed: bool = True) -> str:
        """One layout; without version, hash and moment when it is only to be hashed."""
        answers = self.answers
        context: dict[str, Any] = {
            "document": self,
            "crisis": self.crisis,
            "answers": answers,
            "at": self.at,
            "cut": cut,
            "printed": printed,
            "exercise_name": self.exercise,
            "language": get_language(),
            "stale": answers.as_of is not None and self.at - answers.as_of >= STALE,
            "present": _told(answers.present, cut),
            "victims": _told(answers.victims, cut),
            "nationals": _told(answers.nationals, cut),
            "ranges": some(answers.ranges, cut.names),
            "authorities": _said(answers.authorities, cut),
            "hospitals": _said(answers.hospitals, cut),
            "silent": some(answers.to_call, cut.silent),
            "digest": _grouped(self.digest),
        }
        return render_to_string(TEMPLATE, context)

    def layouts(self) -> list[str]:
        """Every layout, the fullest first."""
        return [self.text(cut) for cut in CUTS]


def document_of(crisis: Crisis, answers: Answers, *, version: int, at: datetime, exercise: str) -> Document:
    """The document with its hash."""
    bare = Document(crisis, answers, version, at, exercise)
    whole = bare.text(CUTS[0], printed=False)
    return Document(crisis, answers, version, at, exercise, hashlib.sha256(whole.encode()).hexdigest())


def _told(answer: FigureAnswer, cut: Cut) -> Told:
    return Told(answer, answer.chosen, some(answer.reported, cut.sources))


def _said(answers: Sequence[ContactAnswer], cut: Cut) -> list[Said]:
    """The same answers together; the newest first."""
    by_word: dict[str, list[ContactAnswer]] = {}
    for answer in sorted(answers, key=lambda one: one.as_of, reverse=True):
        by_word.setdefault(answer.word, []).append(answer)
    return [Said(word, some(same, cut.names)) for word, same in by_word.items()]


def _grouped(digest: str) -> str:
    """The first half of the hash in groups that a person can compare."""
    return " ".join(digest[place : place + 4] for place in range(0, 32, 4))
