"""Ready sentences in both languages, from the reference table: filled with what the emergency knows, or not offered."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils import translation

from alerts.emergencies.models import Emergency
from commandcenter import wording
from missions.countries.tables import read_table

REFERENCE = Path(__file__).parent / "reference" / "templates.csv"
BLANKS = re.compile(r"\{(\w+)\}")
HEADQUARTERS = "DCC Kemlu"


@dataclass(frozen=True, slots=True)
class Ready:
    """One ready sentence: its name in the language of the page, its text in the citizen's language."""

    code: str
    name: str
    text: str


@cache
def rows() -> tuple[dict[str, str], ...]:
    """The reference table."""
    return tuple(read_table(REFERENCE))


def language_of(emergency: Emergency) -> str:
    """The language to write to this citizen in; Indonesian where the device said nothing."""
    return "en" if emergency.language[:2].lower() == "en" else "id"


def ready(emergency: Emergency) -> list[Ready]:
    """The sentences that can be filled; one whose blank nobody can fill is left out."""
    language, page = language_of(emergency), wording.language()
    known = _known(emergency, language)
    return [
        Ready(row["code"], row[f"name_{page}"], row[f"text_{language}"].format(**known))
        for row in rows()
        if all(known.get(blank) for blank in BLANKS.findall(row[f"text_{language}"]))
    ]


def house_of(emergency: Emergency) -> str:
    """Who writes, for the citizen."""
    return emergency.mission.name if emergency.mission else HEADQUARTERS


def _known(emergency: Emergency, language: str) -> dict[str, str]:
    mission = emergency.mission
    phones = [*mission.hotlines, *mission.phones] if mission else []
    return {
        "number": emergency.number,
        "house": house_of(emergency),
        "phone": phones[0] if phones else "",
        "next": _next(emergency, language),
    }


def _next(emergency: Emergency, language: str) -> str:
    """The promised time where the mission is, with its city; in WIB where there is none."""
    promise, mission = emergency.next_contact_at, emergency.mission
    if promise is None:
        return ""
    with translation.override(language):
        if mission is None:
            return wording.in_wib(promise, now=promise).text
        return f"{wording.hours(promise.astimezone(mission.zone))} ({mission.operating_city})"
