"""What the queries of this room answer with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alerts.figures.detectors import Difference, Kind

State = Literal["open", "accepted", "chosen", "ended"]
ICONS: dict[Kind, str] = {
    "official": "≪",
    "transposed": "⇄",
    "fell": "↓",
    "exceed": "Σ",
    "sources": "≠",
    "jump": "⇈",
    "older": "↶",
}
NAMES: dict[Kind, Promise] = {
    "official": _("Official figure older than the newest report"),
    "transposed": _("Digits transposed"),
    "fell": _("Deaths fell"),
    "exceed": _("States exceed the headcount"),
    "sources": _("Sources differ"),
    "jump": _("Jump of ten times"),
    "older": _("Older report over a newer one"),
}
STATES: dict[State, Promise] = {
    "open": pgettext_lazy("difference", "not settled"),
    "accepted": pgettext_lazy("difference", "judged plausible"),
    "chosen": pgettext_lazy("difference", "settled by the official figure"),
    "ended": pgettext_lazy("difference", "over"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """Who settled a difference, when, and why; `version` is the verdict's, 0 before the first."""

    by: str = ""
    at: datetime | None = None
    reason: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One difference: since when it stands in the reports, and what became of it."""

    difference: Difference
    since: datetime
    state: State = "open"
    judged: Judged = Judged()
    ended_at: datetime | None = None
    ended_by: str | Promise = ""

    @property
    def icon(self) -> str:
        """A sign for the eye; the words stand beside it."""
        return ICONS[self.difference.kind]

    @property
    def name(self) -> Promise:
        """The kind in words."""
        return NAMES[self.difference.kind]

    @property
    def state_word(self) -> Promise:
        """What became of it in words."""
        return STATES[self.state]

    @property
    def is_open(self) -> bool:
        """Nobody settled it yet: it belongs to the alarm."""
        return self.state == "open"

    @property
    def reports(self) -> tuple[int, int]:
        """The two reports to open side by side."""
        return self.difference.reports

    @property
    def may_be_chosen(self) -> bool:
        """Whether choosing an official figure settles it; a set that exceeds its total needs a correction."""
        return self.difference.kind != "exceed"
