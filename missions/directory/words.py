"""Why a mission answers, in both languages at once: the reason is stored and sent, so it can't wait for a reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from missions.countries.models import Country
from missions.directory.models import Mission


@dataclass(frozen=True, slots=True)
class Reason:
    """One explanation in Indonesian and English."""

    id: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "id").startswith("en") else self.id

    def __add__(self, other: Reason) -> Reason:
        """Join two sentences."""
        return Reason(f"{self.id} {other.id}".strip(), f"{self.en} {other.en}".strip())


NOTHING = Reason("", "")

# rule -> (Indonesian, English); {km} is a whole number of kilometres.
SENTENCES = {
    "district": ("{part} adalah wilayah kerja {mission}.", "{part} is in the consular area of {mission}."),
    "host": ("{mission} adalah perwakilan di {country}.", "{mission} is the mission in {country}."),
    "rest": (
        "{part} tidak termasuk wilayah kerja konsulat, jadi ditangani {mission}.",
        "{part} is in no consulate's area, so {mission} answers.",
    ),
    "consular": ("{country} adalah wilayah kerja {mission}.", "{country} is in the consular area of {mission}."),
    "accredited": ("{mission} merangkap {country}.", "{mission} is accredited to {country}."),
    "unclear-part": (
        "Pembagian wilayah kerja di {country} untuk titik ini tidak pasti; {mission} terdekat ({km} km).",
        "How {country} is divided at this point is not certain; {mission} is the nearest ({km} km).",
    ),
    "nearest": (
        "Tidak ada perwakilan yang tercatat untuk {country}; {mission} terdekat ({km} km).",
        "No mission is recorded for {country}; {mission} is the nearest ({km} km).",
    ),
    "nobody": ("Tidak ada perwakilan yang tercatat untuk {country}.", "No mission is recorded for {country}."),
    "home": ("Titik ini di wilayah Indonesia; ditangani DCC.", "This point is in Indonesia; the DCC answers."),
    "high-seas": (
        "Di laut lepas, lebih dari 200 mil laut dari pantai ({country}, {km} km); ditangani DCC.",
        "On the high seas, over 200 nautical miles from the coast ({country}, {km} km); the DCC answers.",
    ),
    "no-country": ("Wilayah tanpa negara yang pasti; ditangani DCC.", "No certain country here; the DCC answers."),
    "no-location": ("Lokasi dan negara tidak diketahui; ditangani DCC.", "Place and country unknown; the DCC answers."),
    "at-sea": ("Di laut, {km} km dari pantai {country}.", "At sea, {km} km off the coast of {country}."),
    "no-position": ("Bagian negara tidak diketahui.", "The part of the country is not known."),
    "works-from": ("Saat ini bekerja dari {city}.", "It now works from {city}."),
    "closed": ("{mission} sedang tutup.", "{mission} is closed."),
    "unverified": ("Wilayah kerja ini belum terverifikasi.", "This consular area is unverified."),
    "hand-line": ("Garis batas bagian ini dihampiri.", "The line of this part is approximate."),
}


def say(
    sentence: str,
    *,
    mission: Mission | None = None,
    country: Country | None = None,
    part: str = "",
    km: float = 0,
    city: str = "",
) -> Reason:
    """Return one sentence in both languages."""
    names = (country.name_id, country.name_en) if country else ("?", "?")
    return _said(sentence, mission.name if mission else "", names, part, f"{km:.0f}", city)


@lru_cache(maxsize=4096)
def _said(sentence: str, mission: str, country: tuple[str, str], part: str, km: str, city: str) -> Reason:
    """Intake says the same few sentences again and again."""
    spoken = (
        text.format(mission=mission, country=name, part=part, km=km, city=city)
        for text, name in zip(SENTENCES[sentence], country, strict=True)
    )
    return Reason(*(text.replace("..", ".") for text in spoken))  # "Washington D.C.." at the end of a sentence
