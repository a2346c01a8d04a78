"""What the views of this room share: the crisis of an address, and an act with its refusal on the page."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest
from django.urls import reverse

from alerts.bookkeeping.forms import StateForm
from alerts.crises import queries as crises
from alerts.crises.models import Crisis
from alerts.persons import actions
from alerts.persons.models import Act
from commandcenter.access.gate import reader_from
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.problems import Refusal


def crisis_of(request: HttpRequest, slug: str) -> Crisis:
    """The crisis, when it is for this reader. Raises Http404 otherwise."""
    found = crises.crisis(reader_from(request), slug)
    if found is None:
        raise Http404
    return found


def attempt(form: Form, act: Callable[[], object]) -> int:
    """Do it: 302 when it was done, else the status and the sentence in the form."""
    if not form.is_valid():
        return 422
    try:
        act()
    except Refusal as refusal:
        if refusal.status == 403:
            raise PermissionDenied from refusal
        if refusal.status == 404:
            raise Http404 from refusal
        field = refusal.error.field if refusal.error.field in form.fields else None
        form.add_error(field, str(refusal.error.message))
        return refusal.status
    return 302


def set_state(form: StateForm, reader: Reader, crisis: Crisis, persons: Sequence[int]) -> Act:
    """What a valid StateForm says of these persons."""
    data, at = form.cleaned_data, now()
    return actions.set_state(
        actor=reader,
        at=at,
        crisis=crisis,
        persons=persons,
        state=data["state"],
        as_of=at - form.age,
        reason=data["reason"],
        expected=data["expected"],
        version=data["version"],
        report=data["report"],
        correct=data.get("correct", False),
    )


def tell_done(request: HttpRequest, crisis: Crisis, act: Act, words: str) -> None:
    """The sentence at the foot of the page, with its ten seconds to take the act back."""
    undo_at = reverse("persons:undo", args=[crisis.slug, act.number])
    messages.success(request, words, extra_tags=f"undo:{undo_at}")
