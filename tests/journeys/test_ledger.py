"""The ledger in a real browser: Ukraine 2022 is played, the strip follows an act that is done without scripts.

The play itself compares its checks: the command ends with 0 only when the line is the same on every page it names.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.running import Person, Running

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
DRILL = "/exercises/ukraine-2022"
ROOM = f"{DRILL}/crises/evakuasi-wni-dari-ukraina/"
CLOSED = "165 terdaftar = 133 dievakuasi + 32 menolak · selisih 0 ✓"
AFTER = "165 terdaftar = 133 dievakuasi + 32 dihubungi, aman · selisih 0 ✓"
Accounts = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def played(running: Running) -> str:
    """What the command printed."""
    return running.manage("play", "ukraine-2022", "--speed", "100000", "--base-url", running.url)


def enter(browser: Browser, running: Running, account: dict[str, str], **options: Any) -> BrowserContext:
    """A browser of this person's, signed in."""
    context = browser.new_context(base_url=running.url, **options)
    for cookie in Person(running, account).cookies.jar:
        context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": running.url}])
    return context


@pytest.fixture
def plain(browser: Browser, running: Running, accounts: Accounts) -> Iterator[Page]:
    """The supervisor's browser without scripts."""
    context = enter(browser, running, accounts["supervisor"], java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_the_play_ends_with_the_same_line_everywhere(played: str) -> None:
    assert "DIFFERS" not in played
    assert played.count(f"{CLOSED}  OK") == 2  # on the crisis room and on the summary


def test_the_strip_follows_acts_that_are_done_without_scripts(
    browser: Browser, running: Running, accounts: Accounts, played: str, plain: Page
) -> None:
    context = enter(browser, running, accounts["operator"])
    room = context.new_page()
    room.goto(ROOM)
    line = room.locator("#ledger-strip [data-ledger-line]")
    expect(line).to_have_text(CLOSED, timeout=20_000)
    expect(room.locator("#strip")).to_have_attribute("data-state", "connected", timeout=20_000)
    for was, state, shown in (("refused", "contacted_safe", AFTER), ("contacted_safe", "refused", CLOSED)):
        plain.goto(f"{ROOM}ledger/?state={was}")
        plain.locator("#bulk > summary").click()
        plain.select_option("#set_state", state)
        plain.fill("#set_reason", "Ditelepon")
        plain.locator("#bulk button").click()
        expect(line).to_have_text(shown, timeout=20_000)
    context.close()
