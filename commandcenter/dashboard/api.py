"""The public API of this room: the map at any number of emergencies."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router

from alerts.queue.queries import QueueFilter
from commandcenter.access.reader import Reader
from commandcenter.dashboard import clusters
from commandcenter.dashboard.schemas import ViewIn
from commandcenter.live import frames
from commandcenter.problems import Refusal

router = Router(tags=["map"])


@router.get("/map/clusters", url_name="map-clusters", summary="Emergencies of a view, in clusters or as points")
def map_clusters(request: HttpRequest, wanted: Query[ViewIn]) -> HttpResponse:
    """What the reader may see of a view, at most 50 KB (session, or `ticket`).

    `cells`: [longitude, latitude, how many, priority, 1 if one is not taken]; priority is the worst not taken, else the
    worst. `points`, when at most 750: [number, longitude, latitude, priority, state, version, accuracy in metres].
    The ETag changes with the newest frame of the reader's audience.
    """
    return shown(_reader(request), wanted, request.GET, request.headers.get("If-None-Match", ""))


def shown(reader: Reader, wanted: ViewIn, params: QueryDict, known: str) -> HttpResponse:
    """The view; 304 for a reader that has it (`known`: its If-None-Match). Both doors answer this: see door.py."""
    if not (reader.is_dcc or reader.is_mission):
        raise Refusal("", _("You may not do this."), status=403, code="forbidden")
    box = wanted.as_box()
    # The head is read before the cells: what is committed in between only makes the answer newer than its ETag.
    head = ".".join(map(str, frames.place(reader.audience)))
    etag = f'"{head}.{reader.user_id}"'
    headers = {"ETag": etag, "Cache-Control": "no-store"}
    if known == etag:
        return HttpResponse(status=304, headers=headers)
    body = clusters.view(reader, QueueFilter.from_params(params), box, wanted.zoom, head=head)
    return HttpResponse(body, content_type="application/json", headers=headers)


def _reader(request: HttpRequest) -> Reader:
    reader: Reader | None = getattr(request, "reader", None)
    if reader is None:
        raise Refusal("", _("Sign in first."), status=401, code="forbidden")
    return reader
