"""The matrix, the choice of official figures, and the history of a cell."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from alerts.crises import queries as crises
from alerts.crises.models import Crisis
from alerts.figures.keys import FIGURE_KEYS, figure_name
from alerts.ledger import actions, queries
from alerts.ledger.shapes import Official
from alerts.verification import queries as verification
from alerts.verification.forms import ReasonForm, RowForm, WithdrawForm
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.access.models import Role
from commandcenter.clock import now
from commandcenter.figures import Figure
from commandcenter.problems import Refusal


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the choice: what is official now, and what would be."""

    key: str
    name: str
    official: Official | None
    wanted: Figure


def _crisis(request: HttpRequest, slug: str) -> Crisis:
    found = crises.crisis(reader_from(request), slug)
    if found is None:
        raise Http404
    return found


@require_GET
@allow(*DCC_ROLES, *MISSION_ROLES, live="own")
def matrix(request: HttpRequest, slug: str) -> HttpResponse:
    """The sources side by side; as a panel for htmx, as a page without it."""
    crisis, at = _crisis(request, slug), now()
    shown = {"crisis": crisis, "at": at, "matrix": verification.matrix(reader_from(request), crisis)}
    name = "_matrix" if request.headers.get("HX-Request") else "matrix"
    return render(request, f"alerts/ledger/{name}.html", shown)


@require_GET
@allow(*DCC_ROLES, *MISSION_ROLES)
def history(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Every version of one official cell."""
    crisis = _crisis(request, slug)
    versions = queries.history(crisis, key)
    shown = {"crisis": crisis, "key": key, "name": figure_name(key), "versions": versions, "at": now()}
    newest = versions[0] if versions else None
    if newest and newest.chosen_id and reader_from(request).role == Role.VERIFIER:
        shown["form"] = WithdrawForm()
    return render(request, "alerts/ledger/history.html", shown)


@require_http_methods(["GET", "POST"])
@allow(Role.VERIFIER)
def choose(request: HttpRequest, slug: str, figure: int) -> HttpResponse:
    """Make one reported figure official."""
    crisis = _crisis(request, slug)
    wanted = queries.choosable(crisis, figure)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            actions.choose(
                actor=reader_from(request),
                at=now(),
                crisis=crisis,
                key=wanted.key,
                reported_figure=wanted,
                reason=form.cleaned_data["why"],
                expected_version=form.cleaned_data["seen"].get(wanted.key),
            )
        except Refusal as refusal:
            status = refusal.status
            form.add_error(None, str(refusal.error.message))
        else:
            messages.success(request, _("%(name)s is now official.") % {"name": figure_name(wanted.key)})
            return redirect("crises:room", slug)
    lines = [_choice(wanted.key, queries.reported_figure(wanted.report, wanted), queries.official(crisis))]
    return _show_choice(request, crisis, form, lines, status, report=wanted.report)


@require_http_methods(["GET", "POST"])
@allow(Role.VERIFIER)
def choose_row(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Make several figures of one report official."""
    crisis = _crisis(request, slug)
    report = queries.report_of(crisis, number)
    figures = {figure.key: figure for figure in report.figures.all()}
    form = RowForm(request.POST if request.method == "POST" else None, initial={"keys": list(figures)})
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = actions.choose_row(
                actor=reader_from(request),
                at=now(),
                crisis=crisis,
                report=report,
                keys=form.cleaned_data["keys"],
                reason=form.cleaned_data["why"],
                expected_versions=form.cleaned_data["seen"],
            )
        except Refusal as refusal:
            status = refusal.status
            form.add_error(None, str(refusal.error.message))
        else:
            messages.success(request, _("%(count)d figures are now official.") % {"count": len(made)})
            return redirect("crises:room", slug)
    official = queries.official(crisis)
    lines = [
        _choice(key, queries.reported_figure(report, figures[key]), official) for key in FIGURE_KEYS if key in figures
    ]
    return _show_choice(request, crisis, form, lines, status, report=report, row=True)


def _choice(key: str, wanted: Figure, official: dict[str, Official]) -> Choice:
    return Choice(key, figure_name(key), official.get(key), wanted)


def _show_choice(
    request: HttpRequest, crisis: Crisis, form: ReasonForm, lines: list[Choice], status: int, **more: Any
) -> HttpResponse:
    """The dialog's content for htmx, a page otherwise; the versions on the screen travel with the form."""
    seen = " ".join(f"{line.key}:{line.official.version if line.official else 0}" for line in lines)
    picked = set(form["keys"].value() or []) if more.get("row") else set()
    shown = {"crisis": crisis, "form": form, "lines": lines, "seen": seen, "picked": picked, "at": now(), **more}
    shown["action"] = request.path
    name = "_choose" if request.headers.get("HX-Request") else "choose"
    return render(request, f"alerts/ledger/{name}.html", shown, status=status)


@require_http_methods(["POST"])
@allow(Role.VERIFIER)
def withdraw(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Take one official figure back."""
    crisis = _crisis(request, slug)
    form = WithdrawForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            actions.withdraw(
                actor=reader_from(request),
                at=now(),
                crisis=crisis,
                key=key,
                reason=form.cleaned_data["reason_text"],
                expected_version=form.cleaned_data["seen"].get(key),
            )
        except Refusal as refusal:
            status = refusal.status
            form.add_error(None, str(refusal.error.message))
        else:
            messages.success(request, _("%(name)s is no longer official.") % {"name": figure_name(key)})
            return redirect("ledger:history", slug, key)
    versions = queries.history(crisis, key)
    shown = {"crisis": crisis, "key": key, "name": figure_name(key), "versions": versions, "form": form, "at": now()}
    return render(request, "alerts/ledger/history.html", shown, status=status)
