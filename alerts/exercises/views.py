"""The list of exercises, starting and ending one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from alerts.exercises import actions, library, queries, rules
from alerts.exercises.schemas import Scenario
from commandcenter.access.gate import DCC_ROLES, allow, reader_from
from commandcenter.clock import now
from commandcenter.problems import Refusal
from missions.directory.queries import directory

PER_PAGE = 20


@require_GET
@allow(*DCC_ROLES)
def exercises(request: HttpRequest) -> HttpResponse:
    """Running exercises, scenarios to start, ended ones. From inside an exercise it leads out."""
    reader = reader_from(request)
    here = reverse("exercises:list")
    if reader.exercise:
        return redirect("/" + here.removeprefix(reverse("dashboard:picture")))
    page = Paginator(queries.ended(), PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        "running": queries.running(),
        "ended": page,
        "scenarios": [(one, _mission_names(one)) for one in library.scenarios()],
        "may_start": rules.may_start(reader),
        "mount": here,
        "at": now(),
    }
    return render(request, "alerts/exercises/list.html", shown)


def _mission_names(scenario: Scenario) -> str:
    held = directory().missions
    return ", ".join(held[code].name if code in held else code for code in scenario.missions)


@require_POST
@allow(*rules.STARTERS)
def start(request: HttpRequest) -> HttpResponse:
    """Start an exercise from a scenario and go into it."""
    wanted = library.scenario(request.POST.get("scenario", ""))
    if wanted is None:
        raise Http404
    try:
        made = actions.start(
            actor=reader_from(request),
            at=now(),
            scenario=wanted.id,
            name_id=wanted.name_id,
            name_en=wanted.name_en,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.error.message))
        return redirect("exercises:list")
    messages.success(request, _("The exercise has started."))
    return redirect(f"{reverse('exercises:list')}{made.slug}/")


@require_POST
@allow(*rules.STARTERS)
def end(request: HttpRequest) -> HttpResponse:
    """End an exercise."""
    try:
        actions.end(actor=reader_from(request), at=now(), slug=request.POST.get("slug", "").replace("\0", ""))
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.error(request, str(refusal.error.message))
    else:
        messages.success(request, _("The exercise has ended."))
    return redirect("exercises:list")
