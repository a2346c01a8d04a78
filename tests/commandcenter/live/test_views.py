"""/live/since."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from commandcenter.events.record import record
from commandcenter.live.models import Frame
from commandcenter.relay.numbering import Relay
from tests.conftest import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def happen(at: datetime) -> Callable[..., None]:
    """Record and relay n events for these audiences."""
    relay = Relay()

    def _happen(count: int = 1, audiences: tuple[str, ...] = ("dcc",)) -> None:
        for _ in range(count):
            with transaction.atomic():
                record(kind="exercise.started", object_id="x", version=1, at=at, actor=None, audiences=audiences)
        relay.step(at)

    return _happen


def test_since_brings_what_a_socket_would_have_brought(people: People, happen: Callable[..., None]) -> None:
    happen(3)
    answer = people.client("operator").get("/live/since?after=1").json()
    assert ([frame["seq"] for frame in answer["frames"]], answer["head"], answer["more"]) == ([2, 3], 3, False)


def test_since_pages_by_key(people: People, happen: Callable[..., None]) -> None:
    happen(5)
    client = people.client("operator")
    seen: list[int] = []
    more = True
    while more:
        page = client.get(f"/live/since?limit=2&after={seen[-1] if seen else 0}").json()
        assert len(page["frames"]) <= 2
        seen += [frame["seq"] for frame in page["frames"]]
        more = page["more"]
    assert seen == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("after", ["", "-1", "1.5", "x", "9" * 30, "9" * 5000, "１"])
def test_since_refuses_what_is_not_a_place_in_the_log(people: People, after: str) -> None:
    answer = people.client("operator").get("/live/since", {"after": after})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "after"


@pytest.mark.parametrize("limit", ["", "0", "-1", "1001", "x", "9" * 5000])
def test_since_refuses_a_page_of_no_size(people: People, limit: str) -> None:
    answer = people.client("operator").get("/live/since", {"after": "0", "limit": limit})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "limit"


def test_a_page_has_500_frames_unless_more_are_asked_for(people: People, happen: Callable[..., None]) -> None:
    happen(500)
    happen(1)
    client = people.client("operator")
    for asked, count in [("", 500), ("&limit=1000", 501)]:
        page = client.get(f"/live/since?after=0{asked}").json()
        assert (len(page["frames"]), page["more"]) == (count, count == 500)


def test_since_answers_410_past_the_window(people: People, happen: Callable[..., None]) -> None:
    happen(3)
    Frame.objects.filter(seq__lte=2).delete()
    client = people.client("operator")
    assert client.get("/live/since?after=1").status_code == 410
    assert client.get("/live/since?after=2").status_code == 200


def test_since_answers_410_when_every_frame_is_gone(people: People, happen: Callable[..., None]) -> None:
    happen(3)
    Frame.objects.all().delete()
    assert people.client("operator").get("/live/since?after=1").status_code == 410


def test_since_answers_410_for_a_place_that_is_not_yet_and_for_another_epoch(people: People) -> None:
    client = people.client("operator")
    assert client.get("/live/since?after=7").status_code == 410
    assert client.get("/live/since?after=0&epoch=other").status_code == 410


@pytest.mark.parametrize(
    ("role", "mission", "audience", "code"),
    [
        ("operator", "", "dcc", 200),
        ("operator", "", "mission:kjri-hongkong", 403),
        ("operator", "", "summary", 403),
        ("operator", "", "exercise:drill:dcc", 403),
        ("supervisor", "", "summary", 200),
        ("mission_officer", "kjri-hongkong", "mission:kjri-hongkong", 200),
        ("mission_officer", "kjri-hongkong", "mission:kbri-beijing", 403),
        ("mission_officer", "kjri-hongkong", "dcc", 403),
        ("minister", "", "summary", 200),
        ("minister", "", "dcc", 403),
        ("auditor", "", "dcc", 403),
        ("administrator", "", "dcc", 403),
    ],
)
def test_since_gives_each_role_its_own_audience(
    people: People, role: str, mission: str, audience: str, code: int
) -> None:
    answer = people.client(role, mission).get("/live/since", {"after": "0", "audience": audience})
    assert answer.status_code == code


def test_since_needs_sign_in(client: Any) -> None:
    assert client.get("/live/since?after=0").status_code == 302
