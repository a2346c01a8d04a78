"""Why somebody reads a person's data: the log keeps a code and words, the page says both."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OTHER = "other"
REASONS: dict[str, Promise | str] = {
    "crisis": _("Crisis work"),
    "roll-call": _("Roll-call"),
    "family": _("Question of the family"),
    OTHER: _("Another reason"),
}


def said(reason: str) -> str:
    """ "crisis: called the family" as the page says it."""
    code, _colon, text = reason.partition(": ")
    known = str(REASONS.get(code, code))
    return f"{known}: {text}" if text else known
