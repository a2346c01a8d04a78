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

from alerts.alarms.models import Alarm
from alerts.alarms.overview import climbing
from alerts.alarms.queries import standing, untaken
from alerts.answers.queries import five_answers
from alerts.assigning import queries as assigning
from alerts.boards import queries as boards
from alerts.callbacks import queries as callbacks
from alerts.callbacks.models import CallBack
from alerts.cases import cards as case_cards
from alerts.cases import queries as cases
from alerts.cases.models import Case
from alerts.casework import queries as casework
from alerts.crises import queries as crises
from alerts.crises.models import Crisis
from alerts.differences import queries as differences
from alerts.duplicates import queries as duplicates
from alerts.emergencies import cards
from alerts.emergencies import queries as emergencies
from alerts.emergencies.models import Emergency, EmergencyMessage
from alerts.evidence.queries import shown_files
from alerts.handling.queries import timeline
from alerts.hotline import queries as hotline
from alerts.hotline.models import Call
from alerts.intake.actions import Report, receive
from alerts.intake.models import EmergencyPosition
from alerts.intake.queries import citizen_view
from alerts.kpi import queries as kpi
from alerts.kpi.forms import read
from alerts.ladders import queries as ladders
from alerts.ladders.models import DueStep
from alerts.ledger import queries as ledger
from alerts.load.seed import seed
from alerts.logbook import queries as logbook
from alerts.media import actions as media_acts
from alerts.media import queries as media
from alerts.media.models import MediaFile
from alerts.progress import queries as progress
from alerts.queue import queries as queues
from alerts.sitreps import queries as sitreps
from alerts.situation import queries as situation
from alerts.switchboard.queries import match
from alerts.verification import queries as verification
from alerts.worklist import queries as worklist
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.audit.models import ReadEntry
from commandcenter.dashboard import queries as dashboard
from commandcenter.dashboard.summary import cards as summary
from commandcenter.events.audiences import Audience
from commandcenter.events.models import Event
from commandcenter.inbox import queries as inbox
from commandcenter.inbox.models import InboundMessage
from commandcenter.live import frames
from commandcenter.live.models import Frame
from commandcenter.live.tasks import drop_old_frames
from commandcenter.outbox import actions as outgoing
from commandcenter.outbox import cards as deliveries
from commandcenter.outbox import queries as outbox
from commandcenter.outbox.models import Channel, Outgoing
from missions.headcounts.models import Headcount
from missions.headcounts.queries import headcounts
from tests.architecture.plans import drop_indexes, read_whole, statements
from tests.large import a_user, closed_cases, some_crises

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
            closed_cases(20_000, still_open=300, at=AT)
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
    Outgoing.objects.bulk_create(
        Outgoing(
            key=f"load-{key}",
            channel=("sms", "push", "call")[key % 3],
            text="Laporan diminta",
            about=f"R-{key % 5000}",
            state="queued" if key % 400 == 0 else "delivered",
            ended_at=None if key % 400 == 0 else AT,
            made_at=AT,
            due_at=AT,
        )
        for key in range(20_000)
    )
    InboundMessage.objects.bulk_create(
        InboundMessage(
            gateway="sms",
            message_id=str(key),
            sender="+6281100000001",
            text="Tolong",
            received_at=AT,
            closed_at=None if key % 400 == 0 else AT - timedelta(seconds=key),
        )
        for key in range(20_000)
    )
    MediaFile.objects.bulk_create(
        MediaFile(
            client_id=uuid.uuid4(),
            emergency_id=key,
            size=10,
            offset=10,
            stage="ready",
            wrapped_key="x" * 100,
            sha256="0" * 64,
            started_at=AT,
            grown_at=AT,
            received_at=AT,
        )
        for key in whose
    )
    Alarm.objects.bulk_create(
        Alarm(
            key=f"load:{key}",
            kind="silent_mission",
            priority=1,
            about=f"R-{key}",
            raised_at=AT,
            ended_at=None if key % 400 == 0 else AT,
        )
        for key in range(20_000)
    )
    DueStep.objects.bulk_create(
        DueStep(
            key=f"load:{key}",
            ladder="request",
            step="head",
            ref=key,
            about=f"R-{key}",
            since=AT,
            due_at=AT,
            state="waiting" if key % 400 == 0 else "fired",
            done_at=None if key % 400 == 0 else AT,
        )
        for key in range(20_000)
    )
    CallBack.objects.bulk_create(
        CallBack(
            digits=f"96777{key:07}",
            reason="dropped",
            **dict.fromkeys(("since", "last_call_at", "due_at"), AT),
            outcome="" if key % 100 == 0 else "reached",
            closed_at=None if key % 100 == 0 else AT,
        )
        for key in range(4000)
    )
    Call.objects.bulk_create(
        Call(
            client_id=uuid.uuid4(),
            digits=f"96777{key:07}",
            phone=f"+96777{key:07}",
            started_at=AT,
            touched_at=AT,
            state="ringing" if key % 100 == 0 else "closed",
            outcome="" if key % 100 == 0 else "note",
            closed_at=None if key % 100 == 0 else AT - timedelta(seconds=key),
        )
        for key in range(4000)
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
    wanted = queues.QueueFilter(state=state, **more)
    return lambda dcc, _officer: queues.rows(dcc, wanted, most=100)


def _mission_tab(state: str) -> Ask:
    wanted = queues.QueueFilter(state=state)
    return lambda _dcc, officer: queues.rows(officer, wanted, most=100)


def _cases(**wanted: Any) -> Ask:
    return lambda dcc, _officer: list(cases.rows(dcc, cases.CaseFilter(**wanted), AT)[:50])


def _case() -> Case:
    return Case.objects.filter(exercise="", due_at__isnull=False).order_by("due_at")[0]


HOT: dict[str, Ask] = {
    **{f"queue {state}": _tab(state) for state in queues.SHOWN},
    "queue of one priority": _tab("open", priority=1),
    "queue of a country": _tab("open", country="HK"),
    "queue of a mission": _tab("open", mission=MISSION),
    "queue searched": _tab("open", q="Hong"),
    "queue by number": _tab("open", q="E-2026-00017"),
    **{f"queue of an officer, {state}": _mission_tab(state) for state in queues.SHOWN},
    "picture": lambda dcc, _: dashboard.picture(dcc, QueryDict()),
    "picture in a crisis": lambda dcc, _: dashboard.picture(dcc, QueryDict("crisis=krisis-0")),
    "picture of an officer": lambda _, officer: dashboard.picture(officer, QueryDict()),
    "ribbon": lambda dcc, _: dashboard.ribbon(dcc, AT),
    "one emergency": lambda dcc, _: emergencies.one(dcc, _newest().number),
    "timeline": lambda *_: timeline(_newest()),
    "cards for the relay": lambda *_: cards.load([_newest().number], ""),
    "what the citizen sees": lambda *_: citizen_view(_newest()),
    "a repeated alarm": lambda *_: _repeat(7),
    "taken without an action": lambda *_: progress.taken_without_action(AT),
    "waited long enough": lambda *_: progress.waited_long_enough(AT),
    "offers nobody took up": lambda *_: assigning.not_accepted(AT),
    "what may be the same": lambda dcc, _: duplicates.proposals(dcc, _newest()),
    "tasks of an emergency": lambda *_: worklist.tasks(_newest()),
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
    "board": lambda dcc, _: boards.board(dcc, _crisis(), AT),
    "who is silent": lambda dcc, _: boards.silent(dcc, AT),
    "inbox": lambda _, officer: boards.inbox(officer, AT),
    "latest reports": lambda *_: sitreps.latest_reports(_crisis()),
    "one report": lambda dcc, _: sitreps.report_of(dcc, _crisis(), 7),
    "differences": lambda *_: differences.differences(_crisis()),
    "history of differences": lambda *_: differences.history(_crisis()),
    "figures": lambda *_: ledger.official(_crisis()),
    "matrix": lambda dcc, _: verification.matrix(dcc, _crisis()),
    "situation": lambda dcc, _: situation.sheet(dcc, _crisis(), AT, AT),
    "log of a crisis": lambda dcc, _: logbook.entries(_crisis(), dcc),
    "five answers": lambda dcc, _: five_answers(dcc, _crisis(), AT),
    "summary": lambda dcc, _: summary(dcc, AT),
    "clocks of a week": lambda dcc, _: kpi.measured(dcc, read(QueryDict(), AT)[0], AT),
    "alarms that sound": lambda dcc, _: untaken(dcc),
    "alarms that stand": lambda dcc, _: list(standing(dcc)),
    "steps that are due": lambda *_: ladders.due(AT),
    "steps ahead of the board": lambda *_: list(ladders.waiting("request", range(0, 8000, 400))),
    "steps a threshold moves": lambda *_: ladders.moved_by(ladders.shipped()[4]).count(),
    "what climbs": lambda dcc, _: climbing(dcc),
    "cases": _cases(),
    "cases that are closed": _cases(state="closed"),
    "cases past their time": _cases(overdue=True),
    "words nobody read": lambda *_: cases.unread(Case.objects.filter(exercise="", due_at__isnull=False)[:50]),
    "counts of cases": lambda dcc, _: cases.counts(dcc, cases.CaseFilter(), AT),
    "cases of an officer": lambda _, officer: list(cases.rows(officer, cases.CaseFilter(), AT)[:50]),
    "one case": lambda dcc, _: cases.one(dcc, _case().number),
    "timeline of a case": lambda *_: casework.timeline(_case()),
    "how fast cases are answered": lambda dcc, _: casework.speed(dcc, AT + timedelta(days=29)),
    "cases on a handover": lambda *_: casework.late_lines("", "", AT),
    "cases in a snapshot": lambda *_: case_cards.current(Audience("", "dcc", "")),
    "headcounts": lambda *_: headcounts("MY", at=AT.date()),
    "a message to send": lambda *_: outgoing.take_next(channel=Channel.SMS, at=AT),
    "is a message to send": lambda *_: outbox.is_due(Channel.SMS, AT),
    "leases that ended": lambda *_: outbox.leases_ended(AT),
    "messages too late": lambda *_: outbox.too_late(AT),
    "calls": lambda dcc, _: outbox.calls(dcc),
    "messages nobody knows of": lambda dcc, _: outbox.undecided(dcc),
    "deliveries of a board": lambda *_: outbox.deliveries_about(["R-1", "R-2", "R-3"]),
    "channels at a glance": lambda dcc, _: outbox.overview(dcc, AT + timedelta(hours=1)),
    "deliveries in a snapshot": lambda *_: deliveries.current(Audience("", "dcc", "")),
    "messages to hand over": lambda *_: inbox.to_hand_over(AT),
    "messages nobody read": lambda dcc, _: list(inbox.unread(dcc)),
    "messages that were read": lambda dcc, _: list(inbox.closed(dcc)[:50]),
    "calls that are open": lambda dcc, _: hotline.ringing(dcc),
    "calls that are over": lambda dcc, _: list(hotline.finished(dcc)[:50]),
    "calls that were left": lambda *_: hotline.left(AT),
    "calls of a number": lambda dcc, _: hotline.earlier(dcc, "967770000017", 1),
    "who is calling": lambda dcc, _: match(dcc, Call(phone="+967770000017", digits="967770000017")),
    "who must be called back": lambda dcc, _: callbacks.waiting(dcc),
    "call-backs on the picture": lambda dcc, _: callbacks.strip(dcc),
    "call-backs of a sheet": lambda *_: callbacks.facts("", ""),
    "media to examine": lambda *_: (media.is_due(AT), media_acts.take_next(at=AT)),
    "media nobody continues": lambda *_: media.idle(AT),
    "media still needed": lambda *_: media.needed_plain([uuid.uuid4()]),
    "media of an emergency": lambda dcc, _: shown_files(dcc, _newest()),
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
    ("clocks of a week", "commandcenter_event", "exercise"),
    ("frames to drop", "commandcenter_frame", "at"),
    ("crises stood down", "alerts_crisis", "exercise stood_down_at"),
    ("board", "alerts_reportrequest", "crisis_id"),
    ("figures", "alerts_situationreport", "replaces_id"),
    ("leases that ended", "commandcenter_outgoing", "lease_until"),
    ("calls of a number", "alerts_call", "digits"),
    ("call-backs on the picture", "alerts_callback", "exercise due_at"),
    ("messages to hand over", "commandcenter_inboundmessage", "due_at"),
    ("one case", "alerts_casemessage", "case_id"),
    ("media to examine", "alerts_mediafile", "due_at"),
    ("media nobody continues", "alerts_mediafile", "grown_at"),
)


@pytest.mark.parametrize(("name", "table", "leading"), MUTANTS, ids=[f"{name}-{column}" for name, _, column in MUTANTS])
def test_an_index_that_is_missing_is_noticed(name: str, table: str, leading: str, dcc: Reader, officer: Reader) -> None:
    assert drop_indexes(table, *leading.split()) > 0
    assert _faults(name, dcc, officer)
