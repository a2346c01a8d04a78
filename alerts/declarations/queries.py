"""What declaring an area would mean: countries, missions, headcounts, overlaps."""

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.crises.models import Crisis
from alerts.crises.queries import CountryHeadcounts, Follower, followers, headcounts_of, overlapping
from missions.countries.models import Country


@dataclass(frozen=True, slots=True)
class Preview:
    """What declaring this area would mean."""

    countries: list[Country]
    followers: list[Follower]
    headcounts: list[CountryHeadcounts]
    overlaps: list[Crisis]


def preview(area: object, countries: Iterable[str], exercise: str) -> Preview:
    """What declaring this area would mean: missions, headcounts, overlaps."""
    codes = list(countries)
    found = sorted(Country.objects.filter(pk__in=codes), key=lambda country: country.name)
    return Preview(found, followers(area, codes), headcounts_of(found), overlapping(area, exercise))


def country_names() -> list[tuple[str, str]]:
    """Every country with its name in the active language, by name."""
    found = [(country.iso2, country.name) for country in Country.objects.all()]
    return sorted(found, key=lambda pair: pair[1].casefold())
