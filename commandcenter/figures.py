"""How a figure and a headcount are printed: never a bare number (domain.md rules 1 and 4, ux.md 3.1)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext, pgettext

from commandcenter import wording

STATUSES = ("verified", "reported", "unverified", "claim")


def status_word(status: str) -> str:
    """The status in words; an unknown status reads as unverified."""
    words = {"verified": pgettext("figure", "verified"), "reported": pgettext("figure", "reported")}
    words["claim"] = pgettext("figure", "claim")
    return words.get(status) or pgettext("figure", "unverified")


@dataclass(frozen=True, slots=True)
class Figure:
    """{value or null, source, status, as-of, reporter, version}; `high` is the upper end of a range such as 2-3."""

    value: int | None
    source: str = ""
    status: str = "unverified"
    as_of: datetime | None = None
    reporter: str = ""
    version: int | None = None
    high: int | None = None

    @property
    def is_sourced(self) -> bool:
        """A value may be printed only with its source and as-of time."""
        return bool(self.source) and self.as_of is not None

    @property
    def printed(self) -> str:
        """ "2", "2-3" with an en dash, or the dash of a figure that nobody reported."""
        if self.value is None or not self.is_sourced:
            return "—"
        if self.high is not None and self.high != self.value:
            return f"{wording.number(self.value)}–{wording.number(self.high)}"
        return wording.number(self.value)

    @property
    def word(self) -> str:
        """What must be said beside the number: "nol", "belum dilaporkan", "sumber tidak tercatat"."""
        if self.value is None:
            return gettext("not yet reported")
        if not self.is_sourced:
            return gettext("source not recorded")
        return gettext("zero") if self.value == 0 and not self.high else ""

    def origin(self, *, now: datetime) -> list[str]:
        """Status, source, as-of, version and reporter in words, as far as they are known."""
        parts = [status_word(self.status)] if self.value is not None and self.is_sourced else []
        if self.source:
            parts.append(self.source)
        if self.as_of is not None:
            parts.append(wording.as_of_text(self.as_of, now=now))
        if self.version:
            parts.append(f"v{self.version} {self.reporter}".strip())
        elif self.reporter:
            parts.append(self.reporter)
        return parts


def figure_of(thing: Any) -> Figure:
    """The figure that an object or mapping with the same names describes; None is a figure nobody reported."""
    if isinstance(thing, Figure):
        return thing
    if thing is None:
        return Figure(None)
    read = thing.get if isinstance(thing, dict) else lambda name, default=None: getattr(thing, name, default)
    status = str(read("status", "") or "")
    return Figure(
        value=read("value"),
        source=str(read("source", "") or ""),
        status=status if status in STATUSES else "unverified",
        as_of=read("as_of"),
        reporter=str(read("reporter", "") or ""),
        version=read("version"),
        high=read("high"),
    )


def headcount_parts(thing: Any, *, now: datetime) -> list[str]:
    """ "145-260", "56 % terhubungi", "catatan tertua 19 bln": the range never goes without coverage and age."""
    read = thing.get if isinstance(thing, dict) else lambda name, default=None: getattr(thing, name, default)
    low, high, coverage, oldest = read("low"), read("high"), read("coverage"), read("oldest")
    if low is None and high is None:
        return ["—", gettext("not yet reported")]
    ends = [end for end in (low, high) if end is not None]
    printed = "–".join(wording.number(end) for end in dict.fromkeys(ends))
    reached = gettext("coverage unknown")
    if coverage is not None:
        reached = gettext("%(percent)s %% reached") % {"percent": round(coverage)}
    source = str(read("source") or "")
    return [printed, reached, _oldest(oldest, now=now), *([source] if source else [])]


def _oldest(oldest: date | datetime | None, *, now: datetime) -> str:
    if oldest is None:
        return gettext("age of the records unknown")
    age = now - oldest if isinstance(oldest, datetime) else timedelta(days=(now.date() - oldest).days)
    return gettext("oldest record %(age)s") % {"age": wording.age_text(age)}
