"""What the five answers are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from alerts.answers.people import Evacuation, evacuation
from alerts.boards.queries import BoardRow
from alerts.figures.course import Course
from alerts.ledger.reconcile import Reconciliation
from alerts.ledger.shapes import Column, Line
from alerts.persons.shapes import Ledger
from commandcenter.access.models import User


@dataclass(frozen=True, slots=True)
class Reported:
    """What one mission reported from one source. A set that contradicts itself has no lines, only its check.

    `superseded` are categories of earlier reports that no longer fit with the newest one and are not shown.
    """

    mission: str
    source: str
    as_of: datetime
    report: int
    lines: tuple[Line, ...]
    check: Reconciliation | None = None
    superseded: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Official figures of one source and time, chosen by one verifier."""

    source: str
    as_of: datetime | None
    verifier: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FigureAnswer:
    """Questions 1 to 3: the official figures, then each source apart for what has none. Never one sum."""

    official: tuple[Line, ...] = ()
    reported: tuple[Reported, ...] = ()
    check: Reconciliation | None = None
    unreported: tuple[Column, ...] = ()

    @property
    def chosen(self) -> list[Chosen]:
        """The official figures by source, time and verifier, so that the page says these once."""
        groups: dict[tuple[str, datetime | None, str], list[Line]] = {}
        for line in self.official:
            groups.setdefault((line.figure.source, line.figure.as_of, line.figure.reporter), []).append(line)
        return [Chosen(*key, tuple(lines)) for key, lines in groups.items()]

    @property
    def withheld(self) -> bool:
        """The official set contradicts itself: its gap is shown in its place."""
        return self.check is not None and self.check.is_contradiction


@dataclass(frozen=True, slots=True)
class Estimate:
    """One headcount estimate, with the names the page prints; estimators stand side by side and are never summed."""

    country: str
    kind: str
    what: str
    low: int | None
    high: int | None
    oldest: date
    as_of_text: str
    source: str
    coverage: float | None = None


@dataclass(frozen=True, slots=True)
class CountryRange:
    """How many Indonesians may be in one country: what its estimators span, never without coverage and age (rule 4);
    None is a country where nobody counted citizens."""

    country: str
    low: int | None
    high: int | None
    oldest: date | None
    source: str
    coverage: float | None = None


@dataclass(frozen=True, slots=True)
class ContactAnswer:
    """Questions 4 and 5 for one mission, from its newest report that answered them."""

    mission: str
    answer: str
    word: str
    as_of: datetime
    report: int
    reporter: str
    filed_at: datetime


@dataclass(frozen=True, slots=True)
class Answers:
    """The five answers of one crisis at one moment; the page and the one-page brief read this object.

    `courses` are the official figures' by key, withdrawn ones too; `officers` who is on duty at silent missions.
    """

    present: FigureAnswer
    ranges: tuple[CountryRange, ...]
    headcounts: tuple[Estimate, ...]
    victims: FigureAnswer
    nationals: FigureAnswer
    authorities: tuple[ContactAnswer, ...]
    hospitals: tuple[ContactAnswer, ...]
    missions: tuple[BoardRow, ...]
    as_of: datetime | None
    ledger: Ledger
    courses: Mapping[str, Course] = field(default_factory=dict)
    officers: Mapping[str, User] = field(default_factory=dict)

    @property
    def evacuation(self) -> Evacuation:
        """How far it is, by the ledger."""
        return evacuation(self.ledger)

    @property
    def asked(self) -> list[BoardRow]:
        """Missions from which a report was demanded."""
        return [row for row in self.missions if row.request is not None]

    @property
    def told(self) -> list[BoardRow]:
        """Missions with a standing report."""
        return [row for row in self.missions if row.last is not None]

    @property
    def silent(self) -> list[BoardRow]:
        """Missions that owe a report now, worst first."""
        return [row for row in self.missions if row.owes]

    @property
    def to_call(self) -> list[tuple[BoardRow, User | None]]:
        """The silent with whom to telephone there: who is on duty, else the officer who was asked."""
        return [(row, self.officers.get(row.mission.code) or _asked(row)) for row in self.silent]

    @property
    def fastest(self) -> BoardRow | None:
        """The mission that answered its demand soonest."""
        times = {}
        for row in self.missions:
            if row.request is not None and row.request.answered_at is not None:
                times[row] = row.request.answered_at - row.request.requested_at
        return min(times, key=times.__getitem__, default=None)


def _asked(row: BoardRow) -> User | None:
    return row.request.officer if row.request else None
