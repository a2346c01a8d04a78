"""The common operating picture: one query for queue and map, the reader's own area, a constant number of queries."""

import json
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alerts.crises.models import Crisis
from alerts.emergencies import cards
from alerts.emergencies.models import Emergency
from alerts.exercises.models import Exercise
from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from commandcenter.dashboard import queries
from commandcenter.live.kept import shelf
from missions.directory.models import Mission
from tests.conftest import AT, People

Make = Callable[..., Emergency]
HONG_KONG = "kjri-hongkong"
MELBOURNE = "kjri-melbourne"
TAI_PO = {
    "type": "Polygon",
    "coordinates": [[[113.8, 22.1], [114.5, 22.1], [114.5, 22.6], [113.8, 22.6], [113.8, 22.1]]],
}


@pytest.fixture
def make(reference: None, db: None) -> Make:
    """Stores one emergency; by default a P1 in Hong Kong that nobody took."""

    def made(
        *,
        state: str = "new",
        by: Reader | None = None,
        mission: str = HONG_KONG,
        placed: bool = True,
        at: datetime = AT,
        **given: Any,
    ) -> Emergency:
        place = Mission.objects.get(pk=mission)
        fields: dict[str, Any] = {
            "client_id": uuid.uuid4(),
            "nature": "panic",
            "priority": 1,
            "state": state,
            "pressed_at": at,
            "received_at": at,
            "mission": place,
            "country": place.operating_country_id,
            "latitude": place.lat if placed else None,
            "longitude": place.lon if placed else None,
            "accuracy_m": 20 if placed else None,
        }
        if state != "new":
            assert by is not None
            fields |= {"taken_by_id": by.user_id, "taken_at": at, "next_contact_at": at + timedelta(minutes=15)}
        return Emergency.objects.create(**(fields | given))

    return made


@pytest.fixture
def crisis(reference: None, operator: Reader) -> Crisis:
    """An open crisis around Hong Kong."""
    return Crisis.objects.create(
        slug="tai-po",
        name="Kebakaran Tai Po",
        kind="fire",
        level=1,
        area=TAI_PO,
        area_source="geojson",
        countries=["HK"],
        west=113.8,
        south=22.1,
        east=114.5,
        north=22.6,
        lead_id=operator.user_id,
        declared_by_id=operator.user_id,
        declared_at=AT,
    )


def page_of(client: Client, address: str = "/") -> tuple[str, dict[str, Any]]:
    """The page's text and the data it was served with."""
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    found = re.search(r'<script id="picture-data" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return text, json.loads(found[1])


def rows_of(text: str) -> list[str]:
    """The numbers of the queue rows in the page, in order; the <template>'s blank row left out."""
    return [
        number for number in re.findall(r'class="queue-row[^>]*data-id="(E-[\d-]+)"', text) if "E-0000" not in number
    ]


def test_queue_and_map_are_the_same_emergencies(people: People, make: Make) -> None:
    made = [make(), make(priority=2, placed=False), make(mission=MELBOURNE)]
    text, data = page_of(people.client(Role.OPERATOR))
    assert set(rows_of(text)) == {number for number, _version, _card in data["emergencies"]} == {e.number for e in made}


def test_result_line_says_how_many_are_not_on_the_map(people: People, make: Make) -> None:
    make(), make(), make(placed=False)
    text, data = page_of(people.client(Role.OPERATOR))
    assert re.search(r'data-part="result"[^>]*>\s*3\D+2\D+1\D', text)
    assert sum(card["lat"] is not None for _number, _version, card in data["emergencies"]) == 2


def test_cards_in_the_page_equal_the_cards_of_frames(people: People, make: Make) -> None:
    emergency = make()
    loaded = cards.load([emergency.number], "")[emergency.number]
    frame = cards.make(loaded, "dcc")
    assert frame is not None
    _text, data = page_of(people.client(Role.OPERATOR))
    assert data["emergencies"] == [[emergency.number, emergency.version, json.loads(frame.model_dump_json())]]


def test_page_data_holds_no_personal_data(people: People, make: Make) -> None:
    make(name="Siti Aminah", phone="+85291234567", message="di lantai tiga", place="Tai Po Road 12")
    text, _data = page_of(people.client(Role.OPERATOR))
    for secret in ("Siti", "Aminah", "85291234567", "lantai tiga", "Tai Po Road"):
        assert secret not in text


def test_a_mission_sees_its_own_area_alone(people: People, make: Make) -> None:
    own, other = make(), make(mission=MELBOURNE)
    text, data = page_of(people.client(Role.MISSION_OFFICER, HONG_KONG))
    assert rows_of(text) == [own.number]
    assert other.number not in text
    assert [number for number, _priority in data["alarms"]] == [own.number]


@pytest.mark.parametrize("role", [Role.MINISTER, Role.SPOKESPERSON, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_are_refused(people: People, reference: None, role: Role) -> None:
    assert people.client(role).get("/").status_code == 403


def test_not_taken_p1_are_pinned_above_the_list(people: People, operator: Reader, make: Make) -> None:
    taken = make(state="taken", by=operator, at=AT - timedelta(hours=1))
    second = make(priority=2)
    first = make()
    text, _data = page_of(people.client(Role.OPERATOR))
    assert rows_of(text) == [first.number, second.number, taken.number]
    assert text.index(first.number) < text.index('data-part="scroll"') < text.index(f'data-id="{second.number}"')


def test_tabs_count_from_the_same_rows(people: People, operator: Reader, make: Make) -> None:
    make(), make(state="taken", by=operator), make(state="taken", by=people.reader(Role.SUPERVISOR))
    client = people.client(Role.OPERATOR)
    for state, shown in (("open", 3), ("new", 1), ("mine", 1), ("taken", 2)):
        text, data = page_of(client, f"/?state={state}")
        assert len(rows_of(text)) == shown
        assert re.findall(r'data-count="(\w+)">(\d+)<', text) == [("new", "1"), ("mine", "1"), ("open", "3")]
        assert len(data["emergencies"]) == 3


def test_beside_the_resolved_no_tab_says_that_nothing_is_open(people: People, make: Make) -> None:
    make()
    client = people.client(Role.OPERATOR)
    counted = r'data-count="(\w+)">(\d+)<'
    assert re.findall(counted, page_of(client, "/?state=resolved")[0]) == []
    assert re.findall(counted, page_of(client, "/?state=all")[0]) == [("new", "1"), ("mine", "0"), ("open", "1")]


def test_filter_narrows_queue_and_map_but_never_the_alarm(people: People, make: Make) -> None:
    here, away = make(), make(mission=MELBOURNE)
    text, data = page_of(people.client(Role.OPERATOR), "/?country=AU")
    assert rows_of(text) == [away.number] == [row[0] for row in data["emergencies"]]
    assert data["filter"]["country"] == "AU"
    assert {number for number, _priority in data["alarms"]} == {here.number, away.number}


def test_crisis_filter_takes_the_area_and_without_position_the_country(
    people: People, crisis: Crisis, make: Make
) -> None:
    inside, unplaced, _away = make(), make(placed=False), make(mission=MELBOURNE)
    text, data = page_of(people.client(Role.OPERATOR), "/?crisis=tai-po")
    assert set(rows_of(text)) == {inside.number, unplaced.number}
    assert data["filter"]["area"] == TAI_PO
    assert "HK" in data["filter"]["areaCountries"]


def test_an_unknown_crisis_is_no_filter(people: People, make: Make) -> None:
    make()
    text, data = page_of(people.client(Role.OPERATOR), "/?crisis=nowhere&priority=9&state=%00")
    assert len(rows_of(text)) == 1
    assert (data["filter"]["crisis"], data["filter"]["priority"], data["filter"]["state"]) == ("", None, "open")


def test_an_exercise_shows_its_own_world(people: People, make: Make) -> None:
    supervisor = people.reader(Role.SUPERVISOR)
    person = User.objects.get(pk=supervisor.user_id)
    Exercise.objects.create(slug="drill", name_id="Latihan", name_en="Drill", started_by=person, started_at=AT)
    live, drill = make(), make(exercise="drill")
    client = people.client(Role.SUPERVISOR)
    text, data = page_of(client, "/exercises/drill/")
    assert rows_of(text) == [drill.number]
    assert [number for number, _priority in data["alarms"]] == [drill.number]
    assert f"/exercises/drill/emergencies/{drill.number}/take/" in text
    assert rows_of(page_of(client)[0]) == [live.number]


def test_number_of_queries_does_not_grow_with_the_rows(people: People, operator: Reader, make: Make) -> None:
    client = people.client(Role.OPERATOR)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            page_of(client)
        return len(caught)

    make(), make(state="taken", by=operator)
    queries()
    few = queries()
    for mission in Mission.objects.filter(lat__isnull=False)[:30]:
        make(mission=mission.pk), make(mission=mission.pk, state="taken", by=operator)
    assert queries() == few


def test_headcounts_carry_source_and_date_and_one_row_per_estimator(people: People, reference: None) -> None:
    _text, data = page_of(people.client(Role.OPERATOR))
    assert data["headcounts"]
    keys = [(row["country"], row["estimator"]) for row in data["headcounts"]]
    assert len(keys) == len(set(keys))
    assert all(row["source"] and row["as_of"] for row in data["headcounts"])


def test_names_follow_the_language_of_the_page(people: People, make: Make) -> None:
    make()
    client = people.client(Role.OPERATOR)
    client.cookies["django_language"] = "en"
    assert page_of(client)[1]["names"]["natures"]["panic"] == "Panic button"
    client.cookies["django_language"] = "id"
    assert page_of(client)[1]["names"]["countries"]["AE"] == "Uni Emirat Arab"


def test_empty_queue_says_when_it_was_checked(people: People, reference: None) -> None:
    text, _data = page_of(people.client(Role.OPERATOR))
    assert re.search(r'<p class="state state--empty" data-part="empty">[^<]+<span class="muted">\([^<]+<span', text)
    assert re.search(r'data-part="unknown" hidden', text)


def test_a_verifier_reads_and_takes_nothing(people: People, make: Make) -> None:
    make()
    assert 'class="queue-act"' not in page_of(people.client(Role.VERIFIER))[0]
    assert 'class="queue-act"' in page_of(people.client(Role.OPERATOR))[0]


def test_ribbon_is_a_panel_for_those_who_see_the_picture(people: People, crisis: Crisis) -> None:
    answer = people.client(Role.OPERATOR).get("/picture/ribbon/")
    assert answer.status_code == 200
    assert 'data-crisis="tai-po"' in answer.content.decode()
    assert people.client(Role.MINISTER).get("/picture/ribbon/").status_code == 403


def test_a_page_that_cant_hold_all_lets_the_server_count_for_the_map(
    people: People, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(), make(), make()
    client = people.client(Role.OPERATOR)
    _text, data = page_of(client, "/?priority=1")
    assert data["clusters"] == ""
    monkeypatch.setattr(queries, "MOST", 2)
    shelf.kept.clear()
    text, data = page_of(client, "/?priority=1")
    assert len(data["emergencies"]) == 2
    assert "Lebih dari 2 kedaruratan" in text
    assert client.get(f"{data['clusters']}&state=open&zoom=3&bbox=-180,-90,180,90").json()["total"] == 3


def test_a_tab_of_a_list_that_was_cut_is_asked_for_itself(
    people: People, operator: Reader, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(), make(), make()
    own = make(state="taken", by=operator)
    monkeypatch.setattr(queries, "MOST", 2)
    client = people.client(Role.OPERATOR)
    counted = r'class="count( is-least)?" data-count="(\w+)">(\d+)<'
    text, data = page_of(client)
    assert re.findall(counted, text) == [(" is-least", "new", "2"), (" is-least", "open", "2")]
    assert "data-in-store" not in text
    text, data = page_of(client, "/?state=mine")
    assert rows_of(text) == [own.number] == [row[0] for row in data["emergencies"]]
    assert re.findall(counted, text) == [("", "mine", "1")]
    assert "Lebih dari" not in text
    text, _data = page_of(client, "/?state=all")
    assert re.findall(counted, text) == []
