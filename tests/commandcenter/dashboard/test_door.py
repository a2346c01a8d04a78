"""The map's two doors give one answer: what a ticket is told is what a session is told, byte for byte."""

from typing import Any

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client

from commandcenter.access.models import Role, User
from commandcenter.access.reader import audience_name
from commandcenter.access.sockets import Grant
from commandcenter.dashboard import clusters, door
from commandcenter.live.models import AudienceHead
from commandcenter.problems import PROBLEM_TYPE
from tests.alerts.emergencies.conftest import Make, make
from tests.conftest import People

__all__ = ["make"]
pytestmark = pytest.mark.django_db
URL = "/api/v1/map/clusters"
WORLD = {"bbox": "-180,-90,180,90", "zoom": "3"}
HEADERS = ("Content-Type", "Cache-Control", "ETag")


def with_ticket(client: Client, base: str, asked: dict[str, str], known: str = "", exercise: str = "") -> HttpResponse:
    """What the same person's ticket is answered."""
    query = QueryDict(mutable=True)
    query.update(asked)
    user = User.objects.get(pk=client.session["_auth_user_id"])
    clusters._view.cache_clear()
    return door._answer(Grant(audience_name(base, exercise), user.pk, user.auth_epoch, ""), query, known)


def same(ours: HttpResponse, theirs: Any) -> None:
    assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content)
    assert [ours.get(name) for name in HEADERS] == [theirs.get(name) for name in HEADERS]


@pytest.mark.parametrize(
    "narrowed",
    [
        {},
        {"state": "mine"},
        {"state": "new", "priority": "1"},
        {"mission": "kjri-hongkong"},
        {"q": "x"},
        {"zoom": "16"},
    ],
)
@pytest.mark.parametrize(("role", "base"), [(Role.SUPERVISOR, "dcc"), (Role.MISSION_OFFICER, "mission:kjri-hongkong")])
@pytest.mark.parametrize("most", [0, 750])
def test_a_view_reads_the_same(
    make: Make,
    people: People,
    monkeypatch: pytest.MonkeyPatch,
    role: Role,
    base: str,
    narrowed: dict[str, str],
    most: int,
) -> None:
    make()
    make(lat=-37.81, lon=144.96)
    AudienceHead.objects.create(audience=base, seq=7)
    monkeypatch.setattr(clusters, "MOST_POINTS", most)
    client = people.client(role, "kjri-hongkong" if role == Role.MISSION_OFFICER else "")
    asked = {**WORLD, **narrowed}
    first = client.get(URL, asked)
    assert first.status_code == 200
    same(with_ticket(client, base, asked), first)
    known = first["ETag"]
    same(with_ticket(client, base, asked, known), client.get(URL, asked, headers={"If-None-Match": known}))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"bbox": "1,2,3", "zoom": "3"},
        {"bbox": "nan,0,1,1", "zoom": "3"},
        {"bbox": "0,0,1,91", "zoom": "3"},
        {"bbox": "0,0,1,1"},
        {"zoom": "3"},
        {"bbox": "0,0,1,1", "zoom": ""},
        {"bbox": "0,0,1,1", "zoom": "3.5"},
        {"bbox": "0,0,1,1", "zoom": "-1"},
        {"bbox": "0,0,1,1", "zoom": "9" * 5000},
        {"bbox": "0,0,1,1", "zoom": "x"},
    ],
)
def test_nonsense_reads_the_same(people: People, given: dict[str, str]) -> None:
    client = people.client(Role.OPERATOR)
    ours = with_ticket(client, "dcc", given)
    assert (ours.status_code, ours["Content-Type"]) == (422, PROBLEM_TYPE)
    same(ours, client.get(URL, given))


def test_a_role_without_a_map_reads_the_same(people: People) -> None:
    client = people.client(Role.MINISTER)
    ours = with_ticket(client, "summary", WORLD)
    assert ours.status_code == 403
    same(ours, client.get(URL, WORLD))


def test_a_ticket_into_an_exercise_sees_that_exercise_alone(make: Make, people: People) -> None:
    make()
    client = people.client(Role.OPERATOR)
    assert b'"total":0' in with_ticket(client, "dcc", WORLD, exercise="drill").content
    assert b'"total":1' in with_ticket(client, "dcc", WORLD).content
