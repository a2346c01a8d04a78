"""What a sheet of the situation holds."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from alerts.answers.shapes import Answers
from alerts.boards.queries import BoardRow
from alerts.crises.models import Crisis
from alerts.handling.queries import Entry
from alerts.situation.fingerprint import fingerprint
from alerts.verification.shapes import Matrix
from commandcenter import wording


@dataclass(frozen=True)
class Sheet:
    """Everything that was known of a crisis at one instant. `crisis` has the level it had then."""

    crisis: Crisis
    at: datetime
    answers: Answers
    matrix: Matrix

    @property
    def board(self) -> tuple[BoardRow, ...]:
        """The missions, worst first."""
        return self.answers.missions

    @property
    def told(self) -> int:
        """How many missions had reported in time."""
        return sum(row.mark == "reported" for row in self.board)

    @cached_property
    def hash(self) -> str:
        """16 signs that change with any figure, source, mark or difference on the sheet; the language is no part."""
        return fingerprint(self.at, self.crisis, self.answers, self.matrix)


@dataclass(frozen=True, slots=True)
class Moment:
    """What changed at one instant."""

    at: datetime
    entries: tuple[Entry, ...]
    is_shown: bool = False

    @property
    def clock(self) -> str:
        """The time with seconds, since much can happen in a minute: "12 Mei 2026 03.05.12 WIB"."""
        local = self.at.astimezone(wording.WIB)
        return f"{wording.day(local)} {wording.hours(local, seconds=True)} WIB"

    @property
    def iso(self) -> str:
        """Exact, for addresses."""
        return self.at.isoformat()


@dataclass(frozen=True, slots=True)
class Moments:
    """The instants at which something changed, the newest first, around the one that is shown."""

    around: tuple[Moment, ...]
    previous: Moment | None
    next: Moment | None
    total: int
