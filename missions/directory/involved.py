"""Which missions a crisis concerns: those whose consular area meets its area or its countries."""

from __future__ import annotations

from collections.abc import Iterable

from missions.countries import geo
from missions.countries.models import Country
from missions.directory.models import ConsularArea, Mission
from missions.directory.queries import Directory, directory
from missions.directory.responsible import HOME, responsible_mission
from missions.directory.words import Reason, say


def missions_for_area(area: object | None, countries: Iterable[str] = ()) -> list[tuple[Mission, Reason]]:
    """Return the missions of a crisis with the reason for each.

    `area` is GeoJSON or None; `countries` are ISO codes, and where there are none the area's own countries count.
    Where a country is divided, only the consulates whose district meets the area are named. An area at sea
    belongs to the mission that answers for its middle.
    """
    known = directory()
    codes = sorted({code.upper() for code in countries}) or (geo.countries_in(area) if area else [])
    parts = set(geo.parts_in(area)) if area else None
    found: dict[str, tuple[Mission, Reason]] = {}
    for code in codes:
        country = known.countries.get(code)
        if country is None or code == HOME:
            continue
        for mission, reason in _of_country(known, country, parts, area):
            found.setdefault(mission.code, (mission, reason))
    if not found and area and HOME not in codes:
        lat, lon = geo.centre(area)
        answer = responsible_mission(lat=lat, lon=lon)
        if answer.mission:
            found[answer.mission.code] = (answer.mission, answer.reason)
    return list(found.values())


def _of_country(
    known: Directory, country: Country, parts: set[str] | None, area: object | None
) -> Iterable[tuple[Mission, Reason]]:
    divided = known.parts.get(country.iso2, {})
    own = {part for part in parts if part.startswith(f"{country.iso2}-")} if parts is not None else None
    # No drawn part meets the area (a small island, say): better one mission too many than the right one missing.
    touched = set(divided) if not own else own & set(divided)
    undivided = not own or bool(own - set(divided))
    if undivided or not divided:
        yield from _whole_country(known, country, area)
    for part in sorted(touched):
        for consular in divided[part]:
            mission = known.mission_of(consular)
            if mission.is_open:
                yield mission, _reason(consular, say("district", mission=mission, part=consular.part_name))
    if not (undivided or not divided) and not any(known.mission_of(a).is_open for p in touched for a in divided[p]):
        yield from _whole_country(known, country, area)


def _whole_country(known: Directory, country: Country, area: object | None) -> Iterable[tuple[Mission, Reason]]:
    for consular in known.whole.get(country.iso2, ()):
        mission = known.mission_of(consular)
        if mission.is_open:
            yield mission, _reason(consular, say(consular.relation, mission=mission, country=country))
            return
    centre = geo.centre(area) if area else (country.lat, country.lon)
    if centre[0] is None or centre[1] is None:
        return
    for km, mission in known.near(centre[0], centre[1])[:1]:
        yield mission, say("nearest", mission=mission, country=country, km=km) + say("unverified")


def _reason(consular: ConsularArea, reason: Reason) -> Reason:
    return reason if consular.verified else reason + say("unverified")
