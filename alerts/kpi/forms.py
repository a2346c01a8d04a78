"""The filter of every page of this room, in the address; what can't be read is said and left aside."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from alerts.emergencies.models import Channel
from alerts.kpi.queries import Wanted
from commandcenter.wording import WIB

LONGEST = timedelta(days=366)
USUAL = timedelta(days=6)
WORLD_BEGINS = date(2000, 1, 1)
WORLD_ENDS = date(2999, 12, 31)


class FilterForm(forms.Form):
    """Reads the query string; every field may be missing."""

    first = forms.DateField(label=_("From"), required=False)
    last = forms.DateField(label=_("To"), required=False)
    mission = forms.SlugField(label=_("Mission"), required=False, max_length=60)
    crisis = forms.SlugField(label=_("Crisis"), required=False, max_length=60)
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", ""), *Channel.choices])
    hour = forms.IntegerField(label=_("Hour"), required=False, min_value=0, max_value=23)
    zone = forms.ChoiceField(
        label=_("Hours of"), required=False, choices=[("wib", "WIB"), ("local", _("the mission's own time"))]
    )

    def clean(self) -> dict[str, Any]:
        """The days must follow each other, within a year."""
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        for name in ("first", "last"):
            if said.get(name) and not WORLD_BEGINS <= said[name] <= WORLD_ENDS:
                self.add_error(name, _("This date can't be meant."))
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        elif first and last and last - first > LONGEST:
            self.add_error("last", _("A period has at most 366 days."))
        return said


def read(params: QueryDict, at: datetime) -> tuple[Wanted, FilterForm]:
    """The filter of a query string, by default the seven days to today; fields with errors are as if not given."""
    form = FilterForm(params)
    form.is_valid()
    said = form.cleaned_data
    today = at.astimezone(WIB).date()
    if "first" in form.errors or "last" in form.errors:
        said = {**said, "first": None, "last": None}
    first, last = said.get("first"), said.get("last")
    last = last or (min(first + USUAL, WORLD_ENDS) if first and first + USUAL < today else max(today, first or today))
    return Wanted(
        first=first or last - USUAL,
        last=last,
        mission=said.get("mission") or "",
        crisis=said.get("crisis") or "",
        channel=said.get("channel") or "",
        hour=said.get("hour"),
        zone=said.get("zone") or "wib",
    ), form
