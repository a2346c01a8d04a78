"""The list of cases, one case with its acts, the persons it concerns, entering one for a caller."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alerts.casedesk.forms import LANGUAGES, DeskForm, OpenPersonForm, given, query_of
from alerts.cases import queries
from alerts.cases.actions import open_case
from alerts.cases.library import library
from alerts.cases.models import OPEN, Case, Category, NoteKind, Outcome, State
from alerts.cases.rules import DESKS, is_late, may_work
from alerts.casework import actions
from alerts.casework import queries as work
from alerts.emergencies.models import Nature
from commandcenter import wording
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.audit.actions import log_read
from commandcenter.clock import now
from commandcenter.problems import Refusal, Words, refusal_problem
from missions.directory.queries import directory
from missions.registry.actions import open_person

READERS = (*DCC_ROLES, *MISSION_ROLES)
WORKERS = (Role.OPERATOR, Role.SUPERVISOR, *MISSION_ROLES)
PER_PAGE = 50
PANELS = ("head", "timeline", "acts")
TABS = ("open", *State.values, "all")
PAGE = "alerts/cases/case.html"
ACTS: dict[str, tuple[Callable[..., Any], Words]] = {
    "opened": (actions.mark_read, ""),
    "take": (actions.take, _("Taken")),
    "assign": (actions.assign, _("Given")),
    "reply": (actions.reply, _("Stored for the applicant")),
    "note": (actions.add_note, _("Noted")),
    "close": (actions.close, _("Closed")),
    "reopen": (actions.reopen, _("Open again")),
    "move": (actions.move, _("Moved to another mission")),
    "link": (actions.link_person, _("Linked")),
    "unlink": (actions.unlink_person, _("No longer linked")),
    "convert": (actions.convert, _("An emergency was opened")),
}


@require_GET
@allow(*READERS, live="own")
def cases(request: HttpRequest) -> HttpResponse:
    """The cases this reader may see, least time left first; the filter is the address."""
    reader, at = reader_from(request), now()
    wanted = queries.CaseFilter.from_params(request.GET)
    counts = queries.counts(reader, wanted, at)
    page = Paginator(queries.rows(reader, wanted, at), PER_PAGE).get_page(request.GET.get("page"))
    words = {"open": _("All open"), "all": _("All"), **dict(State.choices)}
    context = {
        "at": at,
        "wanted": wanted,
        "page": page,
        "rows": [(row, work.topic_name(row), is_late(row, at)) for row in page],
        "unread": queries.unread(page),
        "tabs": [(state, words[state], counts.get(state), query_of(wanted, state=state)) for state in TABS],
        "found": counts[wanted.state],
        "late": counts["late"],
        "late_query": query_of(wanted, state="open", overdue=True),
        "categories": Category.choices,
        "missions": sorted((mission.name, code) for code, mission in directory().missions.items()),
        "is_narrowed": wanted != queries.CaseFilter(),
        "may_enter": reader.role in DESKS or reader.is_mission,
        "speed": work.speed(reader, at),
        "times": work.times(),
    }
    part = "_list.html" if request.headers.get("HX-Request") else "list.html"
    return render(request, f"alerts/cases/{part}", context)


@require_http_methods(["GET", "POST"])
@allow(*WORKERS)
def new(request: HttpRequest) -> HttpResponse:
    """A case for somebody who called or came; `?phone=` fills the number in."""
    reader, at = reader_from(request), now()
    if request.method == "POST":
        form = DeskForm(request.POST)
        if form.is_valid():
            more = {name: form.cleaned_data[name] for name in ("channel", "language")}
            try:
                made = open_case(actor=reader, at=at, new=form.new(**more), exercise=reader.exercise)
            except Refusal as refusal:
                field = refusal.error.field
                form.add_error(field if field in form.fields else None, str(refusal.error.message))
            else:
                return redirect("cases:case", made.number)
        return render(request, "alerts/cases/new.html", {"form": form, "at": at}, status=422)
    form = DeskForm(initial={"phone": request.GET.get("phone", "").replace("\0", "")[:32]})
    return render(request, "alerts/cases/new.html", {"form": form, "at": at})


@require_GET
@allow(*READERS, live="own")
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case; reading it is logged."""
    reader, at = reader_from(request), now()
    found = _found(reader, number)
    log_read(actor=reader, at=at, screen="case", object_id=found.number)
    typed = {"then": "", "text": _template(request.GET.get("reply", ""), found)}
    # Opening the page reads what it shows; what comes while it lies open is read by a press.
    told = {"typed": typed, "typed_in": "reply", "just_opened": True}
    return render(request, PAGE, _context(reader, found, at) | told)


@require_GET
@allow(*READERS)
def panel(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One part of the open page, fetched again when a frame about this case arrives."""
    if name not in PANELS:
        raise Http404
    reader = reader_from(request)
    return render(request, f"alerts/cases/_{name}.html", _context(reader, _found(reader, number), now()))


@require_POST
@allow(*WORKERS)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One act: 204 or a problem document for scripts; for forms a redirect, or the page with reason and input."""
    reader, at = reader_from(request), now()
    wants_json = "json" in request.headers.get("Accept", "")
    action, done = ACTS[verb]
    try:
        action(actor=reader, number=number, at=at, **given(verb, request.POST, at))
    except Refusal as refusal:
        if wants_json:
            return refusal_problem(refusal)
        context = _context(reader, _found(reader, number), at)
        context |= {"errors": [{"message": refusal.error.message}], "typed": request.POST.dict(), "typed_in": verb}
        return render(request, PAGE, context, status=refusal.status)
    if wants_json:
        return HttpResponse(status=204)
    if request.headers.get("HX-Request"):
        return render(request, "alerts/cases/_head.html", _context(reader, _found(reader, number), at))
    if done:
        messages.success(request, str(done))
    if queries.one(reader, number) is None:  # moved out of this reader's sight
        return redirect("cases:list")
    return redirect("cases:persons" if verb == "link" else "cases:case", number)


@require_http_methods(["GET", "POST"])
@allow(*WORKERS, live="own")
def persons(request: HttpRequest, number: str) -> HttpResponse:
    """Whom of the registry the case concerns. A search is posted, for no address holds a name, and logged."""
    reader, at = reader_from(request), now()
    found, text = _found(reader, number), request.POST.get("q", "").replace("\0", "")[:120]
    if text.strip():
        log_read(actor=reader, at=at, screen="case-search", object_id=found.number)
    linked = work.concerned(found)
    there = {one.citizen for one in linked}
    context = {
        "at": at,
        "case": found,
        "linked": linked,
        "q": text,
        "hits": [one for one in work.search(reader, text) if one.citizen not in there],
    }
    return render(request, "alerts/cases/persons.html", context)


@require_http_methods(["GET", "POST"])
@allow(*WORKERS)
def person(request: HttpRequest, number: str, citizen: int) -> HttpResponse:
    """One linked person, masked, until somebody says why they read on; every reading is logged and shown."""
    reader, at = reader_from(request), now()
    found = _found(reader, number)
    shown = next((one.shown for one in work.concerned(found) if one.citizen == citizen), None)
    if shown is None:
        raise Http404
    form = OpenPersonForm(request.POST if request.method == "POST" else None)
    context = {"at": at, "case": found, "shown": shown, "citizen": citizen, "form": form}
    if form.is_bound and form.is_valid():
        reason = f"{found.number}: {form.cleaned_data['reason']}"
        try:
            context["entry"] = open_person(actor=reader, at=at, citizen=citizen, screen="case", reason=reason[:200])
        except Refusal as refusal:
            form.add_error("reason", str(refusal.error.message))
    context["readings"] = work.readers_of(citizen)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "alerts/cases/person.html", context, status=status)


def _found(reader: Reader, number: str) -> Case:
    found = queries.one(reader, number)
    if found is None:
        raise Http404
    return found


def _template(code: str, found: Case) -> str:
    """A reply template in the applicant's language; "" for any other code."""
    return next((one.text(found.language) for one in library().replies if one.code == code), "")


def _context(reader: Reader, found: Case, at: datetime) -> dict[str, Any]:
    steps = [note for note in found.notes.all() if note.kind == NoteKind.STEP]
    known = directory().missions.values()
    return {
        "at": at,
        "case": found,
        "topic": work.topic_name(found),
        "language": dict(LANGUAGES)[found.language if found.language == "en" else "id"],
        "country": work.country_name(found.country),
        "mission_reason": getattr(found, f"mission_reason_{wording.language()}"),
        "is_late": is_late(found, at),
        "is_open": found.state in OPEN,
        "seen": max((one.pk for one in found.messages.all()), default=0),
        "unread": any(one.side == "applicant" and one.read_at is None for one in found.messages.all()),
        "step": steps[-1] if steps else None,
        "documents": [note for note in found.notes.all() if note.kind == NoteKind.DOCUMENT],
        "entries": work.timeline(found),
        "linked": work.concerned(found),
        "sms": work.copy_by_sms(found),
        "may_work": may_work(reader, found),
        "workers": work.workers(found),
        "replies": library().replies,
        "outcomes": [each for each in Outcome.choices if each[0] != Outcome.EMERGENCY],
        "natures": Nature.choices,
        "missions": sorted((one.name, one.code) for one in known if one.is_open and one.code != found.mission_id),
        "client_id": uuid4(),
    }
