"""Reads of missions and consular areas; the whole directory is small and is held in memory."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from missions.countries.borders import distances_km
from missions.countries.models import Country
from missions.directory.models import ConsularArea, Mission


@dataclass(frozen=True)
class Directory:
    """One state of the reference data. Never changed, so any thread may read it."""

    missions: dict[str, Mission]
    countries: dict[str, Country]
    whole: dict[str, list[ConsularArea]]  # by country
    parts: dict[str, dict[str, list[ConsularArea]]]  # by country, then part
    placed: list[Mission]  # open, serving citizens and with a position; lats and lons are theirs
    lats: NDArray[Any]
    lons: NDArray[Any]

    def mission_of(self, area: ConsularArea) -> Mission:
        """Return the mission of a consular area without a query."""
        return self.missions[area.mission_id]

    def serving(self, iso2: str) -> list[Mission]:
        """Return every mission with a consular area in a country, the host's embassy first."""
        found = [self.mission_of(area) for area in self.whole.get(iso2, ())]
        for areas in self.parts.get(iso2, {}).values():
            found += [self.mission_of(area) for area in areas]
        return list(dict.fromkeys(found))

    def near(self, lat: float, lon: float, among: Iterable[Mission] | None = None) -> list[tuple[float, Mission]]:
        """Return open missions that serve citizens with their distance in kilometres, nearest first."""
        wanted = None if among is None else {mission.code for mission in among}
        away = distances_km(lat, lon, self.lats, self.lons)
        ranked = ((float(away[index]), self.placed[index]) for index in away.argsort(kind="stable"))
        return [pair for pair in ranked if wanted is None or pair[1].code in wanted]


NOT_LOADED = "none"
_held: tuple[str, Directory] | None = None
_building = threading.Lock()


def directory() -> Directory:
    """Return the directory; one small query tells whether the copy in memory is still right."""
    global _held  # noqa: PLW0603 - one copy per process, replaced whole
    token, held = reference_token(), _held
    if held and held[0] == token:
        return held[1]
    with _building:
        built = _built()
        if token != NOT_LOADED:
            _held = (token, built)
    return built


def _built() -> Directory:
    whole: dict[str, list[ConsularArea]] = defaultdict(list)
    parts: dict[str, dict[str, list[ConsularArea]]] = defaultdict(lambda: defaultdict(list))
    for area in ConsularArea.objects.all():
        if area.part:
            parts[area.country_id][area.part].append(area)
        else:
            whole[area.country_id].append(area)
    rank = {"host": 0, "consular": 1, "accredited": 2}
    for areas in whole.values():
        areas.sort(key=lambda area: (rank[area.relation], not area.verified, area.mission_id))
    missions = {mission.code: mission for mission in Mission.objects.all()}
    placed = [item for item in missions.values() if item.is_open and item.serves_citizens and item.lat is not None]
    return Directory(
        missions=missions,
        countries={country.iso2: country for country in Country.objects.all()},
        whole=dict(whole),
        parts={iso2: dict(named) for iso2, named in parts.items()},
        placed=placed,
        lats=np.array([item.lat for item in placed], dtype=float),
        lons=np.array([item.lon for item in placed], dtype=float),
    )


def missions_serving(iso2: str) -> list[Mission]:
    """Return every mission that answers for a country or part of it, the host's embassy first."""
    return directory().serving(iso2)


def serves(code: str, iso2: str) -> bool:
    """Tell whether a country, or part of it, is in a mission's consular area."""
    return any(mission.code == code for mission in missions_serving(iso2))


def areas_of(code: str) -> list[ConsularArea]:
    """Return the consular areas of a mission with their countries, the host country first."""
    areas = ConsularArea.objects.filter(mission_id=code).select_related("country")
    rank = {"host": 0, "consular": 1, "accredited": 2}
    return sorted(areas, key=lambda area: (rank[area.relation], area.country.name, area.part_name))


def country(iso2: str) -> Country | None:
    """Return a country by its two-letter code, whatever its case."""
    return directory().countries.get(iso2.upper())


def reference_token() -> str:
    """Return the version of the loaded reference data, for validators (ETag)."""
    with connection.cursor() as cursor:  # asked for every request: the ORM takes ten times as long
        cursor.execute("SELECT token FROM missions_referenceversion WHERE key = 'reference'")
        return str((cursor.fetchone() or (NOT_LOADED,))[0])


def map_missions() -> list[dict[str, Any]]:
    """Return what the map draws of each mission; missions without a position are left out."""
    return [
        {
            "code": mission.code,
            "name": mission.name,
            "kind": mission.kind,
            "lat": mission.lat,
            "lon": mission.lon,
            "precision": mission.precision,
            "timezone": mission.timezone,
            "country": mission.operating_country_id,
            "city": mission.operating_city,
            "is_open": mission.is_open,
        }
        for mission in directory().missions.values()
        if mission.lat is not None and mission.lon is not None
    ]


def mission_by_code(code: str) -> Mission | None:
    """Return a mission with its countries, None for an unknown code."""
    return Mission.objects.select_related("host_country", "operating_country").filter(code=code).first()


def whole_areas(iso2: str) -> list[ConsularArea]:
    """Return the rows that give a whole country to a mission, with the mission."""
    return list(ConsularArea.objects.filter(country_id=iso2, part="").select_related("mission"))
