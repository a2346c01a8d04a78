"""Reads: who sees which crisis, emergencies inside the area, overlap, headcounts, the log."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from alerts.crises import actions, queries
from alerts.crises.models import Crisis
from alerts.emergencies.models import Emergency, State
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from missions.countries.models import Country
from tests.alerts.crises.conftest import TAI_PO
from tests.conftest import AT, People

FIJI = {"type": "Polygon", "coordinates": [[[177, -19], [-179, -19], [-179, -16], [177, -16], [177, -19]]]}


@pytest.fixture
def crisis(fire: dict[str, Any]) -> Crisis:
    return actions.declare(**fire)


def emergency(lat: float | None, lon: float | None, **fields: Any) -> Emergency:
    base = {"nature": "panic", "priority": 1, "pressed_at": AT, "received_at": AT}
    return Emergency.objects.create(client_id=uuid.uuid4(), latitude=lat, longitude=lon, **base | fields)


@pytest.mark.parametrize(
    ("role", "mission", "sees"),
    [
        (Role.OPERATOR, "", True),
        (Role.SUPERVISOR, "", True),
        (Role.VERIFIER, "", True),
        (Role.MINISTER, "", True),
        (Role.SPOKESPERSON, "", True),
        (Role.AUDITOR, "", False),
        (Role.ADMINISTRATOR, "", False),
        (Role.MISSION_OFFICER, "kjri-hongkong", True),
        (Role.AMBASSADOR, "kbri-khartoum", False),
    ],
)
def test_who_sees_a_crisis(role: Role, mission: str, sees: bool, crisis: Crisis, people: People) -> None:
    reader = people.reader(role, mission)
    assert (queries.crisis(reader, crisis.slug) is not None) is sees
    assert bool(queries.open_crises(reader)) is sees
    assert queries.crisis(people.reader(role, mission, exercise="drill"), crisis.slug) is None


def test_open_crises_come_by_level_then_newest(fire: dict[str, Any], operator: Reader) -> None:
    for name, level, minute in (("a", 2, 0), ("b", 1, 1), ("c", 2, 2)):
        actions.declare(**fire | {"name": name, "level": level, "at": AT + timedelta(minutes=minute)})
    assert [crisis.name for crisis in queries.open_crises(operator)] == ["b", "c", "a"]


def test_emergencies_in_are_open_inside_and_of_this_world(crisis: Crisis, operator: Reader) -> None:
    second = emergency(22.45, 114.15, priority=2)
    first = emergency(22.4, 114.1)  # on the corner
    emergency(22.39, 114.15)
    emergency(None, None)
    emergency(22.45, 114.15, exercise="drill")
    done = {"state": State.RESOLVED, "taken_by_id": operator.user_id, "next_contact_at": AT, "resolved_at": AT}
    emergency(22.45, 114.15, **done)
    assert queries.emergencies_in(crisis, operator) == [first, second]


def test_emergencies_in_shows_a_mission_its_own(crisis: Crisis, people: People) -> None:
    own = emergency(22.45, 114.15, mission_id="kjri-hongkong")
    emergency(22.45, 114.15, mission_id="kbri-manila")
    emergency(22.45, 114.15)
    assert queries.emergencies_in(crisis, people.reader(Role.MISSION_OFFICER, "kjri-hongkong")) == [own]


def test_an_area_across_the_antimeridian_holds_both_sides(fire: dict[str, Any], operator: Reader) -> None:
    crisis = actions.declare(**fire | {"name": "Topan Fiji", "area": FIJI})
    assert crisis.west > crisis.east
    both = [emergency(-17, 178), emergency(-17, -179.5)]
    emergency(-17, 0)
    assert queries.emergencies_in(crisis, operator) == both


def test_overlapping_finds_open_crises_of_this_world_only(
    fire: dict[str, Any], crisis: Crisis, supervisor: Reader
) -> None:
    elsewhere = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    across = {
        "type": "Polygon",
        "coordinates": [[[114, 22.44], [115, 22.44], [115, 22.46], [114, 22.44]]],
    }
    assert queries.overlapping(across, "") == [crisis]
    assert queries.overlapping(elsewhere, "") == []
    assert queries.overlapping(TAI_PO, "drill") == []
    actions.stand_down(actor=supervisor, at=AT, slug=crisis.slug, version=1)
    assert queries.overlapping(TAI_PO, "") == []


def test_headcounts_are_the_newest_of_each_estimator_side_by_side(reference: None, db: None) -> None:
    (found,) = queries.headcounts_of([Country.objects.get(pk="HK")])
    kinds = [row.estimator for row in found.estimates]
    assert kinds
    assert len(kinds) == len(set(kinds))


def test_a_doubtful_consular_area_says_so(reference: None, db: None) -> None:
    everywhere = [country.iso2 for country in Country.objects.all()]
    unverified = [row for row in queries.followers(TAI_PO, everywhere) if not row.verified]
    assert unverified
    assert all("unverified" in row.reason_en for row in unverified)
