"""The hotline's page, its live panels, and the acts upon the call-back list."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from alerts.callbacks import actions
from alerts.callbacks import queries as callbacks
from alerts.callbacks.models import KEEPING, CallTry, TryOutcome
from alerts.callbacks.rules import PAUSES, WORKERS
from alerts.hotline import actions as calls
from alerts.switchboard.doors import around, told_or_missing
from alerts.switchboard.forms import CallForm, number_in
from commandcenter.access.gate import DCC_ROLES, allow, reader_from
from commandcenter.clock import now
from commandcenter.problems import Refusal

PANELS = ("ringing", "callbacks")


@require_GET
@allow(*WORKERS, live="own")
def hotline(request: HttpRequest) -> HttpResponse:
    """A call that begins now: number first, and everything else beside it."""
    context = {"form": CallForm({"caller": "self", "nature": "other"}), "client_id": uuid4(), "seen": 0}
    return render(request, "alerts/hotline/hotline.html", around(request) | context)


@require_GET
@allow(*WORKERS)
def panel(request: HttpRequest, name: str) -> HttpResponse:
    """What rings, or the call-back list, fetched again when a frame arrives."""
    if name not in PANELS:
        raise Http404
    return render(request, f"alerts/hotline/_{name}.html", around(request))


@require_GET
@allow(*DCC_ROLES)
def ribbon(request: HttpRequest) -> HttpResponse:
    """How many wait to be called back, as a line under the picture."""
    return render(request, "alerts/hotline/_ribbon.html", {"strip": callbacks.strip(reader_from(request)), "at": now()})


@require_POST
@allow(*WORKERS)
def back(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One act upon an entry: own, let-go, try, or reached, which opens the call that is being spoken."""
    reader, at = reader_from(request), now()
    common: dict[str, Any] = {"actor": reader, "at": at, "version": number_in(request.POST, "version")}
    try:
        if verb == "reached":
            call = calls.call_back(client_id=uuid4(), entry=pk, **common)
            return redirect("hotline:call", call.client_id)
        if verb == "own":
            actions.own(pk=pk, **common)
        elif verb == "let-go":
            actions.let_go(pk=pk, **common)
        elif verb == "try":
            _tried(request, pk, common)
        else:
            raise Http404
    except Refusal as refusal:
        told_or_missing(request, refusal)
    return redirect("hotline:hotline")


def _tried(request: HttpRequest, pk: int, common: dict[str, Any]) -> None:
    """A try, with its ten seconds to take it back."""
    outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "")
    minutes = number_in(request.POST, "minutes") or PAUSES[0]
    made: CallTry = actions.note_try(pk=pk, outcome=outcome, minutes=minutes, note=note, **common)
    words = _("Noted; it stays on the list.") if made.outcome in KEEPING else _("Off the list: %(outcome)s.")
    said = words % {"outcome": TryOutcome(made.outcome).label} if made.outcome not in KEEPING else words
    messages.success(request, said, extra_tags=f"undo:{reverse('hotline:undo', args=[made.pk])}")


@require_POST
@allow(*WORKERS)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own last act back."""
    try:
        actions.undo(actor=reader_from(request), at=now(), act=pk)
    except Refusal as refusal:
        told_or_missing(request, refusal)
    else:
        messages.success(request, _("Undone."))
    return redirect("hotline:hotline")
