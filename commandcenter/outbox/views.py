"""Pages of the command centre: whom to call, and what became of messages."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from commandcenter.access.gate import DCC_ROLES, allow, reader_from
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.outbox import actions, queries
from commandcenter.problems import Refusal, Words

SINCE = timedelta(hours=24)


@allow(*DCC_ROLES, live="own")
@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """The call list: a page, and a panel for others to include."""
    return _calls(request, reader_from(request), now())


@allow(*DCC_ROLES)
@require_POST
def called(request: HttpRequest, number: int) -> HttpResponse:
    """What a call came to."""
    at, reader = now(), reader_from(request)
    outcome, version = request.POST.get("outcome", ""), _version(request)
    try:
        actions.note_call(actor=reader, at=at, message_id=number, outcome=outcome, version=version)
    except Refusal as refusal:
        return _back(request, "outbox:calls", refusal)
    return _back(request, "outbox:calls")


def _calls(request: HttpRequest, reader: Reader, at: datetime, said: Words = "") -> HttpResponse:
    context = {"calls": queries.calls(reader), "at": at, "said": said}
    page = "_calls.html" if request.headers.get("HX-Request") else "calls.html"
    return render(request, f"commandcenter/outbox/{page}", context)


@allow(*DCC_ROLES, live="own")
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The channels, what stands where, and the messages that wait for a decision."""
    return _outbox(request, reader_from(request), now())


@allow(*DCC_ROLES)
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """A message that may have been sent: once more, or let it be."""
    at, reader = now(), reader_from(request)
    act = actions.send_again if request.POST.get("again") == "1" else actions.let_be
    try:
        act(actor=reader, at=at, message_id=number, version=_version(request))
    except Refusal as refusal:
        return _back(request, "outbox:outbox", refusal)
    return _back(request, "outbox:outbox")


def _outbox(request: HttpRequest, reader: Reader, at: datetime, said: Words = "") -> HttpResponse:
    context: dict[str, Any] = {
        "lines": queries.overview(reader, at - SINCE),
        "undecided": queries.undecided(reader),
        "at": at,
        "said": said,
    }
    page = "_outbox.html" if request.headers.get("HX-Request") else "outbox.html"
    return render(request, f"commandcenter/outbox/{page}", context)


def _back(request: HttpRequest, page: str, refusal: Refusal | None = None) -> HttpResponse:
    """The panel anew where it stands; without JavaScript its page. A refusal stands on it in words."""
    if request.headers.get("HX-Request"):
        shown = _calls if page == "outbox:calls" else _outbox
        return shown(request, reader_from(request), now(), refusal.error.message if refusal else "")
    if refusal:
        messages.error(request, str(refusal.error.message))
    return redirect(page)


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
