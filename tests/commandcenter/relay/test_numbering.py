"""The relay: numbers, chain, frames, one holder."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commandcenter import rows
from commandcenter.events.models import Event
from commandcenter.events.record import record
from commandcenter.live import cards
from commandcenter.live.cards import Card
from commandcenter.live.models import AudienceHead, Frame, LogState
from commandcenter.relay import chain
from commandcenter.relay.numbering import Relay, Step

pytestmark = pytest.mark.django_db


class Toy(Card):
    """A card for these tests."""

    state: str


@pytest.fixture(autouse=True)
def toy_cards(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Emergencies' cards are toys here; `objects` says what exists."""
    objects: dict[str, Any] = {f"E-2026-{n:05d}": Toy(state="new") for n in range(1, 2000)}
    monkeypatch.setattr(cards, "_makers", dict(cards.makers()))
    cards.register("emergency", load=lambda ids, _exercise: {i: objects[i] for i in ids if i in objects}, make=_make)
    return objects


def _make(thing: Any, audience: str) -> Card | None:
    if isinstance(thing, Exception):
        raise thing
    found: Card | None = thing if audience == "dcc" else None
    return found


def _happen(at: datetime, number: int = 1, **changes: Any) -> Event:
    values: dict[str, Any] = {
        "kind": "emergency.opened",
        "object_id": f"E-2026-{number:05d}",
        "version": 1,
        "at": at,
        "actor": None,
        "audiences": ["dcc"],
    }
    with transaction.atomic():
        record(**{**values, **changes})
        return Event.objects.latest("id")


def _bodies(audience: str) -> list[dict[str, Any]]:
    return [json.loads(frame.body) for frame in Frame.objects.filter(audience=audience).order_by("seq")]


def test_step_numbers_from_one_without_a_hole_and_chains(at: datetime) -> None:
    for number in range(1, 8):
        _happen(at, number)
    assert Relay().step(at) is Step.MOVED
    events = list(Event.objects.order_by("seq"))
    assert [event.seq for event in events] == [1, 2, 3, 4, 5, 6, 7]
    previous = "0" * 64
    for event in events:
        assert event.hash == chain.link(previous, event.seq or 0, event)
        previous = event.hash
    assert LogState.the().hash == previous


def test_frames_of_each_audience_point_to_their_own_predecessor(at: datetime) -> None:
    _happen(at, 1)
    _happen(at, 2, audiences=["dcc", "mission:kjri-hongkong"])
    _happen(at, 3, audiences=["mission:kjri-hongkong"])
    _happen(at, 4, audiences=["dcc"])
    Relay().step(at)
    assert [(body["seq"], body["prev"]) for body in _bodies("dcc")] == [(1, 0), (2, 1), (4, 2)]
    assert [(body["seq"], body["prev"]) for body in _bodies("mission:kjri-hongkong")] == [(2, 0), (3, 2)]
    assert AudienceHead.objects.get(audience="dcc").seq == 4


def test_prev_survives_dropped_frames(at: datetime) -> None:
    relay = Relay()
    _happen(at, 1)
    relay.step(at)
    Frame.objects.all().delete()
    _happen(at, 2)
    relay.step(at)
    assert [(body["seq"], body["prev"]) for body in _bodies("dcc")] == [(2, 1)]


def test_a_withdrawn_audience_gets_card_null(at: datetime) -> None:
    _happen(at, 1, audiences=["dcc"], withdrawn=["mission:kbri-beijing"])
    Relay().step(at)
    assert _bodies("mission:kbri-beijing")[0]["card"] is None
    assert _bodies("dcc")[0]["card"] == {"state": "new"}


def test_an_exercise_has_audiences_of_its_own(at: datetime) -> None:
    _happen(at, 1, audiences=["exercise:drill:dcc"], exercise="drill")
    Relay().step(at)
    assert _bodies("exercise:drill:dcc")[0]["card"] == {"state": "new"}
    assert _bodies("dcc") == []


def test_a_card_that_raises_says_reload_and_stops_nothing(at: datetime, toy_cards: dict[str, Any]) -> None:
    toy_cards["E-2026-00001"] = ValueError("broken")
    _happen(at, 1)
    _happen(at, 2)
    Relay().step(at)
    assert [body["card"] for body in _bodies("dcc")] == ["reload", {"state": "new"}]
    assert LogState.the().card_errors == 1


def test_one_that_cannot_be_loaded_costs_no_other_its_card(at: datetime, toy_cards: dict[str, Any]) -> None:
    def load(ids: list[str], _exercise: str) -> dict[str, Any]:
        if "nonsense" in ids:
            raise ValueError("no number of ours")
        return {i: toy_cards[i] for i in ids}

    cards.register("emergency", load=load, make=_make)
    _happen(at, 1)
    _happen(at, object_id="nonsense")
    _happen(at, 2)
    Relay().step(at)
    assert [body["card"] for body in _bodies("dcc")] == [{"state": "new"}, "reload", {"state": "new"}]
    assert LogState.the().card_errors == 1


def test_a_batch_takes_as_many_queries_as_one_event(at: datetime) -> None:
    relay = Relay()
    relay.step(at)
    counts = []
    for size in (1, 40):
        for number in range(size):
            _happen(at, number + 1, audiences=["dcc", "mission:kjri-hongkong"])
        with CaptureQueriesContext(connection) as asked:
            relay.step(at)
        # Inside the test's own transaction a BEGIN is a savepoint.
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in asked))
    # Events, lock, numbers, heads before, (frames,) heads after, sign of life.
    assert counts[0] == counts[1] <= 7


def test_step_without_work_is_idle_and_shows_a_sign_of_life(at: datetime) -> None:
    relay = Relay()
    assert relay.step(at) is Step.IDLE
    later = at + timedelta(seconds=3)
    assert relay.step(later) is Step.IDLE
    assert LogState.the().beat_at == later


def test_a_crash_in_the_middle_repeats_and_skips_nothing(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    _happen(at, 1)
    relay = Relay()
    with monkeypatch.context() as patch:
        patch.setattr(rows, "insert", lambda *_: (_ for _ in ()).throw(RuntimeError("killed")))
        with pytest.raises(RuntimeError):
            relay.step(at)
    assert Event.objects.get().seq is None
    assert Relay().step(at + timedelta(seconds=6)) is Step.MOVED
    assert [body["seq"] for body in _bodies("dcc")] == [1]


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="PostgreSQL holds by advisory lock; see the journey")
def test_a_second_relay_waits_until_the_lease_ran_out(at: datetime) -> None:
    first, second = Relay(), Relay()
    first.step(at)
    assert second.step(at + timedelta(seconds=2)) is Step.WAITING
    assert second.step(at + timedelta(seconds=6)) is Step.IDLE
    _happen(at, 1)
    # The first one was overtaken: it must not number any more.
    assert first.step(at + timedelta(seconds=7)) is Step.WAITING
    assert Event.objects.get().seq is None
    assert second.step(at + timedelta(seconds=7)) is Step.MOVED


def test_queries_of_a_step_do_not_grow_with_events(at: datetime, django_assert_max_num_queries: Any) -> None:
    relay = Relay()
    relay.step(at)
    for number in range(1, 101):
        _happen(at, number)
    with django_assert_max_num_queries(25):
        relay.step(at)
