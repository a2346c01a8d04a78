"""Where it happens: mission cities and points inland, weighted by how many Indonesians live in the country."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from missions.countries import geo
from missions.directory.models import Mission
from missions.directory.queries import directory
from missions.directory.responsible import responsible_mission
from missions.headcounts.queries import map_headcounts

# Spread of a spot in degrees (about 3 km), so that a row stays in the country and area its spot was judged by.
SPREAD = 0.03
INLAND = 6
TRIES = 40
LEAST = 500
# Crowds are in cities: a mission's city weighs this many times a point inland.
CITY = 8.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One place, its country, who answers there (domain.md rule 10) and the part of the citizen's answer it fixes."""

    lat: float
    lon: float
    country: str
    city: str
    mission: str
    rule: str
    reason_id: str
    reason_en: str
    mission_json: str
    weight: float

    @property
    def audiences(self) -> list[str]:
        """Who hears of an emergency here, sorted as the log keeps it."""
        return ["dcc", f"mission:{self.mission}"] if self.mission else ["dcc"]


def spots(random: np.random.Generator) -> list[Spot]:
    """Every spot of the loaded reference data, heaviest first; empty when none is loaded."""
    people: dict[str, float] = {}
    for row in map_headcounts():
        people[row["country"]] = max(people.get(row["country"], LEAST), float(row["high"] or row["value"] or 0))
    known = directory()
    found = [
        _spot(m.lat, m.lon, m.operating_city, CITY * people.get(m.operating_country_id, LEAST)) for m in known.placed
    ]
    for iso2, country in known.countries.items():
        for lat, lon in _inland(random, iso2, country.bbox):
            found.append(_spot(lat, lon, "", people.get(iso2, LEAST)))
    return sorted(found, key=lambda spot: -spot.weight)


def shares(found: list[Spot]) -> NDArray[Any]:
    """The probability of each spot."""
    weights = np.array([spot.weight for spot in found])
    share: NDArray[Any] = weights / weights.sum()
    return share


def _inland(random: np.random.Generator, iso2: str, box: list[float]) -> Iterator[tuple[float, float]]:
    """Some points that are in the country whatever its shape; none of one that is too small to be hit."""
    if not box or box[0] > box[2]:
        return
    west, south, east, north = box
    hits = 0
    for lat, lon in random.uniform((south, west), (north, east), size=(TRIES, 2)).tolist():
        if hits < INLAND and geo.country_of(lat, lon).iso2 == iso2:
            hits += 1
            yield lat, lon


def _spot(lat: float | None, lon: float | None, city: str, weight: float) -> Spot:
    answer = responsible_mission(lat=lat, lon=lon)
    return Spot(
        lat=lat or 0.0,
        lon=lon or 0.0,
        country=answer.country or "",
        city=city,
        mission=answer.mission.code if answer.mission else "",
        rule=answer.rule,
        reason_id=answer.reason.id[:400],
        reason_en=answer.reason.en[:400],
        mission_json=_told(answer.mission, answer.reason.id[:400], answer.reason.en[:400]),
        weight=weight,
    )


def _told(mission: Mission | None, reason_id: str, reason_en: str) -> str:
    told = {
        "code": mission.code if mission else "",
        "name": mission.name if mission else "",
        "phones": [*mission.hotlines, *mission.phones] if mission else [],
        "reason": {"id": reason_id, "en": reason_en},
    }
    return json.dumps(told, ensure_ascii=False)
