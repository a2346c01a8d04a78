"""Which mission answers for a place (domain.md rule 10), with the reason in words.

Consular area first (part of a country, then accreditation), then open or closed, then distance. A point at sea belongs
to the nearest coast within 200 nautical miles, else to the DCC. A permanent mission (PTRI) never answers for citizens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from missions.countries import geo
from missions.countries.models import Country
from missions.directory.models import ConsularArea, Mission
from missions.directory.queries import Directory, directory
from missions.directory.words import NOTHING, Reason, say

HOME = "ID"
MAX_ALTERNATIVES = 3
Known = tuple[Directory, geo.CountryAnswer | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """The responsible mission, None is the DCC itself; `rule` keys the sentence that decided; others when asked."""

    mission: Mission | None
    reason: Reason
    rule: str
    country: str | None
    alternatives: Callable[[], tuple[Mission, ...]] = tuple
    verified: bool = True
    part: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What is known about where somebody is."""

    lat: float | None
    lon: float | None
    country: Country | None
    found: geo.CountryAnswer | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """Return (lat, lon), None when there is no position."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)

    @property
    def prelude(self) -> Reason:
        """Return what must be said about the place before the choice."""
        if self.found is None:
            return NOTHING
        note = Reason(self.found.note_id, self.found.note_en)
        if self.found.at_sea and self.found.iso2:
            return note + say("at-sea", country=self.country, km=self.found.distance_km)
        return note


def responsible_mission(
    *, lat: float | None, lon: float | None, country: str = "", known: Known | None = None
) -> Answer:
    """Return the mission that answers for a place: by position, or by `country` (ISO code) where there is none.

    Who asks for many passes what it looked up for all at once (`known`: the directory, and geo.countries_of the point).
    """
    reference, found = known or (directory(), None)
    if lat is None or lon is None:
        place = Place(None, None, reference.countries.get(country.upper()))
        return _in_country(reference, place) if place.country else _dcc("no-location", reference, place)
    found = found or geo.country_of(lat, lon)
    place = Place(lat, lon, reference.countries.get(found.iso2 or ""), found)
    if place.country:
        return _in_country(reference, place)
    # Shown as a choice for the operator: the DCC keeps it until somebody decides.
    return _dcc("high-seas" if found.at_sea else "no-country", reference, place)


def _dcc(rule: str, known: Directory, place: Place) -> Answer:
    country = place.country or known.countries.get((place.found.nearest if place.found else None) or "")
    km = place.found.nearest_km if place.found else None
    reason = place.prelude + say(rule, country=country, km=km or 0)
    iso2 = place.country.iso2 if place.country else None
    return Answer(None, reason, rule, iso2, partial(_others, known, place, None, None))


def _in_country(known: Directory, place: Place) -> Answer:
    country = place.country
    assert country is not None  # noqa: S101 - both callers looked
    if country.iso2 == HOME:
        return Answer(None, place.prelude + say("home"), "home", HOME)
    chosen, closed = _by_area(known, place, country)
    if chosen is None:
        chosen = _nearest(known, place, country)
    rule, mission, sentence, verified, part = chosen
    reason = place.prelude
    for shut in closed:
        reason += say("closed", mission=shut)
    reason += sentence
    if mission and mission.works_elsewhere and mission.seat_city != mission.operating_city:
        reason += say("works-from", city=mission.operating_city)
    others = partial(_others, known, place, country, mission)
    return Answer(mission, reason, rule, country.iso2, others, verified, part)


Choice = tuple[str, Mission | None, Reason, bool, str]


def _by_area(known: Directory, place: Place, country: Country) -> tuple[Choice | None, list[Mission]]:
    """Return the choice that a consular area makes, and the closed missions passed over."""
    closed: list[Mission] = []
    part, areas = _part_areas(known, place, country)
    if areas:
        open_areas = _open(known, areas, closed)
        if open_areas:
            return _district(known, place, country, part, open_areas), closed
    for area in _open(known, known.whole.get(country.iso2, []), closed):
        return _whole(known, area, country, part, place), closed
    return None, closed


def _open(known: Directory, areas: Sequence[ConsularArea], closed: list[Mission]) -> list[ConsularArea]:
    found = []
    for area in areas:
        mission = known.mission_of(area)
        if mission.is_open and mission.serves_citizens:
            found.append(area)
        elif mission not in closed and not mission.is_open:
            closed.append(mission)
    return found


def _part_areas(known: Directory, place: Place, country: Country) -> tuple[str, list[ConsularArea]]:
    """Return the part at the point and the consular areas that name it."""
    divided = known.parts.get(country.iso2)
    if not divided or place.point is None:
        return "", []
    found = geo.part_of(*place.point, country.iso2)
    if found is None:  # the country is divided but the tables do not draw its parts
        return "", [area for areas in divided.values() for area in areas] + known.whole.get(country.iso2, [])
    return found[0], divided.get(found[0], [])


def _district(known: Directory, place: Place, country: Country, part: str, areas: list[ConsularArea]) -> Choice:
    verified = all(area.verified for area in areas)
    missions = {known.mission_of(area).code: area for area in areas}
    if len(missions) > 1 and place.point:
        km, mission = known.near(*place.point, among=[known.missions[code] for code in missions])[0]
        return "unclear-part", mission, say("unclear-part", mission=mission, country=country, km=km), False, part
    area = areas[0]
    mission = known.mission_of(area)
    reason = say("district", mission=mission, part=area.part_name)
    if not verified:
        reason += say("unverified")
    elif area.note_en:
        reason += say("hand-line")
    return "district", mission, reason, verified, part


def _whole(known: Directory, area: ConsularArea, country: Country, part: str, place: Place) -> Choice:
    mission = known.mission_of(area)
    rule: str = area.relation
    if part and rule == "host":
        reason = say("rest", mission=mission, part=_part_name(part, country))
    else:
        reason = say(rule, mission=mission, country=country)
    if known.parts.get(country.iso2) and place.point is None:
        reason = say("no-position") + reason
    if not area.verified:
        reason += say("unverified")
    return rule, mission, reason, area.verified, part


def _part_name(part: str, country: Country) -> str:
    return geo.part_names().get(part, country.name_id)


def _nearest(known: Directory, place: Place, country: Country) -> Choice:
    """Return the nearest open mission for a country that no row names, or the DCC when even the place is unknown."""
    point = place.point
    if point is None and country.lat is not None and country.lon is not None:
        point = (country.lat, country.lon)
    near = known.near(*point) if point else []
    if not near:
        return "nobody", None, say("nobody", country=country), True, ""
    km, mission = near[0]
    reason = say("nearest", mission=mission, country=country, km=km) + say("unverified")
    return "nearest", mission, reason, False, ""


def _others(known: Directory, place: Place, country: Country | None, chosen: Mission | None) -> tuple[Mission, ...]:
    """Return other missions an operator may choose: those of the country, then the nearest."""
    serving = known.serving(country.iso2) if country else []
    pool = [mission for mission in serving if mission.serves_citizens and mission.is_open]
    if place.point:
        near = [mission for _, mission in known.near(*place.point)]
        pool = [mission for mission in near if mission in pool] + near[: MAX_ALTERNATIVES + 1]
    return tuple(mission for mission in dict.fromkeys(pool) if mission != chosen)[:MAX_ALTERNATIVES]
