"""The media of an emergency for officers: the panel, one file, its original, and the links that carry the bytes."""

import logging
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from alerts.emergencies.queries import one as emergency_of
from alerts.evidence import actions, links, queries, serving
from alerts.media import store
from alerts.media.models import MediaFile, Stage
from alerts.media.queries import one
from alerts.media.sealing import SealError
from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.problems import FieldError, Refusal, problem

log = logging.getLogger(__name__)
READERS = (*DCC_ROLES, *MISSION_ROLES)
COPIES = frozenset({store.COPY, store.THUMB, store.PREVIEW})
UNREADABLE = _("The sealed file can't be opened: its key or the file itself is not what it was.")


@require_GET
@allow(*READERS, live="own")
def files(request: HttpRequest, number: str) -> HttpResponse:
    """All files of an emergency: the panel of its page, or a page of its own."""
    reader = reader_from(request)
    emergency = emergency_of(reader, number)
    if emergency is None:
        raise Http404
    shown = queries.shown_files(reader, emergency)
    arriving = any(each.file.stage in {Stage.UPLOADING, Stage.WAITING} for each in shown)
    context = {"emergency": emergency, "files": shown, "arriving": arriving}
    return _drawn(request, "_files.html", "page.html", context)


@require_GET
@allow(*READERS, live="own")
def file(request: HttpRequest, number: str, key: UUID) -> HttpResponse:
    """One file to look at; opening it is logged."""
    reader = reader_from(request)
    try:
        media = actions.open_file(actor=reader, number=number, key=key, at=now())
    except Refusal as refusal:
        raise Http404 from refusal
    return _drawn(request, "_file.html", "file.html", _one(reader, media))


@require_POST
@allow(Role.SUPERVISOR)
def original(request: HttpRequest, number: str, key: UUID) -> HttpResponse:
    """The sealed original, with a reason: answered with a link of a minute."""
    reader = reader_from(request)
    reason = request.POST.get("reason", "")
    try:
        media = actions.open_original(actor=reader, number=number, key=key, at=now(), reason=reason)
    except Refusal as refusal:
        found = one(reader, key)
        if refusal.status == 404 or found is None:
            raise Http404 from refusal
        context = _one(reader, found) | {"errors": [{"message": refusal.error.message, "field": "reason"}]}
        # htmx draws only what succeeded; the sentence stands in the dialog.
        status = 200 if request.headers.get("HX-Request") else refusal.status
        return _drawn(request, "_file.html", "file.html", context, status)
    context = _one(reader, media) | {"original": links.link_to(reader, media, store.ORIGINAL)}
    return _drawn(request, "_file.html", "file.html", context)


@require_safe
@allow(*READERS)
def part(request: HttpRequest, token: str) -> HttpResponse:
    """The bytes behind a link: asked again whether this person may, each time."""
    reader = reader_from(request)
    ticket = links.read(reader, token)
    media = one(reader, ticket.key) if ticket else None
    if ticket is None or media is None or not _may(reader, media, ticket.part):
        raise Http404
    try:
        sealed = store.open_part(media.key, ticket.part, media.wrapped_key)
        return serving.answer_with(request, media, ticket.part, sealed)
    except FileNotFoundError as error:
        raise Http404 from error
    except SealError:
        log.exception("media %s can't be opened", media.pk)
        return problem(503, "unavailable", [FieldError("", UNREADABLE)])


def _may(reader: Reader, media: MediaFile, name: str) -> bool:
    if name == store.ORIGINAL:
        return queries.may_have_original(reader, media)
    return name in COPIES and media.stage == Stage.READY


def _one(reader: Reader, media: MediaFile) -> dict[str, Any]:
    return {
        "emergency": media.emergency,
        "shown": queries.shown_file(reader, media),
        "may_have_original": queries.may_have_original(reader, media),
    }


def _drawn(request: HttpRequest, panel: str, page: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """For scripts the panel alone, else the whole page."""
    name = panel if request.headers.get("HX-Request") else page
    return render(request, f"alerts/media/{name}", {"at": now(), "panel": panel, **context}, status=status)
