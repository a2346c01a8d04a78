"""The declaration page: a form, its live preview, and the act."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alerts.crises import actions, rules
from alerts.crises.models import AreaSource, Crisis
from alerts.declarations import queries
from alerts.declarations.forms import DeclareForm
from commandcenter.access.gate import allow, reader_from
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.problems import Refusal

PREFILLED = ("name", "kind", "lat", "lon", "radius_km")


@require_http_methods(["GET", "POST"])
@allow(*rules.DECLARERS, live="own")
def declare(request: HttpRequest) -> HttpResponse:
    """Declare a crisis: the form, what the area would mean, and then the act."""
    reader = reader_from(request)
    if request.method == "GET":
        return _declaration(request, DeclareForm(initial=_initial(request, reader)))
    form = DeclareForm(request.POST, request.FILES)
    right = form.is_valid()
    if getattr(request, "htmx", False):
        return render(request, "alerts/declarations/_preview.html", _preview(request, form))
    if not right or request.POST.get("step") != "declare":
        return _declaration(request, form, status=200 if right else 422)
    seen = request.POST.get("previewed")
    if seen is not None and seen != form.digest:
        messages.warning(request, _("The area has changed since the preview: look at it again, then declare."))
        return _declaration(request, form, status=409)
    try:
        crisis = _declared(request, form, reader)
    except Refusal as refusal:
        field = refusal.error.field if refusal.error.field in form.fields else None
        form.add_error(field, str(refusal.error.message))
        return _declaration(request, form, status=refusal.status)
    messages.success(request, _("The crisis is declared."))
    return redirect("crises:room", crisis.slug)


def _declared(request: HttpRequest, form: DeclareForm, reader: Reader) -> Crisis:
    data = form.cleaned_data
    return actions.declare(
        actor=reader,
        at=now(),
        name=data["name"],
        kind=data["kind"],
        level=data["level"],
        area=form.area,
        area_source=data["area_source"],
        countries=form.codes,
        lead=data["lead"].pk,
        # A tool that never saw a preview takes every mission that follows.
        mission_codes=request.POST.getlist("missions") if "previewed" in request.POST else None,
    )


def _initial(request: HttpRequest, reader: Reader) -> dict[str, Any]:
    """Another page may fill the form beforehand: /crises/declare/?area_source=radius&lat=22.45&lon=114.17."""
    given: dict[str, Any] = {name: request.GET[name][:120] for name in PREFILLED if name in request.GET}
    source = request.GET.get("area_source", "")
    given["area_source"] = source if source in AreaSource.values else AreaSource.COUNTRIES
    return {"lead": reader.user_id, "countries": request.GET.getlist("countries"), **given}


def _declaration(request: HttpRequest, form: DeclareForm, status: int = 200) -> HttpResponse:
    context = _preview(request, form) | {"form": form}
    return render(request, "alerts/declarations/declare.html", context, status=status)


def _preview(request: HttpRequest, form: DeclareForm) -> dict[str, Any]:
    context: dict[str, Any] = {"at": now(), "digest": form.digest}
    if form.area is not None:
        context["area_text"] = json.dumps(form.area, separators=(",", ":"))
        found = queries.preview(form.area, form.codes, reader_from(request).exercise)
        same = request.POST.get("previewed") == form.digest
        chosen = set(request.POST.getlist("missions")) if same else {row.mission.code for row in found.followers}
        context |= {"preview": found, "chosen": chosen}
    elif form.is_bound:
        area_fields = ("area_source", "points", "countries", "lat", "lon", "radius_km", "geojson", "geojson_file")
        context["faults"] = [fault for name in area_fields for fault in form.errors.get(name, [])]
    return context
