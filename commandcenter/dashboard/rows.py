"""Rows of the queue: each version of an emergency is drawn once for a role and a language; its age is of every page."""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime

from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from alerts.emergencies.models import Emergency
from commandcenter.access.reader import Reader
from commandcenter.dashboard.words import LIMITS
from commandcenter.live.kept import hole
from commandcenter.templatetags.dcc import age

MOST = 3000
drawn: OrderedDict[Hashable, str] = OrderedDict()


def draw(row: Emergency, reader: Reader, at: datetime) -> SafeString:
    """One row as everybody of the reader's role sees it at this moment; the token of its form stays a hole."""
    desk = row.taken_by.shown_name if row.taken_by else ""
    names = (row.country_name, row.mission.name if row.mission else "", desk)  # type: ignore[attr-defined]
    # Whatever else a row shows changes with its version.
    key = (row.exercise, row.pk, row.version, row.message_count, reader.role, get_language(), names)  # type: ignore[attr-defined]
    text = drawn.get(key)
    if text is None:
        shown = {"row": row, "reader": reader, "row_age": hole("age"), "csrf_token": hole("csrf")}
        text = drawn[key] = render_to_string("alerts/emergencies/_row.html", shown)
        if len(drawn) > MOST:
            drawn.popitem(last=False)
    limit = LIMITS.get(row.priority, LIMITS[2])
    spent = age(Context({"at": at}), row.received_at, style="clock", limit=limit, css="queue-age")
    return mark_safe(text.replace(hole("age"), spent))  # noqa: S308 (both were rendered with escaping)
