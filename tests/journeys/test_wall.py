"""The wall in a real browser: paired by a code, live, stale within the minute, small at night, gone when revoked."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.running import Person, Running, until
from tests.journeys.test_picture import press

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
# Inter's capital letters are this much of its size; a 65 inch screen of 16:9 is this high.
CAPITAL, HIGH_MM = 0.727, 809
TICKED = "(at) => document.dispatchEvent(new CustomEvent('clock:tick', { detail: at }))"


def code_of(running: Running, accounts: dict[str, dict[str, str]], name: str) -> str:
    """What the supervisor reads out."""
    desk = Person(running, accounts["supervisor"])
    desk.post("/wall/devices/", data={"name": name, "place": "Ruang krisis"})
    found = re.search(r'id="wall-code">([-0-9A-Z]+)<', desk.get("/wall/devices/").text)
    assert found
    return found[1]


def revoke(running: Running, accounts: dict[str, dict[str, str]], name: str) -> None:
    """The supervisor ends a screen."""
    desk = Person(running, accounts["supervisor"])
    screen = re.search(rf'data-screen="(\d+)">\s*<th scope="row">{re.escape(name)}<', desk.get("/wall/devices/").text)
    assert screen
    assert desk.post(f"/wall/devices/{screen[1]}/revoke/").status_code == 302


@pytest.fixture
def faults() -> list[str]:
    """What the page's scripts raised."""
    return []


@pytest.fixture
def wall(
    browser: Browser,
    running: Running,
    accounts: dict[str, dict[str, str]],
    faults: list[str],
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """A screen that typed its code, before its clock is touched."""
    context = browser.new_context(base_url=running.url, viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => {"
        " (window.faults ??= []).push(violatedDirective); });"
        "window.sounds = 0; for (const kind of ['Audio', 'AudioContext'])"
        " window[kind] = new Proxy(window[kind],"
        " { construct(of, all) { window.sounds += 1; return new of(...all); } });"
    )
    page.goto("/wall/")
    page.get_by_label("Kode").fill(code_of(running, accounts, request.node.name[:60]))
    page.get_by_role("button", name="Pasangkan").click()
    expect(page.locator("#strip")).to_have_attribute("data-state", "connected", timeout=30_000)
    yield page
    assert faults == []
    if not page.is_closed():
        assert page.evaluate("window.faults ?? []") == []
        assert page.evaluate("window.sounds") == 0
    context.close()


def test_an_alarm_comes_by_itself_without_a_sound_and_in_letters_for_six_metres(wall: Page, running: Running) -> None:
    number = press(running, name="Kenari Nama", phone="+62811770001", message="kenari pesan")
    row = wall.locator(f'[data-number="{number}"]')
    expect(row).to_be_visible(timeout=20_000)
    expect(row).to_have_attribute("data-state", "new")
    assert "kenari" not in wall.content().lower()
    assert "811770" not in wall.content()
    # Every text that is shown, as tall as it must be.
    small = wall.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((each) => {
          const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
          return own && !each.closest('.vh, script, #map') && each.checkVisibility();
        }).map((each) => [each.className, each.textContent.trim(), parseFloat(getComputedStyle(each).fontSize)])"""
    )
    assert small
    least = min(small, key=lambda each: each[2])
    assert least[2] / 1080 * HIGH_MM * CAPITAL >= 35, least
    # Nothing is wider or higher than the wall, wherever the hour has shifted it.
    for hour in range(8):
        wall.evaluate(TICKED, (time.time() + hour * 3600) * 1000)
        size = wall.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size == [1920, 1080], hour


def test_the_wall_stays_within_itself_by_day_and_reloads_only_at_four_when_no_p1_is_open(
    wall: Page, running: Running
) -> None:
    """A device clock of its own: the page counts by the server's, so both are moved together by the page's clock."""
    loads: list[str] = []
    wall.on("load", lambda _page: loads.append("load"))
    at_four = (datetime.now(UTC) + timedelta(days=2)).replace(hour=21, minute=0, second=30, microsecond=0)
    before = at_four - timedelta(hours=1)
    wall.evaluate("document.getElementById('wall-urgent').dataset.critical = '0'")
    wall.evaluate(TICKED, before.timestamp() * 1000)
    shift = wall.evaluate("document.querySelector('.wall').style.translate")
    wall.evaluate("document.getElementById('wall-urgent').dataset.critical = '1'")
    wall.evaluate(TICKED, at_four.timestamp() * 1000)
    assert wall.evaluate("document.querySelector('.wall').style.translate") != shift
    wall.wait_for_timeout(500)
    assert loads == []
    wall.evaluate("document.getElementById('wall-urgent').dataset.critical = '0'")
    with wall.expect_navigation(timeout=20_000):
        wall.evaluate(TICKED, (at_four.timestamp() + 61) * 1000)
    expect(wall.locator("#strip")).to_have_attribute("data-state", "connected", timeout=20_000)


# Sixty frames a round, as a busy day brings them; and what a panel fetches anew.
BUSY = """async (rounds) => {
  const card = { state: 'new', priority: 1, type: 'panic', country: 'HK', mission: '', desk: null, lat: 22, lon: 114,
    received: new Date().toISOString(), accuracy: 20 };
  for (let round = 0; round < rounds; round += 1) {
    for (let n = 0; n < 60; n += 1) {
      document.body.dispatchEvent(new CustomEvent('live:frame', { detail: {
        topic: 'queue', kind: 'emergency.received', id: `E-2026-${90000 + n}`, version: 1e6 + round * 2,
        card: { ...card, lat: 22 + n / 10, state: round % 2 ? 'taken' : 'new' } } }));
    }
    document.body.dispatchEvent(new CustomEvent('live:topic:queue'));
    document.body.dispatchEvent(new CustomEvent('live:topic:crisis'));
    document.dispatchEvent(new CustomEvent('clock:tick', { detail: Date.now() + round * 1000 }));
    await new Promise((done) => setTimeout(done, 40));
  }
}"""


def heap(page: Page) -> int:
    """Bytes in use: the least of some collections over three seconds, for what is still being drawn counts too."""
    session, used = page.context.new_cdp_session(page), []
    for _again in range(6):
        page.wait_for_timeout(500)
        session.send("HeapProfiler.collectGarbage")
        used.append(int(session.send("Runtime.getHeapUsage")["usedSize"]))
    session.detach()
    return min(used)


def test_the_heap_of_a_day_grows_by_less_than_a_tenth(wall: Page) -> None:
    """A day of frames and refreshed panels, accelerated: 24 h have fewer rounds than this has (one each 4 minutes)."""
    wall.evaluate(BUSY, 60)
    before = heap(wall)
    wall.evaluate(BUSY, 360)
    after = heap(wall)
    print(f"heap {before / 1e6:.2f} MB before, {after / 1e6:.2f} MB after a day: {100 * (after / before - 1):+.1f} %")
    assert after < before * 1.1


def test_a_server_that_stops_is_seen_within_a_minute_and_one_that_returns_too(
    wall: Page, running: Running, faults: list[str]
) -> None:
    """In real time: this is what a person in the room would see."""
    running.kill("web")
    stopped = time.monotonic()
    expect(wall.locator("#strip")).not_to_have_attribute("data-state", "connected", timeout=14_000)
    banner = wall.locator("#wall-stale")
    expect(banner).to_be_visible(timeout=60_000)
    assert time.monotonic() - stopped <= 60
    assert re.fullmatch(r"DATA BASI SEJAK \d\d\.\d\d", banner.inner_text())
    assert banner.bounding_box()["width"] == 1920  # type: ignore[index]
    running.start("web")
    until(running.ready, 60, "the web server is back")
    expect(banner).to_be_hidden(timeout=40_000)
    expect(wall.locator("#strip")).to_have_attribute("data-state", "connected", timeout=40_000)
    # A page that was loaded while the server came up may have missed a script; the one that stands is whole.
    expect(wall.locator("#map canvas").first).to_be_visible()
    faults.clear()


def test_a_revoked_screen_shows_the_pairing_form_within_thirty_seconds(
    wall: Page, running: Running, accounts: Any, request: pytest.FixtureRequest
) -> None:
    revoke(running, accounts, request.node.name[:60])
    # The socket closes within 30 s, and the page reloads within five more.
    expect(wall.get_by_label("Kode")).to_be_visible(timeout=36_000)
