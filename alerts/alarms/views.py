"""The page of alarms: what stands, what climbs, the register, the thresholds, how healthy the alarms are."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alerts.alarms import overview
from alerts.alarms.actions import take as take_alarm
from alerts.alarms.forms import ClockForm
from alerts.alarms.queries import register, standing
from alerts.cases.queries import late
from alerts.ladders.actions import LONGEST, change_clock
from alerts.ladders.models import Clock, Ladder
from alerts.ladders.queries import changes_of, clock_with, clocks, would_move
from commandcenter.access.gate import DCC_ROLES, allow, reader_from
from commandcenter.access.models import Role
from commandcenter.clock import now
from commandcenter.problems import Refusal


@allow(*DCC_ROLES, live="own")
@require_GET
def alarms(request: HttpRequest) -> HttpResponse:
    """Everything about alarms on one page; the part that changes is a panel."""
    at, reader = now(), reader_from(request)
    context: dict[str, Any] = {
        "at": at,
        "standing": overview.shown(standing(reader), reader),
        "climbs": overview.climbing(reader),
        "most": overview.MOST,
        "late_cases": late(reader.mission, reader.exercise, at).count(),
    }
    if request.headers.get("HX-Request"):
        return render(request, "alerts/alarms/_now.html", context)
    context |= {
        "health": overview.health(reader, at),
        "rules": register(),
        "ladders": [(ladder.label, clocks(ladder)) for ladder in Ladder],
        "may_change": reader.role == Role.SUPERVISOR and not reader.exercise,
    }
    return render(request, "alerts/alarms/alarms.html", context)


@allow(*DCC_ROLES)
@require_GET
def ribbon(request: HttpRequest) -> HttpResponse:
    """The alarms nobody has taken, as a line under the picture."""
    reader = reader_from(request)
    found = overview.shown(standing(reader), reader)
    return render(request, "alerts/alarms/_ribbon.html", {"alarms": found, "at": now()})


@allow(*DCC_ROLES)
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """A named person takes an alarm."""
    try:
        take_alarm(actor=reader_from(request), at=now(), pk=pk)
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.error(request, str(refusal.error.message))
    else:
        messages.success(request, _("You have taken the alarm."))
    return redirect("alarms:alarms")


@allow(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def clock(request: HttpRequest, pk: int) -> HttpResponse:
    """One threshold: its history, what a change would move, and the change itself."""
    at, reader = now(), reader_from(request)
    found = clock_with(pk)
    if found is None or reader.exercise:
        raise Http404
    form = ClockForm(request.POST if request.method == "POST" else None, clock=found, seconds=_asked(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change = change_clock(actor=reader, at=at, clock_id=pk, **form.cleaned_data)
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                messages.success(request, _changed(change.moved))
                return redirect("alarms:alarms")
    return render(request, "alerts/alarms/clock.html", _clock_context(found, form, at), status=status)


def _changed(moved: int) -> str:
    words = ngettext("The threshold is changed, %(n)d row moved", "The threshold is changed, %(n)d rows moved", moved)
    return words % {"n": moved}


def _clock_context(found: Clock, form: ClockForm, at: datetime) -> dict[str, Any]:
    given = str(form["seconds"].value())
    seconds = int(given) if given.isascii() and given.isdigit() and int(given) <= LONGEST else found.seconds
    moved = would_move(found, seconds, at)
    return {"clock": found, "form": form, "moved": moved, "changes": changes_of(found), "seconds": seconds, "at": at}


def _asked(request: HttpRequest) -> int | None:
    given = request.GET.get("seconds", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 5 else None
