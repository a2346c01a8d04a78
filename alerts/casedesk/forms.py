"""The shape of what the desk enters."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from alerts.cases.models import Channel
from alerts.cases.queries import CaseFilter
from alerts.casework.forms import CaseForm
from commandcenter.problems import Refusal
from missions.registry.actions import LONGEST_REASON

LARGEST = 2**31 - 1
LANGUAGES = settings.LANGUAGES
BY_STAFF = [each for each in Channel.choices if each[0] != Channel.WEB]


def query_of(wanted: CaseFilter, **other: Any) -> str:
    """The address of the list with this filter and something else in it."""
    new = replace(wanted, **other)
    said = {"state": new.state if new.state != "open" else "", "category": new.category, "mission": new.mission}
    said |= {"mine": "1" if new.mine else "", "overdue": "1" if new.overdue else "", "q": new.q}
    return urlencode({name: value for name, value in said.items() if value})


class DeskForm(CaseForm):
    """A case for somebody who called or came: the telephone number alone is enough."""

    channel = forms.ChoiceField(label=_("How did it come?"), choices=BY_STAFF)
    language = forms.ChoiceField(label=_("Language of the applicant"), choices=LANGUAGES)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, none=_("Not known"), **more)
        self.fields["text"].required = self.fields["phone"].required = False
        self.fields["phone"].help_text = _("The number alone is enough. SMS needs + and the country code.")
        self.fields["phone"].widget.attrs["autocomplete"] = "off"
        self.initial.setdefault("topic", "other-question")


class OpenPersonForm(forms.Form):
    """Why somebody reads a person's data on a case."""

    reason = forms.CharField(
        label=_("Reason for reading"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def given(verb: str, posted: QueryDict, at: datetime) -> dict[str, Any]:
    """What the form of this act sends, for its action; a number that is none is refused beside its field."""
    version = _whole(posted, "version") if verb in VERSIONED else None
    text, reason = posted.get("text", ""), posted.get("reason", "")
    sent: dict[str, dict[str, Any]] = {
        "assign": {"to": _whole(posted, "to") if verb == "assign" else 0},
        "reply": {"client_id": _key(posted), "text": text, "then": posted.get("then", "")},
        "note": {"kind": posted.get("kind", "note"), "text": text, "url": posted.get("url", "")},
        "close": {"outcome": posted.get("outcome", "")},
        "reopen": {"reason": reason},
        "move": {"mission": posted.get("mission", ""), "reason": reason},
        "link": {"citizen": _whole(posted, "citizen") if verb in PERSONS else 0},
        "convert": {"nature": posted.get("nature", ""), "priority": _priority(posted), "reason": reason},
    }
    sent["unlink"] = sent["link"]
    more = {"version": version} if verb in VERSIONED else {}
    return sent.get(verb, {}) | more | ({"seen": _seen(posted)} if verb in READING else {})


VERSIONED = frozenset({"assign", "close", "reopen", "move", "convert"})
PERSONS = frozenset({"link", "unlink"})
READING = frozenset({"opened", "take", "assign", "reply", "note", "convert"})


def _whole(posted: QueryDict, name: str) -> int:
    text = posted.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST):
        raise Refusal(name, _("Choose one of the listed values."))
    return int(text)


def _seen(posted: QueryDict) -> int:
    """The newest message that the page showed; without it nothing counts as read."""
    try:
        return _whole(posted, "seen")
    except Refusal:
        return 0


def _priority(posted: QueryDict) -> int:
    return {"1": 1, "2": 2}.get(posted.get("priority", ""), 0)


def _key(posted: QueryDict) -> UUID:
    try:
        return UUID(posted.get("client_id", ""))
    except ValueError:
        return uuid4()
