"""Snapshots: what is current, once, and completed by the frames after it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commandcenter.events.audiences import Audience
from commandcenter.events.record import record
from commandcenter.live import cards, frames, snapshots
from commandcenter.live.cards import Card
from commandcenter.live.models import AudienceHead
from commandcenter.relay.numbering import Relay
from tests.conftest import People

pytestmark = pytest.mark.django_db
Toys = dict[str, Any]


class Toy(Card):
    """A card for these tests."""

    state: str


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Toys]:
    """The only objects there are, by number."""
    known: Toys = {}
    monkeypatch.setattr(cards, "_makers", {})

    def load(ids: list[str], _exercise: str) -> Toys:
        return {key: known[key] for key in ids if key in known}

    def current(audience: Audience) -> Toys:
        return {key: toy for key, toy in known.items() if toy.state != "resolved"} if audience.base == "dcc" else {}

    def make(toy: Any, _base: str) -> Card:
        return Toy(state=toy.state)

    cards.register("emergency", load=load, make=make, current=current)
    return known


@pytest.fixture
def change(toys: Toys, at: datetime) -> Callable[[str, str], None]:
    """Change a toy's state, record it, relay it."""
    relay = Relay()

    def _change(key: str, state: str) -> None:
        version = toys[key].version + 1 if key in toys else 1
        toys[key] = SimpleNamespace(version=version, state=state)
        with transaction.atomic():
            record(
                kind="emergency.opened", object_id=key, version=version, at=at, actor=None, audiences=["dcc", "summary"]
            )
        relay.step(at)

    return _change


def _cards(body: bytes) -> dict[str, Any]:
    return {key: (version, card) for _type, key, version, card in json.loads(body)["cards"]}


def test_a_snapshot_holds_what_is_current_with_its_head(toys: Toys, change: Callable[[str, str], None]) -> None:
    change("E-1", "new")
    change("E-2", "new")
    change("E-2", "resolved")
    found = json.loads(snapshots.Shelf().get("dcc").body)
    assert found == {"epoch": frames.epoch(), "head": 3, "cards": [["emergency", "E-1", 1, {"state": "new"}]]}
    assert _cards(snapshots.Shelf().get("summary").body) == {}


def test_an_old_snapshot_and_the_frames_after_it_are_the_fresh_one(change: Callable[[str, str], None]) -> None:
    change("E-1", "new")
    change("E-2", "new")
    old = snapshots.Shelf().get("dcc")
    change("E-3", "new")
    change("E-1", "taken")
    change("E-2", "resolved")
    held = _cards(old.body)
    for _seq, body in frames.after({"dcc": old.head})["dcc"]:
        frame = json.loads(body)
        held[frame["id"]] = (frame["version"], frame["card"])
    held = {key: value for key, value in held.items() if value[1]["state"] != "resolved"}
    assert held == _cards(snapshots.Shelf().get("dcc").body)


def test_a_snapshot_is_made_once_while_the_head_stands(toys: Toys, change: Callable[[str, str], None]) -> None:
    change("E-1", "new")
    shelf = snapshots.Shelf()
    first = shelf.get("dcc")
    assert shelf.get("dcc") is first
    change("E-1", "taken")
    assert shelf.get("dcc").head == first.head + 1


def test_who_asks_while_one_is_made_gets_that_one(toys: Toys, monkeypatch: pytest.MonkeyPatch) -> None:
    made, gate = [], threading.Event()

    def body(audience: str, *_: object) -> bytes:
        made.append(audience)
        gate.wait(5)
        return b"{}"

    # The head moves at every look: only waiting for the one under way keeps it from being made again and again.
    heads = iter(range(100))
    monkeypatch.setattr(snapshots, "_body", body)
    monkeypatch.setattr(frames, "place", lambda _audience: ("e", next(heads)))
    shelf = snapshots.Shelf()
    first = threading.Thread(target=shelf.get, args=["dcc"])
    first.start()
    while not made:
        pass
    others = [threading.Thread(target=shelf.get, args=["dcc"]) for _ in range(8)]
    for other in others:
        other.start()
    gate.set()
    for thread in [first, *others]:
        thread.join(5)
    # Who came while the first was being made began after it: one more serves them all.
    assert len(made) == 2


def test_who_takes_one_a_second_old_costs_nothing_while_the_head_runs(
    toys: Toys, change: Callable[[str, str], None]
) -> None:
    change("E-1", "new")
    shelf = snapshots.Shelf()
    first = shelf.get("dcc")
    change("E-1", "taken")
    with CaptureQueriesContext(connection) as asked:
        assert shelf.get("dcc", asked=time.monotonic() - 60) is first
    assert len(asked) == 0
    assert shelf.get("dcc").head == first.head + 1


def test_the_head_is_read_before_the_cards(toys: Toys, monkeypatch: pytest.MonkeyPatch) -> None:
    AudienceHead.objects.create(audience="dcc", seq=1)

    def overtaken(*_: object) -> bytes:
        AudienceHead.objects.filter(audience="dcc").update(seq=2)
        return b"{}"

    monkeypatch.setattr(snapshots, "_body", overtaken)
    assert snapshots.Shelf().get("dcc").head == 1


def test_a_card_that_raises_hides_no_other(toys: Toys, change: Callable[[str, str], None]) -> None:
    change("E-1", "new")
    toys["E-2"] = SimpleNamespace(version=1, state=None)
    assert list(_cards(snapshots.Shelf().get("dcc").body)) == ["E-1"]


def test_a_reader_that_has_it_is_told_so(people: People, change: Callable[[str, str], None]) -> None:
    change("E-1", "new")
    client = people.client("operator")
    first = client.get("/live/snapshot")
    assert first.headers["Content-Type"] == "application/json"
    again = client.get("/live/snapshot", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    change("E-1", "taken")
    assert client.get("/live/snapshot", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("role", "mission", "audience", "code"),
    [
        ("operator", "", "dcc", 200),
        ("operator", "", "summary", 403),
        ("operator", "", "mission:kjri-hongkong", 403),
        ("supervisor", "", "summary", 200),
        ("mission_officer", "kjri-hongkong", "mission:kjri-hongkong", 200),
        ("mission_officer", "kjri-hongkong", "dcc", 403),
        ("auditor", "", "", 403),
    ],
)
def test_a_snapshot_is_for_the_readers_own_audience(
    people: People, role: str, mission: str, audience: str, code: int
) -> None:
    assert people.client(role, mission).get("/live/snapshot", {"audience": audience}).status_code == code
