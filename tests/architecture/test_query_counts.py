"""No page asks the database more often because there is more to show (performance.md section 2, reliability.md X14).

Every address that answers a GET is opened in a small world and in one twenty times as large. What grows: emergencies,
messages, notes and positions of one, missions of a crisis, requests, reports, figures, its log, crises stood down. The
number of open crises stays: each has five answers of its own on the summary.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from alerts.crises.models import Crisis
from alerts.duplicates import actions as duplicates
from alerts.emergencies import actions as acts
from alerts.emergencies.models import Emergency
from alerts.handover import actions as handover
from alerts.intake.actions import Fix, Report, receive, receive_message, receive_position
from alerts.ladders.models import Clock
from alerts.ledger.actions import choose_row
from alerts.persons import actions as persons
from alerts.reporting.tokens import make
from alerts.shelving import actions as shelving
from alerts.sitreps import actions as sitreps
from alerts.sitreps.models import ReportRequest, SituationReport
from alerts.team import actions as team
from commandcenter.access.checks import views
from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.gateways.actions import keep_device
from commandcenter.inbox.actions import close_inbound, keep_inbound
from commandcenter.live.kept import shelf
from commandcenter.outbox import actions as outbox
from commandcenter.outbox.models import Channel, Delivery
from missions.planning.calendars import token_of
from missions.registry import actions as registry
from missions.registry.shapes import Entry
from missions.roster import actions as roster
from tests.alerts.hotline.world import some_calls
from tests.alerts.media.rows import some_media
from tests.architecture.counted_pages import HONG_KONG, NOT_PAGES, PAGES, World
from tests.large import a_user, some_cases, some_crises

# Also where the fixture alone asks the database: transactional tests come after these and take the reference data away.
pytestmark = pytest.mark.django_db
SMALL, LARGE = 3, 60
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _build(many: int) -> World:
    """A world with so many of everything, made by the product's own actions where these keep a log."""
    at = now() - timedelta(hours=2)
    first = _emergencies(many, at)
    some_crises(many, missions=0, reports=0, at=at - timedelta(days=9), still_open=0, named="lama")
    some_crises(1, missions=many, reports=0, at=at, still_open=1)
    crisis = Crisis.objects.get(slug="krisis-0")
    operator, verifier = _reader(Role.OPERATOR), _reader(Role.VERIFIER)
    codes = sorted(crisis.involved.values_list("mission_id", flat=True))
    ReportRequest.objects.filter(crisis=crisis).update(requested_at=at, due_at=at + timedelta(minutes=5))
    sitreps.request_reports(actor=operator, at=at, crisis=crisis, mission_codes=codes)
    for code in codes:
        _files(crisis, code, at)
    report = SituationReport.objects.get(crisis=crisis, number=1)
    choose_row(actor=verifier, at=at, crisis=crisis, report=report, keys=["wni.dead", "wni.safe"], reason="baris ini")
    person, upload = _ledger(crisis, many, at)
    last = SituationReport.objects.filter(crisis=crisis).latest("number")
    token = make(request=last.request, officer=last.reporter_id, at=now())
    _team(many, crisis, at)
    shift, calendar = _rosters(many)
    handover = _handovers(many)
    sms = _messages(many, at)
    call = some_calls(many, at, _reader)
    case, citizen = some_cases(many, at, _reader(Role.OPERATOR), HONG_KONG)
    dead = report.figures.get(key="wni.dead").pk
    return World(
        number=first.number,
        other=_duplicates(first, many, at).number,
        figure=dead,
        last=last.number,
        token=token,
        shift=shift,
        calendar=calendar,
        handover=handover,
        sms=sms,
        person=person,
        upload=upload,
        call=call,
        case=case,
        citizen=citizen,
        media=some_media(first, [_reader(Role.OPERATOR, f"meja-{place}") for place in range(many)], at),
        clock=Clock.objects.get(ladder="request", step="goal").pk,
    )


def _rosters(many: int) -> tuple[int, str]:
    """So many people with a number, each with shifts of one hour, one after the other and at one place."""
    planner, begin = _reader(Role.SUPERVISOR), now()
    for place in range(many):
        officer = _reader(Role.MISSION_OFFICER, f"jaga-{place}", HONG_KONG)
        User.objects.filter(pk=officer.user_id).update(phone=f"+8525550{place:04}")
        given = {"place": HONG_KONG, "person": officer.user_id, "hours": 1}
        starts_at = begin + timedelta(minutes=place % 60)
        made = roster.plan(actor=planner, at=begin, starts_at=starts_at, **given).shift
        roster.mark_tested(actor=planner, at=begin, person=officer.user_id)
        roster.ask_swap(
            actor=officer, at=begin, shift_id=made.pk, other=_reader(Role.MISSION_OFFICER, "", HONG_KONG).user_id
        )
    link = roster.make_calendar_link(actor=officer, at=begin, whole_place=True)
    return made.pk, token_of(link)


def _handovers(many: int) -> int:
    """So many closed sheets, and one that waits for the second signature with a word on each line."""
    at, keys = now(), Emergency.objects.filter(taken_by__isnull=False)
    for place in range(many):
        handover.leave(actor=_reader(Role.OPERATOR, f"meja-{place - place % 3}"), at=at)
    Emergency.objects.filter(priority=1, state="new").update(priority=2)
    desk, next_one = _reader(Role.OPERATOR), _reader(Role.OPERATOR, "meja-0")
    sheet = handover.begin(actor=desk, at=at)
    notes = {f"emergency:{one.number}": "Catatan" for one in keys}
    handover.write_notes(actor=desk, at=at, handover_id=sheet.pk, notes=notes)
    handover.offer(actor=desk, at=at, handover_id=sheet.pk, incoming=next_one.user_id)
    return sheet.pk


def _team(many: int, crisis: Crisis, at: datetime) -> None:
    lead = {"actor": _reader(Role.SUPERVISOR), "at": at, "crisis": crisis}
    for place in range(many):
        member = team.appoint(user=_reader(Role.OPERATOR, f"regu-{place}").user_id, part="member", **lead)
        due = at + timedelta(minutes=place + 1)
        task = team.add_task(text="Telepon", owner=member.user_id, due_at=due, **lead)
        team.decide(text="Siaga", reason="Gempa susulan", decided_by=member.user_id, **lead)
        if place % 3 == 0:
            team.finish(task=task.pk, version=1, result="Sudah", **lead)
        if place % 3 == 1:
            team.dismiss(member=member.pk, **lead)


def _messages(many: int, at: datetime) -> int:
    """Calls, messages that may have been sent, messages that came in (half of them closed), devices of one person."""
    operator, officer = _reader(Role.OPERATOR), _reader(Role.MISSION_OFFICER, mission=HONG_KONG)
    for place in range(many):
        person = _reader(Role.MISSION_OFFICER, f"telepon-{place}", HONG_KONG).user_id
        to = {"recipient": person, "text": "Laporkan", "about": "R-1", "at": at, "address": "+6281100000001"}
        call = outbox.queue(key=f"call-{place}", channel=Channel.CALL, **to)
        outbox.note_call(actor=operator, at=at, message_id=call.pk, outcome="no_answer", version=1)
        outbox.queue(key=f"sms-{place}", channel=Channel.SMS, **to)
        lost = outbox.take_next(channel=Channel.SMS, at=at)
        assert lost is not None
        outbox.settle(message=lost, result=outbox.Result(Delivery.UNKNOWN), at=at)
        kept = keep_inbound(gateway="sms", message_id=str(place), sender="+6281100000001", text="Tolong", at=at)
        if place % 2:
            close_inbound(actor=operator, at=at, message_id=kept.message.pk)
        if place < 10:
            keep_device(actor=officer, at=at, endpoint=f"https://push.example/{place}", p256dh="k", auth="a")
    return kept.message.pk


def _ledger(crisis: Crisis, many: int, at: datetime) -> tuple[int, uuid.UUID]:
    """Persons in the ledger, half of them with the telephone of another; one of them, and a list that waits."""
    operator = _reader(Role.OPERATOR)
    code = crisis.involved.order_by("mission_id").values_list("mission_id", flat=True)[0]
    for place in range(many):
        entry = Entry(f"WNI LATIHAN {place}", f"X{place}", f"+85251{place // 2:06}", "HK", "Tai Po", code)
        registry.register(actor=operator, at=at, entries=[entry])
    act = persons.enter(actor=operator, at=at, crisis=crisis, mission=code)
    held = sorted(act.moves.values_list("person_id", flat=True))
    for minute in range(many):
        state = "contacted_safe" if minute % 2 else "needs_help"
        given = {"persons": held[:1], "state": state, "reason": "Telepon", "expected": 1}
        persons.set_state(actor=operator, at=at + timedelta(minutes=minute), crisis=crisis, as_of=at, **given)
    rows = "\n".join(f"WNI BARU {place},Y{place}" for place in range(many))
    scope = f"{crisis.pk}:HK:{code}"
    return held[0], registry.keep_upload(actor=operator, at=now(), scope=scope, text=f"nama,dokumen\n{rows}")


def _emergencies(many: int, at: datetime) -> Emergency:
    for place in range(many):
        fix = Fix(22.3 + place / 1000, 114.17, at, "gps", 20)
        report = Report(client_id=uuid.uuid4(), pressed_at=at, kind="panic" if place % 2 else "other", location=fix)
        receive(report=report, at=at + timedelta(seconds=place), exercise="")
        made = Emergency.objects.latest("pk")
        if place % 3 == 0:
            acts.take(actor=_reader(Role.OPERATOR, f"meja-{place}"), number=made.number, at=at + timedelta(minutes=1))
        elif place % 3 == 1:
            shelf = {"number": made.number, "minutes": 30, "reason": "Uji bunyi"}
            shelving.shelve(actor=_reader(Role.SUPERVISOR), at=at + timedelta(minutes=1), **shelf)
    for place in range(many):
        when = at + timedelta(minutes=2, seconds=place)
        acts.add_note(actor=_reader(Role.OPERATOR, f"meja-{place}"), number=made.number, at=when, text="Dihubungi")
        receive_message(number=made.number, exercise="", at=when, client_id=uuid.uuid4(), text="Tolong")
        receive_position(number=made.number, exercise="", at=when, fix=Fix(22.3, 114.17, when, "gps", 20))
    return made


def _duplicates(whole: Emergency, many: int, at: datetime) -> Emergency:
    """So many duplicates of one, and one more beside it that may be the same."""
    for place in range(many + 1):
        when, fix = at + timedelta(minutes=1, seconds=place), Fix(22.3, 114.17, at, "gps", 20)
        receive(report=Report(uuid.uuid4(), at, "other", fix), at=when, exercise="")
        made = Emergency.objects.latest("pk")
        if place < many:
            duplicates.merge(actor=_reader(Role.SUPERVISOR), number=made.number, at=when, into=whole.number)
            given = {"number": made.number, "exercise": "", "client_id": uuid.uuid4(), "text": "Masih di sini"}
            receive_message(at=when, **given)
    return made


def _files(crisis: Crisis, code: str, at: datetime) -> None:
    request = ReportRequest.objects.filter(crisis=crisis, mission=code).latest("pk")
    sitreps.file_report(
        actor=_reader(Role.MISSION_OFFICER, f"petugas-{code}", code),
        at=at + timedelta(minutes=4),
        request=request,
        client_id=uuid.uuid4(),
        answer="figures",
        figures={"wni.present": (3, None), "wni.dead": (1, None), "wni.safe": (2, None), "all.dead": (4, None)},
        as_of=at + timedelta(minutes=3),
        authorities="yes",
        hospitals="partial",
    )


def _reader(role: Role, username: str = "", mission: str = "") -> Reader:
    user = a_user(username or f"baca-{role}", role, mission)
    return Reader(user.pk, user.shown_name, role, mission)


def _counts(world: World, pages: dict[str, tuple[Role | None, Callable[[World], str]]]) -> dict[str, list[str]]:
    """The statements of each page, once everything that a process keeps for good is there."""
    found = {}
    for pattern, (role, address) in pages.items():
        client = Client()
        if role:
            mission = HONG_KONG if role == Role.MISSION_OFFICER else ""
            client.force_login(User.objects.get(pk=_reader(role, mission=mission).user_id), BACKEND)
        first = client.get(address(world))
        assert first.status_code == 200, (address(world), first.status_code)
        shelf.kept.clear()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address(world))
        found[pattern] = [query["sql"] for query in asked.captured_queries]
    return found


@pytest.fixture(scope="module")
def asked(reference: None, django_db_setup: None, django_db_blocker: Any) -> dict[int, dict[str, list[str]]]:
    """Statements by size and page; each world is taken back."""
    found = {}
    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with django_db_blocker.unblock(), override_settings(STORAGES=plain):
        for many in (SMALL, LARGE):
            with transaction.atomic():
                found[many] = _counts(_build(many), PAGES)
                transaction.set_rollback(True)
    return found


def test_every_address_is_a_page_here_or_takes_only_posts() -> None:
    gated = {where for where, view in views() if hasattr(view, "gate")}
    assert gated == set(PAGES) | NOT_PAGES


@pytest.mark.parametrize("pattern", PAGES)
def test_a_page_asks_as_often_whatever_there_is_to_show(asked: Any, pattern: str) -> None:
    small, large = asked[SMALL][pattern], asked[LARGE][pattern]
    assert len(large) == len(small), "\n".join(large[:60])


def test_a_page_that_asks_row_by_row_is_noticed(reference: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: the queue without its joins."""
    whole = Emergency.objects.none().__class__.select_related
    page = {"": PAGES[""]}
    world = _build(12)
    before = _counts(world, page)[""]
    monkeypatch.setattr(Emergency.objects.none().__class__, "select_related", lambda self, *names: whole(self, None))
    assert len(_counts(world, page)[""]) > len(before) + 3
