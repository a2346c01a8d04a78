"""The gate every view stands behind: who may open it (reliability.md 3.8, layer 1)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from commandcenter.access.models import DCC_ROLES, EVERYONE, MISSION_ROLES, Role
from commandcenter.access.reader import Reader, audiences_of

__all__ = ["DCC_ROLES", "EVERYONE", "MISSION_ROLES", "allow", "public", "reader_from"]

View = Callable[..., HttpResponse]


def reader_from(request: HttpRequest) -> Reader:
    """The reader of a gated view's request."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return reader


def allow(*roles: Role, live: str = "") -> Callable[[View], View]:
    """Lets only these roles in: anonymous goes to sign-in, another role is refused (403).

    `live` names the audience whose frames the page draws ("own" or "summary"); its head is read
    before the view's own queries, so that no frame falls between the two.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            reader: Reader | None = request.reader  # type: ignore[attr-defined]
            if reader is None or reader.role not in roles:
                raise PermissionDenied
            request.live_audience = _audience(reader, live)  # type: ignore[attr-defined]
            before = BEFORE_VIEW.get("live")
            if before:
                before(request)
            answer = view(request, *args, **kwargs)
            answer.headers.setdefault("Cache-Control", "no-store")
            return answer

        gated.gate = frozenset(roles)  # type: ignore[attr-defined]
        return gated

    return decorate


def public(view: View) -> View:
    """Marks a view that needs no sign-in."""
    view.gate = frozenset()  # type: ignore[attr-defined]
    return view


# The live room fills this at start-up: access stands below it and may not import it.
BEFORE_VIEW: dict[str, Callable[[HttpRequest], None]] = {}


def _audience(reader: Reader, live: str) -> str:
    audiences = audiences_of(reader)
    if live == "summary":
        return next((name for name in audiences if name.endswith("summary")), "")
    return audiences[0] if live and audiences else ""
