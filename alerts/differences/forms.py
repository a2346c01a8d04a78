"""The shape of a verdict: which difference, why, and the version that was on the screen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alerts.differences.actions import LONGEST_REASON


class VerdictForm(forms.Form):
    """`about` and `seen` are what the page was made with."""

    about = forms.CharField(max_length=240, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean(self) -> dict[str, Any]:
        """A page whose hidden parts came back broken is made anew."""
        found = super().clean() or {}
        if {"about", "seen"} & set(self.errors):
            raise forms.ValidationError(_("Load this page again."))
        return found
