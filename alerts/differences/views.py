"""Every difference of a crisis, two reports side by side, and the verdicts of verifiers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from alerts.crises import queries as crises
from alerts.crises.models import Crisis
from alerts.differences import actions, queries
from alerts.differences.forms import VerdictForm
from alerts.differences.rules import may_judge
from alerts.differences.shapes import Item
from alerts.reporting.changes import changes
from alerts.reporting.queries import seen_at
from alerts.sitreps import queries as sitreps
from alerts.sitreps.models import SituationReport
from alerts.sitreps.words import figures_of, missing_of
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.audit.actions import log_read
from commandcenter.clock import now
from commandcenter.problems import Refusal

SHOWN = 200


@require_GET
@allow(*DCC_ROLES, live="own")
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """What is open, what was settled and what is over; the newest first."""
    crisis = _crisis(request, slug)
    told = queries.history(crisis)
    context = {
        "crisis": crisis,
        "at": now(),
        "open": [item for item in told if item.is_open],
        "settled": [item for item in told if item.state in {"accepted", "chosen"}][:SHOWN],
        "over": [item for item in told if item.state == "ended"][:SHOWN],
    }
    return render(request, "alerts/differences/list.html", context)


@allow(*DCC_ROLES, *MISSION_ROLES)
@require_GET
def pair(request: HttpRequest, slug: str, first: int, second: int) -> HttpResponse:
    """Two reports side by side, with what does not fit between them; reading both is logged."""
    return _pair(request, _crisis(request, slug), first, second)


def _pair(
    request: HttpRequest, crisis: Crisis, first: int, second: int, form: VerdictForm | None = None, status: int = 200
) -> HttpResponse:
    at, reader = now(), reader_from(request)
    sides = [_side(request, crisis, number) for number in dict.fromkeys((first, second))]
    items = [item for item in queries.between(crisis, first, second) if _may_see(reader, item)]
    context: dict[str, Any] = {"crisis": crisis, "sides": sides, "items": items, "at": at, "refused": form}
    if len(sides) == 2:
        context["changed"] = changes(sides[0]["report"], sides[1]["report"])
    if may_judge(reader, crisis):
        context["form"] = form or VerdictForm()
    return render(request, "alerts/differences/pair.html", context, status=status)


def _side(request: HttpRequest, crisis: Crisis, number: int) -> dict[str, Any]:
    reader = reader_from(request)
    found: SituationReport | None = sitreps.report_of(reader, crisis, number)
    if found is None:
        raise Http404
    log_read(actor=reader, at=now(), screen="report", object_id=str(found))
    replaced_by = next(iter(found.replaced_by.all()), None)
    told = {"report": found, "figures": figures_of(found), "missing": missing_of(found)}
    return {**told, "replaced_by": replaced_by, "seen_at": seen_at(found)}


def _may_see(reader: Reader, item: Item) -> bool:
    """Missions see what their own reports say against each other."""
    rows = (item.difference.first, item.difference.second)
    return not reader.is_mission or {row.mission for row in rows} == {reader.mission}


@require_POST
@allow(Role.VERIFIER)
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    """Judge one difference plausible."""
    return _judge(request, slug, actions.accept, _("The difference is judged plausible."))


@require_POST
@allow(Role.VERIFIER)
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    """Open one difference again."""
    return _judge(request, slug, actions.reopen, _("The difference is open again."))


def _judge(request: HttpRequest, slug: str, act: Callable[..., object], done: Promise) -> HttpResponse:
    crisis, form = _crisis(request, slug), VerdictForm(request.POST)
    told = queries.history(crisis)
    item = next((one for one in told if one.difference.about == request.POST.get("about")), None)
    if not form.is_valid():
        if item is None:
            return _lost(request, slug)
        return _pair(request, crisis, *item.reports, form, 422)
    given = form.cleaned_data
    try:
        act(
            actor=reader_from(request),
            at=now(),
            crisis=crisis,
            about=given["about"],
            reason=given["reason"],
            expected_version=given["seen"],
        )
    except Refusal as refusal:
        if item is None:
            return _lost(request, slug)
        form.add_error("reason" if refusal.error.field == "reason" else None, str(refusal.error.message))
        return _pair(request, crisis, *item.reports, form, refusal.status)
    messages.success(request, str(done))
    return redirect("differences:list", slug)


def _lost(request: HttpRequest, slug: str) -> HttpResponse:
    """The page knew a difference that never was: the list says what there is."""
    messages.error(request, str(_("There is no such difference: look at the list again.")))
    return redirect("differences:list", slug)


def _crisis(request: HttpRequest, slug: str) -> Crisis:
    found = crises.crisis(reader_from(request), slug)
    if found is None:
        raise Http404
    return found
