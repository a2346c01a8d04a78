"""Reference tables (CSV), and what a load did to one."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """What one load did to one table."""

    table: str
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    unknown: list[str] = field(default_factory=list)  # rows in the database that the table does not have; kept

    @property
    def count(self) -> int:
        """Return how many rows were written."""
        return len(self.created) + len(self.updated) + len(self.removed)


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV table with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float | None:
    """Read a blank as unknown."""
    return float(text) if text else None


def words(text: str, separator: str | None = None) -> list[str]:
    """Read a list; blank is the empty list."""
    return [word.strip() for word in text.split(separator) if word.strip()]
