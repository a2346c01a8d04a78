"""/healthz (the process), /readyz (what it needs), /status (the promises in operation, for staff), /csp/."""

import json
import logging
import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, F, Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from commandcenter.access.gate import allow, public
from commandcenter.access.models import Role
from commandcenter.clock import now
from commandcenter.events.models import Event
from commandcenter.live.models import LogState
from commandcenter.live.nudge import Breaker

log = logging.getLogger(__name__)
RELAY_SILENT_SECONDS = 10.0
FREE_DISK = 0.10
REPORT_BYTES = 8000
# Not the page's address: the one of a report form is its key, and it does not belong in a log.
REPORT_TOLD = ("effective-directive", "violated-directive", "blocked-uri", "source-file", "line-number")


@require_GET
@public
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; the database is not touched."""
    return JsonResponse({"ok": True})


@require_GET
@public
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations, disk and relay are up; Redis and the sweep are told but never needed."""
    needed = {"disk": _disk(), **_database()}
    told = {"redis": Breaker().publish("dcc:ready", "")}
    return JsonResponse({"ok": all(needed.values()), **needed, **told}, status=200 if all(needed.values()) else 503)


def _disk() -> bool:
    usage = shutil.disk_usage(settings.VAR)
    return usage.free / usage.total > FREE_DISK


def _database() -> dict[str, bool]:
    """A write, the migrations, and the relay's sign of life."""
    try:
        LogState.objects.filter(pk=1).update(head=F("head"))
        executor = MigrationExecutor(connection)
        migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        relay = LogState.the().silent_for(now()) < RELAY_SILENT_SECONDS
    except DatabaseError:
        return {"database": False, "migrations": False, "relay": False}
    return {"database": True, "migrations": migrated, "relay": relay}


@require_GET
@allow(*Role)
def status(request: HttpRequest) -> HttpResponse:
    """Head, relay lag, last sweep, cards that raised: what the connection strip and the person on call need."""
    state, at = LogState.the(), now()
    waiting = Event.objects.filter(seq__isnull=True).aggregate(count=Count("id"), oldest=Min("at"))
    oldest = waiting["oldest"]
    return JsonResponse(
        {
            "epoch": str(state.epoch),
            "head": state.head,
            "relay": state.holder,
            "relay_silent_seconds": round(state.silent_for(at), 1) if state.beat_at else None,
            "unnumbered": waiting["count"],
            "oldest_unnumbered_seconds": round((at - oldest).total_seconds(), 1) if oldest else 0,
            "sweep_silent_seconds": round((at - state.swept_at).total_seconds(), 1) if state.swept_at else None,
            "card_errors": state.card_errors,
        }
    )


@csrf_exempt
@require_POST
@public
def csp_report(request: HttpRequest) -> HttpResponse:
    """Browsers tell us here what the content security policy stopped."""
    try:
        report = json.loads(request.body[:REPORT_BYTES])["csp-report"]
        told = {name: str(report[name])[:200] for name in REPORT_TOLD if name in report}
    except (ValueError, RecursionError, KeyError, TypeError):
        return HttpResponse(status=400)
    log.warning("csp: %s", json.dumps(told))
    return HttpResponse(status=204)
