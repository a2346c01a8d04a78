"""Every screen with the Hong Kong exercise on it: axe finds nothing serious, nothing is too wide, the console is quiet.

Every other page is opened in Indonesian, dark and wide, the ones between in English, light and narrow as a telephone.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.running import Person, Running

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")

DRILL = "/exercises/hk-wangfuk-2025"
ROOM = f"{DRILL}/crises/kebakaran-wang-fuk-court-hong-kong/"
PAGES = (
    ("", "/login/"),
    ("", "/sos/"),
    ("operator", f"{DRILL}/"),
    ("operator", f"{DRILL}/emergencies/E-{{year}}-00001/"),
    ("operator", f"{DRILL}/hotline/"),
    ("operator", f"{DRILL}/hotline/calls/"),
    ("operator", f"{DRILL}/emergencies/E-{{year}}-00001/compare/E-{{year}}-00002/"),
    ("supervisor", f"{DRILL}/emergencies/E-{{year}}-00002/"),
    ("operator", f"{DRILL}/crises/"),
    ("operator", f"{DRILL}/crises/declare/"),
    ("operator", f"{ROOM}request/"),
    ("verifier", ROOM),
    ("verifier", f"{ROOM}ledger/"),
    ("operator", f"{ROOM}ledger/list/"),
    ("verifier", f"{ROOM}log/"),
    ("verifier", f"{ROOM}reports/8/"),
    ("verifier", f"{ROOM}reports/7/8/"),
    ("verifier", f"{ROOM}reports/8/versions/"),
    ("verifier", f"{ROOM}differences/"),
    ("verifier", f"{ROOM}situation/"),
    ("verifier", f"{ROOM}official/wni.dead/"),
    ("supervisor", f"{DRILL}/summary/"),
    ("supervisor", "/exercises/"),
    ("supervisor", "/missions/kbri-khartoum/"),
    ("supervisor", "/countries/MY/headcount/"),
    ("officer-hongkong", f"{DRILL}/reports/"),
    ("minister", "/summary/"),
    ("auditor", "/home/"),
    ("supervisor", f"{DRILL}/kpi/"),
    ("supervisor", f"{DRILL}/kpi/first_figure/"),
    ("auditor", "/kpi/"),
    ("supervisor", "/wall/devices/"),
    ("", "/wall/"),
    ("operator", f"{DRILL}/cases/"),
    ("officer-hongkong", "/cases/new/"),
    ("", "/public/case/"),
    ("", "/public/case/status/"),
)
OPPOSITES = (("id", "dark", 1920), ("en", "light", 360))


@pytest.fixture(scope="module")
def played(running: Running) -> str:
    """The scenario, played to its end; answers with the year of its emergencies."""
    told = running.manage("play", "hk-wangfuk-2025", "--speed", "100000", "--base-url", running.url)
    return told.partition("E-")[2][:4]


class Desks:
    """Browsers by person, language, theme and width, each signed in once."""

    def __init__(self, browser: Browser, running: Running, accounts: dict[str, dict[str, str]]) -> None:
        self.browser, self.running, self.accounts = browser, running, accounts
        self.contexts: dict[tuple[object, ...], BrowserContext] = {}

    def page(self, username: str, language: str, theme: str, width: int) -> Page:
        """A new page of this person."""
        key = (username, language, theme, width)
        if key not in self.contexts:
            context = self.browser.new_context(viewport={"width": width, "height": 800})
            cookies = {"django_language": language, "theme": theme}
            if username:
                cookies |= dict(Person(self.running, self.accounts[username]).cookies)
            context.add_cookies(
                [{"name": name, "value": value, "url": self.running.url} for name, value in cookies.items()]
            )
            self.contexts[key] = context
        return self.contexts[key].new_page()


@pytest.fixture(scope="module")
def desks(browser: Browser, running: Running, accounts: dict[str, dict[str, str]]) -> Iterator[Desks]:
    """The people who look."""
    made = Desks(browser, running, accounts)
    yield made
    for context in made.contexts.values():
        context.close()


def _faults(page: Page) -> dict[str, Any]:
    serious = [
        f"{found['id']}: {found['nodes'][0]['html'][:120]}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in {"serious", "critical"}
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return {"axe": serious, "wider by": wide}


@pytest.mark.parametrize("number", range(len(PAGES)), ids=[f"{user or 'anyone'}{path}" for user, path in PAGES])
def test_a_screen_is_sound(running: Running, played: str, desks: Desks, number: int) -> None:
    username, path = PAGES[number]
    page = desks.page(username, *OPPOSITES[number % 2])
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    answer = page.goto(running.url + path.format(year=played))
    assert answer is not None
    assert answer.status == 200, path
    page.wait_for_load_state("networkidle")
    assert {**_faults(page), "console": noise} == {"axe": [], "wider by": 0, "console": []}
    page.close()
