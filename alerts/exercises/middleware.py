"""Mounts every page and endpoint a second time under /exercises/<slug>/, in that exercise's world."""

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import get_script_prefix, set_script_prefix
from django.utils.translation import gettext_lazy as _

from alerts.exercises.queries import by_slug
from commandcenter.problems import FieldError, problem

MOUNT = re.compile(r"^/exercises/(?P<slug>[-\w]+)(?P<rest>/.*)$")
OWN_PAGES = ("start", "end")
SAFE = ("GET", "HEAD", "OPTIONS")


class ExerciseMiddleware:
    """Sets `request.exercise` ("" in live work) and moves the script prefix, so that reverse() stays inside."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.exercise = ""  # type: ignore[attr-defined]
        found = MOUNT.match(request.path_info)
        if found and found["slug"] not in OWN_PAGES:
            exercise = by_slug(found["slug"])
            if exercise is None:
                raise Http404
            if exercise.ended_at is not None and request.method not in SAFE:
                return _ended(found["rest"])
            request.exercise = found["slug"]  # type: ignore[attr-defined]
            request.exercise_name = {"id": exercise.name_id, "en": exercise.name_en}  # type: ignore[attr-defined]
            request.path_info = found["rest"]
            return self._inside(request, f"/exercises/{found['slug']}/")
        return self.get_response(request)

    def _inside(self, request: HttpRequest, mount: str) -> HttpResponse:
        """Answer under the mount; the next request of this thread starts outside again."""
        before = get_script_prefix()
        set_script_prefix(mount)
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(before)


def _ended(path: str) -> HttpResponse:
    """What was an exercise stays as it was, for the after-action report."""
    if path.startswith("/api/"):
        return problem(409, "closed", [FieldError("", _("This exercise has ended"))])
    return HttpResponse(render_to_string("409.html"), status=409)
