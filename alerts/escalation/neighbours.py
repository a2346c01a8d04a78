"""Which other mission is asked when one stays silent (domain.md section 5), and why, in words (pure but for reads)."""

from collections.abc import Iterable
from dataclasses import dataclass

from missions.directory.models import Mission
from missions.directory.queries import Directory, directory


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A mission that can be asked instead, with the reason in both languages."""

    mission: Mission
    reason_id: str
    reason_en: str


def neighbours(silent: str, countries: Iterable[str]) -> list[Neighbour]:
    """Candidates in order: who else is accredited to a country of the crisis, then the nearest by distance.

    Closed missions and those that do not serve citizens are left out.
    """
    known = directory()
    own = known.missions.get(silent)
    if own is None:
        return []
    found = {each.mission.code: each for each in _accredited(known, silent, countries)}
    if own.lat is not None and own.lon is not None:
        for km, mission in known.near(own.lat, own.lon):
            if mission.code != silent and mission.code not in found:
                away = round(km)
                found[mission.code] = Neighbour(
                    mission, f"terdekat dari {own.name}, {away} km", f"the nearest to {own.name}, {away} km"
                )
    return list(found.values())


def _accredited(known: Directory, silent: str, countries: Iterable[str]) -> list[Neighbour]:
    found = []
    for iso in countries:
        country = known.countries.get(iso)
        for mission in known.serving(iso):
            if mission.code == silent or not mission.is_open or not mission.serves_citizens:
                continue
            name_id, name_en = (country.name_id, country.name_en) if country else (iso, iso)
            found.append(Neighbour(mission, f"juga terakreditasi untuk {name_id}", f"also accredited to {name_en}"))
    return found
