"""The shape of what applicants send."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alerts.cases.models import TEXT_LENGTH
from alerts.cases.rules import e164
from alerts.casework.forms import CaseForm
from commandcenter.problems import filled

CHOOSE = _("Choose")
LENGTH: Any = filled(_("At most %(n)d characters. A few sentences are enough."), n=TEXT_LENGTH)


class PublicForm(CaseForm):
    """The public form: few questions, plain words, the length told beside the field."""

    field_order = ("topic", "text", "country", "place", "phone", "name")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, none=CHOOSE, first=[("", CHOOSE)], **more)
        self.fields["country"].required = True
        self.fields["country"].label = _("In which country are you?")
        self.fields["text"].help_text = LENGTH
        self.fields["phone"].label = _("Your telephone number")
        self.fields["phone"].help_text = _(
            "With + and the country code, such as +60 12 345 6789. It opens the answer; we send a copy there too."
        )
        self.fields["phone"].widget.attrs["autocomplete"] = "tel"
        self.fields["name"].label = _("Your name")
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean_phone(self) -> str:
        """With its country, so that an answer can reach it."""
        number = e164(self.cleaned_data["phone"])
        if not number:
            raise forms.ValidationError(_("Write the number with + and the country code, such as +60 12 345 6789."))
        return number


class StatusForm(forms.Form):
    """Number and telephone: what lets an applicant in."""

    number = forms.CharField(
        label=_("Number of the case"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "K-2026-00017"}),
    )
    phone = forms.CharField(
        label=_("Your telephone number"),
        help_text=_("The whole number, or its last 6 digits."),
        max_length=32,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )


class WriteForm(forms.Form):
    """One more message of the applicant."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Write to us"),
        help_text=LENGTH,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": TEXT_LENGTH}),
    )
