"""Pages of handovers: my sheet, one sheet to write, tick and sign, and the log."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from alerts.handover import actions, queries, rules
from alerts.handover.models import Handover, State
from alerts.handover.words import GROUP_WORDS
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.access.reader import Reader
from commandcenter.audit.actions import log_read
from commandcenter.clock import now
from commandcenter.problems import Refusal

READERS = (*DCC_ROLES, *MISSION_ROLES)
PER_PAGE = 20


@require_GET
@allow(*READERS, live="own")
def sheet(request: HttpRequest) -> HttpResponse:
    """My own sheet, those that wait for my signature, what was left behind, and the log."""
    reader, at, names = reader_from(request), now(), queries.mission_names()
    page = Paginator(queries.log(reader), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "at": at,
        "mine": queries.my_open(reader),
        "held": queries.held_by(reader.user_id, reader.exercise),
        "waiting": queries.waiting_for(reader),
        "forsaken": queries.forsaken(reader, at),
        "log": page,
        "rows": [(one, names.get(one.place, "DCC")) for one in page],
        "may": rules.may_hand_over(reader),
    }
    return render(request, "alerts/handover/sheet.html", context)


@require_GET
@allow(*READERS, live="own")
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet: to write, to tick, or to read. Its notes may name people, so reading it is logged."""
    reader, at = reader_from(request), now()
    found = _found(reader, pk)
    log_read(actor=reader, at=at, screen="handover", object_id=found.number)
    return _page(request, reader, found, at)


def _page(
    request: HttpRequest, reader: Reader, found: Handover, at: datetime, refusal: Refusal | None = None
) -> HttpResponse:
    items = queries.sheet(found, at)
    wanted = [item for item in items if item.needs_tick]
    errors = [{"message": refusal.error.message}] if refusal else []
    context = {
        "at": at,
        "handover": found,
        "groups": [(group, GROUP_WORDS[group], [one for one in items if one.group == group]) for group in rules.GROUPS],
        "over": queries.over_since(found, items),
        "wanted": len(wanted),
        "ticked": sum(item.is_ticked for item in wanted),
        "changed": sum(item.is_changed for item in wanted),
        "next": next((item.key for item in wanted if not item.is_ticked), ""),
        "writes": found.state == State.DRAFT and found.outgoing_id == reader.user_id,
        "ticks": found.state == State.OFFERED and found.incoming_id == reader.user_id,
        "successors": queries.successors(reader, at) if found.state == State.DRAFT else [],
        "errors": errors,
        "typed": request.POST,
        "place_name": queries.mission_names().get(found.place, ""),
    }
    return render(request, "alerts/handover/handover.html", context, status=refusal.status if refusal else 200)


@require_POST
@allow(*rules.HOLDERS)
def begin(request: HttpRequest) -> HttpResponse:
    """Open my sheet."""
    made = actions.begin(actor=reader_from(request), at=now())
    return redirect("handover:handover", made.pk)


@require_POST
@allow(*rules.HOLDERS)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the outgoing person writes: one field at a time by script, all of them by the form's button."""
    reader, at = reader_from(request), now()
    notes = {
        name.partition(":")[2]: str(text)
        for name, text in request.POST.items()
        if name == "note" or name.startswith("note:")
    }
    try:
        actions.write_notes(actor=reader, at=at, handover_id=pk, notes=notes)
    except Refusal as refusal:
        return _refused(request, reader, pk, at, refusal)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    messages.success(request, _("Notes kept."))
    return redirect("handover:handover", pk)


@require_POST
@allow(*rules.HOLDERS)
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """The outgoing person signs."""
    reader, at, chosen = reader_from(request), now(), request.POST.get("incoming", "")
    try:
        known = chosen.isascii() and chosen.isdigit() and len(chosen) < 19
        actions.offer(actor=reader, at=at, handover_id=pk, incoming=int(chosen) if known else 0)
    except Refusal as refusal:
        return _refused(request, reader, pk, at, refusal)
    messages.success(request, _("Signed. It is handed over when the other person has signed too."))
    return redirect("handover:handover", pk)


@require_POST
@allow(*rules.HOLDERS)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The outgoing person takes the signature back."""
    reader, at = reader_from(request), now()
    try:
        actions.take_back(actor=reader, at=at, handover_id=pk)
    except Refusal as refusal:
        return _refused(request, reader, pk, at, refusal)
    return redirect("handover:handover", pk)


@require_POST
@allow(*rules.HOLDERS)
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """The incoming person ticks one item; answered with that item for scripts, with the next one for forms."""
    reader, at = reader_from(request), now()
    key, stamp, repeat = (request.POST.get(name, "") for name in ("key", "stamp", "repeat"))
    refused: Refusal | None = None
    try:
        actions.tick(actor=reader, at=at, handover_id=pk, key=key, stamp=stamp, repeat=repeat)
    except Refusal as refusal:
        if not request.headers.get("HX-Request") or refusal.status in {403, 404}:
            return _refused(request, reader, pk, at, refusal)
        refused = refusal
    found = _found(reader, pk)
    items = queries.sheet(found, at)
    wanted = [item for item in items if item.needs_tick]
    ticked = sum(item.is_ticked for item in wanted)
    if not request.headers.get("HX-Request"):
        ahead = next((item.anchor for item in wanted if not item.is_ticked), "sign")
        return redirect(reverse("handover:handover", args=[pk]) + f"#{ahead}")
    context = {
        "at": at,
        "handover": found,
        "item": next((item for item in items if item.key == key), None),
        "key": key,
        "ticks": True,
        "ticked": ticked,
        "wanted": len(wanted),
        "swap": True,
        "refused": refused.error.message if refused else "",
        "repeat": repeat,
    }
    return render(request, "alerts/handover/_ticked.html", context)


@require_POST
@allow(*rules.HOLDERS)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The incoming person signs: everything moves, and the sheet is closed."""
    reader, at = reader_from(request), now()
    try:
        actions.sign(actor=reader, at=at, handover_id=pk)
    except Refusal as refusal:
        return _refused(request, reader, pk, at, refusal)
    messages.success(request, _("Signed by both. What was held is yours now."))
    return redirect("handover:handover", pk)


def _found(reader: Reader, pk: int) -> Handover:
    found = queries.handover(reader, pk)
    if found is None:
        raise Http404
    return found


def _refused(request: HttpRequest, reader: Reader, pk: int, at: datetime, refusal: Refusal) -> HttpResponse:
    found = queries.handover(reader, pk)
    if found is None or refusal.status == 404:
        raise Http404
    return _page(request, reader, found, at, refusal)
