"""The shape of a shift as people write it: a local date, a start, a length; an hour that comes twice is asked about."""

import re
from datetime import time
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from commandcenter import wording
from commandcenter.problems import filled
from missions.planning.queries import Place
from missions.roster import queries, times
from missions.roster.models import Kind

CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[.:]?([0-5]\d))?", re.ASCII)
OTHER = "other"
LENGTHS = ("6", "8", "12", "24", OTHER)


def _length_word(value: str) -> Any:
    return _("other") if value == OTHER else filled(_("%(n)s hours"), n=value)


class ShiftForm(forms.Form):
    """After is_valid(): `given` is what roster.actions.plan wants."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    person = forms.TypedChoiceField(label=_("Person"), coerce=int)
    deputy = forms.TypedChoiceField(label=_("Deputy"), coerce=int, required=False, empty_value=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.DUTY, widget=forms.RadioSelect)
    date = forms.DateField(label=_("Date"), input_formats=["%Y-%m-%d"])
    start = forms.CharField(label=_("Start"), max_length=8, initial="08.00")
    length = forms.ChoiceField(label=_("Length"), initial="8", widget=forms.RadioSelect)
    hours = forms.CharField(label=_("Hours, if another length"), max_length=4, required=False)
    fold = forms.ChoiceField(label=_("This hour comes twice. Which one?"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        self.given: dict[str, Any] = {}
        self.twice = False
        named = [(user.pk, user.shown_name) for user in queries.people_of(place.code)]
        self.fields["person"].choices = [("", "—"), *named]  # type: ignore[attr-defined]
        self.fields["deputy"].choices = [("", "—"), *named]  # type: ignore[attr-defined]
        self.fields["length"].choices = [(value, _length_word(value)) for value in LENGTHS]  # type: ignore[attr-defined]
        self.fields["fold"].choices = [("0", ""), ("1", "")]  # type: ignore[attr-defined]
        self.initial.setdefault("client_id", uuid4())
        for name in ("start", "hours"):
            self.fields[name].widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def clean_start(self) -> time:
        """08.00, 8:00, 0800 or 8."""
        found = CLOCK.fullmatch(self.cleaned_data["start"].strip())
        if found is None:
            raise forms.ValidationError(_("Write the start as hours and minutes, such as 08.00."))
        return time(int(found[1]), int(found[2] or 0))

    def clean(self) -> dict[str, Any]:
        """The wall clock of the place as one moment."""
        data = super().clean() or {}
        hours = data.get("hours", "").strip() if data.get("length") == OTHER else data.get("length", "")
        if not re.fullmatch(r"\d{1,3}", hours, re.ASCII):
            self.add_error("hours" if data.get("length") == OTHER else "length", _("Write whole hours, such as 10."))
        if "date" in data and "start" in data:
            self._read(data)
        if not self.errors:
            kept = {name: data[name] for name in ("person", "deputy", "kind", "client_id")}
            self.given = {**kept, "place": self.place.code, "starts_at": data["starts_at"], "hours": int(hours)}
        return data

    def _read(self, data: dict[str, Any]) -> None:
        if not self.place.zone_known:
            words = _("The time zone of this place is not known: an administrator corrects it first.")
            self.add_error("start", words)
            return
        reading = times.read(data["date"], data["start"], self.place.zone)
        if reading.is_missing:
            self.add_error("start", _("This hour does not exist on that day: the clocks go forward over it."))
        elif reading.is_double:
            self._choose(reading.moments, data)
        else:
            data["starts_at"] = reading.moments[0]

    def _choose(self, moments: tuple[Any, ...], data: dict[str, Any]) -> None:
        """The clocks go back: both are shown, with WIB, and one is chosen."""
        self.twice = True
        words = (_("before the clocks go back"), _("after the clocks went back"))
        told = [
            f"{word} · {wording.hours(one.astimezone(wording.WIB))} WIB"
            for word, one in zip(words, moments, strict=True)
        ]
        self.fields["fold"].choices = list(zip(("0", "1"), told, strict=True))  # type: ignore[attr-defined]
        if data.get("fold") not in {"0", "1"}:
            self.add_error("fold", _("On that day the clocks go back and this hour comes twice: choose one."))
            return
        data["starts_at"] = moments[int(data["fold"])]


class SwapForm(forms.Form):
    """Whom to ask, perhaps for which shift in return."""

    other = forms.TypedChoiceField(label=_("Ask"), coerce=int)
    in_return = forms.TypedChoiceField(
        label=_("In return for"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("Only a shift of that person."),
    )
