"""What stands before every callback of a gateway: a secret in the path, a list of addresses, a bound on the body."""

from collections.abc import Callable
from functools import wraps
from hmac import compare_digest
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from commandcenter.problems import problem

LARGEST = 64_000
View = Callable[..., HttpResponse]


def gateways_only(name: str) -> Callable[[View], View]:
    """404 like any other missing address, before anything is read; 413 before a large body is.

    `name` stands before _SECRET and _FROM in the settings.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            given = str(kwargs.get("secret", "")).encode(errors="replace")
            known = compare_digest(given, getattr(settings, f"{name}_SECRET").encode())
            if not known or not _is_listed(request, getattr(settings, f"{name}_FROM")):
                # Left to ProblemMiddleware, so that also the headers are those of an address that does not exist.
                return HttpResponse(status=404)
            declared = request.headers.get("Content-Length", "0")
            size = int(declared) if declared.isascii() and declared.isdigit() else 0
            if size > LARGEST or len(request.META.get("QUERY_STRING", "")) > LARGEST:
                return problem(413, "too-large")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _is_listed(request: HttpRequest, networks: list[Any]) -> bool:
    try:
        peer = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    peer = getattr(peer, "ipv4_mapped", None) or peer
    return any(peer in network for network in networks)
