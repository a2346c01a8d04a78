"""The load database is as the product itself would have left it."""

import uuid
from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Sum

from alerts.cells.models import Cell
from alerts.cells.morton import key_of
from alerts.cells.rules import LEVELS
from alerts.emergencies.models import Emergency, EmergencyNote, State
from alerts.intake.actions import Report, receive
from alerts.intake.queries import first_answer
from alerts.load import rows, spots
from alerts.load.seed import RefusedError, seed
from commandcenter.events.models import Event
from commandcenter.live import frames
from commandcenter.live.models import AudienceHead, Frame, LogState
from commandcenter.live.tasks import KEEP
from commandcenter.relay import chain
from commandcenter.relay.numbering import Relay
from missions.directory.responsible import responsible_mission

pytestmark = pytest.mark.django_db
MANY, EVENTS, OPEN = 3000, 16000, 40


def _quiet(_line: str) -> None:
    pass


@pytest.fixture
def seeded(reference: None, at: datetime) -> None:
    """A small load database."""
    seed(emergencies=MANY, events=EVENTS, still_open=OPEN, at=at, say=_quiet)


@pytest.fixture(autouse=True)
def few_spots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Finding points inland takes seconds; the mission cities are enough here."""
    monkeypatch.setattr(spots, "TRIES", 0)


def _structure() -> dict[str, Any]:
    """Every constraint and index of the tables that are filled."""
    with connection.cursor() as cursor:
        tables = [model._meta.db_table for model in (Emergency, EmergencyNote, Event)]
        return {table: connection.introspection.get_constraints(cursor, table) for table in tables}


def _broken(events: list[Event]) -> list[int]:
    previous, found = "0" * 64, []
    for place, event in enumerate(events, 1):
        if event.seq != place or event.hash != chain.link(previous, place, event):
            found.append(place)
        previous = event.hash or ""
    return found


def test_the_log_is_numbered_without_holes_and_its_chain_holds(seeded: None) -> None:
    events = list(Event.objects.order_by("seq"))
    assert len(events) == EVENTS
    assert _broken(events) == []
    state = LogState.the()
    assert (state.head, state.hash) == (EVENTS, events[-1].hash)
    assert [event.at for event in events] == sorted(event.at for event in events)


def test_a_changed_seal_is_seen(reference: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: the seeder leaves the topic out of what it seals."""
    monkeypatch.setattr(rows, "seal", lambda previous, body: chain.seal(previous, [*body[:6], *body[7:]]))
    seed(emergencies=50, events=250, still_open=0, at=at, say=_quiet)
    assert _broken(list(Event.objects.order_by("seq")))


def test_every_emergency_has_the_history_of_its_state(seeded: None) -> None:
    assert Emergency.objects.count() == MANY
    assert Emergency.objects.exclude(state=State.RESOLVED).count() == OPEN
    assert Emergency.objects.aggregate(total=Sum("version"))["total"] == EVENTS
    by_object = dict(Event.objects.values_list("object_id").annotate(Count("id")))
    assert all(by_object[row.number] == row.version for row in Emergency.objects.all())
    kinds = Counter(Event.objects.values_list("kind", flat=True))
    assert kinds["emergency.noted"] == EmergencyNote.objects.count()
    assert kinds["emergency.received"] == MANY
    assert kinds["emergency.resolved"] == MANY - OPEN
    row = Emergency.objects.get(pk=1)
    ended = Event.objects.get(object_id=row.number, kind="emergency.resolved")
    assert (ended.at, ended.data["outcome"]) == (row.resolved_at, row.outcome)
    assert first_answer(row)["number"] == row.number


def test_the_mission_is_the_responsible_one(seeded: None) -> None:
    placed = Emergency.objects.filter(latitude__isnull=False)[:200]
    right = [row.mission == responsible_mission(lat=row.latitude, lon=row.longitude).mission for row in placed]
    assert sum(right) >= 190  # a spot near a border scatters over it


def test_frames_are_of_the_last_day_alone_and_stand_on_the_older_heads(seeded: None, at: datetime) -> None:
    assert Frame.objects.exists()
    assert not Frame.objects.filter(at__lt=at - KEEP).exists()
    assert Frame.objects.filter(audience="dcc").count() == Event.objects.filter(at__gte=at - KEEP).count()
    heads = dict(AudienceHead.objects.values_list("audience", "seq"))
    heard: dict[str, int] = {}
    for event in Event.objects.order_by("seq"):
        heard |= dict.fromkeys(event.audiences, event.seq)
    assert heads == heard
    assert frames.since("dcc", 0).gone
    first = Frame.objects.filter(audience="dcc").order_by("seq").first()
    assert first is not None
    assert not frames.since("dcc", first.prev).gone


def test_indexes_and_constraints_are_back_and_work_goes_on(reference: None, at: datetime) -> None:
    before = _structure()
    seed(emergencies=100, events=500, still_open=5, at=at, say=_quiet)
    assert _structure() == before
    known = Emergency.objects.get(pk=7)
    again = Report(client_id=known.client_id, pressed_at=known.pressed_at, kind="panic")
    assert not receive(report=again, at=at, exercise="").created
    fresh = Report(client_id=uuid.UUID(int=1), pressed_at=at, kind="panic", country="MY")
    receive(report=fresh, at=at, exercise="")
    made = Emergency.objects.get(client_id=fresh.client_id)
    assert made.pk == 101
    Relay().step(at + timedelta(seconds=10))
    assert _broken(list(Event.objects.order_by("seq"))) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"emergencies": 0}, "--emergencies must be from 1"),
        ({"events": 0}, "--events must be from 1"),
        ({"events": 30}, "--events must be at least"),
        ({"still_open": 11}, "--open must be"),
        ({"still_open": -1}, "--open must be"),
    ],
)
def test_impossible_numbers_are_refused(reference: None, at: datetime, changed: dict[str, int], sentence: str) -> None:
    wanted = {"emergencies": 10, "events": 50, "still_open": 1} | changed
    with pytest.raises(RefusedError, match=sentence):
        seed(**wanted, at=at, say=_quiet)


def test_a_database_with_work_is_refused(reference: None, at: datetime) -> None:
    receive(report=Report(client_id=uuid.uuid4(), pressed_at=at, kind="panic"), at=at, exercise="")
    with pytest.raises(RefusedError, match="already holds"):
        seed(emergencies=10, events=50, still_open=1, at=at, say=_quiet)


def test_a_demonstration_is_refused(settings: Any) -> None:
    settings.DEMO = True
    with pytest.raises(CommandError, match="never a demonstration"):
        call_command("seed_load", emergencies=10, stdout=StringIO())


def test_the_cells_count_what_was_loaded(seeded: None) -> None:
    placed = Emergency.objects.exclude(latitude=None)
    coarsest = Cell.objects.filter(key__lt=2 * 4 ** LEVELS[0])
    assert coarsest.aggregate(n=Sum("n"))["n"] == placed.count()
    assert all(row.key == key_of(row.latitude, row.longitude) for row in placed)  # type: ignore[arg-type]
