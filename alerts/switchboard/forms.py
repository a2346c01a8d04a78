"""The shape of what is typed during a call; the action reads it, so that nothing wrong costs anything else."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.emergencies.models import Nature
from alerts.hotline.models import LENGTHS, Call, Caller, Safe
from alerts.hotline.rules import Told
from missions.directory.queries import directory
from missions.registry.actions import LONGEST_REASON

FIELDS = ("phone", "caller", "name", "country", "place", "safe", "nature", "text")
NATURES = [(nature.value, nature.label) for nature in Nature if nature != Nature.PANIC]
OTHER = "other"
REASONS: dict[str, Promise | str] = {
    "emergency": _("Emergency"),
    "case": _("Case"),
    "family": _("Question of the family"),
    OTHER: _("Another reason"),
}


def _line(label: Any, length: int, **attributes: str) -> forms.CharField:
    said = {"autocomplete": "off", "maxlength": str(length), **attributes}
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs=said))


class CallForm(forms.Form):
    """What the officer sees; one line each, and nothing but a number is needed."""

    phone = _line(
        _("Telephone number"), LENGTHS["phone"], inputmode="tel", dir="ltr", spellcheck="false", autofocus="autofocus"
    )
    caller = forms.ChoiceField(label=_("Who calls?"), choices=Caller.choices, widget=forms.RadioSelect, required=False)
    name = _line(_("Name of the citizen"), LENGTHS["name"])
    country = forms.ChoiceField(label=_("Country"), required=False)
    place = _line(_("City or place"), LENGTHS["place"])
    safe = forms.ChoiceField(label=_("Safe now?"), choices=Safe.choices, widget=forms.RadioSelect, required=False)
    nature = forms.ChoiceField(label=_("Kind"), choices=NATURES, required=False)
    text = forms.CharField(
        label=_("What happened?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "4", "maxlength": str(LENGTHS["text"])}),
    )

    def __init__(self, shown: Mapping[str, Any]) -> None:
        super().__init__(initial=dict(shown))
        countries = sorted((country.name, code) for code, country in directory().countries.items())
        choices = [("", "—"), *((code, name) for name, code in countries)]
        self.fields["country"].widget.choices = choices


def typed(data: QueryDict) -> Told:
    """What was typed, as it was."""
    return Told(**{field: str(data[field]) for field in FIELDS if field in data})


def of_call(call: Call) -> dict[str, str]:
    """What stands in the fields of a call."""
    return {field: getattr(call, field) for field in FIELDS}


def number_in(data: QueryDict, field: str) -> int:
    """A whole number of the form, 0 for anything else."""
    given = data.get(field, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


class OpenForm(forms.Form):
    """Why somebody reads a person's data."""

    why = forms.ChoiceField(label=_("Reason for reading"), choices=list(REASONS.items()))
    text = forms.CharField(label=_("In other words"), required=False, max_length=LONGEST_REASON - 40)

    def clean(self) -> dict[str, Any]:
        """Another reason is said in words."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("why") == OTHER and not data.get("text"):
            self.add_error("text", _("Say why you read this person's data."))
        return data

    @property
    def reason(self) -> str:
        """As the read-log keeps it."""
        why, text = self.cleaned_data["why"], self.cleaned_data["text"]
        return f"{why}: {text}" if text else str(why)
