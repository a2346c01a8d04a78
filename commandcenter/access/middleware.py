"""Puts `request.reader` beside `request.user`; speaks Indonesian until somebody chooses otherwise."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware

from commandcenter.access.reader import reader_of


class ReaderMiddleware:
    """The reader of each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        exercise: str = getattr(request, "exercise", "")
        user = request.user
        found = reader_of(user, exercise) if user.is_authenticated else None
        request.reader = found  # type: ignore[attr-defined]
        return self.get_response(request)


class IndonesianFirst(LocaleMiddleware):
    """The language is the one chosen in the header (a cookie), else Indonesian, whatever the browser prefers."""

    def process_request(self, request: HttpRequest) -> None:
        """Leave the browser's preference aside."""
        request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        super().process_request(request)
