"""The queue as it is served in a flood: one card, who stands apart beside it, every emergency still a row behind it."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest

from alerts.emergencies import actions as acts
from alerts.emergencies.models import Emergency
from alerts.intake.actions import Fix, Report, receive
from commandcenter.access.models import Role
from commandcenter.dashboard import queries
from commandcenter.live.kept import shelf
from tests.conftest import AT, People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CELL = "44:228"
ROW = re.compile(r'<li class="queue-row" id="q-(E-[0-9-]+)"')
CARD = re.compile(r'<li class="queue-row queue-crowd" data-id="crowd:([^"]+)"')


def flood(n: int, *, device: str = "", **more: Any) -> list[str]:
    """So many within a minute near Tai Po; their numbers."""
    numbers = []
    for i in range(n):
        fix = Fix(22.45 + i / 10_000, 114.17, AT, "gps")
        given = {"client_id": uuid.uuid4(), "pressed_at": AT, "kind": "panic", "location": fix, "device": device}
        report = Report(**{**given, **more, "device": f"{device}{i:02d}" if device else ""})
        numbers.append(receive(report=report, at=AT + timedelta(milliseconds=500 * i), exercise="").number)
    return numbers


def rows(people: People, role: Role = Role.OPERATOR, query: str = "", mission: str = "") -> tuple[list[str], str]:
    """The rows the page brings, and its text."""
    shelf.kept.clear()
    page = people.client(role, mission).get(f"/{query}").content.decode()
    page = page.partition("<template")[0]
    return ROW.findall(page), page


def test_a_flood_is_one_card_with_its_number(people: People) -> None:
    fakes, genuine = flood(90), flood(4, device="D")
    shown, page = rows(people)
    assert CARD.findall(page) == [CELL]
    assert "Banjir: 89 permintaan" in page
    # The first P1 and who stands apart keep rows of their own; nobody else does.
    assert set(shown) == {fakes[0], *genuine}
    assert "94 kedaruratan" in page


def test_an_opened_card_shows_each_as_a_row(people: People) -> None:
    fakes, genuine = flood(60), flood(2, device="D")
    shown, page = rows(people, query=f"?crowd={CELL}")
    assert set(shown) == {*fakes, *genuine}
    assert re.search(r'queue-crowd.*?aria-expanded="true"', page, re.DOTALL)


def test_below_the_limit_there_is_no_card(people: People) -> None:
    fakes = flood(50)
    shown, page = rows(people)
    assert CARD.findall(page) == []
    assert set(shown) == set(fakes)


def test_the_card_counts_down_as_they_are_taken_and_goes_with_the_last(people: People) -> None:
    fakes = flood(55)
    chief = people.reader(Role.SUPERVISOR)
    for number in fakes[:-1]:
        acts.take(actor=chief, number=number, at=AT + timedelta(hours=1))
    _, page = rows(people)
    assert "Banjir: 1 permintaan" in page
    acts.take(actor=chief, number=fakes[-1], at=AT + timedelta(hours=1))
    shown, page = rows(people)
    assert CARD.findall(page) == []
    assert set(shown) == set(fakes)


def test_a_mission_sees_the_card_of_its_own_area(people: People) -> None:
    flood(60)
    _, near = rows(people, Role.MISSION_OFFICER, mission="kjri-hongkong")
    _, far = rows(people, Role.MISSION_OFFICER, mission="kjri-melbourne")
    assert (CARD.findall(near), CARD.findall(far)) == ([CELL], [])


@pytest.mark.parametrize("query", ["?crowd=<script>", "?crowd=%00", "?crowd=", f"?crowd={'9' * 3000}"])
def test_a_made_up_card_opens_nothing(people: People, query: str) -> None:
    flood(60)
    shown, page = rows(people, query=query)
    assert len(shown) == 1
    assert "<script>" not in page.partition("queue-crowd")[2]


def test_of_a_queue_that_was_cut_those_apart_are_never_cut_off(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    flood(70)
    genuine = flood(5, device="D")
    Emergency.objects.exclude(device="").update(received_at=AT + timedelta(minutes=30))
    monkeypatch.setattr(queries, "MOST", 60)
    shown, page = rows(people)
    assert set(genuine) <= set(shown)
    # The page holds only the first ones: at least so many.
    assert "Banjir: 54+ permintaan" in page
