"""The public form, its receipt, and the status page. Plain pages: no sign-in, no script, no cookie is needed."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from alerts.casepublic import actions, queries, tickets
from alerts.casepublic.forms import PublicForm, StatusForm, WriteForm
from commandcenter import wording
from commandcenter.access.gate import public
from commandcenter.clock import now
from commandcenter.peers import network_of
from commandcenter.problems import Refusal

TEMPLATES = "alerts/casepublic"


# Exempt like /sos/: a browser that keeps no cookies may write too, and no session is used here.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@public
def form(request: HttpRequest) -> HttpResponse:
    """Complain or ask, without signing in; the same form sent twice is one case."""
    asked = PublicForm(request.POST if request.method == "POST" else None)
    status = 200
    if asked.is_bound:
        status = 422
        if asked.is_valid():
            try:
                new = asked.new(language=wording.language())
                made = actions.open_by_applicant(
                    at=now(), new=new, exercise=_world(request), remote=network_of(request.META)
                )
            except Refusal as refusal:
                field, status = refusal.error.field, refusal.status
                asked.add_error(field if field in asked.fields else None, str(refusal.error.message))
            else:
                return redirect("casepublic:received", tickets.receipt(made.number, _world(request)))
    return _page(request, "form", status, form=asked)


@require_GET
@public
def received(request: HttpRequest, token: str) -> HttpResponse:
    """The number, when an answer is due, and how to come back; nothing that was written."""
    number = tickets.received(token, _world(request))
    found = queries.of_world(number, _world(request)) if number else None
    if found is None:
        raise Http404
    reason = getattr(found, f"mission_reason_{wording.language()}")
    return _page(request, "received", 200, case=found, reason=reason)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@public
def status(request: HttpRequest) -> HttpResponse:
    """Number and telephone open the own case; what is wrong is not told apart from what is not there."""
    asked = StatusForm(request.POST if request.method == "POST" else None)
    code = 200
    if asked.is_bound:
        code = 422
        if asked.is_valid():
            data, world = asked.cleaned_data, _world(request)
            try:
                found = actions.look_up(
                    at=now(),
                    number=data["number"],
                    phone=data["phone"],
                    exercise=world,
                    remote=network_of(request.META),
                )
            except Refusal as refusal:
                code = refusal.status
                asked.add_error(None, str(refusal.error.message))
            else:
                return redirect("casepublic:own", tickets.ticket(found.number, world))
    return _page(request, "status", code, form=asked)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@public
def own(request: HttpRequest, token: str) -> HttpResponse:
    """What became of the own case, in honest states, and a place to write again; the ticket ends by itself."""
    world = _world(request)
    number = tickets.number_of(token, world)
    if number is None:
        return redirect("casepublic:status")
    asked = WriteForm(request.POST if request.method == "POST" else None, initial={"client_id": uuid4()})
    code = 422 if asked.is_bound else 200
    if asked.is_bound and asked.is_valid():
        try:
            actions.write_by_applicant(at=now(), number=number, exercise=world, **asked.cleaned_data)
        except Refusal as refusal:
            field = refusal.error.field
            asked.add_error(field if field in asked.fields else None, str(refusal.error.message))
        else:
            return redirect("casepublic:own", tickets.ticket(number, world))
    found = queries.of_world(number, world)
    if found is None:
        raise Http404
    return _page(request, "own", code, form=asked, token=token, **queries.shown(found))


def _page(request: HttpRequest, name: str, status: int, **context: Any) -> HttpResponse:
    answer = render(request, f"{TEMPLATES}/{name}.html", {"at": now(), **context}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _world(request: HttpRequest) -> str:
    world: str = request.exercise  # type: ignore[attr-defined]
    return world
