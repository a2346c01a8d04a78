"""How a play stands against what its file says, at its end or at any moment, asked of the public API and the pages."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from alerts.exercises.schemas import Checks, Expect, Flag, LedgerCheck, Sum
from alerts.ledger.reconcile import check_sum
from alerts.playing.desk import TAGS, Desk, PlayError

LINE = re.compile(r"data-ledger-line>([^<]*)<")
PANEL = re.compile(r'hx-get="([^"]+)"\s+hx-trigger="load')
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table at the end."""

    name: str
    expected: str
    got: str

    @property
    def is_ok(self) -> bool:
        """Whether it is what the file says."""
        return self.expected == self.got


@dataclass(frozen=True, slots=True)
class Place:
    """Where a play happens: the desk that looks, the exercise's root and the crisis in it."""

    desk: Desk
    root: str
    crisis: str

    def address(self, pattern: str) -> str:
        """The address of a page that the file names, such as /crises/{crisis}/."""
        return self.root + pattern.replace("{crisis}", self.crisis)

    def told(self, what: str) -> Any:
        """`figures` or `ledger` of the crisis by the public API."""
        return self.desk.json(self.address(f"/api/v1/crises/{{crisis}}/{what}"))

    def text(self, pattern: str) -> str:
        """A page's words."""
        return " ".join(html.unescape(TAGS.sub(" ", self.desk.get(self.address(pattern)))).split())


def at_the_end(place: Place, checks: Checks) -> list[Result]:
    """Every check of the file, in its order."""
    told = place.told("figures")
    official = {key: cell["value"] for key, cell in told["official"].items() if cell["value"] is not None}
    expected: dict[str, int] = dict(checks.official)
    keys = [*expected, *(key for key in official if key not in expected)]
    results = [Result(key, str(expected.get(key, NOTHING)), str(official.get(key, NOTHING))) for key in keys]
    results.append(Result("reconciliation", checks.reconciliation, told["reconciliation"]["state"]))
    results += _gaps(place, told["reconciliation"], checks.gap, refused=checks.refused)
    results += [_flag(place, flag) for flag in checks.flagged]
    results += [_sum(one) for one in checks.sums]
    if checks.ledger:
        results += _ledger(place, checks.ledger)
    return results


def in_between(place: Place, step: Expect) -> list[Result]:
    """What must hold at a moment of the play."""
    return list(_gaps(place, place.told("figures")["reconciliation"], step.gap, refused=step.refused))


def _gaps(place: Place, check: dict[str, Any], gap: int | None, *, refused: bool) -> Iterator[Result]:
    """The gap by the API; a set that contradicts itself is not on the Minister's page, its gap is."""
    if gap is not None:
        yield Result("gap", str(gap), str(check["gap"]))
    if refused:
        page = place.text("/summary/")
        withheld = check["state"] == "contradiction" and check["id"] in page
        yield Result("refused", str(check["id"]), str(check["id"]) if withheld else NOTHING)


def _flag(place: Place, flag: Flag) -> Result:
    """A difference that the matrix of the crisis room names: from one number to the other."""
    page = place.text("/crises/{crisis}/matrix/")
    pair = rf"(?<!\d){_printed(flag.before)} \(#\d+\) \w+ {_printed(flag.after)} \(#\d+\)"
    named = re.search(pair, page)
    words = f"{flag.before} -> {flag.after}"
    return Result(f"flagged {flag.key}", words, words if named else NOTHING)


def _printed(number: int) -> str:
    return re.escape(f"{number:,}".replace(",", "."))


def _sum(one: Sum) -> Result:
    """Arithmetic of the sources, by the function that checks every set of figures."""
    found = check_sum(one.total, one.parts)
    name = f"{one.total} = {' + '.join(str(part) for part in one.parts)}"
    return Result(name, f"gap {one.gap}", f"gap {found.gap}")


def _ledger(place: Place, check: LedgerCheck) -> list[Result]:
    """Counts and verdict by the API; the line, the same on every page that the file names."""
    told = place.told("ledger")
    counts = {state: n for state, n in told["counts"].items() if n}
    expected: dict[str, int] = {str(state): n for state, n in check.counts.items()}
    states = [*expected, *(state for state in counts if state not in expected)]
    results = [Result("ledger", str(check.registered), str(told["registered"]))]
    results += [Result(f"ledger {state}", str(expected.get(state, 0)), str(counts.get(state, 0))) for state in states]
    results.append(Result("ledger closes", check.state, told["reconciliation"]["state"]))
    line = told["line"]["id"]
    return results + [Result(f"line on {pattern}", line, _line(place, pattern, line)) for pattern in check.pages]


def _line(place: Place, pattern: str, wanted: str) -> str:
    """The ledger's line on a page, on the panels that the page loads, or in a PDF."""
    if pattern.endswith(".pdf"):
        return wanted if " ".join(wanted.split()) in place.desk.printed(place.address(pattern)) else NOTHING
    page = place.desk.get(place.address(pattern))
    found = LINE.findall(page)
    for panel in dict.fromkeys(PANEL.findall(page)):
        found += LINE.findall(place.desk.get(html.unescape(panel)))
    lines = {html.unescape(line) for line in found}
    return wanted if lines == {wanted} else " / ".join(sorted(lines)) or NOTHING


def refuse_unexpected(results: list[Result]) -> None:
    """Raises PlayError when the play is not where its file says."""
    for result in results:
        if not result.is_ok:
            raise PlayError(f"{result.name}: the file says {result.expected}, the server {result.got}")
