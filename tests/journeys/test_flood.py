"""U19: a flood of sixty alarms: the first P1 stays in sight, each group sounds once, the rate is told; and silence."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.running import Running, until
from tests.journeys.test_picture import BAND, MELBOURNE, Accounts, desk, enter, press

__all__ = ["desk"]
pytestmark = pytest.mark.either
BANNER = '[data-part="flood"]'
# How often a motif starts anew: the beginning of every looping sound.
COUNTED = """
window.motifs = 0;
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...given) {
  if (this.loop) window.motifs += 1;
  return start.apply(this, given);
};
"""


@pytest.fixture
def chief(browser: Browser, running: Running, accounts: Accounts) -> Iterator[Page]:
    """The supervisor's picture, alone at the alarms: motifs are counted, sound is on."""
    context = enter(browser, running, accounts["supervisor"])
    page = context.new_page()
    page.add_init_script(COUNTED)
    page.goto("/")
    expect(page.locator("#strip")).to_have_attribute("data-state", "connected", timeout=20_000)
    page.keyboard.press("Shift")
    expect(page.locator('[data-module="sound"]')).to_have_attribute("data-state", "on")
    yield page
    context.close()


def test_a_flood_is_told_grouped_and_the_first_p1_stays_in_sight(chief: Page, running: Running) -> None:
    first = press(running)
    expect(chief.locator(f"{BAND}#q-{first}")).to_be_visible(timeout=5000)
    desks = chief.evaluate("JSON.parse(document.getElementById('picture-data').textContent).flood.desks")
    for _ in range(10 * desks):
        last = press(running)
    expect(chief.locator(f"#q-{last}")).to_be_attached(timeout=10_000)
    expect(chief.locator(BANNER)).to_be_visible()
    began = chief.evaluate("window.motifs")
    for _ in range(60 - 10 * desks):
        last = press(running)
    expect(chief.locator(BANNER)).to_contain_text("Hong", timeout=10_000)
    until(lambda: int(re.findall(r"\d+", chief.locator(BANNER).inner_text())[0]) >= 60, 10, "sixty are counted")
    # Of one group no alarm of a flood sounds anew but its first.
    assert chief.evaluate("window.motifs") <= began + 1
    far = press(running, MELBOURNE)
    expect(chief.locator(f"#q-{far}")).to_be_attached(timeout=10_000)
    until(lambda: chief.evaluate("window.motifs") > began, 5, "another group sounds")
    expect(chief.locator(f"#q-{first}")).to_be_in_viewport()
    chief.reload()
    expect(chief.locator(BANNER)).to_be_visible(timeout=10_000)


def test_a_silenced_alarm_rests_in_sight_and_sounds_again(chief: Page, desk: Page, running: Running) -> None:
    number = press(running, MELBOURNE, kind="other")
    expect(desk.locator(f"#q-{number}")).to_be_attached(timeout=10_000)
    desk.goto(f"/emergencies/{number}/")
    desk.get_by_text("Tunda alarm").click()
    desk.get_by_label("Alasannya?").fill("Dua laporan dari satu keluarga")
    desk.get_by_role("button", name="Tunda", exact=True).click()
    expect(desk.get_by_text("ditunda Rina Operator sampai")).to_be_visible()
    chip = chief.locator('[data-part="shelved-count"]')
    expect(chip).to_be_visible(timeout=5000)
    chip.get_by_role("link").click()
    expect(chief.get_by_text("Dua laporan dari satu keluarga")).to_be_visible()
    chief.get_by_role("button", name="Bunyikan lagi").first.click()
    expect(chief.get_by_text("Berbunyi lagi")).to_be_visible()
