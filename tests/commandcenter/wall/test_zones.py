"""What the three zones say, and what none of them may ever say."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.crises import actions as crises
from alerts.crises.models import Crisis
from alerts.emergencies import actions as acts
from alerts.emergencies.models import Emergency
from alerts.intake.actions import Report, receive, receive_message
from alerts.sitreps.actions import request_reports
from commandcenter.access.models import Role, User
from commandcenter.wall import queries
from tests.alerts.crises.conftest import fire, supervisor
from tests.commandcenter.wall.conftest import Screen, paired
from tests.conftest import AT, People

__all__ = ["fire", "supervisor"]
pytestmark = pytest.mark.django_db
CANARY = "Kenari"


def alarm(minutes: int, kind: str = "panic", **more: Any) -> Emergency:
    """One received so many minutes ago."""
    report = Report(client_id=uuid.uuid4(), pressed_at=AT, kind=kind, country="HK", **more)
    receive(report=report, at=AT - timedelta(minutes=minutes), exercise=more.pop("exercise", ""))
    return Emergency.objects.get(client_id=report.client_id)


def numbers(found: queries.Urgent) -> list[str]:
    return [row.number for row in found.rows]


def test_the_six_oldest_of_p1_and_p2_are_shown_and_the_rest_counted(screen: Screen, people: People) -> None:
    p2 = alarm(90, kind="other")
    p1 = [alarm(minutes) for minutes in (50, 40, 30, 20, 10, 5)]
    found = queries.urgent(screen.row)
    assert numbers(found) == [each.number for each in p1]
    assert (found.total, found.critical, found.more) == (7, 6, 1)
    operator = people.reader(Role.OPERATOR)
    for each in p1[:2]:
        acts.take(actor=operator, number=each.number, at=AT)
    # Taken ones wait behind everything nobody has taken, as on every desk.
    assert numbers(queries.urgent(screen.row)) == [each.number for each in [*p1[2:], p2, p1[0]]]
    acts.resolve(actor=operator, number=p1[0].number, at=AT, outcome="helped")
    assert queries.urgent(screen.row).total == 6


def test_silent_missions_stand_with_their_local_time_and_three_clocks(
    screen: Screen, fire: Any, people: People
) -> None:
    crisis = crises.declare(**fire)
    codes = sorted(crisis.involved.values_list("mission_id", flat=True))[:1]
    request_reports(actor=people.reader(Role.OPERATOR), at=crisis.declared_at, crisis=crisis, mission_codes=codes)
    early = queries.late(screen.row, crisis.declared_at + timedelta(minutes=4))
    late = queries.late(screen.row, crisis.declared_at + timedelta(minutes=6))
    assert (early.total, late.total, [row.mission.code for row in late.rows]) == (0, 1, codes)
    text = screen.browser.get("/wall/panels/silent/").content.decode()
    for part in ('data-zone="Asia/Jakarta"', 'data-zone="UTC"', f'data-zone="{late.rows[0].mission.timezone}"'):
        assert part in text


@pytest.fixture
def canaries(fire: Any, people: People, screen: Screen) -> list[str]:
    """Everything somebody can write, name or ring, each with a word of its own."""
    operator = people.reader(Role.OPERATOR)
    User.objects.filter(pk=operator.user_id).update(first_name=f"{CANARY}petugas", phone="+62811770001")
    made = alarm(9, name=f"{CANARY}nama", phone="+628117700022", message=f"{CANARY}pesan", place=f"{CANARY}tempat")
    acts.take(actor=operator, number=made.number, at=AT)
    acts.add_note(actor=operator, number=made.number, at=AT, text=f"{CANARY}catatan")
    receive_message(number=made.number, exercise="", at=AT, client_id=uuid.uuid4(), text=f"{CANARY}obrolan")
    alarm(8, name=f"{CANARY}kedua", message=f"{CANARY}lagi")
    crisis = crises.declare(**{**fire, "name": f"{CANARY}krisis", "at": AT - timedelta(hours=1)})
    codes = sorted(crisis.involved.values_list("mission_id", flat=True))
    request_reports(actor=operator, at=AT - timedelta(hours=1), crisis=crisis, mission_codes=codes)
    assert Crisis.objects.get().slug.startswith(CANARY.lower())
    return [CANARY.lower(), "811770", "petugas"]


def test_no_name_no_telephone_and_no_text_reaches_the_wall(screen: Screen, canaries: list[str]) -> None:
    client = screen.browser
    for path in ("/wall/", "/wall/panels/urgent/", "/wall/panels/silent/"):
        text = client.get(path).content.decode()
        assert "HK" in text or "Hong" in text or path.endswith("silent/")
        assert [word for word in canaries if word in text.lower()] == [], path
    # The page's own data says which emergencies there are, and no desk's person.
    assert {card["desk"] for _number, _version, card in queries.drawn(screen.row)["emergencies"]} == {None}


def test_a_crisis_on_the_page_has_an_area_and_no_address(screen: Screen, canaries: list[str]) -> None:
    [crisis] = queries.late(screen.row, AT).crises
    assert set(crisis) == {"slug", "area"}
    assert crisis["slug"] == "0"


def test_an_empty_wall_says_that_nothing_is_open(screen: Screen) -> None:
    text = screen.browser.get("/wall/").content.decode()
    assert "Tidak ada P1 atau P2 yang terbuka" in text
    assert "Tidak ada krisis terbuka" in text


def test_a_drills_alarms_are_on_no_live_wall(screen: Screen, people: People) -> None:
    report = Report(client_id=uuid.uuid4(), pressed_at=AT, kind="panic")
    receive(report=report, at=AT, exercise="latihan-1")
    inside = paired(people, exercise="latihan-1")
    assert (queries.urgent(screen.row).total, queries.urgent(inside.row).total) == (0, 1)


def test_the_wall_has_no_sound_and_nothing_to_press(screen: Screen) -> None:
    alarm(3)
    text = screen.browser.get("/wall/").content.decode()
    for thing in ("alarm.js", "sounds/", "<audio", "<form", "<button", "<a ", "<input"):
        assert thing not in text


def test_as_many_statements_however_many_alarms(screen: Screen) -> None:
    counts = []
    for _round in range(3):
        for minutes in range(4):
            alarm(minutes)
        screen.browser.get("/wall/")
        with CaptureQueriesContext(connection) as seen:
            screen.browser.get("/wall/")
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]
