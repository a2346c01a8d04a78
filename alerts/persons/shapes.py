"""The ledger as one object: counts, claims, the check, and the one line that every page prints."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, pgettext

from alerts.ledger.reconcile import Reconciliation
from alerts.persons.models import State
from commandcenter import wording
from commandcenter.figures import Figure

EVACUATED = (State.IN_TRANSIT, State.OUT_OF_AREA, State.HOME)
OUTCOMES = (*EVACUATED, State.SELF_EVACUATED, State.REFUSED)
# In the order of the line (ux.md 4.5), after what became of an evacuation.
PRESENT = (
    State.CONTACTED_SAFE,
    State.UNVERIFIED,
    State.NEEDS_HELP,
    State.INJURED,
    State.MISSING,
    State.DETAINED,
    State.DEAD,
    State.AT_ASSEMBLY_POINT,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """One state with its number of rows."""

    state: State
    n: int

    @property
    def word(self) -> str:
        """The state in the language of the page."""
        return str(self.state.label)


@dataclass(frozen=True, slots=True)
class Claim:
    """A mission's figure that its rows do not bear out; it stands beside the ledger and is never counted."""

    key: str
    name: str
    figure: Figure
    rows: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everybody known in one crisis at one moment. `total` is all who are registered, `counts` the fourteen states."""

    total: int
    counts: tuple[Counted, ...]
    claims: tuple[Claim, ...]
    as_of: datetime | None
    check: Reconciliation

    @property
    def counted(self) -> int:
        """How many rows count."""
        return sum(one.n for one in self.counts)

    @property
    def gap(self) -> str:
        """The verdict in words, in the language of the page."""
        return self.check.words_en if wording.language() == "en" else self.check.words_id

    @property
    def line(self) -> str:
        """One sentence (ux.md 4.5, 4.9). A ledger that does not close is not shown as a set: its gaps stand there."""
        if self.check.state == "incomplete":
            return self.gap
        if self.check.is_contradiction:
            return gettext("the ledger does not close: %(gap)s") % {"gap": self.gap}
        numbers: dict[str, int] = {one.state: one.n for one in self.counts}
        return f"{_sum(self.total, numbers)} · {self.gap} ✓"


def _sum(total: int, numbers: Mapping[str, int]) -> str:
    """ "187 = 138 dihubungi, aman + 40 ..." or "1.209 terdaftar − 272 pergi sebelumnya = 937 = 897 dievakuasi ..."."""
    left = numbers.get(State.LEFT_EARLIER, 0)
    outcomes = _outcomes(numbers)
    parts = [*outcomes, *((numbers.get(state, 0), str(state.label)) for state in PRESENT)]
    told = " + ".join(f"{wording.number(n)} {word}" for n, word in parts if n)
    whole = wording.number(total)
    if left or any(n for n, _word in outcomes):
        whole = pgettext("ledger", "%(n)s registered") % {"n": whole}
    if left:
        away = pgettext("ledger", "%(n)s left earlier") % {"n": wording.number(left)}
        whole = f"{whole} − {away} = {wording.number(total - left)}"
    return f"{whole} = {told}" if told else whole


def _outcomes(numbers: Mapping[str, int]) -> list[tuple[int, str]]:
    return [
        (sum(numbers.get(state, 0) for state in EVACUATED), pgettext("ledger", "evacuated")),
        (numbers.get(State.SELF_EVACUATED, 0), pgettext("ledger", "self-evacuated")),
        (numbers.get(State.REFUSED, 0), pgettext("ledger", "refused")),
    ]
