"""What goes into the registry, and what comes out of it."""

from dataclasses import dataclass
from typing import NamedTuple

from commandcenter.problems import Words


class Scope(NamedTuple):
    """Everybody in a country, or of a mission."""

    country: str
    mission: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One person in plain values. Only an opened person and somebody's own list hold one."""

    name: str
    document: str
    phone: str
    country: str
    place: str
    mission: str


@dataclass(frozen=True, slots=True)
class Masked:
    """One person as lists show them."""

    name: str
    document: str
    phone: str
    country: str
    place: str
    mission: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One good row of a list; `line` is its row in the file, `state` what its last column says."""

    line: int
    entry: Entry
    state: str = ""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one cell: row, column, value, and the reason in words."""

    line: int
    column: str
    value: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that was read."""

    people: tuple[Listed, ...] = ()
    errors: tuple[RowError, ...] = ()
