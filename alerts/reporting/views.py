"""Pages: the board, the demand for reports, one report, its versions, two beside each other, a mission's inbox."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alerts.boards import queries as boards
from alerts.boards.queries import BoardRow
from alerts.crises.models import Crisis
from alerts.demands.demand import next_report
from alerts.ladders.models import Ladder
from alerts.ladders.queries import after, clocks
from alerts.reporting import actions, tokens
from alerts.reporting import board as board_of
from alerts.reporting import queries as steps
from alerts.reporting.forms import RequestForm
from alerts.sitreps import actions as sitreps
from alerts.sitreps import queries
from alerts.sitreps.models import SituationReport
from alerts.sitreps.rules import REQUESTERS
from alerts.sitreps.words import figures_of, missing_of
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.access.reader import Reader
from commandcenter.audit.actions import log_read
from commandcenter.clock import now
from commandcenter.problems import Refusal


@allow(*DCC_ROLES, *MISSION_ROLES, live="own")
@require_GET
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The mission board: a panel for the crisis room, a page of its own without JavaScript."""
    at, reader = now(), reader_from(request)
    crisis = _crisis(reader, slug)
    rows = boards.board(reader, crisis, at)
    told = sum(row.mark == "reported" for row in rows)
    context = {"crisis": crisis, "rows": rows, "lines": board_of.lines(rows), "at": at, "told": told}
    page = "_board.html" if request.headers.get("HX-Request") else "board.html"
    return render(request, f"alerts/sitreps/{page}", context)


@allow(*REQUESTERS)
@require_http_methods(["GET", "POST"])
def request_reports(request: HttpRequest, slug: str) -> HttpResponse:
    """Demand reports: all missions that have not reported are chosen already."""
    at, reader = now(), reader_from(request)
    crisis = _crisis(reader, slug)
    rows = boards.board(reader, crisis, at)
    choices = [(row.mission.code, row.mission.name) for row in rows]
    chosen = [row.mission.code for row in rows if row.mark != "reported"]
    minutes = int(after(Ladder.REQUEST, "goal").total_seconds()) // 60
    given = request.POST if request.method == "POST" else None
    filled = RequestForm(given, missions=choices, chosen=chosen, minutes=minutes)
    status = 200
    if request.method == "POST":
        status = 422
        if filled.is_valid():
            try:
                made = sitreps.request_reports(actor=reader, at=at, crisis=crisis, **filled.said())
            except Refusal as refusal:
                status = refusal.status
                filled.refuse(refusal)
            else:
                return _requested(request, crisis, len(made))
    context = {
        "crisis": crisis,
        "form": filled,
        "reaches": board_of.reaches(rows, at),
        "picked": filled["missions"].value() or [],
        "over": filled["channels"].value() or [],
        "channels": board_of.channel_choices(),
        "ladder": clocks(Ladder.REQUEST),
        "due_at": at + timedelta(minutes=minutes),
        "at": at,
    }
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
    context = {**report_context(found, at), "step": steps.step_of(found), "lines": steps.lines_of(found)}
    return render(request, "alerts/sitreps/report.html", context)


@allow(*DCC_ROLES)
@require_POST
def seen(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An officer has the report on the screen: the page says so once it is seen (a page that only loads does not)."""
    at, reader = now(), reader_from(request)
    found = queries.report_of(reader, _crisis(reader, slug), number)
    if found is None:
        raise Http404
    actions.mark_seen(actor=reader, at=at, report=found)
    if request.headers.get("HX-Request"):
        return render(request, "alerts/sitreps/_seen.html", report_context(found, at))
    return redirect("sitreps:report", slug, number)


@allow(*DCC_ROLES, *MISSION_ROLES)
@require_GET
def versions(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Every version of a report: what each changed, in words, and by whom. Notes may name people: reading is logged."""
    at, reader = now(), reader_from(request)
    crisis = _crisis(reader, slug)
    found = queries.report_of(reader, crisis, number)
    if found is None:
        raise Http404
    log_read(actor=reader, at=at, screen="report", object_id=str(found))
    context = {"crisis": crisis, "report": found, "versions": steps.versions(found), "at": at}
    return render(request, "alerts/sitreps/versions.html", context)


@allow(*MISSION_ROLES, live="own")
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What this officer's mission is asked, each with the officer's own link to the form."""
    at, reader = now(), reader_from(request)
    context = {"inbox": [_inbox_row(row, reader, at) for row in boards.inbox(reader, at)], "at": at}
    page = "_inbox.html" if request.headers.get("HX-Request") else "inbox.html"
    return render(request, f"alerts/sitreps/{page}", context)


def report_context(report: SituationReport, at: datetime) -> dict[str, Any]:
    """What every page with a report on it shows of it."""
    return {
        "report": report,
        "figures": figures_of(report),
        "missing": missing_of(report),
        "replaced_by": next(iter(report.replaced_by.all()), None),
        "next_due_at": report.filed_at + next_report(),
        "seen_at": steps.seen_at(report),
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
