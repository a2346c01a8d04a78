"""The desk's doors: list, filters, one case, its acts, entering one for a caller."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from alerts.cases.actions import hear
from alerts.cases.models import Case, CaseNote, State
from alerts.casework import actions
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.audit.models import ReadEntry
from missions.registry import actions as registry
from missions.registry.shapes import Entry
from tests.alerts.cases.conftest import FAR, PHONE, Make, fresh, said, taken
from tests.conftest import AT, People


@pytest.fixture
def desk(people: People) -> Client:
    """An operator's browser."""
    return people.client(Role.OPERATOR)


def numbers(html: str) -> list[str]:
    """The cases of a list in its order."""
    return re.findall(r'id="row-(K-[0-9-]+)"', html)


def shown(client: Client, query: str = "") -> list[str]:
    """The cases that this address lists."""
    return numbers(client.get(f"/cases/?{query}").content.decode())


def same(html: str, number: str) -> str:
    """A page without what differs each time, and without the number that was asked for."""
    return re.sub(r'(data-now|name="csrfmiddlewaretoken" value|X-CSRFToken": )="?[^"]*"', "", html).replace(number, "")


def test_the_list_begins_with_the_least_time_left(desk: Client, make: Make, operator: Reader) -> None:
    question = make(category="consultation", topic="passport")
    complaint = make()
    asked = make()
    taken(asked, operator)
    said(asked, operator, then="ask")
    assert shown(desk) == [complaint.number, question.number, asked.number]


def test_filters_are_the_address_and_counts_are_the_same_question(desk: Client, make: Make, operator: Reader) -> None:
    one, two = make(country="AU"), make(category="consultation", topic="passport")
    done = make()
    held = taken(done, operator)
    actions.close(actor=operator, number=done.number, at=AT, version=held.version, outcome="solved")
    taken(two, operator)
    queries = {
        "": {one.number, two.number},
        "state=new": {one.number},
        "state=in_action": {two.number},
        "state=closed": {done.number},
        "state=all": {one.number, two.number, done.number},
        "category=consultation": {two.number},
        f"mission={FAR}": {one.number},
        "mine=1": {two.number},
        f"q={one.number}": {one.number},
        "overdue=1": {one.number, two.number},
    }
    for query, wanted in queries.items():
        html = desk.get(f"/cases/?{query}").content.decode()
        assert set(numbers(html)) == wanted, query
        # The heading and the tab that is open say the same number as there are rows.
        assert f">{len(wanted)} kasus</h2>" in html, query
        tab = re.search(r'aria-current="page">[^<]*<span class="count">(\d+)', html[html.index('class="tabs"') :])
        assert tab is not None
        assert int(tab[1]) == len(wanted), query


@pytest.mark.parametrize("query", ["state=x", "page=0", "page=zzz", "mission=%00", "q=%00%E2%80%AE", "q=" + "9" * 60])
def test_a_strange_address_is_a_list(desk: Client, case: Case, query: str) -> None:
    assert desk.get(f"/cases/?{query}").status_code == 200


def test_pages_hold_fifty(desk: Client, make: Make) -> None:
    for _one in range(51):
        make()
    assert len(shown(desk)) == 50
    assert len(shown(desk, "page=2")) == 1


def test_empty_and_narrowed_are_told_apart(desk: Client, make: Make) -> None:
    assert "Tidak ada kasus yang terbuka" in desk.get("/cases/").content.decode()
    make()
    assert "cocok dengan saringan" in desk.get("/cases/?q=Atlantis").content.decode()


def test_a_mission_sees_its_own_and_a_foreign_one_is_missing(people: People, make: Make) -> None:
    own, foreign = make(), make(country="AU")
    client = people.client(Role.MISSION_OFFICER, own.mission_id or "")
    assert shown(client) == [own.number]
    assert shown(client, f"state=all&mission={FAR}") == []
    missing = f"/cases/K-{AT.year}-99999/"
    for path in ("", "panels/head/", "persons/", "persons/1/"):
        mine, gone = client.get(f"/cases/{foreign.number}/{path}"), client.get(f"{missing}{path}")
        assert (mine.status_code, gone.status_code) == (404, 404), path
        assert same(mine.content.decode(), foreign.number) == same(gone.content.decode(), missing[7:19])
    for verb in ("take", "reply", "note", "opened"):
        body = {"text": "x", "kind": "note"}
        assert client.post(f"/cases/{foreign.number}/{verb}/", body).status_code == 404
    assert client.get(f"/cases/{own.number}/").status_code == 200


def test_reading_a_case_is_logged_and_its_list_shows_no_person(desk: Client, case: Case) -> None:
    page = desk.get(f"/cases/{case.number}/").content.decode()
    assert "Siti Aminah" in page
    assert ReadEntry.objects.get(screen="case").object_id == case.number
    html = desk.get("/cases/").content.decode()
    assert "Siti" not in html
    assert PHONE not in html


def test_looking_is_no_reading_and_the_act_of_it_is(desk: Client, case: Case) -> None:
    html = desk.get(f"/cases/{case.number}/").content.decode()
    assert fresh(case).read_at is None
    seen = re.search(r'name="seen" value="(\d+)"', html)
    assert seen is not None
    later = hear(case=case, at=AT, client_id=uuid.uuid4(), text="Setelah halaman dibuka")
    assert (
        desk.post(f"/cases/{case.number}/opened/", {"seen": seen[1]}, headers={"HX-Request": "true"}).status_code == 200
    )
    assert fresh(case).read_at is not None
    later.refresh_from_db()
    assert later.read_at is None


def test_the_acts_of_the_page_work_without_a_script(desk: Client, case: Case, operator: Reader) -> None:
    where = f"/cases/{case.number}/"
    assert desk.post(f"{where}take/").status_code == 302
    assert desk.post(f"{where}note/", {"kind": "step", "text": "Telepon majikan"}).status_code == 302
    document = {"kind": "document", "text": "Kontrak", "url": "https://arsip.example/1"}
    assert desk.post(f"{where}note/", document).status_code == 302
    reply = {"client_id": str(uuid.uuid4()), "text": "Sudah kami bayarkan", "then": "final"}
    assert desk.post(f"{where}reply/", reply).status_code == 302
    page = desk.get(where).content.decode()
    for words in ("Telepon majikan", "https://arsip.example/1", "Sudah kami bayarkan", "Dijawab"):
        assert words in page
    version = fresh(case).version
    assert desk.post(f"{where}close/", {"version": version, "outcome": "solved"}).status_code == 302
    assert desk.post(f"{where}reopen/", {"version": version + 1, "reason": "Belum"}).status_code == 302
    assert fresh(case).state == State.REOPENED


def test_a_template_that_was_filled_in_is_not_drawn_away(desk: Client, case: Case, operator: Reader) -> None:
    taken(case, operator)
    refresh = f"/cases/{case.number}/panels/acts/"
    assert refresh in desk.get(f"/cases/{case.number}/").content.decode()
    html = desk.get(f"/cases/{case.number}/?reply=papers").content.decode()
    assert "nomor paspor" in html
    assert refresh not in html


def test_what_is_refused_keeps_what_was_typed(desk: Client, case: Case, operator: Reader) -> None:
    taken(case, operator)
    answer = desk.post(f"/cases/{case.number}/reply/", {"text": "Panjang sekali", "then": "entah"})
    assert answer.status_code == 422
    assert "Panjang sekali" in answer.content.decode()
    stale = desk.post(f"/cases/{case.number}/close/", {"version": "1", "outcome": "solved"})
    assert stale.status_code == 409
    assert fresh(case).state == State.IN_ACTION


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("assign", {"to": "x", "version": "1"}),
        ("assign", {"to": "9" * 40, "version": "1"}),
        ("close", {"version": "٣", "outcome": "solved"}),
        ("move", {"version": "1", "mission": "\0", "reason": "x"}),
        ("move", {"version": "1", "mission": FAR, "reason": "a\0b"}),
        ("note", {"kind": "note", "text": "x" * 5000}),
        ("note", {"kind": "note", "text": "\x07"}),
        ("link", {"citizen": "-1"}),
        ("convert", {"version": "1", "nature": "violence", "priority": "7", "reason": "x"}),
    ],
)
def test_bad_input_is_a_sentence_and_never_a_crash(desk: Client, case: Case, verb: str, body: dict[str, Any]) -> None:
    answer = desk.post(f"/cases/{case.number}/{verb}/", body)
    assert answer.status_code in {404, 422}
    assert fresh(case).version == 1
    assert not CaseNote.objects.exists()
    as_json = desk.post(f"/cases/{case.number}/{verb}/", body, headers={"Accept": "application/json"})
    assert set(as_json.json()["errors"][0]) == {"field", "id", "en"}


def test_a_caller_is_entered_with_the_number_alone(desk: Client, reference: None) -> None:
    assert 'value="+60111"' in desk.get("/cases/new/?phone=%2B60111").content.decode()
    key = str(uuid.uuid4())
    body = {"client_id": key, "topic": "other-question", "channel": "telephone", "language": "id", "phone": PHONE}
    for _tap in range(2):
        answer = desk.post("/cases/new/", body)
        assert answer.status_code == 302
    made = Case.objects.get()
    assert answer.headers["Location"] == f"/cases/{made.number}/"
    assert (made.channel, made.category, made.mission) == ("telephone", "consultation", None)
    nothing = desk.post("/cases/new/", {**body, "client_id": str(uuid.uuid4()), "phone": ""})
    assert nothing.status_code == 422
    assert "Isi nomor telepon" in nothing.content.decode()


def test_moving_it_away_leads_the_mission_back_to_its_list(people: People, case: Case) -> None:
    client = people.client(Role.MISSION_OFFICER, case.mission_id or "")
    body = {"version": "1", "mission": FAR, "reason": "Pindah ke Canberra"}
    answer = client.post(f"/cases/{case.number}/move/", body)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cases/")


def test_a_person_is_found_masked_linked_and_opened_with_a_reason(
    desk: Client, people: People, case: Case, operator: Reader
) -> None:
    [citizen] = registry.register(
        actor=operator, at=AT, entries=[Entry("Siti Nurbaya", "B7654321", PHONE, "MY", "Klang", case.mission_id or "")]
    )
    where = f"/cases/{case.number}/persons/"
    found = desk.post(where, {"q": "Nurbaya"}).content.decode()
    assert "Siti N●●●" in found
    assert "Nurbaya<" not in found
    assert "B7654321" not in found
    assert ReadEntry.objects.get(screen="case-search").object_id == case.number
    assert desk.post(f"/cases/{case.number}/link/", {"citizen": citizen}).status_code == 302
    assert desk.get(f"{where}{citizen}/").content.decode().count("Nurbaya") == 0
    assert desk.post(f"{where}{citizen}/", {"reason": ""}).status_code == 422
    opened = desk.post(f"{where}{citizen}/", {"reason": "Mencocokkan paspor"}).content.decode()
    assert "Siti Nurbaya" in opened
    assert "B7654321" in opened
    entry = ReadEntry.objects.get(object_id=f"citizen:{citizen}")
    assert entry.reason == f"{case.number}: Mencocokkan paspor"
    stranger = people.client(Role.MISSION_OFFICER, FAR)
    assert stranger.post(where, {"q": "Nurbaya"}).status_code == 404


def test_the_emergency_shows_the_case_it_began_as(desk: Client, case: Case, operator: Reader) -> None:
    made = actions.convert(
        actor=operator, number=case.number, at=AT, version=1, nature="violence", priority=1, reason="Dipukul"
    )
    assert f"/cases/{case.number}/" in desk.get(f"/emergencies/{made.number}/").content.decode()
    assert f"/emergencies/{made.number}/" in desk.get(f"/cases/{case.number}/").content.decode()


def test_what_nobody_has_read_is_marked_in_the_list(desk: Client, case: Case, operator: Reader) -> None:
    taken(case, operator)
    assert "Belum dibaca" not in desk.get("/cases/").content.decode()
    hear(case=case, at=AT, client_id=uuid.uuid4(), text="Ada lagi")
    assert "Belum dibaca" in desk.get("/cases/").content.decode()


def test_what_applicants_write_is_shown_as_text(desk: Client, make: Make) -> None:
    case = make(text="<img src=x onerror=alert(1)>", name="<b>Siti", place="<i>Klang")
    page = desk.get(f"/cases/{case.number}/").content.decode() + desk.get("/cases/").content.decode()
    for raw in ("<img src=x", "<b>Siti", "<i>Klang"):
        assert raw not in page


def test_an_exercise_has_cases_of_its_own(people: People, case: Case, make: Make) -> None:
    from alerts.exercises.models import Exercise

    supervisor = people.reader(Role.SUPERVISOR)
    Exercise.objects.create(slug="latihan", name_id="L", name_en="L", started_by_id=supervisor.user_id, started_at=AT)
    drill = make(exercise="latihan")
    client = people.client(Role.OPERATOR)
    html = client.get("/exercises/latihan/cases/").content.decode()
    assert numbers(html) == [drill.number]
    assert client.get(f"/exercises/latihan/cases/{case.number}/").status_code == 404
    assert shown(client) == [case.number]
