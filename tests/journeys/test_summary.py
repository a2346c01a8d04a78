"""The minister's visit in a real browser, and the ledger's line on all three papers of the Sudan exercise."""

import html
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.journeys.running import Person, Running, until

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
DRILL = "/exercises/sudan-2023"
LINE = re.compile(r"data-ledger-line>([^<]*)<")
NIGHT = """
import json
from commandcenter.clock import now
from tests.journeys.reports import a_night
print(json.dumps(a_night(now())))
"""
SEEN = "from alerts.answers.models import LastSeen; import json; print(json.dumps(LastSeen.objects.count()))"


@pytest.fixture(scope="module")
def night(running: Running) -> None:
    """A crisis with official figures, two sources that differ, and two silent missions."""
    running.script(NIGHT)


@pytest.fixture
def visit(browser: Browser, running: Running, accounts: dict[str, dict[str, str]]) -> Iterator[Any]:
    """visit(language, theme, width) is the minister's page before it is opened."""
    contexts = []

    def open_(language: str = "id", theme: str = "light", width: int = 360) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 740})
        cookies = {**dict(Person(running, accounts["minister"]).cookies), "django_language": language, "theme": theme}
        context.add_cookies([{"name": name, "value": value, "url": running.url} for name, value in cookies.items()])
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


def test_a_page_in_the_background_is_not_seen_and_one_in_view_is(running: Running, night: None, visit: Any) -> None:
    hidden = visit()
    hidden.add_init_script("Object.defineProperty(Document.prototype, 'visibilityState', {get: () => 'hidden'})")
    hidden.goto(f"{running.url}/summary/")
    hidden.wait_for_load_state("networkidle")
    assert running.script(SEEN) == 0
    shown = visit()
    with shown.expect_response(lambda answer: answer.url.endswith("/summary/seen/")) as posted:
        shown.goto(f"{running.url}/summary/")
    assert posted.value.status == 204
    until(lambda: running.script(SEEN) == 1, 10, "the visit is written down")


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [("id", "light", 360), ("en", "dark", 360), ("id", "dark", 768), ("en", "light", 1920), ("en", "light", 320)],
)
def test_the_page_is_sound(running: Running, night: None, visit: Any, language: str, theme: str, width: int) -> None:
    page = visit(language, theme, width)
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text) if message.type == "error" else None)
    page.goto(f"{running.url}/summary/")
    page.wait_for_load_state("networkidle")
    for cell in page.locator("details.answer-cell").all():
        cell.evaluate("cell => { cell.open = true; }")
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert ([one["id"] for one in found], wide, noise) == ([], 0, [])


def test_a_figure_opens_and_a_mission_is_called_by_keyboard_alone(running: Running, night: None, visit: Any) -> None:
    page = visit()
    page.goto(f"{running.url}/summary/")
    page.locator("main").focus()
    reached: list[str] = []
    for _press in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate("(({tagName, href}) => tagName + ' ' + (href ?? ''))(document.activeElement)")
        if here.startswith("SUMMARY") and "SUMMARY" not in reached:
            page.keyboard.press("Enter")
            assert page.locator("details[open] dl.facts").first.is_visible()
        reached.append(here.split(" ")[0] if "tel:" not in here else "tel")
    assert {"SUMMARY", "tel"} <= set(reached)


def test_what_the_reader_opened_stays_open_when_the_page_refreshes(running: Running, night: None, visit: Any) -> None:
    page = visit()
    page.goto(f"{running.url}/summary/")
    cell = page.locator("details.answer-cell").first
    cell.locator("summary").click()
    with page.expect_response(lambda answer: answer.url.endswith("/summary/panel/")):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('live:topic:crisis'))")
    assert cell.evaluate("cell => cell.open")


def test_the_ledger_line_is_the_same_in_the_room_on_the_page_and_on_the_sheet(
    running: Running, accounts: dict[str, dict[str, str]]
) -> None:
    running.manage("play", "sudan-2023", "--speed", "100000", "--base-url", running.url)
    person = Person(running, accounts["supervisor"])
    [slug] = re.findall(r'<article class="answers" id="c-([-\w]+)"', person.get(f"{DRILL}/summary/").text)
    for language in ("id", "en"):
        person.cookies.set("django_language", language)
        [page] = LINE.findall(person.get(f"{DRILL}/summary/").text)
        page = html.unescape(page)
        room = {html.unescape(line) for line in LINE.findall(person.get(f"{DRILL}/crises/{slug}/ledger/").text)}
        answer = person.get(f"{DRILL}/summary/{slug}/brief.pdf")
        assert answer.headers["Content-Type"] == "application/pdf", answer.text[:300]
        sheet = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
        assert room == {page}
        assert page in sheet
        closing = {"id": ("1.209", "937", "897", "selisih 0"), "en": ("1,209", "937", "897", "gap 0")}[language]
        assert all(part in page for part in closing), page


def test_the_ledger_of_the_sheet_is_what_the_api_says(running: Running, accounts: dict[str, dict[str, str]]) -> None:
    person = Person(running, accounts["supervisor"])
    [slug] = re.findall(r'<article class="answers" id="c-([-\w]+)"', person.get(f"{DRILL}/summary/").text)
    told = json.loads(person.get(f"{DRILL}/api/v1/crises/{slug}/ledger").text)
    [line] = LINE.findall(person.get(f"{DRILL}/summary/").text)
    assert told["line"]["id"] == html.unescape(line)
