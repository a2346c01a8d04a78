"""The page of one emergency, its live panels and its acts."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from alerts.emergencies import actions
from alerts.emergencies.models import Emergency, Outcome
from alerts.emergencies.queries import one
from alerts.emergencies.rules import may_release, may_work
from alerts.handling import queries
from commandcenter import wording
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.audit.actions import log_read
from commandcenter.clock import now
from commandcenter.problems import Refusal, Words, refusal_problem

READERS = (*DCC_ROLES, *MISSION_ROLES)
WORKERS = (Role.OPERATOR, Role.SUPERVISOR, *MISSION_ROLES)
PANELS = ("head", "timeline", "messages")
PROMISES = ("5", "15", "30", "60")
KEY = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PAGE = "alerts/emergencies/emergency.html"
ACTS: dict[str, tuple[Callable[..., Any], Words]] = {
    "opened": (actions.open_by_officer, ""),
    "take": (actions.take, _("Taken")),
    "release": (actions.release, _("Back in the queue")),
    "note": (actions.add_note, _("Noted")),
    "message": (actions.send_message, _("Stored for the citizen")),
    "resolve": (actions.resolve, _("Resolved")),
    "reopen": (actions.reopen, _("Open again")),
}


@require_GET
@allow(*READERS, live="own")
def emergency(request: HttpRequest, number: str) -> HttpResponse:
    """One emergency; reading it is logged."""
    reader, at = reader_from(request), now()
    found = _found(reader, number)
    log_read(actor=reader, at=at, screen="emergency", object_id=found.number)
    return render(request, PAGE, _context(reader, found, at))


@require_GET
@allow(*READERS)
def panel(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One part of the open page, fetched again when a frame about this emergency arrives."""
    if name not in PANELS:
        raise Http404
    reader = reader_from(request)
    return render(request, f"alerts/emergencies/_{name}.html", _context(reader, _found(reader, number), now()))


@require_POST
@allow(*WORKERS)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One act: 204 or a problem document for scripts; for forms a redirect, or the page with reason and input."""
    reader, at = reader_from(request), now()
    wants_json = request.headers.get("X-Requested-With") == "fetch" or "json" in request.headers.get("Accept", "")
    action, done = ACTS[verb]
    try:
        action(actor=reader, number=number, at=at, **_given(verb, request.POST, at))
    except Refusal as refusal:
        if wants_json:
            return refusal_problem(refusal)
        context = _context(reader, _found(reader, number), at)
        context |= {"errors": [{"message": refusal.error.message}], "typed": request.POST}
        return render(request, PAGE, context, status=refusal.status)
    if wants_json:
        return HttpResponse(status=204)
    if request.headers.get("HX-Request"):
        return render(request, "alerts/emergencies/_head.html", _context(reader, _found(reader, number), at))
    if done:
        undo = f"undo:{reverse('emergencies:release', args=[number])}" if verb == "take" else ""
        messages.success(request, str(done), extra_tags=undo)
    return redirect("emergencies:emergency", number)


def _given(verb: str, posted: QueryDict, at: datetime) -> dict[str, Any]:
    """What the form of this act sends; what can't be understood is as if it were not sent."""
    minutes, version = posted.get("minutes", ""), posted.get("version", "")
    text, key = posted.get("text", ""), posted.get("client_id", "")
    sent: dict[str, dict[str, Any]] = {
        "take": {"next_contact_at": at + timedelta(minutes=int(minutes))} if minutes in PROMISES else {},
        "note": {"text": text},
        "message": {"text": text, "client_id": UUID(key) if KEY.fullmatch(key) else uuid4()},
        "resolve": {
            "outcome": posted.get("outcome", ""),
            "version": int(version) if re.fullmatch("[0-9]{1,9}", version) else None,
        },
    }
    return sent.get(verb, {})


def _found(reader: Reader, number: str) -> Emergency:
    found = one(reader, number)
    if found is None:
        raise Http404
    return found


def _context(reader: Reader, found: Emergency, at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "emergency": found,
        "mission_reason": getattr(found, f"mission_reason_{wording.language()}"),
        "phases": queries.phases(found),
        "entries": queries.timeline(found),
        "may_work": may_work(reader, found),
        "may_release": may_work(reader, found) and may_release(reader, found),
        "outcomes": Outcome.choices,
        "promises": PROMISES,
        "client_id": uuid4(),
    }
