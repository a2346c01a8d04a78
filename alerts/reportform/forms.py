"""The shape of what an officer fills in without JavaScript; with it the same fields go through the API."""

import re
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alerts.figures.keys import figure_name, printed
from alerts.sitreps.actions import LARGEST, Ends
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
from alerts.submissions.smsline import LETTERS
from commandcenter.problems import Refusal

AGO = [("0", _("Now")), ("5", _("−5 min")), ("15", _("−15 min")), ("60", _("−60 min"))]
NAMES = {key: key.replace(".", "_") for key in FIGURE_KEYS}
# In Python's own terms: "１２" are digits too, but nobody typed them on a keypad.
NUMBER = re.compile(r"([0-9]{1,12})(?:\s?[-–]\s?([0-9]{1,12}))?")
# Longer notes go into a second report: the numbers of this one must fit into two kilobytes.
SHORT_NOTE = 1000
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


class Count(forms.CharField):
    """Digits only, or a range "2-3"; empty is None, never 0. "1.500" is refused: it is 1500 here, 1.5 elsewhere."""

    def to_python(self, value: Any) -> Any:
        """(number, None), (lower, upper) or None."""
        text = (value or "").strip()
        if not text:
            return None
        found = NUMBER.fullmatch(text)
        if not found:
            raise forms.ValidationError(_("Type digits only, without dot, comma or sign."))
        low, high = int(found[1]), int(found[2]) if found[2] else None
        if max(low, high or 0) > LARGEST:
            raise forms.ValidationError(_("This must be a whole number from 0 to 10,000,000."))
        if high is not None and high <= low:
            raise forms.ValidationError(_("The upper end of a range must be larger than the lower."))
        return low, high

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
        label=_("Note"), required=False, max_length=SHORT_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, replaces: int | None = None) -> None:
        first = {"client_id": uuid.uuid4(), "replaces": replaces, "ago": "0", "source": Source.MISSION}
        super().__init__(data, initial=first)
        for key, name in NAMES.items():
            self.fields[name] = Count(label=lazy(figure_name, str)(key), required=False)

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
            "letter": LETTERS.get(key, ""),
            "field": self[NAMES[key]],
            "label": figure_name(key) if key == PRESENT else Category(category).label,
            "name": gettext("in the area") if key == PRESENT else str(Category(category).label).lower(),
            "old": last.value if last else None,
            "old_text": typed(last.value, last.high) if last else "",
            "old_shown": printed(last.value, last.high) if last else "",
            "old_at": last.report.as_of if last else None,
        }

    def told(self, at: datetime) -> dict[str, Any]:
        """What the action wants. Figures typed before another door was chosen are not sent."""
        clean = self.cleaned_data
        figures: dict[str, Ends] = {}
        if clean["answer"] == Answer.FIGURES:
            figures = {key: clean[name] for key, name in NAMES.items() if clean[name] is not None}
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


def typed(value: int, high: int | None) -> str:
    """As it would be typed: "2", or "2-3"."""
    return str(value) if high is None else f"{value}-{high}"


def correction(answer: str) -> dict[str, Any]:
    """What takes a tap back: "none affected" is being checked after all, "checking" said nothing yet."""
    if answer == Answer.NONE_AFFECTED:
        return {"answer": Answer.CHECKING.value, "figures": {}}
    return {
        "answer": Answer.FIGURES.value,
        "figures": {},
        "note": gettext("Taken back by its sender; an answer follows."),
    }


def undo(report: SituationReport) -> dict[str, Any]:
    """The correction of this report; its client_id follows from the report's, so that however often, it is one."""
    taken = {"client_id": uuid.uuid5(report.client_id, "undo"), "replaces": report.number}
    return {**taken, **correction(report.answer)}
