"""GET /api/v1/map/clusters: who sees what of a view, never more than 50 KB, nonsense refused with its field."""

import json
from typing import Any

import pytest
from django.test import Client

from alerts.cells.models import Cell
from alerts.cells.morton import cell_at, key_of
from alerts.cells.rules import MICRO, Group, coarser, level_for
from alerts.emergencies import actions
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.dashboard import clusters
from commandcenter.live.models import AudienceHead
from tests.alerts.emergencies.conftest import Make, make
from tests.conftest import AT, People

__all__ = ["make"]
pytestmark = pytest.mark.django_db
URL = "/api/v1/map/clusters"
WORLD = {"bbox": "-180,-90,180,90", "zoom": 3}


@pytest.fixture
def desk(people: People) -> Client:
    return people.client(Role.OPERATOR)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells from the first emergency on."""
    monkeypatch.setattr(clusters, "MOST_POINTS", 0)


def asked(client: Client, **given: Any) -> dict[str, Any]:
    """As after a newer frame: nothing is answered from memory."""
    clusters._view.cache_clear()
    answer = client.get(URL, {**WORLD, **given})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_few_are_points_with_their_exact_place(make: Make, desk: Client) -> None:
    one, other = make(), make(kind="other", lat=-37.81, lon=144.96)
    make(lat=None)
    found = asked(desk)
    assert found["total"] == 2
    assert found["points"] == [
        [one.number, 114.1688, 22.45, 1, "new", 1, 25],
        [other.number, 144.96, -37.81, 2, "new", 1, 25],
    ]


def test_many_are_cells_with_the_worst_priority_that_nobody_has_taken(
    make: Make, desk: Client, operator: Reader, few: None
) -> None:
    critical, high = make(), make(kind="other")
    assert asked(desk)["cells"] == [[114.17, 22.45, 2, 1, 1]]
    actions.take(actor=operator, number=critical.number, at=AT)
    assert asked(desk)["cells"] == [[114.17, 22.45, 2, 2, 1]]
    actions.take(actor=operator, number=high.number, at=AT)
    assert asked(desk)["cells"] == [[114.17, 22.45, 2, 1, 0]]


@pytest.mark.parametrize(
    ("params", "n"),
    [
        ({}, 3),
        ({"state": "new"}, 2),
        ({"state": "taken"}, 1),
        ({"state": "resolved"}, 1),
        ({"state": "all"}, 4),
        ({"state": "mine"}, 1),
        ({"priority": "2"}, 1),
        ({"country": "au"}, 1),
        ({"mission": "kjri-hongkong"}, 2),
        ({"q": "sydn"}, 1),
        ({"state": "new", "priority": "1"}, 1),
    ],
)
@pytest.mark.parametrize("most", [0, 750])
def test_cells_counted_rows_and_points_agree_under_every_filter(
    make: Make,
    desk: Client,
    operator: Reader,
    monkeypatch: pytest.MonkeyPatch,
    params: dict[str, str],
    n: int,
    most: int,
) -> None:
    _new, taken, gone = make(), make(), make()
    make(kind="other", lat=-37.81, lon=144.96, place="Sydney")
    actions.take(actor=operator, number=taken.number, at=AT)
    actions.take(actor=operator, number=gone.number, at=AT)
    actions.resolve(actor=operator, number=gone.number, at=AT, outcome="helped")
    monkeypatch.setattr(clusters, "MOST_POINTS", most)
    assert asked(desk, **params)["total"] == n
    assert asked(desk, **params, zoom=16)["total"] == n


def test_a_mission_sees_its_own_whatever_it_asks_for(make: Make, people: People, few: None) -> None:
    make()
    make(lat=-37.81, lon=144.96)
    client = people.client(Role.MISSION_OFFICER, "kjri-hongkong")
    assert [cell[:2] for cell in asked(client)["cells"]] == [[114.17, 22.45]]
    assert asked(client, mission="kjri-melbourne")["total"] == 0
    assert asked(client, country="AU")["total"] == 0


def test_an_exercise_and_live_work_do_not_see_each_other(make: Make, desk: Client, few: None) -> None:
    from alerts.exercises.models import Exercise
    from commandcenter.access.models import User

    maker = User.objects.get(username="operator")
    Exercise.objects.create(slug="drill", name_id="x", name_en="x", scenario="x", started_at=AT, started_by=maker)
    make(exercise="drill")
    assert asked(desk)["total"] == 0
    assert desk.get(f"/exercises/drill{URL}", WORLD).json()["total"] == 1


def test_a_view_across_the_antimeridian_holds_both_sides_and_nothing_else(make: Make, desk: Client) -> None:
    fiji, tonga = make(lat=-16.5, lon=179.9), make(lat=-21.1, lon=-175.2)
    make()
    for most in (750, 0):
        clusters_most, clusters.MOST_POINTS = clusters.MOST_POINTS, most
        try:
            assert asked(desk, bbox="170,-30,-170,0", zoom=5)["total"] == 2
        finally:
            clusters.MOST_POINTS = clusters_most
    numbers = {point[0] for point in asked(desk, bbox="170,-30,-170,0", zoom=5)["points"]}
    assert numbers == {fiji.number, tonga.number}


@pytest.mark.parametrize("zoom", range(17))
def test_no_view_is_larger_than_50_kb(desk: Client, zoom: int) -> None:
    """A million in every square of a 4K screen."""
    z, cells = level_for(zoom), {}
    west, north, width, height = 100.0, 40.0, min(270.0, 5400 / 2**zoom), min(100.0, 2400 / 2**zoom)
    for column in range(90):
        for row in range(60):
            lat, lon = north - height * row / 60, -180 + (west + width * column / 90 + 180) % 360
            key = cell_at(key_of(lat, lon), z)
            cells[key] = Cell(
                key=key, exercise="", mission="", state="new", priority=1, n=1_000_000,
                sum_lat=round(lat * MICRO) * 1_000_000, sum_lon=round(lon * MICRO) * 1_000_000,
            )  # fmt: skip
    Cell.objects.bulk_create(cells.values())
    east = -180 + (west + width + 180) % 360
    answer = desk.get(URL, {"bbox": f"{west},{north - height},{east},{north}", "zoom": min(zoom, 14)})
    assert answer.status_code == 200
    assert len(answer.content) <= 50_000


def test_the_longest_points_fit(desk: Client) -> None:
    from datetime import UTC, datetime

    from alerts.emergencies.models import Emergency

    moment = datetime(2026, 5, 12, tzinfo=UTC)
    row = Emergency(
        pk=123_456_789, received_at=moment, latitude=-89.12345, longitude=-179.12345, priority=1, state="resolved",
        version=99, accuracy_m=1e9,
    )  # fmt: skip
    assert len(clusters._points_json([row] * clusters.MOST_POINTS)) <= 50_000


def test_coarser_cells_hold_the_same_emergencies() -> None:
    found = [Group(16 + i, 10, 20, 3, 1 + i % 2, i == 3) for i in range(16)]
    wider = coarser(found)
    assert (len(wider), sum(group.n for group in wider)) == (4, 48)
    assert [(group.priority, group.untaken) for group in wider] == [(2, True), (1, False), (1, False), (1, False)]


def test_nothing_new_is_304_and_a_new_frame_is_not(make: Make, desk: Client) -> None:
    AudienceHead.objects.create(audience="dcc", seq=7)
    first = desk.get(URL, WORLD)
    assert first["Cache-Control"] == "no-store"
    again = desk.get(URL, WORLD, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    AudienceHead.objects.update(seq=8)
    assert desk.get(URL, WORLD, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_one_view_is_made_once_for_everybody_of_an_audience(make: Make, people: People) -> None:
    make()
    clusters._view.cache_clear()
    first = people.client(Role.OPERATOR).get(URL, WORLD).content
    people.client(Role.SUPERVISOR).get(URL, WORLD)
    assert clusters._view.cache_info().misses == 1
    make()
    mission = people.client(Role.MISSION_OFFICER, "kjri-melbourne").get(URL, WORLD)
    assert (mission.json()["total"], clusters._view.cache_info().misses) == (0, 2)
    AudienceHead.objects.create(audience="dcc", seq=1)
    assert people.client(Role.OPERATOR).get(URL, WORLD).content != first
    for role in (Role.OPERATOR, Role.SUPERVISOR):
        people.client(role).get(URL, {**WORLD, "state": "mine"})
    assert clusters._view.cache_info().misses == 5


def test_strangers_and_other_roles_are_refused(client: Client, people: People) -> None:
    assert client.get(URL, WORLD).status_code == 401
    for role in (Role.MINISTER, Role.SPOKESPERSON, Role.AUDITOR, Role.ADMINISTRATOR):
        assert people.client(role).get(URL, WORLD).status_code == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"bbox": ""}, "bbox"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "1,2,3,4,5"}, "bbox"),
        ({"bbox": "a,b,c,d"}, "bbox"),
        ({"bbox": "nan,0,1,1"}, "bbox"),
        ({"bbox": "-inf,0,inf,1"}, "bbox"),
        ({"bbox": "0,0,1e400,1"}, "bbox"),
        ({"bbox": "-181,0,1,1"}, "bbox"),
        ({"bbox": "0,0,1,91"}, "bbox"),
        ({"bbox": "0,10,1,5"}, "bbox"),
        ({"bbox": "0,0,1,\x00"}, "bbox"),
        ({"bbox": "9" * 5000}, "bbox"),
        ({"zoom": ""}, "zoom"),
        ({"zoom": "-1"}, "zoom"),
        ({"zoom": "21"}, "zoom"),
        ({"zoom": "3.5"}, "zoom"),
        ({"zoom": "9" * 5000}, "zoom"),
        ({"zoom": "x"}, "zoom"),
    ],
)
def test_nonsense_is_refused_in_both_languages(desk: Client, given: dict[str, str], field: str) -> None:
    answer = desk.get(URL, {**WORLD, **given})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert error["id"] != error["en"]


@pytest.mark.parametrize("missing", ["bbox", "zoom"])
def test_both_are_needed(desk: Client, missing: str) -> None:
    answer = desk.get(URL, {name: value for name, value in WORLD.items() if name != missing})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, missing)


def test_the_edges_of_the_world_are_views_too(make: Make, desk: Client) -> None:
    make(lat=90.0, lon=180.0)
    make(lat=-90.0, lon=-180.0)
    for zoom in (0, 3, 16, 20):
        assert asked(desk, zoom=zoom)["total"] == 2
    assert asked(desk, bbox="180,90,180,90", zoom=20)["kind"] == "points"


def test_the_contract_is_in_the_api_description(client: Client) -> None:
    described = json.loads(client.get("/api/v1/openapi.json").content)["paths"][URL]["get"]
    assert {parameter["name"] for parameter in described["parameters"]} >= {"bbox", "zoom", "state", "q"}
