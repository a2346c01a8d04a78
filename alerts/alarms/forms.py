"""The shape of a changed threshold."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alerts.ladders.actions import REASON_LENGTH
from alerts.ladders.models import Clock
from alerts.reporting.forms import WholeNumber
from commandcenter.problems import Refusal


class ClockForm(forms.Form):
    """Seconds and the reason; `version` is the one the page showed."""

    seconds = WholeNumber(label=_("Seconds after the start"))
    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, clock: Clock, seconds: int | None = None) -> None:
        shown = clock.seconds if seconds is None else seconds
        super().__init__(data, initial={"seconds": shown, "version": clock.version})

    def refuse(self, refusal: Refusal) -> None:
        """Show what the action refused beside its field; the input stays."""
        field = refusal.error.field
        self.add_error(field if field in self.fields else None, str(refusal.error.message))
