"""The clocks that are measured, with their goals: domain.md section 5; P2 by ux.md 3.5, acting by domain.md rule 7."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock; `goal` in seconds, None where no page of the design sets one."""

    code: str
    name: str | Promise
    goal: int | None = None


CLOCKS: dict[str, Clock] = {
    clock.code: clock
    for clock in (
        Clock("taken", _("P1 received → taken by a person"), 120),
        Clock("taken_p2", _("P2 received → taken by a person"), 300),
        Clock("opened", _("Received → opened by an officer")),
        Clock("first_action", _("Received → first action")),
        Clock("taking_acted", _("Taken → first action of this taking"), 600),
        Clock("reply", _("Message from the citizen → reply")),
        Clock("request_opened", _("Report request → opened at the mission"), 120),
        Clock("first_contact", _("Report request → first answer of any kind")),
        Clock("first_figure", _("Report request → first report with at least one figure"), 300),
        Clock("verified", _("Report → verified figure"), 300),
        Clock("next_report", _("Report → next report while the crisis is open"), 1800),
    )
}

# Clocks of the design that are not measured yet: named on the page, so that nobody takes silence for success.
NOT_MEASURED: tuple[str | Promise, ...] = (
    _("Verified figure → statement draft ready"),
    _("Abandoned calls of the hotline"),
    _("Silenced alarms, and alarms per operator on duty"),
)

REASONS: dict[str, str | Promise] = {
    "running": _("still inside the goal"),
    "cancelled": _("cancelled by the citizen inside the goal"),
    "released": _("given back by the desk"),
    "merged": _("attached to another emergency as a duplicate"),
    "resolved": _("resolved before a reply"),
    "stood_down": _("crisis closed inside the goal"),
    "replaced": _("corrected by a newer report inside the goal"),
    "unrecorded": _("the log does not say whether the report had figures"),
    "backwards": _("the clocks of two machines disagree"),
}
NOTES: dict[str, str | Promise] = {
    "contact_only": _("contact only, being checked"),
    "returned": _("returned to the queue untouched"),
}
