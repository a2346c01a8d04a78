"""The page of one country: estimators side by side, the range, who answers, and its facts."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commandcenter.access.gate import DCC_ROLES, MISSION_ROLES, allow, reader_from
from commandcenter.clock import now
from missions.directory.queries import country as country_by_code
from missions.directory.queries import missions_serving, serves, whole_areas
from missions.headcounts.queries import headcounts, mission_headcounts, range_of


@allow(*DCC_ROLES, *MISSION_ROLES)
def headcount_page(request: HttpRequest, iso: str) -> HttpResponse:
    """Shows how many Indonesians may be in a country; a mission sees the countries of its own area."""
    country = country_by_code(iso)
    if country is None:
        raise Http404
    reader = reader_from(request)
    if reader.is_mission and not serves(reader.mission, country.iso2):
        raise PermissionDenied
    at = now()
    lines = headcounts(country.iso2, at=at.date())
    missions = missions_serving(country.iso2)
    context = {
        "at": at,
        "country": country,
        "lines": lines,
        "range": range_of(lines),
        "mission_lines": mission_headcounts([mission.code for mission in missions], at=at.date()),
        "missions": missions,
        "areas": whole_areas(country.iso2),
    }
    return render(request, "missions/headcounts/page.html", context)
