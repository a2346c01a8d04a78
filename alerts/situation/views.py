"""The situation at an instant: a page to step through, freeze, check and print."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from alerts.crises import queries as crises
from alerts.crises.models import Crisis
from alerts.situation import queries
from alerts.situation.moment import grouped, read_hash, read_instant
from alerts.situation.shapes import Sheet
from commandcenter.access.gate import DCC_ROLES, allow, reader_from
from commandcenter.clock import now
from commandcenter.problems import FieldError, Refusal

BACK = (5, 15, 60)
Verdict = tuple[str, str | Promise]


@require_GET
@allow(*DCC_ROLES)
def situation(request: HttpRequest, slug: str) -> HttpResponse:
    """The five answers, the official row, the matrix, the board and the differences, exactly as they stood."""
    crisis, today = crises.crisis(reader_from(request), slug), now()
    if crisis is None:
        raise Http404
    try:
        at = _instant(request, crisis, today)
    except Refusal as refusal:
        return _page(request, crisis, today, today, refusal.error)
    return _page(request, crisis, at, today, None)


def _instant(request: HttpRequest, crisis: Crisis, today: datetime) -> datetime:
    """What the address asks for; without a word it is now."""
    asked = request.GET.get("at", "").strip()
    return read_instant(asked, declared_at=crisis.declared_at, now=today) if asked else today


def _page(
    request: HttpRequest, crisis: Crisis, at: datetime, today: datetime, error: FieldError | None
) -> HttpResponse:
    reader = reader_from(request)
    context: dict[str, Any] = {
        "crisis": crisis,
        "at": at,
        "today": today,
        "past": True,
        "asked": request.GET.get("at", "")[:60],
        "moments": queries.moments(reader, crisis, at),
        "chips": [(back, _iso(at - timedelta(minutes=back))) for back in BACK if _shows(crisis, at, back)],
        "errors": [error] if error else [],
    }
    if error is None:
        sheet = queries.sheet(reader, crisis, at, at)
        context |= {"sheet": sheet, "crisis": sheet.crisis, "code": grouped(sheet.hash)}
        context["verdict"], context["verdict_words"] = _verdict(request, sheet)
        address = reverse("situation:situation", args=[crisis.slug])
        frozen = f"{address}?{urlencode({'at': _iso(at), 'hash': sheet.hash})}"
        context["frozen"] = request.build_absolute_uri(frozen)
    return render(request, "alerts/situation/situation.html", context, status=422 if error else 200)


def _shows(crisis: Crisis, at: datetime, back: int) -> bool:
    return at - timedelta(minutes=back) >= crisis.declared_at


def _verdict(request: HttpRequest, sheet: Sheet) -> Verdict:
    """Whether a printed sheet's code is still this sheet's."""
    asked = request.GET.get("hash", "").strip()
    if not asked:
        return "", ""
    if not request.GET.get("at", "").strip():
        return "unreadable", _("A check code needs the time of its sheet.")
    code = read_hash(asked)
    if code is None:
        return "unreadable", _("This check code can't be read: it has 16 signs, 0 to 9 and a to f.")
    if code == sheet.hash:
        return "same", _("The same: the printed sheet says what is stored.")
    return "different", _("Different: this is not what the printed sheet said.")


def _iso(moment: datetime) -> str:
    return moment.isoformat()
