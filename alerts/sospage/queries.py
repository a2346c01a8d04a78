"""What a citizen's telephone holds of missions and countries, small enough for any line."""

import json
from hashlib import sha256
from typing import Any

from django.conf import settings

from missions.directory.models import Mission
from missions.directory.queries import directory, reference_token

# Counts up when the table changes its shape.
FORMAT = 1


def version() -> str:
    """The validator of the table: the reference data and what the installation adds to it."""
    told = f"{FORMAT} {reference_token()} {settings.SOS_SMS}"
    return sha256(told.encode()).hexdigest()[:16]


def numbers() -> dict[str, Any]:
    """Every open mission as [name, telephones, lat, lon]; every country as [emergency numbers, missions, time zones].

    A country's missions are their places in that list, the host's embassy first.
    Degrees are rounded to 0.1: they only sort a country's missions by distance.
    """
    known = directory()
    places: dict[str, int] = {}
    listed: list[list[Any]] = []
    countries: dict[str, list[Any]] = {}
    for iso2, country in known.countries.items():
        serving = [mission for mission in known.serving(iso2) if mission.is_open and mission.serves_citizens]
        for mission in serving:
            if mission.code not in places:
                places[mission.code] = len(listed)
                listed.append(_line(mission))
        countries[iso2] = [country.emergency_numbers, [places[mission.code] for mission in serving], country.timezones]
    return {"version": version(), "sms": settings.SOS_SMS, "missions": listed, "countries": countries}


def numbers_json() -> bytes:
    """The table as it goes over the line."""
    return json.dumps(numbers(), ensure_ascii=False, separators=(",", ":")).encode()


def _line(mission: Mission) -> list[Any]:
    lat, lon = (0 if degrees is None else round(degrees, 1) for degrees in (mission.lat, mission.lon))
    return [mission.name, [*mission.hotlines, *mission.phones], lat, lon]
