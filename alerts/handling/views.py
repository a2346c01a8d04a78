"""The page of one emergency, its live panels and its acts."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from alerts.assigning import queries as assigning
from alerts.assigning.rules import is_asked, may_override, other_side
from alerts.cases.queries import of_emergency
from alerts.dialogue.queries import talk
from alerts.duplicates import queries as duplicates
from alerts.emergencies.models import HELD_STATES, OVER, Emergency, Outcome, State, Wait
from alerts.emergencies.queries import one
from alerts.emergencies.rules import may_release, may_work
from alerts.handling import queries
from alerts.handling.acts import ACTS, PROMISES, SHELVES, given
from alerts.leases.rules import is_leased
from alerts.progress.rules import may_close, waits
from alerts.shelving import queries as shelf
from alerts.shelving.rules import may_shelve
from alerts.worklist import queries as worklist
from commandcenter import wording
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.audit.actions import log_read
from commandcenter.clock import now
from commandcenter.problems import Refusal, refusal_problem

READERS = (*DCC_ROLES, *MISSION_ROLES)
WORKERS = (Role.OPERATOR, Role.SUPERVISOR, *MISSION_ROLES)
# What the timeline can be narrowed to.
SIDES = (
    ("all", _("All")),
    ("citizen", _("Citizen")),
    ("dcc", _("DCC")),
    ("mission", _("Mission")),
    ("system", _("System")),
)
PAGE = "alerts/emergencies/emergency.html"


@require_GET
@allow(*READERS, live="own")
def emergency(request: HttpRequest, number: str) -> HttpResponse:
    """One emergency; reading it is logged."""
    reader, at = reader_from(request), now()
    found = _found(reader, number)
    log_read(actor=reader, at=at, screen="emergency", object_id=found.number)
    return render(request, PAGE, _page(reader, found, at))


@require_GET
@allow(*READERS)
def panel(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One part of the open page, fetched again when a frame about this emergency arrives."""
    if name not in PANELS:
        raise Http404
    reader, at = reader_from(request), now()
    context = PANELS[name](reader, _found(reader, number), at)
    return render(request, f"alerts/emergencies/_{name}.html", context)


@require_GET
@allow(*READERS, live="own")
def shelved(request: HttpRequest) -> HttpResponse:
    """Alarms that are silent for a while: who silenced them, why, until when."""
    reader, at = reader_from(request), now()
    found = shelf.shelved(reader)
    context = {"at": at, "rows": [(row, shelf.reason_of(row), may_shelve(reader, row)) for row in found]}
    return render(request, "alerts/emergencies/shelved.html", context)


@require_GET
@allow(*READERS, live="own")
def compare(request: HttpRequest, number: str, other: str) -> HttpResponse:
    """Two emergencies side by side, to judge whether they are one; both readings are logged."""
    reader, at = reader_from(request), now()
    pair = [_found(reader, number), _found(reader, other)]
    if pair[0].pk == pair[1].pk:
        raise Http404
    for found in pair:
        log_read(actor=reader, at=at, screen="emergency", object_id=found.number)
    why = duplicates.why_alike(*pair)
    context = {"at": at, "pair": pair, "why": why, "may_work": all(may_work(reader, found) for found in pair)}
    return render(request, "alerts/emergencies/compare.html", context)


@require_POST
@allow(*WORKERS)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One act: 204 or a problem document for scripts; for forms a redirect, or the page with reason and input."""
    reader, at = reader_from(request), now()
    wants_json = request.headers.get("X-Requested-With") == "fetch" or "json" in request.headers.get("Accept", "")
    action, done, undo = ACTS[verb]
    try:
        action(actor=reader, number=number, at=at, **given(verb, request.POST, at))
    except Refusal as refusal:
        if wants_json:
            return refusal_problem(refusal)
        context = _page(reader, _found(reader, number), at)
        context |= {"errors": [{"message": refusal.error.message}], "typed": request.POST, "refused": verb}
        return render(request, PAGE, context, status=refusal.status)
    if wants_json:
        return HttpResponse(status=204)
    if request.headers.get("HX-Request"):
        return render(request, "alerts/emergencies/_head.html", _head(reader, _found(reader, number), at))
    if done:
        tags = f"undo:{reverse(f'emergencies:{undo}', args=[number])}" if undo else ""
        messages.success(request, str(done), extra_tags=tags)
    return _done(request, reader, number, verb, at)


def _done(request: HttpRequest, reader: Reader, number: str, verb: str, at: datetime) -> HttpResponse:
    """Back to the page; to the one that stays after a merging."""
    if verb == "lease-break" and request.POST.get("text"):
        # What was refused while the other one was writing is still there to send.
        return render(request, PAGE, _page(reader, _found(reader, number), at) | {"typed": request.POST})
    return redirect("emergencies:emergency", request.POST["into"] if verb == "merge" else number)


def _found(reader: Reader, number: str) -> Emergency:
    found = one(reader, number)
    if found is None:
        raise Http404
    return found


def _base(reader: Reader, found: Emergency, at: datetime) -> dict[str, Any]:
    return {"at": at, "emergency": found, "may_work": may_work(reader, found), "is_over": found.state in OVER}


def _head(reader: Reader, found: Emergency, at: datetime) -> dict[str, Any]:
    works, is_open = may_work(reader, found), found.state not in OVER
    holds = works and may_release(reader, found)
    asked = other_side(reader, found)
    return _base(reader, found, at) | {
        "phases": queries.phases(found),
        "may_release": holds,
        "may_shelve": found.state == State.NEW and may_shelve(reader, found),
        "may_close": found.state == State.RESOLVED and may_close(reader, found),
        "may_reopen": works and found.state in {State.RESOLVED, State.CLOSED},
        "may_offer": bool(holds and asked and found.state in HELD_STATES and not found.offered_to),
        "is_asked": is_open and is_asked(reader, found),
        "to_mission": not reader.is_mission,
        "is_leased": is_leased(found, at),
        "leased_by_me": found.leased_by_id == reader.user_id,
        "false_alarm": found.outcome == Outcome.FALSE_ALARM,
        "shelves": SHELVES,
        "waits": waits(found),
        "waiting_for": Wait.choices,
        "promises": PROMISES,
    }


def _timeline(reader: Reader, found: Emergency, at: datetime) -> dict[str, Any]:
    same = duplicates.attached(found)
    return _base(reader, found, at) | {"duplicates": same, "entries": queries.timeline(found, same)}


def _messages(reader: Reader, found: Emergency, at: datetime) -> dict[str, Any]:
    return _base(reader, found, at) | {"talk": talk(found, at)}


def _tasks(reader: Reader, found: Emergency, at: datetime) -> dict[str, Any]:
    return _base(reader, found, at) | {"tasks": worklist.tasks(found)}


def _duplicates(reader: Reader, found: Emergency, at: datetime) -> dict[str, Any]:
    same = duplicates.attached(found)
    return _base(reader, found, at) | {
        "duplicates": same,
        "untold": duplicates.untold(found, same),
        "holds": found.taken_by_id == reader.user_id,
        "proposals": duplicates.proposals(reader, found),
        "merging": duplicates.merging_of(found) if found.duplicate_of_id else None,
    }


def _place(reader: Reader, found: Emergency, at: datetime) -> dict[str, Any]:
    return _base(reader, found, at) | {"before": queries.position_before(found)}


def _mission(reader: Reader, found: Emergency, at: datetime) -> dict[str, Any]:
    return _base(reader, found, at) | {
        "mission_reason": getattr(found, f"mission_reason_{wording.language()}"),
        "by_hand": queries.choice_by_hand(found),
        "officer": queries.on_duty_there(found, at),
        "may_override": found.state not in OVER and may_override(reader, found),
    }


def _page(reader: Reader, found: Emergency, at: datetime) -> dict[str, Any]:
    """Everything the page shows."""
    context = _timeline(reader, found, at)
    for part in (_head, _messages, _tasks, _duplicates, _place, _mission):
        context |= part(reader, found, at)
    if context["may_override"]:
        context["missions"] = assigning.choices(found)
    context["cases"] = of_emergency(reader, found.pk)
    context["way"] = json.dumps(queries.way_of(found))
    return context | {"outcomes": Outcome.choices, "client_id": uuid4(), "sides": SIDES}


PANELS: dict[str, Callable[[Reader, Emergency, datetime], dict[str, Any]]] = {
    "head": _head,
    "timeline": _timeline,
    "messages": _messages,
    "tasks": _tasks,
    "duplicates": _duplicates,
    "place": _place,
    "mission": _mission,
}
