"""What a live page must know to join its audience."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from commandcenter.access.sockets import Grant, digest
from commandcenter.access.tickets import issue
from commandcenter.live import frames


@dataclass(frozen=True, slots=True)
class Live:
    """The socket's and the catch-up's address, where this page's data stands, and the ticket to join with."""

    url: str
    since_url: str
    audience: str
    epoch: str
    head: int
    ticket: str


def read_head(request: HttpRequest) -> None:
    """Read the audience's head before the view's own queries, so that no frame falls between the two."""
    audience: str = getattr(request, "live_audience", "")
    if audience:
        since_url = reverse("live-since")
        epoch, head = frames.place(audience)
        user: Any = request.user
        session = digest(request.session.session_key or "")
        ticket = issue(Grant(audience, user.pk, user.auth_epoch, session))
        request.live = Live(since_url.removesuffix("since"), since_url, audience, epoch, head, ticket)  # type: ignore[attr-defined]


def live(request: HttpRequest) -> dict[str, Any]:
    """`live`: None on pages that are not live."""
    return {"live": getattr(request, "live", None)}
