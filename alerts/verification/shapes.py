"""What the matrix is made of."""

from dataclasses import dataclass
from datetime import datetime

from alerts.differences.shapes import Item
from alerts.ledger.reconcile import Reconciliation
from alerts.ledger.shapes import Column, Line, SourceSet
from commandcenter.figures import Figure


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
    """Everything the crisis room's matrix shows. `confirmed` are official figures that a newer report repeats."""

    tables: tuple[Table, ...]
    check: Reconciliation
    chosen_at: datetime | None
    verifier: str
    differences: tuple[Item, ...]
    confirmed: tuple[Line, ...]
    may_choose: bool

    @property
    def open(self) -> list[Item]:
        """Differences that nobody settled."""
        return [item for item in self.differences if item.is_open]

    @property
    def settled(self) -> list[Item]:
        """Differences that a verifier judged plausible or settled by a choice."""
        return [item for item in self.differences if not item.is_open]
