"""Reads about crises for screens, always in the reader's own world and reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from alerts.cells.queries import Box, within
from alerts.crises import rules
from alerts.crises.models import REASON_LENGTH, Crisis, CrisisMission
from alerts.emergencies.models import Emergency
from commandcenter.access.models import DCC, User
from commandcenter.access.reader import Reader
from commandcenter.events import audiences
from missions.countries import geo
from missions.countries.models import Country
from missions.directory.involved import missions_for_area
from missions.directory.models import Mission
from missions.directory.words import say
from missions.headcounts.models import Headcount


@dataclass(frozen=True, slots=True)
class Follower:
    """A mission that answers for part of an area; `verified` is False when its consular area is not confirmed."""

    mission: Mission
    reason_id: str
    reason_en: str
    verified: bool


@dataclass(frozen=True, slots=True)
class CountryHeadcounts:
    """The newest estimate of each estimator in one country; never summed (domain.md rule 4)."""

    country: Country
    estimates: list[Headcount]


def visible(reader: Reader) -> QuerySet[Crisis]:
    """The crises of the reader's world that the reader may know of."""
    found = Crisis.objects.filter(exercise=reader.exercise).select_related("lead")
    if rules.sees_all(reader):
        return found
    if reader.is_mission:
        return found.filter(pk__in=CrisisMission.objects.filter(mission_id=reader.mission).values("crisis"))
    return found.none()


def open_crises(reader: Reader) -> list[Crisis]:
    """Open crises, gravest level first, then the newest; with the missions involved."""
    found = visible(reader).filter(stood_down_at__isnull=True).order_by("level", "-declared_at", "pk")
    return list(found.prefetch_related("involved__mission"))


def closed_crises(reader: Reader) -> QuerySet[Crisis]:
    """Crises that were stood down, the newest first."""
    return visible(reader).filter(stood_down_at__isnull=False).order_by("-stood_down_at", "pk")


def crisis(reader: Reader, slug: str) -> Crisis | None:
    """One crisis; None when there is none, or when it is not for this reader."""
    return visible(reader).filter(slug=slug).first()


def involved(found: Crisis) -> list[CrisisMission]:
    """The missions involved with the reasons, by code."""
    return list(found.involved.select_related("mission", "mission__operating_country").order_by("mission_id"))


def local_mission(found: Crisis, involved: Iterable[CrisisMission], reader: Reader) -> Mission | None:
    """The mission whose time is the local time: the reader's own, else one that sits in the area."""
    missions = [row.mission for row in involved]
    own = [mission for mission in missions if mission.code == reader.mission]
    inside = [mission for mission in missions if mission.operating_country_id in found.countries]
    return next(iter([*own, *inside, *missions]), None)


def addable_missions(found: Crisis) -> QuerySet[Mission]:
    """Open missions that the crisis does not involve yet."""
    return Mission.objects.filter(is_open=True).exclude(pk__in=found.involved.values("mission_id")).order_by("name")


def emergencies_in(found: Crisis, reader: Reader) -> list[Emergency]:
    """Open emergencies inside the area, the most urgent and oldest first; a mission sees its own."""
    around = within(Box(found.west, found.south, found.east, found.north))
    asked = Emergency.objects.filter(around, exercise=found.exercise, resolved_at__isnull=True)
    if not reader.is_dcc:
        asked = asked.filter(mission_id=reader.mission)
    near = list(asked.select_related("mission", "taken_by").order_by("priority", "received_at", "pk"))
    points = [(row.latitude or 0.0, row.longitude or 0.0) for row in near]
    return [row for row, inside in zip(near, geo.contained(found.area, points), strict=True) if inside]


def overlapping(area: object, exercise: str) -> list[Crisis]:
    """Open crises of this world that have ground in common with an area."""
    found = Crisis.objects.filter(exercise=exercise, stood_down_at__isnull=True).order_by("level", "-declared_at")
    return [crisis for crisis in found if geo.overlap(crisis.area, area)]


def followers(area: object, countries: Iterable[str]) -> list[Follower]:
    """The missions whose consular area meets an area, each with the reason."""
    doubt = say("unverified").id
    return [
        Follower(mission, reason.id[:REASON_LENGTH], reason.en[:REASON_LENGTH], doubt not in reason.id)
        for mission, reason in missions_for_area(area, countries)
    ]


def headcounts_of(countries: Iterable[Country], until: datetime | None = None) -> list[CountryHeadcounts]:
    """The newest estimate of each estimator (known by `until`), country by country."""
    rows = Headcount.objects.filter(country__in=[country.pk for country in countries], scope="country")
    rows = rows if until is None else rows.filter(added_at__lte=until)
    newest: dict[tuple[str | None, str], Headcount] = {}
    for row in rows.order_by("country_id", "estimator", "-as_of", "pk"):
        newest.setdefault((row.country_id, row.estimator), row)
    return [
        CountryHeadcounts(country, [row for (code, _kind), row in newest.items() if code == country.pk])
        for country in countries
    ]


def leads() -> QuerySet[User]:
    """People of the command centre, who may lead a crisis."""
    return User.objects.filter(is_active=True, membership__role__in=DCC).order_by("first_name", "last_name", "pk")


def hearing(crisis: Crisis) -> list[str]:
    """The audiences of what concerns the whole crisis: the command centre, the summary, every mission involved."""
    missions = crisis.involved.values_list("mission_id", flat=True)
    return [
        audiences.dcc(crisis.exercise),
        audiences.summary(crisis.exercise),
        *(audiences.mission(code, crisis.exercise) for code in missions),
    ]
