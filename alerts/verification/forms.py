"""The shape of a verifier's choice: the reason, and the versions that were on the screen."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alerts.figures.keys import FIGURE_KEYS
from alerts.ledger.actions import LONGEST_REASON

SEEN = re.compile(r"^[a-z_.]+:\d{1,9}$")
OTHER = "other"
REASONS = (
    ("closest", _("Closest source")),
    ("confirmed", _("Confirmed by the authorities")),
    ("newest", _("Newest report")),
    ("corrects", _("Corrects an error")),
    (OTHER, _("Another reason")),
)


class SeenField(forms.CharField):
    """ "wni.dead:3 wni.safe:0": the version of each cell that the verifier saw."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """A mapping of key to version; a malformed part is refused."""
        parts = str(super().to_python(value) or "").split()
        if len(parts) > len(FIGURE_KEYS) or not all(SEEN.match(part) for part in parts):
            raise forms.ValidationError(_("Load this page again."))
        return {key: int(version) for key, version in (part.split(":") for part in parts)}


class ReasonForm(forms.Form):
    """Why: one of the usual reasons, or words of one's own."""

    reason = forms.ChoiceField(label=_("Reason"), choices=REASONS, widget=forms.RadioSelect, required=False)
    reason_text = forms.CharField(
        label=_("In other words"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    seen = SeenField(required=False)

    def clean(self) -> dict[str, Any]:
        """`why` is what is stored; "another reason" needs its words."""
        found = super().clean() or {}
        chosen, text = found.get("reason", ""), (found.get("reason_text") or "").strip()
        label = next((str(label) for name, label in REASONS if name == chosen and name != OTHER), "")
        found["why"] = f"{label}: {text}" if label and text else label or text
        if not found["why"] and not self.errors:
            raise forms.ValidationError(_("Say why, in a few words."))
        return found


class RowForm(ReasonForm):
    """Several figures of one report at once."""

    keys = forms.MultipleChoiceField(
        label=_("Figures"), choices=[(key, key) for key in FIGURE_KEYS], widget=forms.CheckboxSelectMultiple
    )


class WithdrawForm(forms.Form):
    """Why an official figure is taken back."""

    reason_text = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    seen = SeenField(required=False)
