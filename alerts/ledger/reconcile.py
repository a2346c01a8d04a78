"""Do the parts make up the whole? Pure: numbers in, a verdict and the gap in words out (domain.md rule 3).

A part nobody reported is unknown, never 0. Numbers of one source are checked against that source's own total;
nothing here adds numbers of different sources.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["closed", "incomplete", "contradiction"]
Kind = Literal["closed", "within_range", "no_total", "nothing_broken_down", "open", "exceeds", "short", "double"]
GapKind = Literal["missing", "exceeding", "double"]


@dataclass(frozen=True, slots=True)
class Count:
    """A number, or the range value-high; None is not reported."""

    value: int | None
    high: int | None = None

    @property
    def top(self) -> int | None:
        """The upper end."""
        return self.value if self.high is None else self.high


@dataclass(frozen=True, slots=True)
class Gap:
    """One reason why parts and whole differ, and by how many people."""

    kind: GapKind
    n: int
    words_id: str
    words_en: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The verdict. `gap` is how many people are missing from, or too many in, the parts; None without a total.

    `gaps` names each reason of a contradiction: missing, exceeding, double.
    """

    state: State
    kind: Kind
    gap: int | None
    words_id: str
    words_en: str
    gaps: tuple[Gap, ...] = ()

    @property
    def is_contradiction(self) -> bool:
        """Such a set of numbers is never shown as a set."""
        return self.state == "contradiction"


@dataclass(frozen=True, slots=True)
class _Nouns:
    """What whole and parts are called in both languages."""

    parts_id: str
    parts_en: str
    total_id: str
    total_en: str


PEOPLE = _Nouns("kategori", "the categories", "jumlah WNI", "the number of Indonesians")
PLAIN = _Nouns("bagian", "the parts", "jumlah", "the total")
ROWS = _Nouns("baris buku besar", "the ledger's rows", "jumlah terdaftar", "the number registered")


def _id(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _en(number: int) -> str:
    return f"{number:,}"


def reconcile(present: Count, categories: Mapping[str, Count]) -> Reconciliation:
    """One source's seven exclusive categories against the same source's number of Indonesians in the area."""
    return _check(present, list(categories.values()), PEOPLE)


def check_sum(total: int | None, parts: Iterable[int | None]) -> Reconciliation:
    """Any total against its parts, such as 937 = 897 + 15 + 25."""
    return _check(Count(total), [Count(part) for part in parts], PLAIN)


def check_rows(registered: int, counts: Iterable[int], *, doubles: int = 0) -> Reconciliation:
    """The ledger of a crisis: everybody registered against the states counted from rows.

    `doubles` is how many rows may be a person who has a row already; such a count is too high and does not close.
    """
    states = list(counts)
    if not registered and not any(states):
        return Reconciliation(
            "incomplete", "no_total", None, "belum ada WNI di buku besar", "nobody is in the ledger yet"
        )
    found = _check(Count(registered), [Count(number) for number in states or [0]], ROWS)
    if not doubles:
        return found
    gaps = (*found.gaps, _double(doubles))
    return Reconciliation(
        "contradiction",
        found.kind if found.is_contradiction else "double",
        found.gap if found.is_contradiction else doubles,
        "; ".join(gap.words_id for gap in gaps),
        "; ".join(gap.words_en for gap in gaps),
        gaps,
    )


def _check(total: Count, parts: list[Count], nouns: _Nouns) -> Reconciliation:
    known = [part for part in parts if part.value is not None]
    low = sum(part.value or 0 for part in known)
    high = sum(part.top or 0 for part in known)
    some_unknown = len(known) < len(parts)
    if total.value is None or total.top is None:
        return _no_total(nouns)
    if low > total.top:
        return _exceeds(low - total.top, nouns)
    if low == high == total.value == total.top:
        return Reconciliation("closed", "closed", 0, "selisih 0", "gap 0")
    if high >= total.value:
        return Reconciliation("closed", "within_range", 0, "menutup di dalam rentang", "closes within the ranges")
    if some_unknown or not parts:
        return _open(total.value - high, total.value, nouns, anything=bool(known))
    return _short(total.value - high, nouns)


def _no_total(nouns: _Nouns) -> Reconciliation:
    return Reconciliation(
        "incomplete",
        "no_total",
        None,
        f"{nouns.total_id} belum dilaporkan",
        f"{nouns.total_en} has not been reported",
    )


def _exceeds(gap: int, nouns: _Nouns) -> Reconciliation:
    found = Gap(
        "exceeding",
        gap,
        f"{nouns.parts_id} melebihi {nouns.total_id} sebanyak {_id(gap)}",
        f"{nouns.parts_en} exceed {nouns.total_en} by {_en(gap)}",
    )
    return Reconciliation("contradiction", "exceeds", gap, found.words_id, found.words_en, (found,))


def _short(gap: int, nouns: _Nouns) -> Reconciliation:
    found = Gap(
        "missing",
        gap,
        f"kurang {_id(gap)}: {nouns.parts_id} tidak mencapai {nouns.total_id}",
        f"{_en(gap)} missing: {nouns.parts_en} fall short of {nouns.total_en}",
    )
    return Reconciliation("contradiction", "short", gap, found.words_id, found.words_en, (found,))


def _double(gap: int) -> Gap:
    return Gap(
        "double",
        gap,
        f"ganda {_id(gap)}: orang yang sama mungkin tercatat lebih dari sekali",
        f"{_en(gap)} double: the same person may be entered more than once",
    )


def _open(gap: int, total: int, nouns: _Nouns, *, anything: bool) -> Reconciliation:
    if not anything:
        return Reconciliation(
            "incomplete",
            "nothing_broken_down",
            gap,
            f"{_id(total)} belum terinci",
            f"{_en(total)} not broken down yet",
        )
    return Reconciliation(
        "incomplete",
        "open",
        gap,
        f"{_id(gap)} dari {_id(total)} belum terinci",
        f"{_en(gap)} of {_en(total)} not broken down yet",
    )
