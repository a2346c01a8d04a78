"""The page of one mission: where it is, how to reach it, for whom it answers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commandcenter.access.gate import EVERYONE, allow
from commandcenter.clock import now
from missions.directory.queries import areas_of, mission_by_code


@allow(*EVERYONE)
def mission_page(request: HttpRequest, code: str) -> HttpResponse:
    """Shows a mission; everything on it is public, so every signed-in role may see it."""
    mission = mission_by_code(code)
    if mission is None:
        raise Http404
    return render(
        request, "missions/directory/page.html", {"at": now(), "mission": mission, "areas": areas_of(mission.code)}
    )
