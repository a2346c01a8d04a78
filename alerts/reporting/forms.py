"""The shape of the demand for reports."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alerts.demands.demand import DEFAULT_CHANNELS, QUESTION_LENGTH
from alerts.sitreps.actions import LARGEST
from commandcenter.outbox.models import Channel
from commandcenter.problems import Refusal

# In Python's own terms: "１２" are digits too, but nobody typed them on a keypad.
DIGITS = re.compile(r"[0-9]{1,12}")


class WholeNumber(forms.CharField):
    """Digits only; empty is None and never 0."""

    def to_python(self, value: Any) -> Any:
        """A number from 0 to ten million, or None."""
        text = (value or "").strip()
        if not text:
            return None
        if not DIGITS.fullmatch(text):
            raise forms.ValidationError(_("Type digits only, without dot, comma or sign."))
        if int(text) > LARGEST:
            raise forms.ValidationError(_("This must be a whole number from 0 to 10,000,000."))
        return int(text)

    def run_validators(self, value: Any) -> None:
        """Nothing is left to check; the text validators expect text."""


class RequestForm(forms.Form):
    """Which missions are asked, by when, over which channels, and at most two questions beyond the five."""

    missions = forms.MultipleChoiceField(label=_("Missions"), required=False, widget=forms.CheckboxSelectMultiple)
    minutes = WholeNumber(label=_("Deadline in minutes"), required=False)
    channels = forms.MultipleChoiceField(
        label=_("Channels"), required=False, choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    question_1 = forms.CharField(label=_("Extra question 1"), required=False, max_length=QUESTION_LENGTH)
    question_2 = forms.CharField(label=_("Extra question 2"), required=False, max_length=QUESTION_LENGTH)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, missions: list[tuple[str, str]], chosen: list[str], minutes: int
    ) -> None:
        super().__init__(
            data, initial={"missions": chosen, "minutes": minutes, "channels": [str(each) for each in DEFAULT_CHANNELS]}
        )
        self.fields["missions"].choices = missions  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """What the action wants. Who posts missions alone gets the usual deadline and channels."""
        clean = self.cleaned_data
        asked = {"mission_codes": clean["missions"]}
        if "minutes" not in self.data:
            return asked
        questions = [clean["question_1"], clean["question_2"]]
        return {**asked, "minutes": clean["minutes"], "channels": clean["channels"], "extra_questions": questions}

    def refuse(self, refusal: Refusal) -> None:
        """Show what the action refused beside its field; the input stays."""
        field = {"extra_questions": "question_1"}.get(refusal.error.field, refusal.error.field)
        self.add_error(field if field in self.fields else "missions", str(refusal.error.message))
