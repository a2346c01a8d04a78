"""The hot queries are answered by indexes, however many rows there are (performance.md section 2, reliability.md A21).

Each read of the product is run on a database with 20,000 emergencies, and the plan of every statement it sends is
looked at. What is taken away by name must be noticed: the mutants drop an index each.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import QueryDict

from alerts.answers.queries import five_answers
from alerts.crises import queries as crises
from alerts.crises.models import Crisis
from alerts.emergencies import cards
from alerts.emergencies import queries as emergencies
from alerts.emergencies.models import Emergency, EmergencyMessage
from alerts.handling.queries import timeline
from alerts.intake.actions import Report, receive
from alerts.intake.models import EmergencyPosition
from alerts.intake.queries import citizen_view
from alerts.ledger import queries as ledger
from alerts.load.seed import seed
from alerts.logbook import queries as logbook
from alerts.sitreps import queries as sitreps
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.audit.models import ReadEntry
from commandcenter.dashboard import queries as dashboard
from commandcenter.dashboard.summary import cards as summary
from commandcenter.events.models import Event
from commandcenter.live import frames
from commandcenter.live.models import Frame
from commandcenter.live.tasks import drop_old_frames
from missions.headcounts.models import Headcount
from missions.headcounts.queries import headcounts
from tests.architecture.plans import drop_indexes, read_whole, statements
from tests.large import a_user, some_crises

AT = datetime(2026, 5, 12, 20, 5, tzinfo=UTC)
MANY, EVENTS, OPEN = 20_000, 90_000, 300
MISSION = "kjri-hongkong"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def grown(reference: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database after years, in one transaction that is taken back at the end."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("alerts.load.spots.TRIES", 0)
        with transaction.atomic():
            seed(emergencies=MANY, events=EVENTS, still_open=OPEN, at=AT, say=lambda _line: None)
            _talk()
            some_crises(3000, missions=0, reports=0, at=AT, still_open=0, named="lama")
            some_crises(200, missions=20, reports=2, at=AT, still_open=3)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
                if connection.vendor == "postgresql":
                    cursor.execute("SET LOCAL random_page_cost = 1.1")  # as on the disks of today
            yield
            transaction.set_rollback(True)


def _talk() -> None:
    """Rows of the tables that seed_load leaves alone."""
    whose = [(place % MANY) + 1 for place in range(20_000)]
    EmergencyMessage.objects.bulk_create(
        EmergencyMessage(emergency_id=key, client_id=uuid.uuid4(), side="citizen", text="Tolong", at=AT)
        for key in whose
    )
    EmergencyPosition.objects.bulk_create(
        EmergencyPosition(emergency_id=key, latitude=1, longitude=1, fixed_at=AT, source="gps", received_at=AT)
        for key in whose
    )
    Frame.objects.bulk_create(
        Frame(audience=f"mission:m-{seq % 100}", seq=seq, prev=max(seq - 100, 0), at=AT, body="{}")
        for seq in range(1, 20_001)
    )
    ReadEntry.objects.bulk_create(
        ReadEntry(at=AT, reader_id=key % 50, role="operator", screen="emergency", object_id=f"E-2026-{key:05d}")
        for key in whose
    )
    Session.objects.bulk_create(
        Session(session_key=uuid.uuid4().hex, session_data="x", expire_date=AT + timedelta(hours=key))
        for key in range(9000)
    )
    like = Headcount.objects.filter(country="MY").first()
    assert like is not None
    rows = []
    for place in range(9000):
        copy = Headcount.objects.model(**{field.attname: getattr(like, field.attname) for field in like._meta.fields})
        copy.pk, copy.key, copy.country_id = None, f"load-{place}", ("SG", "HK", "SA", "TW")[place % 4]
        rows.append(copy)
    Headcount.objects.bulk_create(rows)


@pytest.fixture
def dcc() -> Reader:
    """An operator."""
    return Reader(a_user("plans-operator", Role.OPERATOR).pk, "Rina", Role.OPERATOR)


@pytest.fixture
def officer() -> Reader:
    """An officer in Hong Kong."""
    return Reader(a_user("plans-officer", Role.MISSION_OFFICER, MISSION).pk, "Maya", Role.MISSION_OFFICER, MISSION)


def _crisis() -> Crisis:
    return Crisis.objects.get(slug="krisis-0")


def _newest() -> Emergency:
    return Emergency.objects.select_related("mission", "taken_by").get(pk=MANY)


def _repeat(number: int) -> None:
    known = Emergency.objects.get(pk=number)
    receive(report=Report(client_id=known.client_id, pressed_at=AT, kind="panic"), at=AT, exercise="")


Ask = Callable[[Reader, Reader], object]


def _tab(state: str, **more: Any) -> Ask:
    wanted = emergencies.QueueFilter(state=state, **more)
    return lambda dcc, _officer: emergencies.rows(dcc, wanted, most=100)


def _mission_tab(state: str) -> Ask:
    wanted = emergencies.QueueFilter(state=state)
    return lambda _dcc, officer: emergencies.rows(officer, wanted, most=100)


HOT: dict[str, Ask] = {
    **{f"queue {state}": _tab(state) for state in emergencies.SHOWN},
    "queue of one priority": _tab("open", priority=1),
    "queue of a country": _tab("open", country="HK"),
    "queue of a mission": _tab("open", mission=MISSION),
    "queue searched": _tab("open", q="Hong"),
    "queue by number": _tab("open", q="E-2026-00017"),
    **{f"queue of an officer, {state}": _mission_tab(state) for state in emergencies.SHOWN},
    "picture": lambda dcc, _: dashboard.picture(dcc, QueryDict()),
    "picture in a crisis": lambda dcc, _: dashboard.picture(dcc, QueryDict("crisis=krisis-0")),
    "picture of an officer": lambda _, officer: dashboard.picture(officer, QueryDict()),
    "ribbon": lambda dcc, _: dashboard.ribbon(dcc, AT),
    "one emergency": lambda dcc, _: emergencies.one(dcc, _newest().number),
    "timeline": lambda *_: timeline(_newest()),
    "cards for the relay": lambda *_: cards.load([_newest().number], ""),
    "what the citizen sees": lambda *_: citizen_view(_newest()),
    "a repeated alarm": lambda *_: _repeat(7),
    "taken without an action": lambda *_: emergencies.taken_without_action(AT),
    "events without a number": lambda *_: list(Event.objects.filter(seq__isnull=True).order_by("id")[:500]),
    "is there an event without a number": lambda *_: Event.objects.filter(seq__isnull=True).exists(),
    "frames after": lambda *_: frames.after({"mission:m-7": 15_000}),
    "catch-up": lambda *_: frames.since("mission:m-7", 15_000),
    "heads": lambda *_: frames.heads(["dcc", "summary"]),
    "frames to drop": lambda *_: drop_old_frames(AT),
    "open crises": lambda dcc, _: crises.open_crises(dcc),
    "open crises of an officer": lambda _, officer: crises.open_crises(officer),
    "crises stood down": lambda dcc, _: list(crises.closed_crises(dcc)[:20]),
    "a crisis": lambda dcc, _: crises.crisis(dcc, "krisis-0"),
    "missions involved": lambda *_: crises.involved(_crisis()),
    "emergencies of a crisis": lambda dcc, _: crises.emergencies_in(_crisis(), dcc),
    "board": lambda dcc, _: sitreps.board(dcc, _crisis(), AT),
    "who is silent": lambda dcc, _: sitreps.silent(dcc, AT),
    "inbox": lambda _, officer: sitreps.inbox(officer, AT),
    "latest reports": lambda *_: sitreps.latest_reports(_crisis()),
    "one report": lambda dcc, _: sitreps.report_of(dcc, _crisis(), 7),
    "differences": lambda *_: sitreps.differences(_crisis(), AT),
    "figures": lambda *_: ledger.official(_crisis()),
    "matrix": lambda dcc, _: ledger.matrix(dcc, _crisis(), AT),
    "log of a crisis": lambda dcc, _: logbook.entries(_crisis(), dcc),
    "five answers": lambda dcc, _: five_answers(dcc, _crisis(), AT),
    "summary": lambda dcc, _: summary(dcc, AT),
    "headcounts": lambda *_: headcounts("MY", at=AT.date()),
    "a session": lambda *_: Session.objects.filter(session_key="nobody", expire_date__gt=AT).first(),
}


def _faults(name: str, dcc: Reader, officer: Reader) -> list[str]:
    return [fault for each in statements(lambda: HOT[name](dcc, officer)) for fault in read_whole(each)]


@pytest.mark.parametrize("name", HOT)
def test_no_growing_table_is_read_from_end_to_end(name: str, dcc: Reader, officer: Reader) -> None:
    faults = _faults(name, dcc, officer)
    assert not faults, f"{name}: {'; '.join(faults)}"


MUTANTS = (
    ("queue open", "alerts_emergency", "exercise"),
    ("queue resolved", "alerts_emergency", "exercise"),
    ("taken without an action", "alerts_emergency", "exercise"),
    ("one emergency", "alerts_emergencymessage", "emergency_id"),
    ("timeline", "commandcenter_event", "object_type"),
    ("frames to drop", "commandcenter_frame", "at"),
    ("crises stood down", "alerts_crisis", "exercise stood_down_at"),
    ("board", "alerts_reportrequest", "crisis_id"),
    ("figures", "alerts_situationreport", "replaces_id"),
)


@pytest.mark.parametrize(("name", "table", "leading"), MUTANTS, ids=[f"{name}-{column}" for name, _, column in MUTANTS])
def test_an_index_that_is_missing_is_noticed(name: str, table: str, leading: str, dcc: Reader, officer: Reader) -> None:
    assert drop_indexes(table, *leading.split()) > 0
    assert _faults(name, dcc, officer)
