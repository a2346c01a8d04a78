"""Catch-up and snapshots over HTTP."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from commandcenter.access.gate import EVERYONE, allow, reader_from
from commandcenter.access.reader import audiences_of
from commandcenter.live import frames
from commandcenter.live.snapshots import Snapshot, shelf
from commandcenter.problems import FieldError, problem

# A seq is a 64-bit number; Python itself refuses to read one of thousands of digits.
MOST_DIGITS = 18


@require_GET
@allow(*EVERYONE)
def since(request: HttpRequest) -> HttpResponse:
    """GET /live/since?after=N[&audience=][&epoch=][&limit=]: the frames a socket would have brought; see catch_up."""
    audience = _audience(request)
    return catch_up(audience, request.GET) if audience else forbidden()


@require_GET
@allow(*EVERYONE)
def snapshot(request: HttpRequest) -> HttpResponse:
    """GET /live/snapshot[?audience=]: everything current for the audience; with a ticket, see sockets/doors.py."""
    audience = _audience(request)
    return shown(shelf.get(audience), request.headers.get("If-None-Match", "")) if audience else forbidden()


def _audience(request: HttpRequest) -> str:
    """The audience asked for, the reader's first without asking; "" when it is not the reader's."""
    audiences = audiences_of(reader_from(request))
    wanted = request.GET.get("audience") or (audiences[0] if audiences else "")
    return wanted if wanted in audiences else ""


def forbidden() -> HttpResponse:
    """The reader may not listen there."""
    return problem(403, "forbidden", [FieldError("audience", _("You may not listen to this audience."))])


def catch_up(audience: str, asked: Mapping[str, str]) -> HttpResponse:
    """One page after `after`, of 500 frames or of `limit` (1 to 1,000).

    400 when that is no place in a log, 410 when it is none in this one: the reader then asks for a snapshot.
    """
    after, limit = _whole(asked.get("after", "")), _whole(asked.get("limit", str(frames.PAGE)))
    if after is None:
        return problem(400, "malformed", [FieldError("after", _("This must be a whole number, 0 or more."))])
    if limit is None or not 1 <= limit <= frames.LARGEST_PAGE:
        return problem(400, "malformed", [FieldError("limit", _("This must be a whole number from 1 to 1,000."))])
    page = frames.since(audience, after, limit)
    if page.gone or asked.get("epoch", page.epoch) != page.epoch:
        return problem(410, "gone")
    more = "true" if page.more else "false"
    body = f'{{"epoch":"{page.epoch}","head":{page.head},"more":{more},"frames":[{page.frames}]}}'
    return HttpResponse(body, content_type="application/json")


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def shown(found: Snapshot, known: str) -> HttpResponse:
    """The snapshot's bytes; 304 for a reader that has them (`known`: its If-None-Match)."""
    if known == found.etag:
        return HttpResponse(status=304, headers={"ETag": found.etag})
    return HttpResponse(found.body, content_type="application/json", headers={"ETag": found.etag})
