"""The common operating picture in a real browser: rows, map and alarm follow the log; no row moves by itself."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.running import Person, Running, until

pytestmark = pytest.mark.either

HONG_KONG = (22.45, 114.1688)
MELBOURNE = (-37.81, 144.96)
LIST = '[data-part="list"] .queue-row'
BAND = '[data-part="band"] .queue-row'
Accounts = dict[str, dict[str, str]]


def press(running: Running, place: tuple[float, float] | None = HONG_KONG, kind: str = "panic", **more: Any) -> str:
    """A citizen asks for help; answers the emergency's number."""
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    body = {"client_id": str(uuid.uuid4()), "pressed_at": at, "kind": kind, "language": "id", **more}
    if place:
        body["location"] = {"lat": place[0], "lon": place[1], "accuracy_m": 20, "fixed_at": at, "source": "gps"}
    answer = httpx.post(f"{running.url}/api/v1/emergencies", json=body, timeout=20)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def enter(browser: Browser, running: Running, account: dict[str, str], **options: Any) -> BrowserContext:
    """A browser of this person's, signed in."""
    context = browser.new_context(base_url=running.url, viewport={"width": 1600, "height": 900}, **options)
    for cookie in Person(running, account).cookies.jar:
        context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": running.url}])
    return context


@pytest.fixture
def desk(browser: Browser, running: Running, accounts: Accounts) -> Iterator[Page]:
    """The operator's picture with its live channel up; page errors and CSP reports fail the test."""
    context = enter(browser, running, accounts["operator"])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => {"
        " (window.faults ??= []).push(violatedDirective); });"
    )
    page.goto("/")
    expect(page.locator("#strip")).to_have_attribute("data-state", "connected", timeout=20_000)
    yield page
    assert faults == []
    assert page.evaluate("window.faults ?? []") == []
    context.close()


def drawn(page: Page) -> tuple[int, int]:
    """How many emergencies the result line names, and how many of them are on the map."""
    numbers = re.findall(r"\d+", page.locator('[data-part="result"]').inner_text())
    return int(numbers[0]), int(numbers[1])


def test_a_panic_button_becomes_a_row_a_marker_and_an_alarm_without_reload(desk: Page, running: Running) -> None:
    desk.evaluate("window.same = true")
    rows, placed = drawn(desk)
    number = press(running)
    expect(desk.locator(f"{BAND}#q-{number}")).to_be_visible(timeout=5000)
    assert drawn(desk) == (rows + 1, placed + 1)
    assert re.match(r"\(\d+!\) ", desk.title())
    expect(desk.locator("#live-assertive")).to_contain_text("P1")
    desk.keyboard.press("Shift")
    expect(desk.locator('[data-module="sound"]')).to_have_attribute("data-state", "on")
    assert desk.evaluate("window.same") is True
    desk.locator(".map-objects summary").click()
    item = desk.locator(f'[data-objects="emergency"] button[data-id="{number}"]')
    item.click()
    expect(desk.locator(f"#q-{number}")).to_have_attribute("aria-current", "true")


def test_without_coordinates_it_is_a_row_and_counted_as_such(desk: Page, running: Running) -> None:
    rows, placed = drawn(desk)
    number = press(running, None, country="AU")
    expect(desk.locator(f"#q-{number}")).to_be_visible(timeout=5000)
    assert drawn(desk) == (rows + 1, placed)


def test_taking_is_one_key_and_other_desks_see_it(
    browser: Browser, desk: Page, running: Running, accounts: Accounts
) -> None:
    first, second = press(running), press(running)
    expect(desk.locator(f"#q-{second}")).to_be_visible(timeout=5000)
    other = enter(browser, running, accounts["supervisor"])
    watching = other.new_page()
    watching.goto("/")
    expect(watching.locator("#strip")).to_have_attribute("data-state", "connected", timeout=20_000)
    desk.locator(f"#q-{first} .queue-link").focus()
    desk.keyboard.press("a")
    expect(watching.locator(f"#q-{first}")).to_have_attribute("data-state", "taken", timeout=5000)
    expect(desk.locator(f"#q-{first}")).to_have_attribute("data-state", "taken", timeout=5000)
    assert desk.evaluate("document.activeElement.closest('.queue-row').dataset.state") == "new"
    assert drawn(desk) == drawn(watching)
    other.close()


def test_nothing_moves_under_the_pointer_and_a_p1_is_pinned_at_once(desk: Page, running: Running) -> None:
    for _ in range(3):
        last = press(running, kind="detention")
    expect(desk.locator(f"#q-{last}")).to_be_visible(timeout=5000)
    desk.locator(LIST).first.hover()
    before = desk.locator(LIST).first.bounding_box()
    waiting, pinned = press(running, MELBOURNE, kind="detention"), press(running, MELBOURNE)
    expect(desk.locator(f"{BAND}#q-{pinned}")).to_be_attached(timeout=5000)
    more = desk.locator('[data-part="more"]')
    expect(more).to_be_visible(timeout=5000)
    assert desk.locator(f"#q-{waiting}").count() == 0
    after = desk.locator(LIST).first.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) < 2
    more.click()
    expect(desk.locator(f"#q-{waiting}")).to_be_attached()


def test_filter_narrows_rows_and_map_and_names_the_p1_outside(desk: Page, running: Running) -> None:
    here, away = press(running), press(running, MELBOURNE)
    expect(desk.locator(f"#q-{away}")).to_be_attached(timeout=5000)
    desk.goto("/?country=AU")
    expect(desk.locator(f"#q-{away}")).to_be_attached()
    assert desk.locator(f"#q-{here}").count() == 0
    expect(desk.locator('[data-part="outside"]')).to_be_visible()
    outside = press(running)
    until(lambda: re.match(r"\(\d+!\)", desk.title()), 5, "the title counts P1 outside the filter")
    expect(desk.locator("#live-assertive")).to_contain_text("Hong Kong", timeout=5000)
    assert desk.locator(f"#q-{outside}").count() == 0


def test_a_mission_hears_only_its_own(browser: Browser, running: Running, accounts: Accounts) -> None:
    context = enter(browser, running, accounts["officer-melbourne"])
    page = context.new_page()
    page.goto("/")
    expect(page.locator("#strip")).to_have_attribute("data-state", "connected", timeout=20_000)
    elsewhere, own = press(running), press(running, MELBOURNE)
    expect(page.locator(f"#q-{own}")).to_be_visible(timeout=5000)
    assert elsewhere not in page.content()
    context.close()


MISSED = """
import time, uuid
from alerts.emergencies.models import Emergency
from alerts.intake.actions import Fix, Report, receive
from commandcenter.clock import now
from commandcenter.events.models import Event
from commandcenter.live.models import Frame
Emergency.objects.filter(pk={key}).delete()
at = now()
receive(report=Report(uuid.uuid4(), at, "panic", Fix(22.45, 114.17, at, "gps", 25), language="id"), at=at, exercise="")
while Event.objects.filter(seq=None).exists():
    time.sleep(0.1)
Frame.objects.all().delete()
print(Emergency.objects.latest("pk").number)
"""


def test_a_picture_whose_frames_are_gone_as_after_a_restore_is_drawn_anew_without_a_new_page(
    desk: Page, running: Running
) -> None:
    over = press(running)
    expect(desk.locator(f"#q-{over}")).to_be_visible(timeout=5000)
    desk.evaluate("window.same = true")
    rows, _placed = drawn(desk)
    running.kill("web")
    missed = running.manage("shell", "--no-imports", "-c", MISSED.format(key=int(over[-5:]))).split()[-1]
    running.start("web")
    until(running.ready, 60, "web is back")
    expect(desk.locator(f"#q-{missed}")).to_be_visible(timeout=40_000)
    expect(desk.locator(f"#q-{over}")).to_have_count(0)
    assert drawn(desk)[0] == rows
    expect(desk.locator("#strip")).to_have_attribute("data-state", "connected", timeout=20_000)
    assert desk.evaluate("window.same") is True
