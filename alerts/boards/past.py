"""Requests and the missions involved as they stood at a past instant: from their own times and from the log."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime

from django.db.models import DateTimeField

from alerts.crises.models import Crisis
from alerts.sitreps.models import ReportRequest
from commandcenter.access.models import User
from commandcenter.events.models import Event
from commandcenter.events.queries import history


def rewound(requests: Iterable[ReportRequest], until: datetime, exercise: str) -> list[ReportRequest]:
    """Copies that know nothing of what came after `until`; the log says how often they had asked, and whom."""
    known = list(requests)
    log = history("request", [request.number for request in known], exercise).filter(at__lte=until)
    asked = {event.object_id: event.data for event in log.filter(kind="report.requested")}
    officers = User.objects.in_bulk([data["officer"] for data in asked.values() if data.get("officer")])
    return [_rewound(request, until, asked.get(request.number, {}), officers) for request in known]


def _rewound(
    request: ReportRequest, until: datetime, asked: dict[str, object], officers: dict[int, User]
) -> ReportRequest:
    then = copy(request)
    for field in request._meta.concrete_fields:
        moment = getattr(request, field.attname)
        if isinstance(field, DateTimeField) and field.null and moment is not None and moment > until:
            setattr(then, field.attname, None)
    then.attempt = int(str(asked.get("attempt", request.attempt)))
    if "officer" in asked:
        then.officer = officers.get(int(str(asked["officer"])) if asked["officer"] else 0)
    return then


def involved_later(crises: Iterable[Crisis], until: datetime) -> set[tuple[int, str]]:
    """Missions that were added to these crises only after `until`, by crisis and code."""
    by_slug = {(crisis.exercise, crisis.slug): crisis.pk for crisis in crises}
    slugs = [slug for _world, slug in by_slug]
    added = Event.objects.filter(object_type="crisis", object_id__in=slugs, kind="crisis.mission_added", at__gt=until)
    told = [(by_slug.get((event.exercise, event.object_id)), event.data["mission"]) for event in added]
    return {(pk, code) for pk, code in told if pk is not None}
