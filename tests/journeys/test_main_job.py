"""The main job: panic button → map and queue → take → declare → request → report on a phone → verify → minister.

Nobody reloads a page: every browser stays where it is and the frames bring the news.
"""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.running import Running

SECONDS = 1000
LIVE = 15 * SECONDS
PHONE = {"width": 360, "height": 640}


class Desk:
    """Browsers by person, each signed in once; every page counts its loads and hears its console."""

    def __init__(self, browser: Browser, running: Running, accounts: dict[str, dict[str, str]]) -> None:
        self.browser, self.running, self.accounts = browser, running, accounts
        self.contexts: dict[str, BrowserContext] = {}
        self.noise: list[str] = []

    def page(self, username: str, path: str, *, phone: bool = False) -> Page:
        """A page of this person at this address."""
        if username not in self.contexts:
            viewport = PHONE if phone else {"width": 1600, "height": 900}
            self.contexts[username] = self.browser.new_context(viewport=viewport, locale="id-ID", has_touch=phone)
            self._sign_in(username)
        page = self._open(username)
        page.goto(self.running.url + path)
        return page

    def _open(self, username: str) -> Page:
        page = self.contexts[username].new_page()
        page.on("console", lambda message: self._hear(username, message.type, message.text))
        page.on("pageerror", lambda error: self.noise.append(f"{username}: {error}"))
        return page

    def _hear(self, username: str, kind: str, text: str) -> None:
        if kind == "error":
            self.noise.append(f"{username}: {text}")

    def _sign_in(self, username: str) -> None:
        page = self._open(username)
        page.goto(f"{self.running.url}/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", self.accounts[username]["password"])
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        page.close()

    def close(self) -> None:
        """Everybody goes home."""
        for context in self.contexts.values():
            context.close()


@pytest.fixture
def desk(browser: Browser, running: Running, accounts: dict[str, dict[str, str]]) -> Iterator[Desk]:
    """The people of this journey."""
    with ExitStack() as stack:
        made = Desk(browser, running, accounts)
        stack.callback(made.close)
        yield made


def _connected(*pages: Page) -> None:
    for page in pages:
        expect(page.locator("#strip")).to_have_attribute("data-state", "connected", timeout=LIVE)


def _press(running: Running, lat: float, lon: float) -> str:
    """A citizen presses the panic button."""
    body = {
        "client_id": str(uuid.uuid4()),
        "pressed_at": "2026-05-12T20:04:50Z",
        "kind": "panic",
        "location": {"lat": lat, "lon": lon, "accuracy_m": 20, "fixed_at": "2026-05-12T20:04:45Z", "source": "gps"},
        "message": "Tolong, kebakaran",
    }
    answer = httpx.post(f"{running.url}/api/v1/emergencies", json=body, timeout=10)
    assert answer.status_code == 201, answer.text
    assert answer.json()["mission"]["code"] == "kjri-hongkong"
    return str(answer.json()["number"])


def _rows(page: Page) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = page.locator(".queue-row").evaluate_all(
        "rows => rows.map(row => [row.dataset.id, row.dataset.state])"
    )
    return rows


def _declare(page: Page) -> str:
    """Declare a crisis around Tai Po; answers with its slug."""
    page.fill("[name=name]", "Kebakaran Tai Po")
    page.select_option("[name=kind]", "fire")
    page.locator("[name=level][value='1']").check(force=True)
    page.locator("[name=area_source][value='radius']").check(force=True)
    page.fill("[name=lat]", "22.45")
    page.fill("[name=lon]", "114.17")
    page.fill("[name=radius_km]", "5")
    page.get_by_role("button", name="Tampilkan").or_(page.locator("button[value=preview]")).first.click()
    page.locator("button[value=declare]").click()
    page.wait_for_url(lambda url: "/crises/" in url and "declare" not in url)
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def _report(page: Page) -> None:
    """Fill the form with the thumb: present 140, 2 dead, 0 missing; the rest stays unreported."""
    page.locator("[name=answer][value=figures]").check(force=True)
    for name, value in (("wni_present", "140"), ("wni_dead", "2"), ("wni_missing", "0"), ("all_dead", "44")):
        page.fill(f"[name={name}]", value)
    page.locator("[name=authorities][value=yes]").check(force=True)
    page.locator("[name=hospitals][value=partial]").check(force=True)
    page.locator(".report-send button").click()
    page.wait_for_url("**/sent/**")


def test_the_main_job_in_real_browsers(desk: Desk, running: Running) -> None:
    first, second = desk.page("operator", "/"), desk.page("supervisor", "/")
    minister = desk.page("minister", "/summary/", phone=True)
    _connected(first, second, minister)
    for page in (first, second, minister):
        page.evaluate("window.stays = true")

    number = _press(running, 22.4508, 114.1642)
    for page in (first, second):
        row = page.locator(f"#q-{number}")
        expect(row).to_be_visible(timeout=LIVE)
        expect(row).to_contain_text("KJRI Hongkong")
        page.locator("[data-module='objects'] summary, details:has([data-objects]) > summary").first.click()
        expect(page.locator(f"[data-objects='emergency'] [data-id='{number}']")).to_be_attached(timeout=LIVE)

    first.locator(f"#q-{number} .queue-link").focus()
    first.keyboard.press("a")
    for page in (first, second):
        expect(page.locator(f"#q-{number}")).to_have_attribute("data-state", "taken", timeout=LIVE)
        expect(page.locator(f"#q-{number} [data-part=desk]")).to_contain_text("Rina")
    assert _rows(first) == _rows(second)

    declaring = desk.page("supervisor", "/crises/declare/")
    slug = _declare(declaring)
    expect(minister.locator(f"#c-{slug}")).to_be_visible(timeout=LIVE)
    expect(first.locator(f"a[href$='/crises/{slug}/']").first).to_be_visible(timeout=LIVE)
    room = desk.page("operator", f"/crises/{slug}/")
    expect(room.locator("#board")).to_contain_text("KJRI Hongkong", timeout=LIVE)

    declaring.goto(f"{running.url}/crises/{slug}/request/")
    declaring.locator("form .btn--primary").click()
    declaring.wait_for_url(lambda url: "/request/" not in url)
    expect(room.locator("#board .board-row").first).to_have_attribute("data-mark", "waiting", timeout=LIVE)

    phone = desk.page("officer-hongkong", "/reports/", phone=True)
    phone.locator(".board-act a").first.click()
    _report(phone)
    expect(room.locator("#board .board-row").first).to_have_attribute("data-mark", "reported", timeout=LIVE)
    expect(minister.locator(f"#c-{slug}")).to_contain_text("140", timeout=LIVE)

    verifier = desk.page("verifier", f"/crises/{slug}/")
    verifier.locator("#matrix").get_by_text("Pakai baris ini").first.click()
    dialog = verifier.locator("#dlg-choose")
    dialog.locator("[name=reason]").first.check(force=True)
    dialog.locator(".btn--primary").click()

    official = minister.locator(f"#c-{slug} data.figure[data-status='verified'][value='2']").first
    expect(official).to_be_attached(timeout=LIVE)
    assert official.get_attribute("data-as-of")
    assert official.get_attribute("data-source")
    assert official.get_attribute("data-version") == "1"
    expect(room.locator("#official-wni")).to_contain_text("140", timeout=LIVE)
    # null is never 0: nobody said anything about the injured, somebody said that nobody is missing.
    assert minister.locator(f"#c-{slug} data.figure[value='0'][data-status='verified']").count() == 1

    for page in (first, second, minister):
        assert page.evaluate("window.stays") is True, "a page was loaded again"
    assert _rows(first) == _rows(second)
    assert desk.noise == []
