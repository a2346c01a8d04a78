"""A crisis with three missions: Kathmandu (no account), Dhaka and New Delhi with officers."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from alerts.crises.models import Crisis, CrisisMission
from alerts.sitreps import actions
from commandcenter.access.models import Role
from missions.countries.models import Country
from missions.directory.models import Mission

AREA = {"type": "Polygon", "coordinates": [[[85, 27], [86, 27], [86, 28], [85, 28], [85, 27]]]}
PLACES = {"dhaka": ("KBRI Dhaka", "BD", "Asia/Dhaka"), "newdelhi": ("KBRI New Delhi", "IN", "Asia/Kolkata")}


def make_mission(code: str) -> Mission:
    """One mission with a telephone."""
    name, iso, zone = PLACES.get(code, (f"KBRI {code}", "NP", "Asia/Kathmandu"))
    country, _made = Country.objects.get_or_create(iso2=iso, defaults={"name_id": iso, "name_en": iso})
    fields = {"name": name, "kind": "KBRI", "seat_city": "Kota", "operating_city": "Kota", "timezone": zone}
    more = {"host_country": country, "operating_country": country, "phones": ["+8801711000001"], "hotlines": []}
    return Mission.objects.get_or_create(code=code, defaults={**fields, **more})[0]


class World:
    """What tests do again and again, in live work or in an exercise."""

    def __init__(self, people: Any, at: datetime, exercise: str = "", slug: str = "gempa-kathmandu") -> None:
        self.people, self.at, self.exercise = people, at, exercise
        lead = people.reader(Role.SUPERVISOR, exercise=exercise)
        box = {"west": 85, "south": 27, "east": 86, "north": 28}
        who = {"lead_id": lead.user_id, "declared_by_id": lead.user_id, "declared_at": at}
        fields = {"name": "Gempa Kathmandu", "kind": "earthquake", "level": 1, "area": AREA, "area_source": "draw"}
        self.crisis = Crisis.objects.create(slug=slug, exercise=exercise, **fields, **box, **who)
        for code in ("dhaka", "newdelhi", "kathmandu"):
            mission = make_mission(code)
            CrisisMission.objects.create(crisis=self.crisis, mission=mission, reason_id="wilayah", reason_en="area")

    def reader(self, role: Role | str, mission: str = "", username: str = "") -> Any:
        return self.people.reader(role, mission, exercise=self.exercise, username=username)

    @property
    def operator(self) -> Any:
        return self.reader(Role.OPERATOR)

    def officer(self, mission: str = "dhaka") -> Any:
        return self.reader(Role.MISSION_OFFICER, mission)

    def ask(self, *missions: str, at: datetime | None = None) -> Any:
        """Requests to these missions; the request itself when it is one."""
        for mission in missions:
            if mission != "kathmandu":
                self.officer(mission)
        made = actions.request_reports(
            actor=self.operator, at=at or self.at, crisis=self.crisis, mission_codes=list(missions)
        )
        return made[0] if len(made) == 1 else made

    def file(self, request: Any, *, at: datetime | None = None, **given: Any) -> Any:
        """File a report of the request's mission; figures as {"wni.dead": 2}."""
        moment = at or self.at
        figures = {
            key: value if isinstance(value, tuple) else (value, None) for key, value in given.pop("figures", {}).items()
        }
        answer = given.pop("answer", "figures")
        actor = given.pop("actor", None) or self.officer(request.mission_id)
        values = {"client_id": uuid.uuid4(), "as_of": moment, **given}
        return actions.file_report(actor=actor, at=moment, request=request, answer=answer, figures=figures, **values)


@pytest.fixture
def world(people: Any, at: datetime) -> World:
    """Live work."""
    return World(people, at)


@pytest.fixture
def drill(people: Any, at: datetime) -> World:
    """The same in an exercise."""
    from alerts.exercises.models import Exercise

    starter = people.reader(Role.SUPERVISOR)
    Exercise.objects.create(
        slug="hk", name_id="HK", name_en="HK", scenario="hk", started_by_id=starter.user_id, started_at=at
    )
    return World(people, at, exercise="hk")


@pytest.fixture
def events() -> Any:
    """events(kind) lists the log."""
    from commandcenter.events.models import Event

    return lambda kind: list(Event.objects.filter(kind=kind).order_by("id"))


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """Real commits, for threads. The log refuses to be emptied afterwards; flushing sets its triggers again."""
    yield
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS event_no_delete")


__all__ = ["World", "committed", "drill", "events", "world"]
