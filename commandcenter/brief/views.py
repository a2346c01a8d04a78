"""The one-page brief."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from alerts.answers.queries import five_answers
from alerts.crises import queries as crises
from alerts.crises.models import Crisis
from commandcenter.access.gate import DCC_ROLES, allow, reader_from
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.brief.document import Document, document_of
from commandcenter.brief.printing import PressError, the_press
from commandcenter.clock import now
from commandcenter.events import audiences
from commandcenter.live import frames, kept


@require_GET
@allow(Role.MINISTER, *DCC_ROLES)
def pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The five answers of one crisis on one page; the same bytes as long as they say the same."""
    reader, at = reader_from(request), now()
    crisis = crises.crisis(reader, slug)
    if crisis is None:
        raise Http404
    document = _document(request, reader, crisis, at)
    try:
        sheet = the_press.sheet(document.digest, document.layouts)
    except PressError as error:
        context = {"crisis": crisis, "words": error.words}
        return render(request, "commandcenter/brief/failed.html", context, status=503)
    answer = HttpResponse(sheet, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{_name(crisis)}"'
    answer["ETag"] = f'"{document.digest}"'
    return answer


def _document(request: HttpRequest, reader: Reader, crisis: Crisis, at: datetime) -> Document:
    """Made once for a moment, for everybody who asks in this language."""

    def made() -> tuple[str, Document]:
        _epoch, version = frames.place(audiences.summary(reader.exercise))
        answers = five_answers(reader, crisis, at)
        names = getattr(request, "exercise_name", {})
        exercise = names.get(get_language() or "", reader.exercise)
        found = document_of(crisis, answers, version=version, at=at, exercise=exercise)
        return found.digest, found

    key = ("brief", reader.exercise, crisis.slug, get_language())
    document: Document = kept.shelf.get(key, at, made).more
    return document


def _name(crisis: Crisis) -> str:
    mark = "LATIHAN-" if crisis.exercise else ""
    return f"{mark}{crisis.slug}-{get_language()}.pdf"
