"""The shape of what people fill in: the report form and the demand for reports."""

import re
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alerts.figures.keys import figure_name
from alerts.sitreps.actions import LARGEST, NOTE_LENGTH, Ends
from alerts.sitreps.models import (
    FIGURE_KEYS,
    PRESENT,
    Answer,
    Category,
    Checked,
    Contacted,
    ReportedFigure,
    SituationReport,
    Source,
)
from commandcenter.problems import Refusal

AGO = [("0", _("Now")), ("5", _("−5 min")), ("15", _("−15 min")), ("60", _("−60 min"))]
NAMES = {key: key.replace(".", "_") for key in FIGURE_KEYS}
# In Python's own terms: "１２" are digits too, but nobody typed them on a keypad.
DIGITS = re.compile(r"[0-9]{1,12}")
# What the form shows first; the rest folds away.
SHOWN = {
    "wni": (
        Category.DEAD,
        Category.SERIOUSLY_INJURED,
        Category.SLIGHTLY_INJURED,
        Category.MISSING,
        Category.NOT_REACHED,
    ),
    "all": (Category.DEAD,),
}


class WholeNumber(forms.CharField):
    """Digits only; empty is None and never 0. "1.500" is refused, since it is 1500 here and 1.5 elsewhere."""

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


class ReportForm(forms.Form):
    """The five questions, behind three doors. An untouched figure is None: not reported."""

    client_id = forms.UUIDField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    replaces = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    answer = forms.ChoiceField(label=_("What do you know?"), choices=Answer.choices, widget=forms.RadioSelect)
    authorities = forms.ChoiceField(
        label=_("Local authorities contacted"), choices=Contacted.choices, required=False, widget=forms.RadioSelect
    )
    hospitals = forms.ChoiceField(
        label=_("Hospitals checked"), choices=Checked.choices, required=False, widget=forms.RadioSelect
    )
    ago = forms.ChoiceField(
        label=pgettext_lazy("moment of a figure", "As of"), choices=AGO, required=False, widget=forms.RadioSelect
    )
    source = forms.ChoiceField(label=_("Source of the figures"), choices=Source.choices, required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, replaces: int | None = None) -> None:
        first = {"client_id": uuid.uuid4(), "replaces": replaces, "ago": "0", "source": Source.MISSION}
        super().__init__(data, initial=first)
        for key, name in NAMES.items():
            self.fields[name] = WholeNumber(label=lazy(figure_name, str)(key), required=False)

    def rows(self, group: str, old: Mapping[str, ReportedFigure], *, shown: bool) -> list[dict[str, Any]]:
        """The steppers of a group, each with what the mission said last."""
        keys = [f"{group}.{category}" for category in Category if (category in SHOWN[group]) is shown]
        return [self.row(key, old) for key in keys]

    def row(self, key: str, old: Mapping[str, ReportedFigure]) -> dict[str, Any]:
        """One stepper: its field, and the old value with the time it was of."""
        last = old.get(key)
        group, _dot, category = key.partition(".")
        return {
            "key": key,
            "group": group,
            "field": self[NAMES[key]],
            "label": figure_name(key) if key == PRESENT else Category(category).label,
            "name": gettext("in the area") if key == PRESENT else str(Category(category).label).lower(),
            "old": last.value if last else None,
            "old_at": last.report.as_of if last else None,
        }

    def told(self, at: datetime) -> dict[str, Any]:
        """What the action wants. Figures typed before another door was chosen are not sent."""
        clean = self.cleaned_data
        figures: dict[str, Ends] = {}
        if clean["answer"] == Answer.FIGURES:
            figures = {key: (clean[name], None) for key, name in NAMES.items() if clean[name] is not None}
        return {
            "client_id": clean["client_id"],
            "answer": clean["answer"],
            "figures": figures,
            "as_of": at - timedelta(minutes=int(clean["ago"] or 0)),
            "authorities": clean["authorities"],
            "hospitals": clean["hospitals"],
            "source": clean["source"] or Source.MISSION,
            "note": clean["note"],
            "replaces": clean["replaces"],
        }

    def refuse(self, refusal: Refusal) -> None:
        """Show what the action refused beside its field; the input stays."""
        field = {"as_of": "ago"}.get(
            refusal.error.field, refusal.error.field.removeprefix("figures.").replace(".", "_")
        )
        self.add_error(field if field in self.fields else None, str(refusal.error.message))


def undo(report: SituationReport, at: datetime) -> dict[str, Any]:
    """The correction that takes "none affected" back: it is being checked after all."""
    return {
        "client_id": uuid.uuid5(report.client_id, "undo"),
        "answer": Answer.CHECKING,
        "figures": {},
        "as_of": at,
        "replaces": report.number,
    }


class RequestForm(forms.Form):
    """Which missions are asked."""

    missions = forms.MultipleChoiceField(label=_("Missions"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, missions: list[tuple[str, str]], chosen: list[str]
    ) -> None:
        super().__init__(data, initial={"missions": chosen})
        self.fields["missions"].choices = missions  # type: ignore[attr-defined]
