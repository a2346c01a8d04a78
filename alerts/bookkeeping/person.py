"""One person of the ledger: opened with a reason, which is logged; then the values, the trail, and a new state."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alerts.bookkeeping import queries
from alerts.bookkeeping.doors import attempt, crisis_of, set_state, tell_done
from alerts.bookkeeping.forms import OpenForm, StateForm
from alerts.crises.models import Crisis
from alerts.persons import rules
from alerts.persons.models import Act, Person
from commandcenter.access.gate import allow, reader_from
from commandcenter.clock import now
from missions.registry.actions import open_person
from missions.registry.shapes import Entry


def _found(request: HttpRequest, slug: str, pk: int) -> tuple[Crisis, Person]:
    crisis = crisis_of(request, slug)
    person = queries.person(reader_from(request), crisis, pk)
    if person is None:
        raise Http404
    return crisis, person


@require_http_methods(["GET", "POST"])
@allow(*rules.READERS)
def person(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Masked, until somebody says why they read on; every reading is logged and shown to the next."""
    crisis, found = _found(request, slug, pk)
    form = OpenForm(request.POST if request.method == "POST" else None)
    opened: list[Entry] = []
    if form.is_bound:

        def act() -> None:
            reader, reason = reader_from(request), form.cleaned_data["reason"]
            entry = open_person(actor=reader, at=now(), citizen=found.citizen_id, screen="ledger", reason=reason)
            opened.append(entry)

        status = attempt(form, act)
        if status != 302:
            return _page(request, crisis, found, status, form=form)
    return _page(request, crisis, found, form=form, entry=opened[0] if opened else None)


def _page(request: HttpRequest, crisis: Crisis, found: Person, status: int = 200, **more: Any) -> HttpResponse:
    reader = reader_from(request)
    shown = {"crisis": crisis, "person": found, "shown": queries.shown(found), "at": now()}
    shown["readings"] = queries.readings(found)
    if more.get("entry"):
        shown["trail"] = queries.trail(found)
        if crisis.is_open and rules.may_act(reader, crisis) and found.merged_into_id is None:
            shown["state_form"] = StateForm(may_correct=rules.may_correct(reader, crisis))
    return render(request, "alerts/bookkeeping/person.html", shown | more, status=status)


@require_POST
@allow(*rules.ACTORS)
def set_one(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Bring one person into a state."""
    crisis, found = _found(request, slug, pk)
    reader = reader_from(request)
    form = StateForm(request.POST, may_correct=rules.may_correct(reader, crisis))
    done: list[Act] = []

    def act() -> None:
        done.append(set_state(form, reader, crisis, [found.pk]))

    status = attempt(form, act)
    if status != 302:
        return _page(request, crisis, found, status, form=OpenForm(), state_form=form)
    tell_done(request, crisis, done[0], _("The state is set."))
    return redirect("persons:ledger", slug)
