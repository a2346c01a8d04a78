"""What the queries of this room answer with: figures with provenance, and what a source says."""

from dataclasses import dataclass
from datetime import datetime

from alerts.figures.course import NOTHING, Course
from alerts.figures.sparkline import Sparkline
from alerts.ledger.reconcile import Reconciliation
from alerts.sitreps.models import ReportedFigure, SituationReport
from commandcenter.figures import Figure


@dataclass(frozen=True, slots=True)
class Official:
    """The newest version of one official cell with its whole provenance; `value` None: chosen once, withdrawn since."""

    key: str
    value: int | None
    high: int | None
    source: str
    mission: str
    report: int | None
    reporter: str
    as_of: datetime | None
    verifier: str
    verifier_id: int
    chosen_at: datetime
    version: int
    reason: str
    chosen_id: int | None
    replaced_by: int | None

    @property
    def figure(self) -> Figure:
        """As a figure for the screen; the named person is the verifier."""
        return Figure(self.value, self.source, "verified", self.as_of, self.verifier, self.version, self.high)


@dataclass(frozen=True, slots=True)
class Column:
    """One category of a table: short head, label inside its table, and full name."""

    key: str
    short: str
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class SourceSet:
    """What one mission says from one source: the newest standing figure of each key.

    `superseded` are WNI figures of earlier reports that no longer fit with the newest one, which left them out;
    they are in no set. `check` is about the rest.
    """

    newest: SituationReport
    source: str
    figures: tuple[ReportedFigure, ...]
    superseded: tuple[ReportedFigure, ...]
    check: Reconciliation


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of an answer. `newer` is a later report's figure that an official one does not know yet;
    `replaced_by` the number of the report that corrected the one it was chosen from; `course` how it went, as `spark`
    draws it."""

    column: Column
    figure: Figure
    mission: str = ""
    report: int | None = None
    chosen_at: datetime | None = None
    reason: str = ""
    newer: Figure | None = None
    replaced_by: int | None = None
    course: Course = NOTHING
    spark: Sparkline | None = None

    @property
    def newer_differs(self) -> bool:
        """Whether the later report says something else."""
        newer = self.newer
        return newer is not None and (newer.value, newer.high) != (self.figure.value, self.figure.high)
