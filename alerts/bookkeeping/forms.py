"""The shape of what is done to the ledger."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alerts.bookkeeping.reasons import OTHER, REASONS
from alerts.persons.models import REASON_LENGTH, State
from commandcenter.access.reader import Reader
from missions.registry.actions import LONGEST_REASON

AGO = ((0, _("Now")), (5, _("5 min ago")), (15, _("15 min ago")), (60, _("60 min ago")))
LATEST_REPORT = 2**31 - 1


class ActForm(forms.Form):
    """What every act says: since when it holds, and why. Nobody is asked to type a time."""

    ago = forms.TypedChoiceField(label=_("As of"), choices=AGO, coerce=int, initial=0)
    reason = forms.CharField(
        label=_("Reason or source"), max_length=REASON_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    @property
    def age(self) -> timedelta:
        """How long ago it was so."""
        return timedelta(minutes=self.cleaned_data["ago"])


class StateForm(ActForm):
    """Bring the persons on the list, or one, into a state. Hidden: how many, and which version, were on the screen."""

    state = forms.ChoiceField(label=_("New state"), choices=(("", "—"), *State.choices))
    report = forms.IntegerField(label=_("From report number"), min_value=1, max_value=LATEST_REPORT, required=False)
    correct = forms.BooleanField(label=_("Correction: also where this state can't follow"), required=False)
    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    field_order = ("state", "ago", "reason", "report", "correct")

    def __init__(self, *args: Any, may_correct: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["report"].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        if not may_correct:
            del self.fields["correct"]


class EnterForm(forms.Form):
    """Everybody the registry has in a country of the crisis, or of one of its missions."""

    where = forms.ChoiceField(label=_("Whom the registry has"))

    def __init__(self, *args: Any, places: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["where"] = forms.ChoiceField(label=_("Whom the registry has"), choices=places)


class UploadForm(forms.Form):
    """A list of people as CSV, with the country and the mission of rows that name none."""

    file = forms.FileField(label=_("List (CSV)"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))
    country = forms.ChoiceField(label=_("Country, where a row names none"))
    mission = forms.ChoiceField(label=_("Mission, where a row names none"))

    def __init__(
        self, *args: Any, countries: list[tuple[str, str]], missions: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        for name, choices in (("country", countries), ("mission", missions)):
            self.fields[name] = forms.ChoiceField(label=self.fields[name].label, choices=choices)


class ApplyForm(ActForm):
    """Apply a list that was looked at; `seen` stands for the preview on the screen."""

    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)


class OpenForm(forms.Form):
    """Why somebody reads a person's data."""

    why = forms.ChoiceField(label=_("Reason for reading"), choices=list(REASONS.items()))
    text = forms.CharField(
        label=_("In other words"),
        max_length=LONGEST_REASON - 40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """`reason` is what is logged; "another reason" needs its words."""
        found = super().clean() or {}
        why, text = found.get("why", ""), (found.get("text") or "").strip()
        if why == OTHER and not text:
            raise forms.ValidationError(_("Say why, in a few words."))
        found["reason"] = f"{why}: {text}" if text else why
        return found


class MergeForm(forms.Form):
    """Two rows are one person, or not, and why. `into` "" keeps them apart."""

    double = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    into = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason or source"), max_length=REASON_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def places_of(
    reader: Reader, countries: list[tuple[str, str]], missions: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The choices of EnterForm: a mission enters its own persons."""
    own = [(f"mission:{code}", name) for code, name in missions if not reader.is_mission or code == reader.mission]
    return own if reader.is_mission else [*((f"country:{code}", name) for code, name in countries), *own]
