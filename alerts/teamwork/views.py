"""Pages: the team of a crisis with its decisions, tasks and meeting; the panel of the crisis room."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from alerts.crises import queries as crises
from alerts.crises.models import Crisis
from alerts.team import actions, queries, rules
from alerts.teamwork.forms import AssignForm, CallForm, DecisionForm, EndForm, TaskForm
from commandcenter.access.gate import allow, reader_from
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.problems import Refusal

Act = Callable[[Crisis, Reader], object]


@require_GET
@allow(*rules.TEAM_ROLES, live="own")
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in the room, what was decided, what is to be done."""
    return _page(request, _crisis(request, slug))


@require_GET
@allow(*rules.TEAM_ROLES)
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """A panel for the crisis room: who leads, what is late, the last decisions."""
    crisis, at = _crisis(request, slug), now()
    context = {
        "crisis": crisis,
        "people": queries.people(crisis),
        "tasks": queries.tasks(crisis, at),
        "decisions": queries.decisions(crisis)[:3],
        "at": at,
    }
    return render(request, "alerts/team/_panel.html", context)


def _page(
    request: HttpRequest, crisis: Crisis, forms: dict[str, Form] | None = None, status: int = 200, meeting: str = ""
) -> HttpResponse:
    reader, at = reader_from(request), now()
    given = forms or {}
    context: dict[str, Any] = {
        "crisis": crisis,
        "at": at,
        "people": queries.people(crisis),
        "former": queries.former(crisis),
        "decisions": queries.decisions(crisis),
        "tasks": queries.tasks(crisis, at),
        "procedures": queries.procedures(crisis),
        "visits": queries.visits(crisis),
        "in_team": queries.is_in_team(crisis, reader.user_id),
        "has_meeting": bool(queries.meeting_address(crisis)),
        "meeting": meeting,
        "me": reader.user_id,
        "refused": next(iter(given.values()), None),
    }
    if crisis.is_open and rules.may_lead(reader, crisis):
        context |= {
            "leads": True,
            "call_form": given.get("call") or CallForm(crisis=crisis, auto_id="call_%s"),
            "decision_form": given.get("decide") or DecisionForm(crisis=crisis, auto_id="decision_%s"),
            "task_form": given.get("task") or TaskForm(crisis=crisis, auto_id="task_%s"),
            "assign_form": AssignForm(crisis=crisis, auto_id=False),
        }
    return render(request, "alerts/team/team.html", context, status=status)


@require_POST
@allow(*rules.LEADERS)
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """Call somebody into the team."""
    crisis = _crisis(request, slug)
    form = CallForm(request.POST, crisis=crisis, auto_id="call_%s")

    def act(found: Crisis, reader: Reader) -> object:
        return actions.appoint(actor=reader, at=now(), crisis=found, **form.cleaned_data)

    return _act(request, crisis, "call", form, act, _("Called into the team."))


@require_POST
@allow(*rules.LEADERS)
def dismiss(request: HttpRequest, slug: str, member: int) -> HttpResponse:
    """Let somebody go."""

    def act(found: Crisis, reader: Reader) -> object:
        return actions.dismiss(actor=reader, at=now(), crisis=found, member=member)

    return _act(request, _crisis(request, slug), "dismiss", Form(request.POST), act, _("Left the team."))


@require_POST
@allow(*rules.LEADERS)
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Note a decision."""
    crisis = _crisis(request, slug)
    form = DecisionForm(request.POST, crisis=crisis, auto_id="decision_%s")

    def act(found: Crisis, reader: Reader) -> object:
        return actions.decide(actor=reader, at=now(), crisis=found, **form.cleaned_data)

    return _act(request, crisis, "decide", form, act, _("The decision is noted."))


@require_POST
@allow(*rules.LEADERS)
def add_task(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand out a task."""
    crisis, at = _crisis(request, slug), now()
    form = TaskForm(request.POST, crisis=crisis, auto_id="task_%s")

    def act(found: Crisis, reader: Reader) -> object:
        data = form.cleaned_data
        due = form.due_at(at)
        return actions.add_task(actor=reader, at=at, crisis=found, text=data["text"], due_at=due, owner=data["owner"])

    return _act(request, crisis, "task", form, act, _("The task is handed out."))


@require_POST
@allow(*rules.LEADERS)
def assign(request: HttpRequest, slug: str, task: int) -> HttpResponse:
    """Give a task to somebody."""
    crisis = _crisis(request, slug)
    form = AssignForm(request.POST, crisis=crisis, auto_id=False)

    def act(found: Crisis, reader: Reader) -> object:
        return actions.assign(actor=reader, at=now(), crisis=found, task=task, **form.cleaned_data)

    return _act(request, crisis, "assign", form, act, _("The task has a new owner."))


@require_POST
@allow(*rules.TEAM_ROLES)
def finish(request: HttpRequest, slug: str, task: int) -> HttpResponse:
    """A task is done."""
    return _ended(request, slug, task, actions.finish, _("Done."))


@require_POST
@allow(*rules.TEAM_ROLES)
def drop(request: HttpRequest, slug: str, task: int) -> HttpResponse:
    """A task is not needed."""
    return _ended(request, slug, task, actions.drop, _("Marked as not needed."))


def _ended(request: HttpRequest, slug: str, task: int, end: Callable[..., object], said: str) -> HttpResponse:
    form = EndForm(request.POST, auto_id=False)

    def act(found: Crisis, reader: Reader) -> object:
        return end(actor=reader, at=now(), crisis=found, task=task, **form.cleaned_data)

    return _act(request, _crisis(request, slug), "end", form, act, said)


@require_POST
@allow(*rules.TEAM_ROLES)
def resume(request: HttpRequest, slug: str, task: int) -> HttpResponse:
    """An ended task is open again."""
    form = EndForm(request.POST, auto_id=False)

    def act(found: Crisis, reader: Reader) -> object:
        version = form.cleaned_data["version"]
        return actions.resume(actor=reader, at=now(), crisis=found, task=task, version=version)

    return _act(request, _crisis(request, slug), "end", form, act, _("The task is open again."))


@require_POST
@allow(*rules.LEADERS)
def start_procedure(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Start a standard procedure."""

    def act(found: Crisis, reader: Reader) -> object:
        return actions.start_procedure(actor=reader, at=now(), crisis=found, name=name)

    return _act(request, _crisis(request, slug), "procedure", Form(request.POST), act, _("The procedure has started."))


@require_POST
@allow(*rules.TEAM_ROLES)
def meeting(request: HttpRequest, slug: str) -> HttpResponse:
    """Log the visit, then show the way in: only this answer holds the address."""
    crisis = _crisis(request, slug)
    address = queries.meeting_address(crisis)
    if not address:
        raise Http404
    try:
        actions.join_meeting(actor=reader_from(request), at=now(), crisis=crisis)
    except Refusal as refusal:
        if refusal.status == 403:
            raise PermissionDenied from refusal
        messages.error(request, str(refusal.error.message))
        return redirect("team:team", slug)
    return _page(request, crisis, meeting=address)


def _act(request: HttpRequest, crisis: Crisis, name: str, form: Form, act: Act, done: str) -> HttpResponse:
    """One act: back to the page, or the page again with what was wrong; the input stays."""
    if not form.is_valid():
        return _page(request, crisis, {name: form}, 422)
    try:
        act(crisis, reader_from(request))
    except Refusal as refusal:
        if refusal.status == 403:
            raise PermissionDenied from refusal
        if refusal.status == 404:
            raise Http404 from refusal
        field = refusal.error.field
        form.add_error(field if field in form.fields else None, str(refusal.error.message))
        return _page(request, _crisis(request, crisis.slug), {name: form}, refusal.status)
    messages.success(request, done)
    return redirect("team:team", crisis.slug)


def _crisis(request: HttpRequest, slug: str) -> Crisis:
    found = crises.crisis(reader_from(request), slug)
    if found is None:
        raise Http404
    return found
