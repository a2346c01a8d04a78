"""The player against the whole product, and against servers that are not as they should be."""

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from alerts.exercises import library
from alerts.ledger.models import OfficialFigure
from alerts.persons.models import Person
from alerts.playing.desk import Account, Desk, PlayError
from alerts.playing.player import Player
from alerts.sitreps.models import SituationReport
from commandcenter.access.demo import accounts, open_demo_accounts
from commandcenter.access.models import User
from commandcenter.clock import now

BASE = "http://localhost:8000"
FAST = 1e9


class InProcess(httpx.BaseTransport):
    """The product in this process and this test's transaction, with the CSRF check of a real server."""

    def handle_request(self, request):
        headers = {name.title(): value for name, value in request.headers.items() if name != "content-length"}
        answer = Client(enforce_csrf_checks=True).generic(
            request.method,
            request.url.raw_path.decode(),
            request.read(),
            content_type=headers.pop("Content-Type", "text/plain"),
            headers=headers,
        )
        cookies = [("Set-Cookie", morsel.OutputString()) for morsel in answer.cookies.values()]
        return httpx.Response(answer.status_code, headers=[*answer.items(), *cookies], content=answer.content)


@pytest.fixture
def demo(db, settings):
    """The demonstration accounts."""
    settings.DEMO = True
    open_demo_accounts()
    return [Account(one.role, one.username, one.password, one.mission) for one in accounts()]


def player(people, said, named="hk-wangfuk-2025", **changes):
    scenario = library.scenario(named).model_copy(update=changes)
    return Player(
        scenario,
        people,
        base=BASE,
        speed=FAST,
        say=said.append,
        clock=now,
        transport=InProcess(),
    )


def test_hong_kong_plays_through_and_ends_with_the_last_official_figures(reference, demo):
    said = []
    results = player(demo, said).play()
    assert [result.name for result in results if not result.is_ok] == []
    assert {result.name: result.got for result in results}["reconciliation"] == "closed"
    assert SituationReport.objects.filter(crisis__exercise="hk-wangfuk-2025").count() == 9
    assert not OfficialFigure.objects.exclude(crisis__exercise="hk-wangfuk-2025").exists()
    assert f"  the summary    {BASE}/exercises/hk-wangfuk-2025/summary/" in said


@pytest.mark.parametrize("named", [one for one in library.names() if one != "hk-wangfuk-2025"])
def test_every_scenario_plays_through_and_its_checks_hold(reference, demo, named):
    said = []
    results = player(demo, said, named).play()
    assert [(result.name, result.expected, result.got) for result in results if not result.is_ok] == []
    assert not Person.objects.exclude(crisis__exercise=named).exists()


def test_a_difference_at_the_end_is_told(reference, demo):
    scenario = library.scenario("hk-wangfuk-2025")
    checks = scenario.checks.model_copy(
        update={"official": scenario.checks.official | {"wni.dead": 10}, "reconciliation": "contradiction"}
    )
    results = player(demo, [], checks=checks).play()
    wrong = {result.name: (result.expected, result.got) for result in results if not result.is_ok}
    assert wrong == {"wni.dead": ("10", "9"), "reconciliation": ("contradiction", "closed")}


def test_without_demonstration_accounts_it_says_so(db):
    people = [Account(role, role, "wrong-password", "") for role in ("operator", "supervisor", "verifier")]
    with pytest.raises(PlayError, match="DCC_DEMO=1"):
        player(people, []).play()


def test_without_an_officer_of_the_mission_it_says_so(reference, demo):
    people = [one for one in demo if one.mission != "kjri-hongkong"]
    with pytest.raises(PlayError, match="kjri-hongkong"):
        player(people, []).play()


def test_an_account_with_another_password_is_named(reference, demo):
    User.objects.filter(username="verifier").update(password="!")
    with pytest.raises(PlayError, match="verifier can't sign in"):
        player(demo, []).play()


def test_a_refused_form_gives_its_reason(demo):
    desk = Desk(BASE, InProcess())
    with pytest.raises(PlayError, match="pressed_at"):
        desk.send("/api/v1/emergencies", {"kind": "panic"})


def test_without_a_server_the_command_says_so():
    with pytest.raises(CommandError, match="no server answers"):
        call_command("play", "hk-wangfuk-2025", base_url="http://127.0.0.1:9")


@pytest.mark.parametrize("speed", [0, -1, float("nan"), 1e9])
def test_a_senseless_speed_is_refused(speed):
    with pytest.raises(CommandError, match="--speed"):
        call_command("play", "hk-wangfuk-2025", speed=speed)


def test_an_unknown_scenario_is_refused_with_the_known_ones():
    with pytest.raises(CommandError, match="hk-wangfuk-2025"):
        call_command("play", "atlantis")
