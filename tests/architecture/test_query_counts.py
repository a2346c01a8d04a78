"""No page asks the database more often because there is more to show (performance.md section 2, reliability.md X14).

Every address that answers a GET is opened in a small world and in one twenty times as large. What grows: emergencies,
messages, notes and positions of one, missions of a crisis, requests, reports, figures, its log, crises stood down. The
number of open crises stays: each has five answers of its own on the summary.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from alerts.crises.models import Crisis
from alerts.emergencies import actions as acts
from alerts.emergencies.models import Emergency
from alerts.intake.actions import Fix, Report, receive, receive_message, receive_position
from alerts.ledger.actions import choose_row
from alerts.reporting.tokens import make
from alerts.sitreps import actions as sitreps
from alerts.sitreps.models import ReportRequest, SituationReport
from commandcenter.access.checks import views
from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from commandcenter.clock import now
from commandcenter.live.kept import shelf
from tests.large import a_user, some_crises

# Also where the fixture alone asks the database: transactional tests come after these and take the reference data away.
pytestmark = pytest.mark.django_db
HONG_KONG = "kjri-hongkong"
SMALL, LARGE = 3, 60
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CRISIS = "crises/<slug:slug>/"
EMERGENCY = "emergencies/<str:number>/"
# Addresses that only take a POST, and what counts nothing: they answer GET with 405 or do not ask about rows.
NOT_PAGES = {
    *(f"{EMERGENCY}{verb}/" for verb in ("opened", "take", "release", "note", "message", "resolve", "reopen")),
    *(f"{CRISIS}{act}/" for act in ("level", "stand-down", "missions/add", "official/<str:key>/withdraw")),
    *("report/<str:token>/opened/", "report/<str:token>/undo/<int:number>/", "exercises/start/", "exercises/end/"),
    *("theme/", "csp/", "healthz", "readyz"),
}


@dataclass(frozen=True, slots=True)
class World:
    """What the addresses are filled with."""

    number: str
    figure: int
    last: int
    token: str


PAGES: dict[str, tuple[Role | None, Callable[[World], str]]] = {
    "": (Role.OPERATOR, lambda w: "/"),
    "picture/ribbon/": (Role.OPERATOR, lambda w: "/picture/ribbon/"),
    "summary/": (Role.MINISTER, lambda w: "/summary/"),
    "summary/panel/": (Role.MINISTER, lambda w: "/summary/panel/"),
    "home/": (Role.AUDITOR, lambda w: "/home/"),
    "sos/": (None, lambda w: "/sos/"),
    EMERGENCY: (Role.OPERATOR, lambda w: f"/emergencies/{w.number}/"),
    f"{EMERGENCY}panels/<slug:name>/": (Role.OPERATOR, lambda w: f"/emergencies/{w.number}/panels/timeline/"),
    "crises/": (Role.OPERATOR, lambda w: "/crises/"),
    "crises/declare/": (Role.OPERATOR, lambda w: "/crises/declare/"),
    "crises/ribbon/": (Role.OPERATOR, lambda w: "/crises/ribbon/"),
    CRISIS: (Role.SUPERVISOR, lambda w: "/crises/krisis-0/"),
    **{
        f"{CRISIS}{panel}/": (Role.VERIFIER, lambda w, panel=panel: f"/crises/krisis-0/{panel}/")
        for panel in ("head", "emergencies", "missions", "board", "matrix", "log")
    },
    f"{CRISIS}request/": (Role.OPERATOR, lambda w: "/crises/krisis-0/request/"),
    f"{CRISIS}reports/<int:number>/": (Role.VERIFIER, lambda w: "/crises/krisis-0/reports/1/"),
    f"{CRISIS}reports/<int:first>/<int:second>/": (Role.VERIFIER, lambda w: f"/crises/krisis-0/reports/1/{w.last}/"),
    f"{CRISIS}choose/<int:figure>/": (Role.VERIFIER, lambda w: f"/crises/krisis-0/choose/{w.figure}/"),
    f"{CRISIS}choose/report/<int:number>/": (Role.VERIFIER, lambda w: "/crises/krisis-0/choose/report/1/"),
    f"{CRISIS}official/<str:key>/": (Role.VERIFIER, lambda w: "/crises/krisis-0/official/wni.dead/"),
    "reports/": (Role.MISSION_OFFICER, lambda w: "/reports/"),
    "report/<str:token>/": (None, lambda w: f"/report/{w.token}/"),
    "report/<str:token>/sent/<int:number>/": (None, lambda w: f"/report/{w.token}/sent/{w.last}/"),
    "exercises/": (Role.OPERATOR, lambda w: "/exercises/"),
    "missions/<slug:code>/": (Role.OPERATOR, lambda w: f"/missions/{HONG_KONG}/"),
    "countries/<str:iso>/headcount/": (Role.OPERATOR, lambda w: "/countries/HK/headcount/"),
    "live/since": (Role.OPERATOR, lambda w: "/live/since?after=0"),
    "live/snapshot": (Role.OPERATOR, lambda w: "/live/snapshot?audience=dcc"),
    "status": (Role.OPERATOR, lambda w: "/status"),
}


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
    last = SituationReport.objects.filter(crisis=crisis).latest("number")
    token = make(request=last.request, officer=last.reporter_id, at=now())
    return World(first.number, report.figures.get(key="wni.dead").pk, last.number, token)


def _emergencies(many: int, at: datetime) -> Emergency:
    for place in range(many):
        fix = Fix(22.3 + place / 1000, 114.17, at, "gps", 20)
        report = Report(client_id=uuid.uuid4(), pressed_at=at, kind="panic" if place % 2 else "other", location=fix)
        receive(report=report, at=at + timedelta(seconds=place), exercise="")
        made = Emergency.objects.latest("pk")
        if place % 3 == 0:
            acts.take(actor=_reader(Role.OPERATOR, f"meja-{place}"), number=made.number, at=at + timedelta(minutes=1))
    for place in range(many):
        when = at + timedelta(minutes=2, seconds=place)
        acts.add_note(actor=_reader(Role.OPERATOR, f"meja-{place}"), number=made.number, at=when, text="Dihubungi")
        receive_message(number=made.number, exercise="", at=when, client_id=uuid.uuid4(), text="Tolong")
        receive_position(number=made.number, exercise="", at=when, fix=Fix(22.3, 114.17, when, "gps", 20))
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
