"""The shape of a case as it comes in: what staff and applicants both say."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.cases.actions import New
from alerts.cases.library import topic, topics_of
from alerts.cases.models import TEXT_LENGTH, Category
from commandcenter.problems import Refusal, clean_text
from missions.directory.queries import directory

Choices = list[tuple[Any, Any]]


def countries(first: str | Promise) -> Choices:
    """Every country by its name in the language of the page, after a first line for none."""
    named = sorted((str(country.name), code) for code, country in directory().countries.items())
    return [("", first), *((code, name) for name, code in named)]


def topics() -> Choices:
    """The sub-topics under their category."""
    return [(kind.label, [(one.code, one.name) for one in topics_of(kind)]) for kind in Category]


class CaseForm(forms.Form):
    """What a case begins with. The category follows from the subject, so that nobody has to make two things fit."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    topic = forms.ChoiceField(label=_("What is it about?"))
    text = forms.CharField(label=_("What happened, or what is the question?"), max_length=TEXT_LENGTH)
    country = forms.ChoiceField(label=_("Country"), required=False)
    place = forms.CharField(label=_("City or place"), max_length=120, required=False)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=32)

    def __init__(self, *args: Any, none: str | Promise = "", first: Choices | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["topic"].choices = [*(first or []), *topics()]  # type: ignore[attr-defined]
        self.fields["country"].choices = countries(none)  # type: ignore[attr-defined]
        self.fields["text"].widget = forms.Textarea(attrs={"rows": 6, "maxlength": TEXT_LENGTH})
        self.fields["phone"].widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "maxlength": 32})
        if not self.is_bound:
            self.initial.setdefault("client_id", uuid4())

    def clean(self) -> dict[str, Any]:
        """Control characters are refused beside their own field."""
        found = super().clean() or {}
        for name in ("text", "place", "name", "phone"):
            if name in found:
                try:
                    found[name] = clean_text(found[name], field=name, max_length=TEXT_LENGTH)
                except Refusal as refusal:
                    self.add_error(name, str(refusal.error.message))
        return found

    def new(self, **more: Any) -> New:
        """For the action."""
        data = self.cleaned_data
        kind = topic(data["topic"])
        names = ("topic", "text", "country", "place", "name", "phone")
        key: UUID = data["client_id"]
        category = kind.category if kind else Category.CONSULTATION
        return New(client_id=key, category=category, **{name: data[name] for name in names} | more)
