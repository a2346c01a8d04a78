"""A list of people in steps: its errors by cell, the diff, and a named person who applies it. Nothing before that."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alerts.bookkeeping import queries
from alerts.bookkeeping.doors import attempt, crisis_of
from alerts.bookkeeping.forms import ApplyForm, UploadForm
from alerts.crises.models import Crisis
from alerts.persons import actions, rules
from alerts.persons.listing import Held, Plan, plan_of
from alerts.persons.models import State
from commandcenter.access.gate import allow, reader_from
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from missions.registry import lists
from missions.registry.actions import keep_upload
from missions.registry.queries import upload
from missions.registry.sealing import masked
from missions.registry.shapes import Listing, Masked

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of the diff, masked."""

    line: int
    who: Masked
    was: str
    state: str


def _states() -> dict[str, str]:
    """What a list may call the states: their codes, and their words in both languages."""
    known = {state.value: state.value for state in State}
    for language in ("id", "en"):
        with translation.override(language):
            known |= {str(state.label).casefold(): state.value for state in State}
    return known


def _known(reader: Reader, crisis: Crisis, country: str, mission: str) -> lists.Known:
    return lists.Known(
        dial_codes=queries.dial_codes(),
        missions=dict(queries.missions_of(crisis)),
        states=_states(),
        country=country,
        mission=reader.mission or mission,
        only=reader.mission,
    )


def _missions(reader: Reader, crisis: Crisis) -> list[tuple[str, str]]:
    return [
        (code, name) for code, name in queries.missions_of(crisis) if not reader.is_mission or code == reader.mission
    ]


@require_http_methods(["GET", "POST"])
@allow(*rules.ACTORS)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a list; it is kept for its preview and nothing else is written."""
    crisis, reader = crisis_of(request, slug), reader_from(request)
    given = {"countries": queries.countries_of(crisis), "missions": _missions(reader, crisis)}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, **given)
    kept: list[UUID] = []

    def act() -> None:
        data = form.cleaned_data
        text = lists.decoded(data["file"].read(lists.MOST_BYTES + 1))
        lists.read(text, _known(reader, crisis, data["country"], data["mission"]))
        scope = f"{crisis.pk}:{data['country']}:{data['mission']}"
        kept.append(keep_upload(actor=reader, at=now(), scope=scope, text=text))

    status = attempt(form, act) if form.is_bound else 200
    if status == 302:
        return redirect("persons:list", slug, kept[0])
    shown = {"crisis": crisis, "form": form, "at": now(), "most": lists.MOST_ROWS}
    return render(request, "alerts/bookkeeping/new_list.html", shown, status=status)


@require_http_methods(["GET", "POST"])
@allow(*rules.ACTORS)
def preview(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """What is wrong with it and what it would change; applying it is one act of a named person."""
    crisis, reader = crisis_of(request, slug), reader_from(request)
    kept = upload(key, crisis=crisis.pk, exercise=crisis.exercise, by=reader.user_id)
    if kept is None:
        raise Http404
    _pk, country, mission = kept.scope.split(":")
    listing = lists.read(kept.text, _known(reader, crisis, country, mission))
    plan = plan_of(reader, crisis, listing)
    form = ApplyForm(request.POST if request.method == "POST" else None, initial={"seen": plan.seal})

    def act() -> None:
        data, at = form.cleaned_data, now()
        given = {"as_of": at - form.age, "reason": data["reason"], "seen": data["seen"], "upload": key}
        actions.apply_list(actor=reader, at=at, crisis=crisis, listing=listing, **given)

    status = attempt(form, act) if form.is_bound else 200
    if status == 302:
        words = _("%(n)d persons of the list were applied.") % {"n": plan.touched}
        messages.success(request, words)
        return redirect("persons:ledger", slug)
    return _preview(request, crisis, listing, plan, form, status)


def _preview(
    request: HttpRequest, crisis: Crisis, listing: Listing, plan: Plan, form: ApplyForm, status: int
) -> HttpResponse:
    stuck = [_moved(one) for one in plan.stuck]
    shown = {
        "crisis": crisis,
        "at": now(),
        "plan": plan,
        "form": form,
        "seal": plan.seal,
        "cells": listing.errors[:MOST_SHOWN],
        "bad": len({error.line for error in listing.errors}),
        "stuck": stuck[:MOST_SHOWN],
        "changed": [_moved(one) for one in plan.changed[:MOST_SHOWN]],
        "new": [
            Shown(one.line, masked(one.entry), "", str(State(one.state or State.UNVERIFIED).label))
            for one in plan.new[:MOST_SHOWN]
        ],
        "most": MOST_SHOWN,
    }
    return render(request, "alerts/bookkeeping/list.html", shown, status=status)


def _moved(one: Held) -> Shown:
    return Shown(one.listed.line, masked(one.listed.entry), one.person.get_state_display(), str(State(one.state).label))
