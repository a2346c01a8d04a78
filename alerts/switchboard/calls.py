"""One call: its page, the draft that is kept while it is typed, how it ended, the person who calls."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from alerts.hotline import actions, queries
from alerts.hotline.models import Call, Outcome, State
from alerts.hotline.rules import WORKERS
from alerts.switchboard.doors import around, may_see_page, told_or_missing
from alerts.switchboard.forms import CallForm, OpenForm, number_in, of_call, typed
from alerts.switchboard.queries import Match, match
from commandcenter.access.gate import allow, reader_from
from commandcenter.audit.actions import log_read
from commandcenter.clock import now
from commandcenter.problems import FieldError, Refusal
from missions.registry.actions import open_person

PAGE = "alerts/hotline/hotline.html"
PER_PAGE = 50


@require_GET
@allow(*WORKERS)
def finished(request: HttpRequest) -> HttpResponse:
    """Calls that are over, the newest first; numbers masked."""
    page = Paginator(queries.finished(reader_from(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "alerts/hotline/finished.html", {"page": page, "at": now()})


@require_GET
@allow(*WORKERS, live="own")
def call(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """A draft where it was left, or a finished call; reading it is logged."""
    found = _found(request, client_id)
    reader = reader_from(request)
    log_read(actor=reader, at=now(), screen="hotline", object_id=found.number)
    if found.state == State.OPEN and found.desk_id == reader.user_id:
        return _page(request, found, found=_searched(request, found))
    return render(request, "alerts/hotline/call.html", {"call": found, "at": now()})


@require_POST
@allow(*WORKERS)
def draft(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Keep what is being typed, and say who it may be."""
    given: dict[str, Any] = {"told": typed(request.POST), "seen": number_in(request.POST, "seen")}
    try:
        kept = actions.draft(actor=reader_from(request), at=now(), client_id=client_id, **given)
    except Refusal as refusal:
        return _refused(request, refusal)
    context = {
        "call": kept.call,
        "wrong": [refusal.error for refusal in kept.wrong],
        "elsewhere": kept.elsewhere,
        "match": _searched(request, kept.call),
        "at": now(),
        "swapped": True,
    }
    answer = render(request, "alerts/hotline/_match.html", context)
    # A page that is loaded anew finds its draft again.
    answer["HX-Replace-Url"] = reverse("hotline:call", args=[client_id])
    return answer


@require_POST
@allow(*WORKERS)
def save(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """How the call ended."""
    reader, act = reader_from(request), request.POST.get("act", "")
    given: dict[str, Any] = {"told": typed(request.POST), "seen": number_in(request.POST, "seen"), "act": act}
    try:
        made = actions.conclude(actor=reader, at=now(), client_id=client_id, **given)
    except Refusal as refusal:
        return _again(request, client_id, refusal)
    if made.emergency is not None and may_see_page(reader, made.emergency.mission_id or ""):
        messages.success(request, _("The call is saved as %(number)s.") % {"number": made.about})
        return redirect("emergencies:emergency", made.about)
    _tell(request, made)
    return redirect("hotline:hotline")


def _tell(request: HttpRequest, made: Call) -> None:
    """What became of the call, with its ten seconds where that can be taken back."""
    words = {
        Outcome.NOTE: _("The call is saved as a note."),
        Outcome.DROPPED: _("The number is on the call-back list."),
    }
    said = words.get(Outcome(made.outcome), _("The call is saved as %(number)s.") % {"number": made.about})
    can_undo = Outcome(made.outcome) in words
    undo = f"undo:{reverse('hotline:reopen', args=[made.client_id])}" if can_undo else ""
    messages.success(request, said, extra_tags=undo)


@require_POST
@allow(*WORKERS)
def answer(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """A desk takes a call that rings, or that nobody writes."""
    try:
        actions.answer(actor=reader_from(request), at=now(), client_id=client_id)
    except Refusal as refusal:
        told_or_missing(request, refusal)
        return redirect("hotline:hotline")
    return redirect("hotline:call", client_id)


@require_POST
@allow(*WORKERS)
def reopen(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Undo of a note or of a dropped line."""
    try:
        actions.reopen(actor=reader_from(request), at=now(), client_id=client_id)
    except Refusal as refusal:
        told_or_missing(request, refusal)
        return redirect("hotline:hotline")
    return redirect("hotline:call", client_id)


@require_POST
@allow(*WORKERS)
def person(request: HttpRequest, client_id: UUID, citizen: int) -> HttpResponse:
    """A person of the registry whose number this may be, opened with a reason, which is logged."""
    found, form = _found(request, client_id), OpenForm(request.POST)
    shown = _searched(request, found)
    if citizen not in {one.citizen for one in shown.persons}:
        raise Http404  # only who was found for this call
    context: dict[str, Any] = {"citizen": citizen, "form": form, "call": found, "at": now()}
    if form.is_valid():
        reader, reason = reader_from(request), f"{found.number} {form.reason}"
        context["entry"] = open_person(actor=reader, at=now(), citizen=citizen, screen="hotline", reason=reason)
    if request.headers.get("HX-Request"):
        return render(request, "alerts/hotline/_person.html", context)
    return _page(request, found, found=shown, opened=context)


def _found(request: HttpRequest, client_id: UUID) -> Call:
    found = queries.call(reader_from(request), client_id)
    if found is None:
        raise Http404
    return found


def _searched(request: HttpRequest, found: Call) -> Match:
    """Who it may be; that the registry was searched is logged once a call."""
    reader = reader_from(request)
    known = match(reader, found)
    if known.searched and found.searched_at is None:
        actions.note_search(actor=reader, at=now(), client_id=found.client_id)
    return known


def _page(request: HttpRequest, call: Call, *, found: Match, status: int = 200, **more: Any) -> HttpResponse:
    context = around(request) | {"call": call, "client_id": call.client_id, "seen": call.drafts, "match": found}
    context = {"form": CallForm(of_call(call)), **context, **more}
    return render(request, PAGE, context, status=status)


def _again(request: HttpRequest, client_id: UUID, refusal: Refusal) -> HttpResponse:
    """The page with the sentence and everything that was typed."""
    if refusal.status == 404:
        raise Http404 from refusal
    if refusal.status == 403:
        raise PermissionDenied from refusal
    call = queries.call(reader_from(request), client_id)
    shown = {field: request.POST.get(field, "") for field in CallForm.base_fields}
    context = around(request) | {"form": CallForm(shown), "client_id": client_id, "call": call}
    context |= {"seen": call.drafts if call else 0, "errors": [refusal.error]}
    return render(request, PAGE, context, status=refusal.status)


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A draft that can't be kept says why, in the panel beside it."""
    if refusal.status == 404:
        raise Http404 from refusal
    if refusal.status == 403:
        raise PermissionDenied from refusal
    errors = [FieldError("", refusal.error.message)]
    return render(request, "alerts/hotline/_match.html", {"wrong": errors, "at": now(), "lost": True})
