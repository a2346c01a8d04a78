"""The log as a live panel of the crisis room, and as a page of its own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from alerts.crises import queries as crises
from alerts.logbook import queries
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.clock import now

SHOWN = 40


@require_GET
@allow(*DCC_ROLES, *MISSION_ROLES, live="own")
def log(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything on its own page; to a panel only the newest."""
    reader, panel = reader_from(request), bool(getattr(request, "htmx", False))
    crisis = crises.crisis(reader, slug)
    if crisis is None:
        raise Http404
    entries = queries.entries(crisis, reader, SHOWN if panel else None)
    context = {"at": now(), "crisis": crisis, "entries": entries, "more": panel and len(entries) == SHOWN}
    return render(request, f"alerts/logbook/{'_log' if panel else 'log'}.html", context)
