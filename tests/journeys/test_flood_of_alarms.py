"""X13: 10,000 fake alarms from 500 addresses, 200 genuine ones of registered devices among them.

All genuine ones are drawn, the page keeps its peace, the flood is one card that counts exactly, nothing is lost.
"""

import random
import re
import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.faults.conftest import LINES, sized
from tests.journeys.faults.phones import percentile
from tests.journeys.pressing import Device, Phones, Press, body_of
from tests.journeys.running import Running
from tests.journeys.test_picture import Accounts, enter

pytestmark = [pytest.mark.once, pytest.mark.alone, pytest.mark.timeout(900)]
FAKES, ADDRESSES, GENUINE = sized(10_000, 10_000, quick=2_000), 500, 200
# So many a second, on two cores that also run the browser and the telephones.
RATE = float(sized(60, 80, quick=25))
CARD = ".queue-crowd"
CELL = '[data-cell="44:228"]'
# When each row was first drawn, and how often the page changed: batches of changes, and rows put in or taken out.
WATCH = """
window.rows = {};
window.changes = {};
window.moved = {};
const count = (where, n) => { const s = Math.floor(performance.now() / 1000); where[s] = (where[s] ?? 0) + n; };
new MutationObserver((records) => {
  count(window.changes, 1);
  let moved = 0;
  for (const { type, target, addedNodes, removedNodes } of records) {
    if (type !== 'childList' || !target.closest?.('.queue')) continue;
    if (!target.matches('.queue')) continue;
    moved += addedNodes.length + removedNodes.length;
    for (const node of addedNodes) {
      const id = node.dataset?.id;
      if (!id || id in window.rows) continue;
      requestAnimationFrame(() => { window.rows[id] ??= performance.timeOrigin + performance.now(); });
    }
  }
  if (moved) count(window.moved, moved);
}).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
"""


@pytest.fixture
def desk(browser: Browser, running: Running, accounts: Accounts) -> Iterator[Page]:
    """The operator's picture, watched."""
    context = enter(browser, running, accounts["operator"])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(WATCH)
    page.goto("/")
    expect(page.locator("#strip")).to_have_attribute("data-state", "connected", timeout=30_000)
    yield page
    assert faults == []
    context.close()


def presses(running: Running) -> tuple[list[Press], list[Press]]:
    """Fakes from five hundred addresses, and the genuine between them."""
    chance = random.Random(13)
    fakes = [Press(f"127.1.{n % ADDRESSES // 250}.{n % 250 + 1}", body_of(chance), due=n / RATE) for n in range(FAKES)]
    genuine = []
    for n in range(GENUINE):
        source = f"127.2.0.{n + 1}"
        device = Device(running.port, source)
        # From when the flood is a flood to its end.
        due = 2 + n * (FAKES / RATE - 2) / GENUINE
        genuine.append(Press(source, body_of(chance), device, due=due))
    return fakes, genuine


def digits(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_the_genuine_are_seen_in_a_flood_of_fakes(desk: Page, running: Running, request: pytest.FixtureRequest) -> None:
    fakes, genuine = presses(running)
    before = int(desk.locator('[data-count="open"]').inner_text())
    sending = threading.Thread(target=Phones(running.port, [*fakes, *genuine]).run, args=(time.time(), 600))
    sending.start()
    while sending.is_alive():
        desk.wait_for_timeout(500)  # Playwright's loop stays awake; nothing is judged by this time
    stored = [press for press in [*fakes, *genuine] if press.status == 201]
    assert {press.status for press in genuine} == {201}
    # A first alarm is refused to nobody. Where the machine is too slow for the flood it may cost work, never a 429.
    assert {press.status for press in fakes} <= {201, 428}
    assert len({press.number for press in stored}) == len(stored)
    expect(desk.locator('[data-count="open"]')).to_have_text(
        re.compile(shown_as(before + len(stored))), timeout=200_000
    )
    drawn, began = desk.evaluate("window.rows"), min(press.sent for press in stored)
    waited = [drawn.get(press.number, float("inf")) / 1000 - press.sent for press in genuine]
    late = sorted(waited)
    changes, moved = desk.evaluate("[Object.values(window.changes), Object.values(window.moved)]")
    report = {
        "stored": len(stored),
        "p50": round(percentile(late, 0.5), 2),
        "p99": round(percentile(late, 0.99), 2),
        "worst": round(late[-1], 2),
        "changes": max(changes),
        "moved": max(moved, default=0),
        "took": round(max(press.answered for press in stored) - began),
        # Of each that came too late: when it was pressed, answered and drawn, in seconds from the first.
        "too late": [
            tuple(round(moment - began, 1) for moment in (press.sent, press.answered, press.sent + seconds))
            for press, seconds in zip(genuine, waited, strict=True)
            if seconds > 3
        ],
    }
    told = ", ".join(f"{name} {value}" for name, value in report.items() if value != [])
    request.config.stash.setdefault(LINES, []).append(
        f"X13  {len(fakes)} fakes at {RATE:g}/s, {len(genuine)} genuine: {told}"
    )
    assert percentile(late, 0.99) <= 3, report
    assert max(changes) <= 60, report
    # One card, the first P1 of the flood beside it; the number is exact.
    card = desk.locator(f"{CARD}{CELL}")
    expect(card).to_have_count(1)
    folded = len(stored) - GENUINE - 1
    assert digits(card.locator('[data-part="what"]').inner_text()) == folded
    first = min((press for press in fakes if press.number), key=lambda press: press.number)
    expect(desk.locator(f"#q-{first.number}")).to_have_count(1)
    rows = running.script(
        "import json; from alerts.emergencies.models import Emergency as E; e = E.objects; "
        "print(json.dumps([e.count(), e.values('client_id').distinct().count(), e.exclude(device='').count()]))"
    )
    assert rows == [before + len(stored), before + len(stored), GENUINE]


def shown_as(n: int) -> str:
    return f"{n:,}".replace(",", r"\.")
