"""The shape of acts on a crisis team."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.crises.models import Crisis
from alerts.team import queries
from alerts.team.models import RESULT_LENGTH, TEXT_LENGTH, Part
from commandcenter.access.models import User

LARGEST = 2**31 - 1
NOBODY = ("", _("Nobody yet"))
IN_MINUTES: list[tuple[str, str | Promise]] = [
    ("15", _("in 15 minutes")),
    ("30", _("in 30 minutes")),
    ("60", _("in 1 hour")),
    ("120", _("in 2 hours")),
    ("360", _("in 6 hours")),
    ("1440", _("in 24 hours")),
]


def _named(user: User) -> tuple[int, str]:
    mission = user.membership.mission
    return user.pk, f"{user.shown_name} · {mission}" if mission else user.shown_name


class CallForm(forms.Form):
    """Who is called, as what."""

    user = forms.TypedChoiceField(label=_("Person"), coerce=int)
    part = forms.ChoiceField(label=_("Part in the team"), choices=Part.choices)

    def __init__(self, *args: Any, crisis: Crisis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = {person.user.pk for person in queries.people(crisis)}
        free = [user for user in queries.callable_people(crisis) if user.pk not in there]
        self.fields["user"].choices = [_named(user) for user in free]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """What was decided, why, by whom."""

    text = forms.CharField(label=_("Decision"), max_length=TEXT_LENGTH)
    reason = forms.CharField(label=_("Why"), max_length=TEXT_LENGTH)
    decided_by = forms.TypedChoiceField(label=_("Decided by"), coerce=int)
    replaces = forms.TypedChoiceField(label=_("Replaces"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, crisis: Crisis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = [(person.user.pk, person.user.shown_name) for person in queries.people(crisis)]
        standing = [one for one in queries.decisions(crisis) if not hasattr(one, "replaced_by")]
        numbered: list[tuple[Any, Any]] = [(one.no, f"#{one.no} {one.text[:60]}") for one in standing]
        self.fields["decided_by"].choices = team  # type: ignore[attr-defined]
        self.fields["replaces"].choices = [("", _("None, it is a new one")), *numbered]  # type: ignore[attr-defined]


class _OwnerForm(forms.Form):
    """Base: an owner out of the team."""

    owner = forms.TypedChoiceField(label=_("Owner"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, crisis: Crisis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: list[tuple[Any, Any]] = [(person.user.pk, person.user.shown_name) for person in queries.people(crisis)]
        self.fields["owner"].choices = [NOBODY, *team]  # type: ignore[attr-defined]


class TaskForm(_OwnerForm):
    """A task: what, until when, who."""

    text = forms.CharField(label=_("Task"), max_length=TEXT_LENGTH)
    minutes = forms.ChoiceField(label=_("Due"), choices=IN_MINUTES, initial="60")
    field_order = ("text", "owner", "minutes")

    def due_at(self, at: datetime) -> datetime:
        """The moment it is due."""
        return at + timedelta(minutes=int(self.cleaned_data["minutes"]))


class AssignForm(_OwnerForm):
    """Who gets a task; `version` is what the page showed."""

    version = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)


class EndForm(forms.Form):
    """What became of a task."""

    version = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    result = forms.CharField(label=_("Result"), max_length=RESULT_LENGTH, required=False)
