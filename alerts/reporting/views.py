"""Pages: the form behind the link, the board, the demand for reports, one report, a mission's inbox."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alerts.crises.models import Crisis
from alerts.reporting import tokens
from alerts.reporting.forms import ReportForm, RequestForm, undo
from alerts.sitreps import actions, queries
from alerts.sitreps.deadlines import FIRST_FIGURE, NEXT_REPORT
from alerts.sitreps.models import PRESENT, SituationReport
from alerts.sitreps.queries import BoardRow
from alerts.sitreps.rules import REQUESTERS, refuse_closed
from alerts.sitreps.words import figures_of, missing_of
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, public, reader_from
from commandcenter.access.reader import Reader
from commandcenter.audit.actions import log_read
from commandcenter.clock import now
from commandcenter.problems import Refusal, both


# The credential is the address itself, not a cookie, so there is nothing a foreign site could ride on; and a phone
# that blocks cookies at three in the morning must still be able to report.
@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, token: str) -> HttpResponse:
    """The situation report form (ux.md 4.6). Reading it changes nothing."""
    at = now()
    try:
        link = tokens.read(token, exercise=_exercise(request), at=at)
        if request.method == "POST":
            return _file(request, token, link, at)
        refuse_closed(link.request)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _form_page(request, token, link, at, ReportForm(replaces=_number(request.GET.get("replaces", ""))))


def _file(request: HttpRequest, token: str, link: tokens.Link, at: datetime) -> HttpResponse:
    """Store what was typed. A report stored before is answered again, also when its crisis was closed since."""
    filled = ReportForm(request.POST)
    if not filled.is_valid():
        refuse_closed(link.request)
        return _form_page(request, token, link, at, filled, status=422)
    try:
        filed = actions.file_report(actor=link.officer, at=at, request=link.request, **filled.told(at))
    except Refusal as refusal:
        if refusal.code == "closed":
            raise
        filled.refuse(refusal)
        return _form_page(request, token, link, at, filled, status=refusal.status)
    again = "" if filed.created else "?again=1"
    return redirect(reverse("sitreps:sent", args=[token, filed.report.number]) + again)


@csrf_exempt
@public
@require_POST
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The page says that it is open (a link preview that only reads it does not)."""
    at = now()
    try:
        link = tokens.read(token, exercise=_exercise(request), at=at)
        actions.mark_opened(actor=link.officer, at=at, request=link.request)
    except Refusal as refusal:
        return HttpResponse(status=refusal.status)
    return HttpResponse(status=204)


@public
@require_GET
def sent(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """What the command centre now has, when the next report is due, and the way to correct it."""
    at = now()
    try:
        link = tokens.read(token, exercise=_exercise(request), at=at)
    except Refusal as refusal:
        return _refused(request, refusal)
    report = _own_report(link, number)
    context = {"token": token, "officer": link.officer, "again": "again" in request.GET, **_report_context(report, at)}
    return _private(render(request, "alerts/sitreps/sent.html", context))


@csrf_exempt
@public
@require_POST
def take_back(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Undo "none affected": a correction that says it is being checked."""
    at = now()
    try:
        link = tokens.read(token, exercise=_exercise(request), at=at)
        report = _own_report(link, number)
        filed = actions.file_report(actor=link.officer, at=at, request=link.request, **undo(report, at))
    except Refusal as refusal:
        return _refused(request, refusal)
    return redirect("sitreps:sent", token, filed.report.number)


@allow(*DCC_ROLES, *MISSION_ROLES, live="own")
@require_GET
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The mission board: a panel for the crisis room, a page of its own without JavaScript."""
    at, reader = now(), reader_from(request)
    crisis = _crisis(reader, slug)
    rows = queries.board(reader, crisis, at)
    context = {"crisis": crisis, "rows": rows, "at": at, "told": sum(row.mark == "reported" for row in rows)}
    page = "_board.html" if request.headers.get("HX-Request") else "board.html"
    return render(request, f"alerts/sitreps/{page}", context)


@allow(*REQUESTERS)
@require_http_methods(["GET", "POST"])
def request_reports(request: HttpRequest, slug: str) -> HttpResponse:
    """Demand reports: all missions that have not reported are chosen already."""
    at, reader = now(), reader_from(request)
    crisis = _crisis(reader, slug)
    rows = queries.board(reader, crisis, at)
    choices = [(row.mission.code, row.mission.name) for row in rows]
    chosen = [row.mission.code for row in rows if row.mark != "reported"]
    filled = RequestForm(request.POST if request.method == "POST" else None, missions=choices, chosen=chosen)
    status = 200
    if request.method == "POST":
        status = 422
        if filled.is_valid():
            try:
                made = actions.request_reports(
                    actor=reader, at=at, crisis=crisis, mission_codes=filled.cleaned_data["missions"]
                )
            except Refusal as refusal:
                status = refusal.status
                filled.add_error("missions", str(refusal.error.message))
            else:
                return _requested(request, crisis, len(made))
    picked = filled["missions"].value() or []
    context = {"crisis": crisis, "form": filled, "rows": rows, "picked": picked, "due_at": at + FIRST_FIGURE, "at": at}
    return render(request, "alerts/sitreps/request.html", context, status=status)


@allow(*DCC_ROLES, *MISSION_ROLES)
@require_GET
def report(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One report with every field that was entered. Its note may name people, so reading it is logged."""
    at, reader = now(), reader_from(request)
    found = queries.report_of(reader, _crisis(reader, slug), number)
    if found is None:
        raise Http404
    log_read(actor=reader, at=at, screen="report", object_id=str(found))
    return render(request, "alerts/sitreps/report.html", _report_context(found, at))


@allow(*DCC_ROLES, *MISSION_ROLES)
@require_GET
def compare(request: HttpRequest, slug: str, first: int, second: int) -> HttpResponse:
    """Two reports side by side, with what does not fit between them; reading both is logged."""
    at, reader = now(), reader_from(request)
    crisis = _crisis(reader, slug)
    sides = []
    for number in (first, second):
        found = queries.report_of(reader, crisis, number)
        if found is None:
            raise Http404
        log_read(actor=reader, at=at, screen="report", object_id=str(found))
        sides.append(_report_context(found, at))
    between = [one for one in queries.differences(crisis, at) if set(one.reports) == {first, second}]
    context = {"crisis": crisis, "sides": sides, "differences": between, "at": at}
    return render(request, "alerts/sitreps/compare.html", context)


@allow(*MISSION_ROLES, live="own")
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What this officer's mission is asked, each with the officer's own link to the form."""
    at, reader = now(), reader_from(request)
    context = {"inbox": [_inbox_row(row, reader, at) for row in queries.inbox(reader, at)], "at": at}
    page = "_inbox.html" if request.headers.get("HX-Request") else "inbox.html"
    return render(request, f"alerts/sitreps/{page}", context)


def _form_page(
    request: HttpRequest, token: str, link: tokens.Link, at: datetime, filled: ReportForm, *, status: int = 200
) -> HttpResponse:
    corrected = _corrected(link, filled)
    old = {figure.key: figure for figure in corrected.figures.all()} if corrected else None
    old = queries.last_figures(link.request) if old is None else old
    folded = {group: filled.rows(group, old, shown=False) for group in ("all", "wni")}
    context = {
        "token": token,
        "demand": link.request,
        "officer": link.officer,
        "form": filled,
        "corrected": corrected,
        "present": filled.row(PRESENT, old),
        "all_shown": filled.rows("all", old, shown=True),
        "all_more": folded["all"],
        "wni_shown": filled.rows("wni", old, shown=True),
        "wni_more": folded["wni"],
        "unfold": [group for group, rows in folded.items() if any(row["field"].errors for row in rows)],
        "has_old": bool(old),
        "at": at,
    }
    return _private(render(request, "alerts/sitreps/form.html", context, status=status))


def _corrected(link: tokens.Link, filled: ReportForm) -> SituationReport | None:
    number = _number(str(filled["replaces"].value() or ""))
    return queries.report_of(link.officer, link.request.crisis, number) if number else None


def _own_report(link: tokens.Link, number: int) -> SituationReport:
    found = queries.report_of(link.officer, link.request.crisis, number)
    if found is None:
        raise Http404
    return found


def _report_context(report: SituationReport, at: datetime) -> dict[str, Any]:
    return {
        "report": report,
        "figures": figures_of(report),
        "missing": missing_of(report),
        "replaced_by": next(iter(report.replaced_by.all()), None),
        "next_due_at": report.filed_at + NEXT_REPORT,
        "at": at,
    }


def _inbox_row(row: BoardRow, reader: Reader, at: datetime) -> dict[str, Any]:
    if row.request is None:
        raise Http404
    token = tokens.make(request=row.request, officer=reader.user_id, at=at)
    return {"row": row, "form": reverse("sitreps:form", args=[token])}


def _requested(request: HttpRequest, crisis: Crisis, number: int) -> HttpResponse:
    words = ngettext("Report requested from %(n)d mission", "Reports requested from %(n)d missions", number)
    messages.success(request, words % {"n": number})
    return redirect("crises:room", crisis.slug)


def _crisis(reader: Reader, slug: str) -> Crisis:
    found = queries.crisis_of(reader, slug)
    if found is None:
        raise Http404
    return found


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"said": both(refusal.error.message), "status": refusal.status}
    return _private(render(request, "alerts/sitreps/refused.html", context, status=refusal.status))


def _private(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _exercise(request: HttpRequest) -> str:
    slug: str = request.exercise  # type: ignore[attr-defined]
    return slug


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
