"""The clocks in one table, one clock down to its rows, and both as CSV."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from alerts.emergencies.models import Channel
from alerts.kpi import queries, sheets, shown
from alerts.kpi.clocks import CLOCKS, NOT_MEASURED
from alerts.kpi.forms import FilterForm, read
from alerts.kpi.queries import Measured
from alerts.kpi.rules import figure
from alerts.kpi.spans import Span
from commandcenter import wording
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.access.models import Role
from commandcenter.clock import now

READERS = (*DCC_ROLES, *MISSION_ROLES, Role.AUDITOR)
GROUPS = ("mission", "hour", "channel", "crisis")
ROWS = 100


@require_GET
@allow(*READERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Every clock of the filter, and the health of the alarms."""
    at = now()
    found, form = _measured(request, at)
    health = found.health()
    context = _filter(request, found, form, at) | {
        "figures": [shown.figure_row(figure) for figure in found.figures()],
        "health": health,
        "mix": shown.mix(health),
        "flood_share": shown.share(health.floods, health.slots),
        "returned_share": shown.share(health.returned, health.takings),
        "not_measured": NOT_MEASURED,
    }
    return render(request, "alerts/kpi/overview.html", context)


@require_GET
@allow(*READERS)
def clock(request: HttpRequest, code: str) -> HttpResponse:
    """One clock: its figure, the drawing, the same by mission, hour, channel and crisis, and its rows."""
    at, reader = now(), reader_from(request)
    found, form = _measured(request, at)
    context = _filter(request, found, form, at)
    spans = sorted(_known(code, found), key=lambda span: span.start.pk, reverse=True)
    page = Paginator(spans, ROWS).get_page(request.GET.get("page"))
    tables = [_table(found, code, by, context["names"]) for by in GROUPS]
    context |= {
        "clock": CLOCKS[code],
        "single": [shown.figure_row(figure(code, spans))],
        "bars": shown.drawing(spans),
        "tables": [table for table in tables if table["rows"]],
        "page": page,
        "rows": shown.span_rows(reader, page, context["names"]),
    }
    return render(request, "alerts/kpi/clock.html", context)


@require_GET
@allow(*READERS)
def sheet(request: HttpRequest, code: str = "") -> HttpResponse:
    """The table of clocks as CSV, or every row of one clock, the excluded too.

    A filter that can't be read gives no file, for nobody would see that it was left aside.
    """
    found, form = _measured(request, now())
    if form.errors:
        lines = [f"{form.fields[field].label}: {error}" for field, errors in form.errors.items() for error in errors]
        return HttpResponse("\n".join(lines), status=400, content_type="text/plain; charset=utf-8")
    text = sheets.rows_sheet(_known(code, found)) if code else sheets.figures_sheet(found.figures())
    days = f"{found.wanted.first:%Y%m%d}-{found.wanted.last:%Y%m%d}"
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="kpi-{code or "clocks"}-{days}.csv"'
    return answer


def _known(code: str, found: Measured) -> list[Span]:
    """The spans of a clock that there is."""
    if code not in CLOCKS:
        raise Http404
    return found.spans[code]


def _measured(request: HttpRequest, at: datetime) -> tuple[Measured, FilterForm]:
    wanted, form = read(request.GET, at)
    return queries.measured(reader_from(request), wanted, at), form


def _filter(request: HttpRequest, found: Measured, form: FilterForm, at: datetime) -> dict[str, Any]:
    """What the filter bar needs, and the names of what occurs."""
    names = queries.names(found, reader_from(request).exercise)
    names["channel"] = {value: str(label) for value, label in Channel.choices}
    asked = request.GET.copy()
    asked.pop("page", None)
    return {
        "at": at,
        "wanted": found.wanted,
        "form": form,
        "names": names,
        "hours": range(24),
        "asked": f"?{asked.urlencode()}" if asked else "",
    }


def _table(found: Measured, code: str, by: str, names: dict[str, dict[str, str]]) -> dict[str, Any]:
    """One table of groups; of no use where everything is in one that has no name."""
    titles = {"mission": _("By mission"), "hour": _("By hour"), "channel": _("By channel"), "crisis": _("By crisis")}
    heads = {"mission": _("Mission"), "hour": _("Hour"), "channel": _("Channel"), "crisis": _("Crisis")}
    grouped = dict(queries.groups(found, code, by))
    without, hour = _("DCC") if by == "mission" else "—", f"{wording.time_separator()}00"
    named = {key: key + hour if by == "hour" else names[by].get(key, key) or without for key in grouped}
    rows = [shown.figure_row(each, key or "none", named[key]) for key, each in grouped.items()]
    return {"by": by, "title": titles[by], "first": heads[by], "rows": [] if set(grouped) == {""} else rows}
