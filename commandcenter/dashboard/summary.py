"""The minister's page: five answers for each open crisis, who is silent, and nothing that does not reconcile."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from alerts.answers.queries import five_answers
from alerts.answers.shapes import Answers
from alerts.crises import queries as crises
from alerts.crises.models import Crisis
from commandcenter.access.gate import allow, reader_from
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.live import kept


@dataclass(frozen=True, slots=True)
class Card:
    """One open crisis and its answers."""

    crisis: Crisis
    answers: Answers

    @property
    def rank(self) -> tuple[int, int, float]:
        """Worst first: the gravest level, then the most missions silent, then the newest."""
        return self.crisis.level, -len(self.answers.silent), -self.crisis.declared_at.timestamp()


def cards(reader: Reader, at: datetime) -> list[Card]:
    """Every open crisis, worst first."""
    found = [Card(crisis, five_answers(reader, crisis, at)) for crisis in crises.open_crises(reader)]
    return sorted(found, key=lambda card: card.rank)


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


def _cards(request: HttpRequest) -> SafeString:
    reader, at = reader_from(request), now()
    template = "commandcenter/dashboard/_summary.html"
    return kept.panel(request, reader, at, template, lambda: ({"cards": cards(reader, at), "at": at}, None)).filled(
        request
    )
