"""The page: any instant, stepped, frozen with a code, checked, and refused in words."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse

from commandcenter.access.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(crisis) -> str:
    return reverse("situation:situation", args=[crisis.slug])


@pytest.fixture
def client(people):
    return people.client(Role.VERIFIER)


def at_minute(at, minute) -> str:
    return (at + timedelta(minutes=minute)).isoformat()


def test_an_instant_shows_what_stood_then_with_its_source_and_nothing_later(client, address, report, at, make_official):
    make_official(report(2, {"wni.dead": 17}), minute=-57)
    report(20, {"wni.dead": 29})
    text = client.get(address, {"at": at_minute(at, 5)}).content.decode()
    assert 'value="17"' in text
    assert "29" not in re.sub(r"<[^>]*>", " ", text.split('class="sheet"')[1].split("sheet-foot")[0])
    assert client.get(address, {"at": at_minute(at, 1)}).content.decode().count('value="17"') == 0
    assert 'value="29"' in client.get(address).content.decode()


def test_the_moments_say_who_did_what_and_lead_there(client, address, report, at):
    report(2, {"wni.dead": 17})
    page = client.get(address)
    [moment] = page.context["moments"].around
    text = page.content.decode()
    assert "mission_officer-kjri-hongkong</b>" in text
    assert moment.clock == "13 Mei 2026 03.07.00 WIB"
    assert client.get(f"{address}?at={quote(moment.iso, safe='')}").context["at"] == moment.at


def test_nothing_of_the_past_runs_on_or_can_be_chosen(client, address, report, at):
    report(2, {"wni.dead": 17})
    text = client.get(address, {"at": at_minute(at, 200)}).content.decode()
    assert "BASI" in text
    for running in ("data-since=", "data-until=", "hx-get", "/choose/", "data-live="):
        assert running not in text, running


def test_a_frozen_address_says_the_same_until_something_else_is_known(client, address, report, at):
    report(2, {"wni.dead": 1})
    frozen = client.get(address, {"at": at_minute(at, 30)}).context["frozen"]
    assert "hash=" in frozen
    for language in ("id", "en"):
        client.cookies["django_language"] = language
        assert client.get(frozen).context["verdict"] == "same"
    report(25, {"wni.dead": 2})
    text = client.get(frozen)
    assert text.context["verdict"] == "different"
    assert text.context["code"] in text.content.decode()


@pytest.mark.parametrize("code", ["x", "0" * 15, "\0", "'\"><script>", "0" * 5000, "\uff10" * 16, "٠" * 16])
def test_a_code_that_is_none_is_said_in_words(client, address, at, code):
    answer = client.get(address, {"at": at_minute(at, 1), "hash": code})
    assert (answer.status_code, answer.context["verdict"]) == (200, "unreadable")
    assert "tidak terbaca" in answer.content.decode()
    assert "<script>" not in answer.content.decode().split("</head>")[1]


def test_a_code_without_its_time_can_not_be_checked(client, address):
    answer = client.get(address, {"hash": "0" * 16})
    assert answer.context["verdict"] == "unreadable"


@pytest.mark.parametrize(
    "text",
    ["x", "9999-12-31T23:59:59Z", "0001-01-01", "2999-01-01T00:00:00Z", "\0", "2" * 3000, "1970-01-01", "\ud83d"],
)
def test_a_wrong_instant_is_answered_in_words_with_the_moments_there_are(client, address, report, text):
    report(2, {"wni.dead": 1})
    answer = client.get(address, {"at": text.encode("utf-8", "replace").decode()})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="#id_at"' in page
    assert "moments" in page
    assert 'class="sheet"' not in page


def test_an_exercise_is_marked_on_the_sheet_and_knows_nothing_of_live_work(people, at, client):
    from alerts.exercises.models import Exercise
    from tests.alerts.ledger.world import a_crisis

    a_crisis(people, at, slug="sungguhan")
    crisis = a_crisis(people, at, exercise="gladi")
    lead = people.reader(Role.SUPERVISOR).user_id
    Exercise.objects.create(
        slug="gladi", name_id="Gladi", name_en="Drill", scenario="x", started_by_id=lead, started_at=at
    )
    page = client.get(f"/exercises/gladi/crises/{crisis.slug}/situation/")
    assert 'class="sheet-exercise"' in page.content.decode()
    assert "/exercises/gladi/" in page.context["frozen"]
    assert client.get("/exercises/gladi/crises/sungguhan/situation/").status_code == 404


def test_the_room_leads_to_it_for_the_command_centre_alone(people, crisis, client, address):
    assert address in client.get(reverse("crises:room", args=[crisis.slug])).content.decode()
    officer = people.client(Role.MISSION_OFFICER, "kjri-hongkong")
    assert address not in officer.get(reverse("crises:room", args=[crisis.slug])).content.decode()
    assert officer.get(address).status_code == 403


def test_chips_never_lead_before_the_declaration(client, address, crisis):
    crisis.declared_at = datetime.now(UTC) - timedelta(minutes=20)
    crisis.save()
    assert [back for back, _iso in client.get(address).context["chips"]] == [5, 15]
