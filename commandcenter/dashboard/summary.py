"""The minister's page: five answers for each open crisis, who is silent, and nothing that does not reconcile."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from alerts.answers.actions import see
from alerts.answers.changes import Change, changes
from alerts.answers.queries import five_answers, last_visits
from alerts.answers.shapes import Answers
from alerts.crises import queries as crises
from alerts.crises.models import Crisis
from commandcenter.access.gate import allow, reader_from
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.live import kept
from commandcenter.problems import Refusal, refusal_problem


@dataclass(frozen=True, slots=True)
class Card:
    """One open crisis and its answers; `since` is when the reader last looked, None at the first time."""

    crisis: Crisis
    answers: Answers
    since: datetime | None = None
    changes: tuple[Change, ...] = ()

    @property
    def rank(self) -> tuple[int, int, float]:
        """Worst first: the gravest level, then the most missions silent, then the newest."""
        return self.crisis.level, -len(self.answers.silent), -self.crisis.declared_at.timestamp()


def cards(reader: Reader, at: datetime) -> list[Card]:
    """Every open crisis, worst first."""
    found = crises.open_crises(reader)
    seen = last_visits(reader, found, at)
    return sorted((_card(reader, crisis, seen.get(crisis.pk), at) for crisis in found), key=lambda card: card.rank)


def _card(reader: Reader, crisis: Crisis, since: datetime | None, at: datetime) -> Card:
    answers = five_answers(reader, crisis, at)
    return Card(crisis, answers, since, tuple(changes(reader, crisis, answers, since)) if since else ())


@require_GET
@allow(Role.MINISTER, Role.SUPERVISOR, live="summary")
def summary(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "commandcenter/dashboard/summary.html", {"body": _cards(request)})


@require_GET
@allow(Role.MINISTER, Role.SUPERVISOR)
def panel(request: HttpRequest) -> HttpResponse:
    """The cards alone, for the live refresh."""
    return HttpResponse(_cards(request))


@require_POST
@allow(Role.MINISTER, Role.SUPERVISOR)
def seen(request: HttpRequest) -> HttpResponse:
    """The page, as it stood at `at`, was on the reader's screen; sent by the page itself while it can be seen."""
    reader, at = reader_from(request), now()
    shown_at = _moment(request.POST.get("at", ""))
    if shown_at is None:
        return refusal_problem(Refusal("at", _("This time can't be read.")))
    wanted = set(request.POST.getlist("crisis"))
    shown = [crisis for crisis in crises.open_crises(reader) if crisis.slug in wanted]
    see(actor=reader, at=min(shown_at, at), crises=shown)
    return HttpResponse(status=204) if "quiet" in request.POST else redirect("dashboard:summary")


def _moment(text: str) -> datetime | None:
    """A time with its zone; None for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return None if found is None or found.tzinfo is None else found


def _cards(request: HttpRequest) -> SafeString:
    reader, at = reader_from(request), now()
    template = "commandcenter/dashboard/_summary.html"

    def made() -> kept.Made:
        return {"cards": cards(reader, at), "at": at}, None

    return kept.panel(request, reader, at, template, made, own=True).filled(request)
