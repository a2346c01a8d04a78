"""What the queries of this room answer with: figures with provenance, and the matrix."""

from dataclasses import dataclass
from datetime import datetime

from alerts.ledger.reconcile import Reconciliation
from alerts.sitreps.differences import Difference
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
class Cell:
    """One figure of the matrix. `figure_id` is what a verifier may choose; `difference` says what it disagrees with;
    `older` is the number of an earlier report the figure stands in, since the newest one left it out;
    `is_superseded` says that it no longer fits with the newest one."""

    column: Column
    figure: Figure
    figure_id: int | None = None
    difference: str = ""
    is_chosen: bool = False
    older: int | None = None
    is_superseded: bool = False


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
class Row:
    """One source of one mission in the matrix."""

    told: SourceSet
    cells: tuple[Cell, ...]

    @property
    def can_be_chosen(self) -> bool:
        """Whether the newest report itself has figures for this table."""
        return any(cell.figure_id and not cell.older for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """WNI, or all nationalities; never both."""

    name: str
    columns: tuple[Column, ...]
    official: tuple[Cell, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everything the crisis room's matrix shows."""

    tables: tuple[Table, ...]
    check: Reconciliation
    chosen_at: datetime | None
    verifier: str
    differences: tuple[Difference, ...]
    outdated: tuple["Line", ...]
    may_choose: bool

    @property
    def flagged(self) -> int:
        """How many differences there are to look at."""
        return len(self.differences) + len(self.overtaken)

    @property
    def overtaken(self) -> list["Line"]:
        """Official figures that a newer report contradicts, or whose report was corrected."""
        return [line for line in self.outdated if line.newer_differs or line.replaced_by]

    @property
    def confirmed(self) -> list["Line"]:
        """Official figures that a newer report repeats."""
        return [line for line in self.outdated if not (line.newer_differs or line.replaced_by)]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of an answer. `newer` is a later report's figure that an official one does not know yet;
    `replaced_by` the number of the report that corrected the one it was chosen from."""

    column: Column
    figure: Figure
    mission: str = ""
    report: int | None = None
    chosen_at: datetime | None = None
    reason: str = ""
    newer: Figure | None = None
    replaced_by: int | None = None

    @property
    def newer_differs(self) -> bool:
        """Whether the later report says something else."""
        newer = self.newer
        return newer is not None and (newer.value, newer.high) != (self.figure.value, self.figure.high)
