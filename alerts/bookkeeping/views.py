"""The ledger of a crisis: its page and strip, entering from the registry, states in bulk, doubles, undo."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from alerts.bookkeeping import queries
from alerts.bookkeeping.doors import attempt, crisis_of, set_state, tell_done
from alerts.bookkeeping.forms import EnterForm, MergeForm, StateForm, places_of
from alerts.crises.models import Crisis
from alerts.persons import actions, rules
from alerts.persons.models import Act
from alerts.persons.queries import ledger as ledger_of
from commandcenter.access.gate import allow, reader_from
from commandcenter.clock import now
from commandcenter.problems import Refusal

LARGEST_KEY = 2**62


@require_GET
@allow(*rules.READERS, live="own")
def ledger(request: HttpRequest, slug: str) -> HttpResponse:
    """The fourteen states with their counts and the gap; the persons, masked, by filter and key."""
    return _page(request, crisis_of(request, slug))


@require_GET
@allow(*rules.READERS, live="own")
def strip(request: HttpRequest, slug: str) -> HttpResponse:
    """The ledger's line and states, as a panel of the crisis room."""
    crisis = crisis_of(request, slug)
    return render(
        request, "alerts/bookkeeping/_strip.html", {"crisis": crisis, "ledger": ledger_of(crisis), "at": now()}
    )


def _page(request: HttpRequest, crisis: Crisis, status: int = 200, **forms: Form) -> HttpResponse:
    reader, wanted = reader_from(request), queries.filter_of(request.GET)
    after = request.GET.get("after", "")
    key = int(after) if after.isascii() and after.isdigit() and int(after) < LARGEST_KEY else 0
    page = queries.page(reader, crisis, wanted, key)
    shown: dict[str, Any] = {
        "at": now(),
        "crisis": crisis,
        "ledger": ledger_of(crisis),
        "states": queries.states_of(reader, crisis),
        "filter": wanted,
        "page": page,
        "missions": queries.missions_of(crisis),
        "doubles": queries.proposed(reader, crisis),
        "is_mission": reader.is_mission,
    }
    if crisis.is_open and rules.may_act(reader, crisis):
        places = places_of(reader, queries.countries_of(crisis), shown["missions"])
        shown["may_act"] = True
        shown["enter_form"] = EnterForm(places=places, auto_id="enter_%s")
        correct = rules.may_correct(reader, crisis)
        shown["state_form"] = StateForm(may_correct=correct, auto_id="set_%s")
    return render(request, "alerts/bookkeeping/ledger.html", shown | forms, status=status)


@require_POST
@allow(*rules.ACTORS)
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter everybody the registry has in a country or of a mission."""
    crisis, reader = crisis_of(request, slug), reader_from(request)
    places = places_of(reader, queries.countries_of(crisis), queries.missions_of(crisis))
    form = EnterForm(request.POST, places=places, auto_id="enter_%s")

    def act() -> None:
        kind, _colon, code = form.cleaned_data["where"].partition(":")
        actions.enter(actor=reader, at=now(), crisis=crisis, **{kind: code})

    status = attempt(form, act)
    if status != 302:
        return _page(request, crisis, status, enter_form=form, refused=form)
    messages.success(request, _("Everybody registered there is in the ledger now."))
    return redirect("persons:ledger", slug)


@require_POST
@allow(*rules.ACTORS)
def set_states(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring everybody on the filtered list into one state."""
    crisis, reader = crisis_of(request, slug), reader_from(request)
    correct = rules.may_correct(reader, crisis)
    form = StateForm(request.POST, may_correct=correct, auto_id="set_%s")
    wanted = queries.filter_of(request.GET)
    done: list[Act] = []

    def act() -> None:
        persons = list(queries.filtered(reader, crisis, wanted).values_list("pk", flat=True))
        done.append(set_state(form, reader, crisis, persons))

    status = attempt(form, act)
    if status != 302:
        return _page(request, crisis, status, state_form=form, refused=form)
    tell_done(request, crisis, done[0], _("The states are set."))
    return redirect(f"{reverse('persons:ledger', args=[slug])}?{wanted.query}".rstrip("?"))


@require_POST
@allow(*rules.ACTORS)
def undo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take one's own act back."""
    crisis = crisis_of(request, slug)
    try:
        actions.undo(actor=reader_from(request), at=now(), crisis=crisis, number=number)
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        if refusal.status == 403:
            raise PermissionDenied from refusal
        messages.error(request, str(refusal.error.message))
    else:
        messages.success(request, _("Undone."))
    return redirect("persons:ledger", slug)


@require_POST
@allow(*rules.ACTORS)
def double(request: HttpRequest, slug: str) -> HttpResponse:
    """Decide about a proposed double: one person, whose trails are kept both, or two."""
    crisis, reader = crisis_of(request, slug), reader_from(request)
    form = MergeForm(request.POST, auto_id="double_%s")
    done: list[Act] = []

    def act() -> None:
        data = form.cleaned_data
        common: dict[str, Any] = {"actor": reader, "at": now(), "crisis": crisis, "reason": data["reason"]}
        if data["into"]:
            done.append(actions.merge(double=data["double"], into=data["into"], **common))
        else:
            done.append(actions.keep_apart(person=data["double"], **common))

    status = attempt(form, act)
    if status != 302:
        return _page(request, crisis, status, refused=form)
    if form.cleaned_data["into"]:
        tell_done(request, crisis, done[0], _("They are one person now; both trails are kept."))
    else:
        messages.success(request, _("They are two persons."))
    return redirect("persons:ledger", slug)
