"""What the ledger of persons says to the five answers: how many were reached, and how far the evacuation is. Pure."""

from dataclasses import dataclass

from django.utils.translation import gettext

from alerts.persons.models import State
from alerts.persons.shapes import Ledger
from commandcenter.figures import Figure

# In the order an evacuation goes; the last two are its other outcomes (domain.md rule 14).
MOVED = (
    State.AT_ASSEMBLY_POINT,
    State.IN_TRANSIT,
    State.OUT_OF_AREA,
    State.HOME,
    State.SELF_EVACUATED,
    State.REFUSED,
)
NOT_REACHED = (State.UNVERIFIED, State.MISSING)


@dataclass(frozen=True, slots=True)
class Moved:
    """How many are in one state of the evacuation."""

    word: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Evacuation:
    """What became of whom, counted from rows. `withheld`: the ledger contradicts itself; `known`: it has rows."""

    lines: tuple[Moved, ...]
    withheld: bool
    known: bool


def evacuation(ledger: Ledger) -> Evacuation:
    """The states of an evacuation that somebody is in."""
    if ledger.check.is_contradiction:
        return Evacuation((), withheld=True, known=True)
    numbers = {one.state: one for one in ledger.counts if one.n}
    lines = tuple(Moved(numbers[state].word, counted(ledger, numbers[state].n)) for state in MOVED if state in numbers)
    return Evacuation(lines, withheld=False, known=bool(numbers))


def counted(ledger: Ledger, n: int) -> Figure:
    """A number of rows as a figure."""
    return Figure(n, gettext("Ledger"), "reported", ledger.as_of)


def coverage(ledger: Ledger) -> float | None:
    """How many per cent of the known who did not leave earlier were reached; None while nothing can be said."""
    if ledger.check.state != "closed":
        return None
    numbers = {one.state: one.n for one in ledger.counts}
    there = ledger.total - numbers.get(State.LEFT_EARLIER, 0)
    missed = sum(numbers.get(state, 0) for state in NOT_REACHED)
    return 100 * (there - missed) / there if there > 0 else None
