"""Pages of crises: the list, the room and its panels."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from alerts.crises import actions, queries, rules
from alerts.crises.forms import LevelForm, MissionForm, StandDownForm
from alerts.crises.models import Crisis
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.live import kept
from commandcenter.problems import Refusal

ROOM_ROLES = (*DCC_ROLES, *MISSION_ROLES)
SHOWN_EMERGENCIES = 100
Forms = dict[str, Form]


@require_GET
@allow(*ROOM_ROLES, Role.SPOKESPERSON, live="own")
def crises(request: HttpRequest) -> HttpResponse:
    """Open crises, and those that were stood down."""
    reader = reader_from(request)
    closed = Paginator(queries.closed_crises(reader), 20).get_page(request.GET.get("page"))
    context = {
        "at": now(),
        "crises": queries.open_crises(reader),
        "closed": closed,
        "may_declare": rules.may_declare(reader),
        "may_enter": reader.role in ROOM_ROLES,
    }
    return render(request, "alerts/crises/list.html", context)


@require_GET
@allow(*ROOM_ROLES)
def ribbon(request: HttpRequest) -> HttpResponse:
    """Open crises in one line, for the common operating picture."""
    context = {"at": now(), "crises": queries.open_crises(reader_from(request))}
    return render(request, "alerts/crises/_ribbon.html", context)


@require_GET
@allow(*ROOM_ROLES, live="own")
def room(request: HttpRequest, slug: str) -> HttpResponse:
    """The crisis room."""
    return _room(request, _crisis(request, slug))


def _room(request: HttpRequest, crisis: Crisis, forms: Forms | None = None, status: int = 200) -> HttpResponse:
    reader, at = reader_from(request), now()
    if forms:
        body = render_to_string("alerts/crises/_room.html", _made(crisis, reader) | forms, request)
    else:
        made = kept.panel(request, reader, at, "alerts/crises/_room.html", lambda: (_made(crisis, reader), None))
        body = made.filled(request)
    context = {"at": at, "crisis": crisis, "body": body, **(forms or {})}
    return render(request, "alerts/crises/room.html", context, status=status)


def _made(crisis: Crisis, reader: Reader) -> dict[str, Any]:
    """What everybody of the reader's role sees of the room."""
    context = _head(crisis, reader) | _emergencies(crisis, reader)
    context["area_text"] = json.dumps(crisis.area, separators=(",", ":"))
    if crisis.is_open and rules.may_declare(reader):
        context["mission_form"] = MissionForm(crisis=crisis)
    if crisis.is_open and rules.may_command(reader):
        version = {"version": crisis.version}
        context["level_form"] = LevelForm(initial={"level": crisis.level, **version}, auto_id="level_%s")
        context["stand_down_form"] = StandDownForm(initial=version, auto_id="stand_down_%s")
    return context


@require_GET
@allow(*ROOM_ROLES)
def head(request: HttpRequest, slug: str) -> HttpResponse:
    """Panel: name, level, since when, lead."""
    reader = reader_from(request)
    return render(request, "alerts/crises/_head.html", _head(_crisis(request, slug), reader))


@require_GET
@allow(*ROOM_ROLES)
def missions(request: HttpRequest, slug: str) -> HttpResponse:
    """Panel: the missions involved, each with the reason."""
    context = {"crisis": (crisis := _crisis(request, slug)), "involved": queries.involved(crisis)}
    return render(request, "alerts/crises/_involved.html", context)


@require_GET
@allow(*ROOM_ROLES)
def emergencies(request: HttpRequest, slug: str) -> HttpResponse:
    """Panel: open emergencies in the area."""
    context = _emergencies(_crisis(request, slug), reader_from(request))
    return render(request, "alerts/crises/_emergencies.html", context)


def _head(crisis: Crisis, reader: Reader) -> dict[str, Any]:
    involved = queries.involved(crisis)
    return {
        "at": now(),
        "crisis": crisis,
        "involved": involved,
        "local": queries.local_mission(crisis, involved, reader),
    }


def _emergencies(crisis: Crisis, reader: Reader) -> dict[str, Any]:
    found = queries.emergencies_in(crisis, reader)
    shown = {"emergencies": found[:SHOWN_EMERGENCIES], "emergency_count": len(found)}
    return {"at": now(), "crisis": crisis, **shown}


@require_POST
@allow(*rules.COMMANDERS)
def level(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the level."""
    form = LevelForm(request.POST, auto_id="level_%s")

    def act(crisis: Crisis, reader: Reader) -> None:
        data = form.cleaned_data
        actions.change_level(actor=reader, at=now(), slug=crisis.slug, version=data["version"], level=data["level"])

    return _act(request, slug, form, "level_form", act, _("The level is changed."))


@require_POST
@allow(*rules.COMMANDERS)
def stand_down(request: HttpRequest, slug: str) -> HttpResponse:
    """Stand the crisis down."""
    form = StandDownForm(request.POST, auto_id="stand_down_%s")

    def act(crisis: Crisis, reader: Reader) -> None:
        actions.stand_down(actor=reader, at=now(), slug=crisis.slug, version=form.cleaned_data["version"])

    return _act(request, slug, form, "stand_down_form", act, _("The crisis is stood down."))


@require_POST
@allow(*rules.DECLARERS)
def add_mission(request: HttpRequest, slug: str) -> HttpResponse:
    """Involve one more mission."""
    form = MissionForm(request.POST, crisis=_crisis(request, slug))

    def act(crisis: Crisis, reader: Reader) -> None:
        data = form.cleaned_data
        code, reason = data["mission"].code, data["reason"]
        actions.add_mission(actor=reader, at=now(), slug=crisis.slug, mission=code, reason=reason)

    return _act(request, slug, form, "mission_form", act, _("The mission is added."))


def _act(
    request: HttpRequest, slug: str, form: Form, name: str, act: Callable[[Crisis, Reader], None], done: str
) -> HttpResponse:
    """One act on a crisis: back to the room, or the room again with what was wrong."""
    crisis = _crisis(request, slug)
    if not form.is_valid():
        return _room(request, crisis, {name: form}, 422)
    try:
        act(crisis, reader_from(request))
    except Refusal as refusal:
        if refusal.status == 403:
            raise PermissionDenied from refusal
        form.add_error(refusal.error.field if refusal.error.field in form.fields else None, str(refusal.error.message))
        return _room(request, _crisis(request, slug), {name: form} | {"refused": form}, refusal.status)
    messages.success(request, done)
    return redirect("crises:room", slug)


def _crisis(request: HttpRequest, slug: str) -> Crisis:
    found = queries.crisis(reader_from(request), slug)
    if found is None:
        raise Http404
    return found
