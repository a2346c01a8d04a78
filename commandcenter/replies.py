"""What ASGI applications beside Django's handler need of it: its hosts, its headers, a body with a limit."""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache, lru_cache
from io import BytesIO
from typing import Any, NamedTuple

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.http.request import split_domain_port, validate_host
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]
JSON: Headers = ((b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store"))


class Reply(NamedTuple):
    """An answer on its way out; `headers` are those of this answer alone."""

    status: int
    body: bytes
    headers: Headers


def reply_of(answer: HttpResponse) -> Reply:
    """Django's answer, ready to be sent."""
    headers = tuple((name.lower().encode(), value.encode("latin-1")) for name, value in answer.items())
    return Reply(answer.status_code, answer.content, headers)


async def respond(scope: Scope, send: Send, reply: Reply) -> None:
    """Send a whole answer with the headers every answer has."""
    length = (b"content-length", str(len(reply.body)).encode())
    headers = [*reply.headers, length, *_everywhere(secure=scope.get("scheme") == "https")]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


@lru_cache(maxsize=256)
def known_host(host: bytes) -> bool:
    """Whether a Host header names this site (ALLOWED_HOSTS)."""
    return validate_host(split_domain_port(host.decode("latin-1"))[0], settings.ALLOWED_HOSTS)


async def whole_body(receive: Receive, largest: int) -> bytes | None:
    """The body; None when it grows larger, or when its sender left in the middle of it."""
    body = b""
    while len(body) <= largest:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body if len(body) <= largest else None


@cache
def _everywhere(*, secure: bool) -> Headers:
    """The headers that Django's middleware gives every answer, made once by that middleware itself."""
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "scheme": "https" if secure else "http"}
    request, answer = ASGIRequest(scope, BytesIO()), HttpResponse()
    del answer["Content-Type"]
    for middleware in (XFrameOptionsMiddleware, CSPMiddleware, SecurityMiddleware):
        middleware(lambda _: HttpResponse()).process_response(request, answer)
    return reply_of(answer).headers
