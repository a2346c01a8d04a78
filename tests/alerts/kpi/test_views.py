"""What the pages say in cases that a person can count on one hand; and who may read them."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.emergencies import actions as acts
from alerts.emergencies.models import Emergency
from alerts.intake.actions import Report, receive
from alerts.kpi.clocks import NOTES, REASONS
from alerts.kpi.rules import figure, median, p90
from alerts.kpi.sheets import safe
from alerts.kpi.spans import Line, spans
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from tests.alerts.kpi.recount import recount
from tests.alerts.kpi.test_recount import SEEDS, page_of
from tests.alerts.kpi.world import AT, Log, random_log
from tests.architecture.plans import read_whole, statements
from tests.conftest import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
HONG_KONG = "kjri-hongkong"
MELBOURNE = "kjri-melbourne"


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.kpi.views.now", lambda: AT)


def asked(log: Log, number: int, at: datetime, mission: str = HONG_KONG) -> str:
    key = f"R-{number}"
    log.add("report.requested", key, at, "gempa", mission=mission, attempt=1)
    return key


def test_the_silent_mission_is_infinite_in_count_median_and_p90(people: People) -> None:
    log, at = Log(), AT - timedelta(hours=2)
    for number in range(10):
        key = asked(log, number, at)
        if number < 8:
            log.add("report.filed", key, at + timedelta(seconds=60 + number), "gempa", mission=HONG_KONG)
            log.told[-1][2]["data"] |= {"report": number, "answer": "figures", "figures": 3}
    log.write()
    row = page_of(people.client(Role.SUPERVISOR), "/kpi/", {}).rows[":first_figure"]
    assert (row["n"], row["silent"], row["in_goal"]) == ("10", "2", "8")
    assert (row["median_s"], row["p90_s"]) == ("64.500", "inf")


def test_median_and_p90_of_known_lists() -> None:
    inf = float("inf")
    assert (median([]), p90([])) == (None, None)
    assert (median([5.0]), p90([5.0])) == (5.0, 5.0)
    assert (median([1.0, inf]), median([1.0, 2.0, inf])) == (inf, 2.0)
    assert p90([float(each) for each in range(1, 11)]) == 9.0
    assert p90([1.0] * 9 + [inf]) == 1.0
    assert p90([1.0] * 8 + [inf] * 2) == inf


def test_a_kabul_lesson_that_opening_is_no_action(people: People) -> None:
    log, at = Log(), AT - timedelta(hours=1)
    log.add("emergency.received", "E-2026-00001", at, channel="panic_button", mission="", rule="", priority=1)
    log.add("emergency.opened", "E-2026-00001", at + timedelta(seconds=5))
    log.add("emergency.taken", "E-2026-00001", at + timedelta(seconds=9))
    log.write()
    rows = page_of(people.client(Role.SUPERVISOR), "/kpi/", {}).rows
    assert rows[":opened"]["median_s"] == "5.000"
    assert rows[":taken"]["median_s"] == "9.000"
    assert rows[":first_action"]["median_s"] == rows[":taking_acted"]["median_s"] == "inf"


def test_contact_alone_is_counted_apart_from_figures(people: People) -> None:
    log, at = Log(), AT - timedelta(hours=1)
    key = asked(log, 1, at)
    log.add("report.filed", key, at + timedelta(seconds=30), "gempa", mission=HONG_KONG, report=1, answer="checking")
    log.write()
    client = people.client(Role.SUPERVISOR)
    rows = page_of(client, "/kpi/", {}).rows
    assert rows[":first_contact"]["median_s"] == "30.000"
    assert (rows[":first_figure"]["median_s"], rows[":first_figure"]["notes"]) == ("inf", {"contact_only": "1"})
    assert "kontak saja, sedang dicek" in client.get("/kpi/first_figure/").content.decode()


def test_an_old_report_that_does_not_say_whether_it_had_figures_is_excluded_by_name(people: People) -> None:
    log, at = Log(), AT - timedelta(hours=1)
    key = asked(log, 1, at)
    log.add("report.filed", key, at + timedelta(seconds=30), "gempa", mission=HONG_KONG, report=1, answer="figures")
    log.write()
    client = people.client(Role.SUPERVISOR)
    row = page_of(client, "/kpi/", {}).rows[":first_figure"]
    assert (row["n"], row["reasons"]) == ("0", {"unrecorded": "1"})
    assert "log tidak mencatat apakah laporan memuat angka" in client.get("/kpi/").content.decode()


def test_the_random_worlds_hold_every_reason_and_note() -> None:
    seen = set()
    for seed in SEEDS:
        random_log(seed, exercise=f"w-{seed}").write()
        for span in recount(f"w-{seed}", AT):
            seen |= {span["excluded"], span["note"]}
    # Machines' clocks go wrong only in the tests that say so.
    assert seen == {"", *REASONS, *NOTES} - {"backwards"}


def test_what_the_products_own_acts_write_is_measured(people: People) -> None:
    client, operator, at = people.client(Role.OPERATOR), people.reader(Role.OPERATOR), AT - timedelta(minutes=30)
    receive(report=Report(client_id=_uuid(), pressed_at=at, kind="panic"), at=at, exercise="")
    number = Emergency.objects.get().number
    acts.take(actor=operator, number=number, at=at + timedelta(seconds=40))
    acts.add_note(actor=operator, number=number, at=at + timedelta(seconds=100), text="Ditelepon")
    rows = page_of(client, "/kpi/", {}).rows
    assert [rows[f":{clock}"]["median_s"] for clock in ("taken", "opened", "first_action", "taking_acted")] == [
        *("40.000", "40.000", "100.000", "60.000")
    ]
    page = client.get("/kpi/taken/").content.decode()
    assert f'href="/emergencies/{number}/"' in page


def test_an_exercise_has_a_page_of_its_own(people: People) -> None:
    from alerts.exercises.models import Exercise

    supervisor = people.reader(Role.SUPERVISOR)
    Exercise.objects.create(
        slug="kpi-1", name_id="L", name_en="E", scenario="x", started_at=AT, started_by_id=supervisor.user_id
    )
    for exercise, many in (("", 1), ("kpi-1", 2)):
        log = Log(exercise)
        for number in range(many):
            asked(log, number, AT - timedelta(hours=1))
        log.write()
    client = people.client(Role.SUPERVISOR)
    assert page_of(client, "/kpi/", {}).rows[":first_figure"]["n"] == "1"
    assert page_of(client, "/exercises/kpi-1/kpi/", {}).rows[":first_figure"]["n"] == "2"
    assert "LATIHAN" in client.get("/exercises/kpi-1/kpi/").content.decode()


def test_hours_are_those_of_the_wall_clock_also_when_summer_time_ends(people: People) -> None:
    """Melbourne, 5 April 2026: at 03.00 the clocks went back, so two different hours were called 02."""
    log = Log()
    for number, hour in enumerate((15, 16, 17)):
        asked(log, number, datetime(2026, 4, 4, hour, 30, tzinfo=UTC), MELBOURNE)
    log.write()
    client, days = people.client(Role.SUPERVISOR), {"first": "2026-04-04", "last": "2026-04-06"}
    by_wib = page_of(client, "/kpi/first_figure/", days).rows
    local = page_of(client, "/kpi/first_figure/", {**days, "zone": "local"}).rows
    assert {key: by_wib[key]["n"] for key in by_wib if key.startswith("hour:")} == {
        "hour:22": "1",
        "hour:23": "1",
        "hour:00": "1",
    }
    assert {key: local[key]["n"] for key in local if key.startswith("hour:")} == {"hour:02": "2", "hour:03": "1"}
    assert page_of(client, "/kpi/", {**days, "zone": "local", "hour": "2"}).rows[":first_figure"]["n"] == "2"


BAD = (
    ({"first": "kemarin"}, "Dari"),
    ({"first": "0001-01-01"}, "Dari"),
    ({"first": "2026-05-10", "last": "2026-05-01"}, "Sampai"),
    ({"first": "2020-01-01", "last": "2026-05-01"}, "Sampai"),
    ({"hour": "24"}, "Jam"),
    ({"hour": "-1"}, "Jam"),
    ({"hour": "9" * 5000}, "Jam"),
    ({"mission": "a b"}, "Perwakilan RI"),
    ({"crisis": "x\0"}, "Krisis"),
    ({"channel": "merpati"}, "Saluran"),
    ({"zone": "mars"}, "Jam menurut"),
)


@pytest.mark.parametrize(("wanted", "field"), BAD)
def test_a_filter_that_cannot_be_read_is_said_by_field(people: People, wanted: dict[str, str], field: str) -> None:
    client = people.client(Role.SUPERVISOR)
    answer = client.get("/kpi/", wanted)
    assert answer.status_code == 200
    assert f">{field}:" in answer.content.decode()
    file = client.get("/kpi/clocks.csv", wanted)
    assert (file.status_code, file.content.decode().partition(":")[0]) == (400, field)


@pytest.mark.parametrize(
    "wanted", [{"first": "2999-12-31"}, {"first": "2000-01-01"}, {"last": "2000-01-01"}, {"page": "x"}, {"page": "99"}]
)
def test_the_ends_of_the_world_are_pages_too(people: People, wanted: dict[str, str]) -> None:
    client = people.client(Role.SUPERVISOR)
    assert client.get("/kpi/", wanted).status_code == client.get("/kpi/taken/", wanted).status_code == 200


def test_an_unknown_clock_is_missing(people: People) -> None:
    client = people.client(Role.SUPERVISOR)
    assert client.get("/kpi/tidak-ada/").status_code == client.get("/kpi/tidak-ada/rows.csv").status_code == 404


def test_an_empty_log_says_so_and_shows_dashes_not_zero(people: People) -> None:
    client = people.client(Role.SUPERVISOR)
    text = client.get("/kpi/").content.decode()
    assert "Tidak ada alarm dan tidak ada pengambilan dalam periode ini" in text
    assert page_of(client, "/kpi/", {}).rows[":taken"]["median_s"] == ""
    assert "Tidak ada yang memulai jam ukur ini dalam saringan" in client.get("/kpi/taken/").content.decode()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_of_a_file_is_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert safe("kbri-cairo") == "kbri-cairo"


def test_a_file_with_a_hostile_slug_is_harmless(people: People) -> None:
    log = Log()
    log.add("report.requested", "R-1", AT - timedelta(hours=1), "-cmd", mission="=a", attempt=1)
    log.write()
    text = people.client(Role.SUPERVISOR).get("/kpi/first_figure/rows.csv").content.decode()
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["mission"], row["crisis"]) == ("'=a", "'-cmd")


def test_the_auditor_reads_figures_without_links_into_work(people: People) -> None:
    random_log(1).write()
    text = people.client(Role.AUDITOR).get("/kpi/first_figure/").content.decode()
    assert "R-gempa" in text
    assert 'href="/crises/' not in text


def test_as_many_statements_however_long_the_log(people: People) -> None:
    client, counts = people.client(Role.SUPERVISOR), []
    for seed in (0, 1, 2, 3, 4):
        random_log(seed).write()
        with CaptureQueriesContext(connection) as seen:
            client.get("/kpi/first_figure/")
        counts.append(len(seen))
    # The first page of a process reads the directory.
    assert counts[2] == counts[3] == counts[4]


def test_a_hundred_thousand_events_are_read_by_index(people: People) -> None:
    """The plan, with the statistics that autovacuum would have."""
    at, rows = AT - timedelta(days=300), []
    kinds = ("emergency.received", "emergency.moved", "emergency.taken", "emergency.messaged", "report.filed")
    for place in range(100_000):
        kind, key = kinds[place % 5], f"E-2026-{place // 5:05d}"
        when = at + timedelta(seconds=place * 259)
        data: dict[str, Any] = {"side": "citizen", "mission": "", "report": 1, "answer": "checking"}
        rows.append(
            Event(
                at=when,
                kind=kind,
                object_type="emergency",
                object_id=key,
                version=1,
                topic="queue",
                audiences=[],
                data=data,
            )
        )
    Event.objects.bulk_create(rows, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE commandcenter_event")
    client = people.client(Role.SUPERVISOR)

    def faults() -> list[str]:
        return [f"{fault}: {each}" for each in statements(lambda: client.get("/kpi/")) for fault in read_whole(each)]

    assert [fault for fault in faults() if "event" in fault] == []


def test_a_figure_says_how_many_were_left_out_and_why() -> None:
    at = AT - timedelta(seconds=30)
    line = Line(1, "report.requested", "R-1", at, "crisis:gempa", {"mission": HONG_KONG, "attempt": 1})
    found = figure("first_figure", [span for span in spans([line], AT) if span.clock == "first_figure"])
    assert (found.n, found.left_out, found.excluded, found.percent) == (0, 1, {"running": 1}, None)


def _uuid() -> Any:
    import uuid

    return uuid.uuid4()
