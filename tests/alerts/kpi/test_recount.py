"""U20: every figure of the pages and files of KPI equals a second, independent count of the raw log."""

import csv
import io
import re
from datetime import datetime, timedelta
from html.parser import HTMLParser
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from alerts.kpi import spans
from commandcenter.access.models import Role
from missions.directory.queries import directory
from tests.alerts.kpi.recount import GOALS, recount, summed, written
from tests.alerts.kpi.world import AT, random_log
from tests.conftest import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
WIB = ZoneInfo("Asia/Jakarta")
SEEDS = range(6)
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"first": "2026-05-04", "last": "2026-05-13"},
    {"first": "2026-05-09", "last": "2026-05-10"},
    {"mission": "kjri-hongkong"},
    {"crisis": "gempa"},
    {"channel": "panic_button"},
    {"hour": "3"},
    {"hour": "7", "zone": "local", "first": "2026-05-04", "last": "2026-05-13"},
)


class Page(HTMLParser):
    """Every <data> of a page: by the key of its row and its part, and those of the alarms' health."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: dict[str, dict[str, Any]] = {}
        self.health: dict[str, str] = {}
        self.by, self.key = "", ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.by = said.get("data-by", self.by)
        if tag == "tr" and "data-key" in said:
            self.key = f"{self.by}:{said['data-key']}"
            self.rows[self.key] = {"reasons": {}, "notes": {}}
        if tag != "data":
            return
        row = self.rows.get(self.key, {})
        for attribute, part in (("data-excluded", "reasons"), ("data-note", "notes")):
            if attribute in said:
                row[part][said[attribute]] = said["value"]
        if "data-part" in said:
            row[said["data-part"]] = said["value"]
        for attribute in ("data-health", "data-mix"):
            if attribute in said:
                self.health[said[attribute]] = said["value"]


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.kpi.views.now", lambda: AT)


def local(span: Any, wanted: dict[str, str]) -> datetime:
    """The start on the clock whose hours count."""
    held = directory().missions
    zone = held[span["mission"]].zone if wanted.get("zone") == "local" and span["mission"] in held else WIB
    moment: datetime = span["start"]["at"].astimezone(zone)
    return moment


def kept(found: list[Any], wanted: dict[str, str]) -> list[Any]:
    """The filter once more, in plain words."""
    days = (wanted.get("first", "2026-05-07"), wanted.get("last", "2026-05-13"))
    left = [span for span in found if days[0] <= span["start"]["at"].astimezone(WIB).date().isoformat() <= days[1]]
    for name in ("mission", "crisis", "channel"):
        if wanted.get(name):
            left = [span for span in left if span[name] == wanted[name]]
    if wanted.get("hour"):
        left = [span for span in left if local(span, wanted).hour == int(wanted["hour"])]
    return left


def read_file(client: Client, address: str, wanted: dict[str, str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address, wanted).content.decode())))


def page_of(client: Client, address: str, wanted: dict[str, str]) -> Page:
    answer = client.get(address, wanted)
    assert answer.status_code == 200
    return Page(answer.content.decode())


@pytest.mark.parametrize("seed", SEEDS)
def test_page_and_file_equal_an_independent_recount_of_the_log(people: People, seed: int) -> None:
    random_log(seed).write(Random(seed))
    random_log(seed + 1000, exercise="latihan-kpi").write()
    client, counted = people.client(Role.SUPERVISOR), recount("", AT)
    assert {span["clock"] for span in counted} == set(GOALS)
    for wanted in FILTERS:
        left = kept(counted, wanted)
        page, file = page_of(client, "/kpi/", wanted), read_file(client, "/kpi/clocks.csv", wanted)
        expected = {f":{clock}": summed(left, clock) for clock in GOALS}
        assert page.rows == expected
        assert {line["clock"] for line in file} == set(GOALS)
        for line in file:
            figure = summed(left, line["clock"])
            reasons = figure.pop("reasons")
            figure.pop("notes")
            assert {name: line[name] for name in figure} == figure
            given = {name: value for name, value in list(line.items())[8:] if value != "0"}
            assert given == reasons
        assert page.health == _health(left, wanted)


def _health(left: list[Any], wanted: dict[str, str]) -> dict[str, str]:
    alarms = [span for span in left if span["clock"] == "opened"]
    takings = [span for span in left if span["clock"] == "taking_acted"]
    if not alarms and not takings:
        return {}
    stretches: dict[tuple[str, int], int] = {}
    for span in alarms:
        when = span["start"]["at"].astimezone(WIB)
        stretch = (f"{when:%Y%m%d%H}", when.minute // 10)
        stretches[stretch] = stretches.get(stretch, 0) + 1
    first = datetime.fromisoformat(wanted.get("first", "2026-05-07")).replace(tzinfo=WIB)
    last = datetime.fromisoformat(wanted.get("last", "2026-05-13")).replace(tzinfo=WIB) + timedelta(days=1)
    whole = int((min(last, AT) - first).total_seconds())
    mix = {f"P{level}": str(sum(span["priority"] == level for span in alarms)) for level in (1, 2, 3)}
    unknown = sum(span["priority"] is None for span in alarms)
    return {
        "alarms": str(len(alarms)),
        **mix,
        **({"unrecorded": str(unknown)} if unknown else {}),
        "peak": str(max(stretches.values(), default=0)),
        "floods": str(len([count for count in stretches.values() if count > 10])),
        "slots": str(-(-whole // 600)),
        "takings": str(len(takings)),
        "returned": str(len([span for span in takings if span["note"] == "returned"])),
    }


@pytest.mark.parametrize("seed", [0, 1])
def test_every_clock_goes_down_to_the_same_rows_and_groups(people: People, seed: int) -> None:
    random_log(seed).write(Random(seed))
    client, counted = people.client(Role.SUPERVISOR), recount("", AT)
    for wanted in FILTERS:
        left = kept(counted, wanted)
        for clock in GOALS:
            own = [span for span in left if span["clock"] == clock]
            assert sorted(map(tuple, map(dict.items, read_file(client, f"/kpi/{clock}/rows.csv", wanted)))) == sorted(
                tuple(_line(span).items()) for span in own
            )
            _check_groups(page_of(client, f"/kpi/{clock}/", wanted), own, clock, wanted)


def _line(span: Any) -> dict[str, str]:
    goal, end = GOALS[span["clock"]], span["end"]
    timely = span["seconds"] is not None and goal is not None and span["seconds"] <= goal
    return {
        "clock": span["clock"],
        "object": span["about"],
        "mission": span["mission"],
        "channel": span["channel"],
        "crisis": span["crisis"],
        "priority": "" if span["priority"] is None else str(span["priority"]),
        "start_event": str(span["start"]["id"]),
        "start_at": span["start"]["at"].isoformat(),
        "end_event": str(end["id"]) if end else "",
        "end_at": end["at"].isoformat() if end else "",
        "seconds": written(span["seconds"]),
        "in_goal": "" if span["seconds"] is None else str(int(timely)),
        "excluded": span["excluded"],
        "note": span["note"],
    }


def _check_groups(page: Page, own: list[Any], clock: str, wanted: dict[str, str]) -> None:
    assert page.rows.pop(f":{clock}") == summed(own, clock)
    expected = {}
    for by in ("mission", "channel", "crisis"):
        keys = {span[by] for span in own}
        for key in keys if keys != {""} else ():
            expected[f"{by}:{key or 'none'}"] = summed([span for span in own if span[by] == key], clock)
    for hour in {local(span, wanted).hour for span in own}:
        expected[f"hour:{hour:02}"] = summed([span for span in own if local(span, wanted).hour == hour], clock)
    for figure in expected.values():
        figure.pop("goal_s")
        figure["notes"] = {}
    assert page.rows == expected


def test_a_mission_sees_its_own_figures_and_no_others(people: People) -> None:
    random_log(3).write(Random(3))
    client = people.client(Role.MISSION_OFFICER, "kbri-khartoum")
    left = kept(recount("", AT), {"mission": "kbri-khartoum"})
    assert page_of(client, "/kpi/", {}).rows == {f":{clock}": summed(left, clock) for clock in GOALS}
    # Asking for another mission gives nothing of it.
    other = page_of(client, "/kpi/", {"mission": "kjri-hongkong"})
    assert {row["n"] for row in other.rows.values()} == {"0"}


MUTANTS = {
    "silence is dropped": ("inf", -1.0),
    "opening counts as acting": ("_is_act", lambda line: line.kind in {"emergency.opened", "emergency.noted"}),
    "checking counts as a figure": ("has_figures", lambda _line: True),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_the_recount_notices(people: People, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    random_log(0).write()
    left = kept(recount("", AT), {})
    monkeypatch.setattr(spans, *MUTANTS[name])
    page = page_of(people.client(Role.SUPERVISOR), "/kpi/", {})
    assert page.rows != {f":{clock}": summed(left, clock) for clock in GOALS}
    assert re.search(r"\d", str(page.rows))
