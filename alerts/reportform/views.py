"""Pages behind an officer's link: the form, its receipts, the way back, and the worker that keeps it open offline."""

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alerts.reportform.forms import ReportForm, correction, undo
from alerts.reportform.rules import OTHER_OFFICER
from alerts.reporting import queries as steps
from alerts.reporting import tokens
from alerts.reporting.views import report_context
from alerts.sitreps import actions as sitreps
from alerts.sitreps import queries
from alerts.sitreps.models import PRESENT, Answer, SituationReport
from alerts.sitreps.rules import refuse_closed
from alerts.submissions import actions, smsline
from commandcenter.access.gate import public
from commandcenter.clock import now
from commandcenter.problems import Refusal, both

NIGHT_BEGINS, NIGHT_ENDS = 20, 6


# The credential is the address itself, not a cookie, so there is nothing a foreign site could ride on; and a phone
# that blocks cookies at three in the morning must still be able to report.
@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, token: str) -> HttpResponse:
    """The situation report form (ux.md 4.6). Reading it changes nothing."""
    at = now()
    try:
        link = _link(request, token, at)
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
        filed = actions.file_web(actor=link.officer, at=at, request=link.request, **filled.told(at))
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
    return _marked(request, token, sitreps.mark_opened)


@csrf_exempt
@public
@require_POST
def filling(request: HttpRequest, token: str) -> HttpResponse:
    """The page says that the officer put something into the form."""
    return _marked(request, token, sitreps.mark_filling)


def _marked(request: HttpRequest, token: str, mark: Any) -> HttpResponse:
    at = now()
    try:
        link = _link(request, token, at)
        mark(actor=link.officer, at=at, request=link.request)
    except Refusal as refusal:
        return HttpResponse(status=refusal.status)
    return HttpResponse(status=204)


@public
@require_GET
def sent(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """What the command centre now has, when the next report is due, and the way to correct it."""
    at = now()
    try:
        link = _link(request, token, at)
    except Refusal as refusal:
        return _refused(request, refusal)
    report = _own_report(link, number)
    back = report.answer != Answer.FIGURES and report.reporter_id == link.officer.user_id
    context = {
        "token": token,
        "demand": link.request,
        "officer": link.officer,
        "again": "again" in request.GET,
        "step": steps.step_of(report),
        "undo": back,
        "undo_json": _undo_json(report) if back else "",
        "night": _night(link, at),
        **_device(link),
        **report_context(report, at),
    }
    return _private(render(request, "alerts/sitreps/sent.html", context))


@public
@require_GET
def receipt(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """How far a report got: received by the server, opened by an officer of the command centre."""
    try:
        link = _link(request, token, now())
    except Refusal as refusal:
        return HttpResponse(status=refusal.status)
    report = _own_report(link, number)
    return _private(JsonResponse({"number": number, "received_at": report.filed_at, "seen_at": steps.seen_at(report)}))


@csrf_exempt
@public
@require_POST
def take_back(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Undo a tap on "none affected" or "checking": a correction, since reports are immutable."""
    at = now()
    try:
        link = _link(request, token, at)
        report = _own_report(link, number)
        if report.answer == Answer.FIGURES:
            return redirect("sitreps:sent", token, number)
        told = {**undo(report), "as_of": at}
        filed = actions.file_web(actor=link.officer, at=at, request=link.request, **told)
    except Refusal as refusal:
        return _refused(request, refusal)
    return redirect("sitreps:sent", token, filed.report.number)


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the report pages: their addresses alone are in its scope."""
    answer = render(request, "alerts/sitreps/worker.js", content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


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
        "last": queries.reports_of(link.request.crisis).filter(mission=link.request.mission_id).first(),
        "present": filled.row(PRESENT, old),
        "all_shown": filled.rows("all", old, shown=True),
        "all_more": folded["all"],
        "wni_shown": filled.rows("wni", old, shown=True),
        "wni_more": folded["wni"],
        "unfold": [group for group, rows in folded.items() if any(row["field"].errors for row in rows)],
        "has_old": bool(old),
        "signs": json.dumps(smsline.SIGNS),
        "corrections": json.dumps({answer: correction(answer) for answer in (Answer.NONE_AFFECTED, Answer.CHECKING)}),
        "night": _night(link, at),
        **_device(link),
        "at": at,
    }
    return _private(render(request, "alerts/sitreps/form.html", context, status=status))


def _device(link: tokens.Link) -> dict[str, str]:
    """What the outbox on the phone needs: whose drafts these are, and where they go."""
    return {
        "box": f"{link.request.pk}.{link.officer.user_id}",
        "api": reverse("api:file_report", args=[link.request.crisis.slug]),
    }


def _undo_json(report: SituationReport) -> str:
    """The same correction for the outbox: it must survive a lost line as well."""
    told = undo(report)
    return json.dumps({**told, "client_id": str(told["client_id"]), "age_s": 0})


def _night(link: tokens.Link, at: datetime) -> bool:
    """Whether it is dark where the mission works: from 20 to 6 o'clock."""
    hour = at.astimezone(link.request.mission.zone).hour
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


def _link(request: HttpRequest, token: str, at: datetime) -> tokens.Link:
    """What the link opens. It names one officer: somebody else who is signed in here has a link of their own."""
    exercise: str = request.exercise  # type: ignore[attr-defined]
    link = tokens.read(token, exercise=exercise, at=at)
    if request.user.is_authenticated and request.user.pk != link.officer.user_id:
        raise Refusal("token", OTHER_OFFICER, status=403, code="forbidden")
    return link


def _corrected(link: tokens.Link, filled: ReportForm) -> SituationReport | None:
    number = _number(str(filled["replaces"].value() or ""))
    return queries.report_of(link.officer, link.request.crisis, number) if number else None


def _own_report(link: tokens.Link, number: int) -> SituationReport:
    found = queries.report_of(link.officer, link.request.crisis, number)
    if found is None:
        raise Http404
    return found


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"said": both(refusal.error.message), "status": refusal.status}
    return _private(render(request, "alerts/sitreps/refused.html", context, status=refusal.status))


def _private(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
