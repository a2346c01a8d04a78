"""A crisis with two missions, and officers who file real reports."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.crises.models import Crisis, CrisisMission
from alerts.ledger import actions
from alerts.sitreps import actions as sitreps
from alerts.sitreps.models import SituationReport
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from missions.countries.models import Country
from missions.directory.models import Mission
from missions.headcounts.models import Headcount

AREA = {"type": "Polygon", "coordinates": [[[114.1, 22.4], [114.3, 22.4], [114.3, 22.5], [114.1, 22.5], [114.1, 22.4]]]}


def a_mission(code: str, name: str) -> Mission:
    """One mission with one telephone, also where the reference data are loaded."""
    country, _made = Country.objects.get_or_create(iso2="HK", defaults={"name_id": "Hong Kong", "name_en": "Hong Kong"})
    mission, _made = Mission.objects.update_or_create(
        code=code,
        defaults={
            "hotlines": [],
            "name": name,
            "kind": "KJRI",
            "seat_city": "Hong Kong",
            "host_country": country,
            "operating_city": "Hong Kong",
            "operating_country": country,
            "timezone": "Asia/Hong_Kong",
            "phones": ["+85236510200"],
        },
    )
    return mission


def a_crisis(people: Any, at: datetime, *, slug: str = "wang-fuk", exercise: str = "") -> Crisis:
    """An open crisis that involves two missions, in a world without headcounts."""
    Headcount.objects.all().delete()
    lead = people.reader(Role.SUPERVISOR).user_id
    crisis = Crisis.objects.create(
        slug=slug,
        exercise=exercise,
        name="Kebakaran Wang Fuk Court",
        kind="fire",
        level=1,
        area=AREA,
        area_source="radius",
        countries=["HK"],
        west=114.1,
        south=22.4,
        east=114.3,
        north=22.5,
        lead_id=lead,
        declared_by_id=lead,
        declared_at=at,
    )
    for code, name in (("kjri-hongkong", "KJRI Hongkong"), ("kjri-guangzhou", "KJRI Guangzhou")):
        CrisisMission.objects.create(
            crisis=crisis, mission=a_mission(code, name), reason_id="alasan", reason_en="reason"
        )
    return crisis


@pytest.fixture
def crisis(people: Any, at: datetime) -> Crisis:
    """In live work."""
    return a_crisis(people, at)


@pytest.fixture
def verifier(people: Any) -> Reader:
    """A verifier in live work."""
    return people.reader(Role.VERIFIER)


Report = Callable[..., SituationReport]


@pytest.fixture
def report(people: Any, crisis: Crisis, at: datetime) -> Report:
    """report(minute, {"wni.dead": 2}, ...) files one, so many minutes after the declaration."""

    def file(minute: int, figures: dict[str, Any], *, mission: str = "kjri-hongkong", of: Crisis = crisis, **more: Any):
        when = at + timedelta(minutes=minute)
        operator = people.reader(Role.OPERATOR, exercise=of.exercise)
        officer = people.reader(Role.MISSION_OFFICER, mission, exercise=of.exercise)
        [request] = sitreps.request_reports(actor=operator, at=when, crisis=of, mission_codes=[mission])
        ends = {key: value if isinstance(value, tuple) else (value, None) for key, value in figures.items()}
        filed = sitreps.file_report(
            actor=officer,
            at=when,
            request=request,
            client_id=uuid.uuid4(),
            answer=more.pop("answer", "figures"),
            figures=ends,
            as_of=more.pop("as_of", when),
            **more,
        )
        return filed.report

    return file


@pytest.fixture
def make_official(verifier: Reader, crisis: Crisis, later: datetime) -> Callable[..., None]:
    """make_official(report, *keys) makes the report's figures official."""

    def choose(told: SituationReport, *keys: str, minute: int = 0) -> None:
        actions.choose_row(
            actor=verifier,
            at=later + timedelta(minutes=minute),
            crisis=crisis,
            report=told,
            keys=keys or [figure.key for figure in told.figures.all()],
            reason="baris ini",
        )

    return choose


@pytest.fixture
def later() -> datetime:
    """An hour after the declaration."""
    return datetime(2026, 5, 12, 21, 5, tzinfo=UTC)


def figure_of(report: SituationReport, key: str):
    """One reported figure."""
    return report.figures.select_related("report").get(key=key)
