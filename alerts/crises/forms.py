"""The shape of acts on a crisis."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alerts.crises import queries
from alerts.crises.models import REASON_LENGTH, Crisis, CrisisLevel
from commandcenter.problems import Refusal, clean_text
from missions.directory.models import Mission


class MissionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Choice of a mission by its name."""

    def label_from_instance(self, obj: Mission) -> str:
        """The name and the city."""
        return obj.name


class LevelForm(forms.Form):
    """A new level."""

    level = forms.TypedChoiceField(label=_("Level"), choices=CrisisLevel.choices, coerce=int)
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class StandDownForm(forms.Form):
    """The end of a crisis, said twice."""

    sure = forms.BooleanField(label=_("The crisis is over: no more reports are expected"))
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class MissionForm(forms.Form):
    """One more mission, with the reason."""

    mission = MissionField(label=_("Mission"), queryset=Mission.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH)

    def __init__(self, *args: Any, crisis: Crisis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mission"].queryset = queries.addable_missions(crisis)  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        """Without control characters."""
        return cleaned(self.cleaned_data["reason"], "reason", REASON_LENGTH)


def cleaned(text: str, field: str, max_length: int) -> str:
    """The text of a field; a refusal becomes the form's own error."""
    try:
        return clean_text(text, field=field, max_length=max_length)
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal.error.message)) from refusal
