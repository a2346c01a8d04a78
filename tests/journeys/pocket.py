"""A citizen's telephone: a browser whose profile outlives it, on a line that can be cut."""

import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import psycopg
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.journeys.running import Running, until
from tests.journeys.wire import Wire

SECONDS = 1000
PATIENCE = 30 * SECONDS
SIZE = {"width": 360, "height": 640}
HONG_KONG = {"latitude": 22.45, "longitude": 114.1688, "accuracy": 25}
# What the page keeps under the address of the API.
KEPT = """async () => {
  const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const open = indexedDB.open('dcc-sos');
  let empty = false;
  open.onupgradeneeded = () => { empty = true; open.transaction.abort(); };
  const db = await new Promise((resolve) => {
    open.onsuccess = () => resolve(open.result);
    open.onerror = () => resolve(null);
  });
  if (!db || empty) return null;
  const kept = await done(db.transaction('dcc-sos').objectStore('dcc-sos').get('/api/v1/emergencies'));
  db.close();
  return kept ?? null;
}"""
INSTALLED = """async () => {
  const names = await caches.keys();
  const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
  return Boolean(navigator.serviceWorker.controller) && names.length === 2 && Math.min(...all) > 0;
}"""
COLUMNS = ("client_id", "place", "message", "silent", "latitude", "cancelled_at", "mission_id", "nature", "priority")


class Pocket:
    """One telephone; it may be switched off and on."""

    def __init__(self, running: Running, make: Callable[..., BrowserContext]) -> None:
        self.running, self.make = running, make
        self.wire = Wire(running.port)
        self.first = 0
        self.first = int(self._rows("SELECT COALESCE(MAX(id), 0) FROM alerts_emergency")[0][0])
        self.context: BrowserContext | None = None
        self.noise: list[str] = []

    def on(self, **options: Any) -> "Pocket":
        """Switch it on."""
        told = {"viewport": SIZE, "has_touch": True, "is_mobile": True, "locale": "id-ID", **options}
        self.context = self.make(**told)
        return self

    def off(self) -> None:
        """The browser ends, as when the battery is empty or all tabs are swept away."""
        if self.context:
            self.context.close()
            self.context = None

    def lost(self) -> None:
        """Gone, with its line."""
        self.off()
        self.wire.close()

    def open(self, path: str = "/sos/", *, installed: bool = False) -> Page:
        """The page, ready; `installed` waits until the telephone could open it without a line."""
        assert self.context
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.noise.append(str(error)))
        page.goto(self.wire.url + path)
        expect(page.locator("html.js")).to_be_attached(timeout=PATIENCE)
        if installed:
            until(lambda: page.evaluate(INSTALLED), 40, "the telephone keeps the page", pause=0.2)
        return page

    def emergencies(self) -> list[dict[str, Any]]:
        """What the database holds since this telephone was bought, oldest first."""
        found = self._rows(f"SELECT {', '.join(COLUMNS)} FROM alerts_emergency WHERE id > %d ORDER BY id")
        return [dict(zip(COLUMNS, row, strict=True)) for row in found]

    def messages(self) -> list[str]:
        """Every text of their dialogues."""
        query = "SELECT text FROM alerts_emergencymessage WHERE emergency_id > %d ORDER BY id"
        return [str(row[0]) for row in self._rows(query)]

    def positions(self) -> list[float]:
        """The latitudes of the stream, in the order they came."""
        query = "SELECT latitude FROM alerts_emergencyposition WHERE emergency_id > %d ORDER BY id"
        return [float(row[0]) for row in self._rows(query)]

    def _rows(self, query: str) -> list[Any]:
        url = self.running.env["DATABASE_URL"]
        query = query.replace("%d", str(self.first))
        if url.startswith("postgres"):
            with psycopg.connect(url) as server:
                return server.execute(query).fetchall()
        with sqlite3.connect(urlsplit(url).path) as file:
            return file.execute(query).fetchall()


def button(page: Page) -> Locator:
    """The round one."""
    return page.locator("[data-part=hold]")


def press(page: Page) -> None:
    """Hold it until the page has heard."""
    spot = button(page)
    spot.scroll_into_view_if_needed()
    spot.hover()
    page.mouse.down()
    expect(page.locator("[data-part=sent]")).to_be_visible(timeout=PATIENCE)
    page.mouse.up()


def received(page: Page) -> str:
    """The number that the page shows once the server has it."""
    number = page.locator("[data-part=number]")
    # Hidden it still holds the number of the request before.
    expect(number).to_be_visible(timeout=PATIENCE)
    expect(number).to_contain_text("E-20", timeout=PATIENCE)
    return str(number.text_content()).split()[-1]


def visible(browser: Browser, address: str, **options: Any) -> Page:
    """A page in a browser that keeps nothing."""
    context = browser.new_context(viewport=SIZE, has_touch=True, locale="id-ID", **options)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("html.js")).to_be_attached(timeout=PATIENCE)
    return page


Pockets = Callable[..., Pocket]
