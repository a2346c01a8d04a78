"""Public reference data over HTTP, with validators (architecture.md section 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy as _
from ninja import Router

from commandcenter.problems import Refusal
from missions.countries import geo
from missions.directory.queries import country as country_by_code
from missions.directory.queries import directory, missions_serving, reference_token
from missions.directory.responsible import responsible_mission
from missions.directory.schemas import (
    CountryOut,
    MissionOut,
    ResponsibleOut,
    country_out,
    mission_out,
    responsible_out,
)

router = Router(tags=["reference"])
FORMAT = 1  # counts up when an answer changes its shape: the validator must change with it
T = TypeVar("T")


def _validated(request: HttpRequest, response: HttpResponse, build: Callable[[], T]) -> T | HttpResponse:
    """Answer 304 when the caller holds this version of the reference data, else build the answer."""
    etag = f'"{FORMAT}-{reference_token()}"'
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is None:
        return build()
    unchanged["ETag"] = etag
    unchanged["Cache-Control"] = "public, no-cache"
    return HttpResponse(status=unchanged.status_code, headers=unchanged.headers)


@router.get("/missions", response=list[MissionOut], summary="All missions")
def missions(request: HttpRequest, response: HttpResponse) -> object:
    """List every mission. The ETag changes when the reference data does."""
    return _validated(request, response, lambda: [mission_out(mission) for mission in directory().missions.values()])


@router.get("/missions/responsible", response=ResponsibleOut, summary="Who answers for a point")
def responsible(request: HttpRequest, response: HttpResponse, lat: float, lon: float) -> object:
    """Name the mission that answers for a point, with the reason in Indonesian and English."""
    geo.check_point(lat, lon, field="")
    if lat == 0 and lon == 0:
        raise Refusal("lat", _("0, 0 is what broken devices send; it is not a place."))
    return _validated(request, response, lambda: responsible_out(responsible_mission(lat=lat, lon=lon)))


@router.get("/countries/{iso}", response=CountryOut, summary="One country")
def country(request: HttpRequest, response: HttpResponse, iso: str) -> object:
    """Describe a country by its ISO 3166-1 alpha-2 code."""
    found = country_by_code(iso)
    if found is None:
        raise Refusal("iso", _("There is no country with this code."), status=404, code="missing")
    codes = [mission.code for mission in missions_serving(found.iso2)]
    return _validated(request, response, lambda: country_out(found, codes))
