"""The addresses of tus, below the emergency they belong to; its token opens them, no session does."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID, uuid4

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from alerts.emergencies.models import Emergency
from alerts.floods.updates import make_way
from alerts.intake.queries import by_token
from alerts.media import actions, queries, store
from alerts.media.models import MediaFile, Stage
from alerts.media.rules import IDLE
from alerts.uploads import protocol, receiving
from commandcenter.access.gate import public
from commandcenter.clock import now
from commandcenter.problems import Refusal, problem, refusal_problem

View = Callable[..., HttpResponse]


def _tus(*methods: str) -> Callable[[View], View]:
    """The frame of both addresses: methods, version, headers, and refusals as problem documents."""

    def decorate(view: View) -> View:
        @wraps(view)
        def framed(request: HttpRequest, number: str, **rest: UUID) -> HttpResponse:
            method = protocol.method_of(request)
            if method == "OPTIONS":
                answer = protocol.options()
            elif method not in methods:
                answer = problem(405, "malformed")
                answer["Allow"] = ", ".join(("OPTIONS", *methods))
            else:
                answer = _answered(view, request, number, rest)
            return protocol.with_headers(answer)

        return framed

    return decorate


def _answered(view: View, request: HttpRequest, number: str, rest: dict[str, UUID]) -> HttpResponse:
    try:
        protocol.check_version(request)
        return view(request, _own(request, number), **rest)
    except Refusal as refusal:
        answer = refusal_problem(refusal)
        if refusal.status == 412:
            answer["Tus-Version"] = protocol.VERSION
        return answer
    except DatabaseError:
        return problem(503, "unavailable")


@csrf_exempt
@public
@_tus("POST")
def uploads(request: HttpRequest, emergency: Emergency) -> HttpResponse:
    """Announce a file: 201 with its address. The same client_id again is told the same address."""
    make_way("media")
    size, metadata = protocol.length_of(request), protocol.metadata_of(request)
    _check_room(size)
    media, _made = actions.begin(
        number=emergency.number,
        exercise=emergency.exercise,
        at=now(),
        client_id=protocol.client_id_of(metadata) or uuid4(),
        size=size,
        digest=protocol.digest_of(metadata),
    )
    receiving.check_open(media)
    answer = _standing(HttpResponse(status=201), media)
    answer["Location"] = reverse("uploads:upload", args=[emergency.number, media.key])
    return answer


@csrf_exempt
@public
@_tus("HEAD", "PATCH", "DELETE")
def upload(request: HttpRequest, emergency: Emergency, key: UUID) -> HttpResponse:
    """Where a file stands (HEAD), its next part (PATCH), or the end of it (DELETE)."""
    media = queries.of_device(emergency, key)
    if media is None:
        raise _missing()
    method = protocol.method_of(request)
    if method == "DELETE":
        actions.remove(media=media, at=now())
        store.forget_plain(media.key)
        return HttpResponse(status=204)
    receiving.check_open(media)
    if method == "HEAD":
        answer = _standing(HttpResponse(status=200), media)
        answer["Upload-Length"] = str(media.size)
        return answer
    make_way("media")
    offset, chunk = protocol.offset_of(request), protocol.chunk_of(request)
    protocol.check_sum(request, chunk)
    receiving.receive_chunk(media, offset, chunk, now())
    return _standing(HttpResponse(status=204), media, offset + len(chunk))


def _standing(answer: HttpResponse, media: MediaFile, offset: int | None = None) -> HttpResponse:
    """How far it got, and until when it can be continued."""
    answer["Upload-Offset"] = str(receiving.offset_now(media) if offset is None else offset)
    if media.stage == Stage.UPLOADING:
        answer["Upload-Expires"] = protocol.expires(media.grown_at + IDLE)
    return answer


def _own(request: HttpRequest, number: str) -> Emergency:
    """The citizen's own emergency; no token, a wrong one and a wrong number all read "missing"."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    world: str = request.exercise  # type: ignore[attr-defined]
    found = by_token(number, token, world) if scheme.lower() == "bearer" else None
    if found is None:
        raise _missing()
    return found


def _missing() -> Refusal:
    return protocol.refused(404, "missing", _("There is no such emergency."))


def _check_room(size: int) -> None:
    try:
        store.check_room(size)
    except store.StoreFull:
        words = _("There is no room for files just now; keep it and try again.")
        raise protocol.refused(503, "unavailable", words) from None
