"""The page's own modules: the card of a flood is what the server's rule says; the hash is SHA-256."""

import random
from hashlib import sha256

import pytest
from playwright.sync_api import Page

from alerts.floods.rules import Arrival, cell_of, crowds
from tests.journeys.test_ui_modules import show

pytestmark = pytest.mark.either


def worlds(chance: random.Random, n: int) -> list[list[dict[str, object]]]:
    """Queues of all kinds: dense and thin, signed and not, taken and resolved, on and off the map."""
    found = []
    for _ in range(n):
        span = chance.choice([30_000, 60_000, 120_000, 600_000])
        middle = chance.choice([(22.45, 114.2), (-0.01, -0.01), (-37.8, 144.99), (0.5, 179.9)])
        found.append(
            [
                {
                    "id": f"E-2026-{number:05d}",
                    "at": 1_780_000_000_000 + chance.randrange(span),
                    "card": {
                        "lat": None if chance.random() < 0.1 else middle[0] + chance.uniform(-0.3, 0.3),
                        "lon": middle[1] + chance.uniform(-0.3, 0.3),
                        "country": chance.choice(["HK", "AU", ""]),
                        "priority": chance.choice([1, 2]),
                        "state": chance.choice(["new", "new", "new", "taken", "resolved"]),
                        "signed": chance.random() < 0.05,
                        "channel": "hotline" if chance.random() < 0.05 else "panic_button",
                    },
                }
                for number in range(chance.choice([0, 10, 51, 120, 400]))
            ]
        )
    return found


def expected(world: list[dict[str, object]]) -> list[list[object]]:
    """What the server draws of the same rows."""
    rows = []
    for entry in world:
        card: dict[str, object] = entry["card"]  # type: ignore[assignment]
        if card["state"] == "resolved":
            continue
        apart = bool(card["signed"]) or card["channel"] != "panic_button"
        cell = cell_of(card["lat"], card["lon"], str(card["country"]))  # type: ignore[arg-type]
        facts = (int(str(entry["at"])), int(str(card["priority"])), card["state"] == "new", apart)
        rows.append(Arrival(str(entry["id"]), cell, *facts))
    return [[card.cell, list(card.numbers), card.received, card.priority] for card in crowds(rows)]


def test_the_browser_folds_a_flood_as_the_server_does(page: Page) -> None:
    show(page, "")
    given = worlds(random.Random(11), 120)
    found = page.evaluate(
        """async (worlds) => {
          const { crowds } = await import('/static/js/live/crowds.js');
          const told = ({ cell, ids, at, priority }) => [cell, ids, at, priority];
          return worlds.map((world) => crowds(world).cards.map(told));
        }""",
        given,
    )
    assert found == [expected(world) for world in given]
    assert sum(map(len, found)) > 20


def test_the_work_is_sha_256(page: Page) -> None:
    show(page, "")
    texts = ["", "abc", "x" * 55, *(f"{'Ab-_'[n % 4] * 22}.{n**3}" for n in range(200))]
    found = page.evaluate(
        "async (texts) => texts.map((await import('/static/js/ui/sos-work.js')).firstWord)",
        texts,
    )
    assert found == [int.from_bytes(sha256(text.encode()).digest()[:4], "big") for text in texts]
