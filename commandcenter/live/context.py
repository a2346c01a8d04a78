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
        user: Any = request.user
        session = digest(request.session.session_key or "")
        join(request, Grant(audience, user.pk, user.auth_epoch, session), reverse("live-since"))


def join(request: HttpRequest, grant: Grant, since_url: str) -> None:
    """Make the page live for this right; it pulls from `since_url` where no ticket is at hand."""
    epoch, head = frames.place(grant.audience)
    url = reverse("live-since").removesuffix("since")
    request.live = Live(url, since_url, grant.audience, epoch, head, issue(grant))  # type: ignore[attr-defined]


def live(request: HttpRequest) -> dict[str, Any]:
    """`live`: None on pages that are not live."""
    return {"live": getattr(request, "live", None)}
