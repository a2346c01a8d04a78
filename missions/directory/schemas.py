"""What the public API says about countries and missions."""

from __future__ import annotations

from ninja import Schema

from missions.countries.models import Country
from missions.directory.models import Mission
from missions.directory.responsible import Answer


class Words(Schema):
    """One text in both languages."""

    id: str
    en: str


class City(Schema):
    """A city and its country (ISO 3166-1 alpha-2)."""

    city: str
    country: str


class Position(Schema):
    """WGS 84 degrees; `precision` is "building" or "city", and `source` says where it is from."""

    lat: float
    lon: float
    precision: str
    source: str


class Numbers(Schema):
    """Telephone numbers as published, and those of them that are certain as E.164. Blank is unknown."""

    published: str
    e164: list[str]


class Hotline(Numbers):
    """`news` is a number quoted by the press, unverified, with its source."""

    news: str
    news_source: str


class MissionOut(Schema):
    """One mission."""

    code: str
    name: str
    kind: str
    is_open: bool
    seat: City
    operating: City
    works_elsewhere: bool
    position: Position | None
    timezone: str
    address: str
    phones: Numbers
    hotline: Hotline
    whatsapp: str
    email: str
    website: str
    source: str
    note: Words


class ResponsibleOut(Schema):
    """Who answers for a point; `mission` null is the DCC itself."""

    mission: MissionOut | None
    reason: Words
    rule: str
    country: str | None
    verified: bool
    alternatives: list[str]


class EmergencyNumbers(Schema):
    """Local emergency numbers, not split by service."""

    numbers: list[str]
    source: str


class CountryOut(Schema):
    """One country; a blank is unknown."""

    iso2: str
    iso3: str
    name: Words
    capital: str
    lat: float | None
    lon: float | None
    bbox: list[float]
    dial_code: str
    currencies: list[str]
    languages: list[str]
    timezones: list[str]
    emergency: EmergencyNumbers
    missions: list[str]
    source: str


def mission_out(mission: Mission) -> MissionOut:
    """Return what the API says of a mission."""
    position = None
    if mission.lat is not None and mission.lon is not None:
        position = Position(
            lat=mission.lat, lon=mission.lon, precision=mission.precision, source=mission.position_source
        )
    return MissionOut(
        code=mission.code,
        name=mission.name,
        kind=mission.kind,
        is_open=mission.is_open,
        seat=City(city=mission.seat_city, country=mission.host_country_id),
        operating=City(city=mission.operating_city, country=mission.operating_country_id),
        works_elsewhere=mission.works_elsewhere,
        position=position,
        timezone=mission.timezone,
        address=mission.address,
        phones=Numbers(published=mission.phone_raw, e164=mission.phones),
        hotline=Hotline(
            published=mission.hotline_raw,
            e164=mission.hotlines,
            news=mission.hotline_news,
            news_source=mission.hotline_news_source,
        ),
        whatsapp=mission.whatsapp_raw,
        email=mission.email,
        website=mission.website,
        source=mission.source,
        note=Words(id=mission.note_id, en=mission.note_en),
    )


def responsible_out(answer: Answer) -> ResponsibleOut:
    """Return what the API says of a choice."""
    return ResponsibleOut(
        mission=mission_out(answer.mission) if answer.mission else None,
        reason=Words(id=answer.reason.id, en=answer.reason.en),
        rule=answer.rule,
        country=answer.country,
        verified=answer.verified,
        alternatives=[mission.code for mission in answer.alternatives()],
    )


def country_out(country: Country, missions: list[str]) -> CountryOut:
    """Return what the API says of a country."""
    return CountryOut(
        iso2=country.iso2,
        iso3=country.iso3,
        name=Words(id=country.name_id, en=country.name_en),
        capital=country.capital,
        lat=country.lat,
        lon=country.lon,
        bbox=country.bbox,
        dial_code=country.dial_code,
        currencies=country.currencies,
        languages=country.languages,
        timezones=country.timezones,
        emergency=EmergencyNumbers(numbers=country.emergency_numbers, source=country.emergency_numbers_source),
        missions=missions,
        source=country.source,
    )
