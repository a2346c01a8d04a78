"""The hotline in a browser, in both languages: a number alone, a caller found, P1, a dropped line, an exchange."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.exchange import Exchange
from tests.journeys.running import Person, Running, until

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
SECRET, KEY = "exchange-secret-0123456789-0123456789", "exchange-key-0123456789-0123456789-01"
SITI = "+967771234567"
WORDS: dict[str, dict[str, str]] = {
    "id": {
        "number": "Nomor telepon",
        "what": "Apa yang terjadi?",
        "p1": "Kedaruratan P1",
        "note": "Catatan saja",
        "dropped": "Terputus, telepon balik",
        "kept": "tersimpan",
        "reached": "Terhubung",
        "answer": "Jawab",
        "open": "Buka data orang ini",
        "nobody": "Tidak ada yang menunggu telepon balik",
        "ended": "Sambungan berakhir",
    },
    "en": {
        "number": "Telephone number",
        "what": "What happened?",
        "p1": "Emergency P1",
        "note": "Note only",
        "dropped": "Line dropped, call back",
        "kept": "kept",
        "reached": "Reached",
        "answer": "Answer the call",
        "open": "Open the person",
        "nobody": "Nobody waits to be called back",
        "ended": "The line ended",
    },
}
REGISTER = f"""
import json
from alerts.hotline.models import Call
from commandcenter.access.models import Role, User
from commandcenter.access.reader import reader_of
from commandcenter.clock import now
from missions.registry.actions import register
from missions.registry.shapes import Entry
desk = reader_of(User.objects.get(username="operator"))
entry = Entry("Siti Aminah", "X7654321", "{SITI}", "YE", "Aden", "kbri-muscat")
print(json.dumps(register(actor=desk, at=now(), entries=[entry])))
"""


@pytest.fixture(scope="module")
def running(database_server: str, prepared: Running) -> Iterator[Running]:
    """A command centre with a telephone exchange, and a citizen in its registry."""
    centre = Running(database_server, prepared)
    centre.env |= {"DCC_EXCHANGE": "1", "DCC_EXCHANGE_SECRET": SECRET, "DCC_EXCHANGE_KEY": KEY}
    try:
        centre.up(*PROCESSES)
        centre.script(REGISTER)
        yield centre
    finally:
        centre.down()


@pytest.fixture(scope="module")
def exchange(running: Running) -> Exchange:
    """The recording peer."""
    return Exchange(f"{running.url}/api/v1/gateways/exchange/{SECRET}", KEY)


@pytest.fixture(scope="module")
def desks(browser: Browser, running: Running, accounts: dict[str, dict[str, str]]) -> Iterator[Any]:
    """Opens a page of a person, in a language and a theme."""
    contexts: dict[tuple[object, ...], BrowserContext] = {}

    def opened(username: str, language: str = "id", theme: str = "dark", width: int = 1280) -> Page:
        key = (username, language, theme, width)
        if key not in contexts:
            contexts[key] = browser.new_context(viewport={"width": width, "height": 900})
            signed = dict(Person(running, accounts[username]).cookies)
            cookies = {"django_language": language, "theme": theme, **signed}
            contexts[key].add_cookies(
                [{"name": name, "value": value, "url": running.url} for name, value in cookies.items()]
            )
        return contexts[key].new_page()

    yield opened
    for context in contexts.values():
        context.close()


def faults(page: Page) -> list[str]:
    """What axe finds serious, and how much the page is too wide."""
    found = Axe().run(page).response["violations"]
    serious = [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in {"serious", "critical"}
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return serious + [f"{wide} px too wide"] * bool(wide)


def fresh() -> str:
    """A number that has not called yet."""
    return f"+6281{uuid.uuid4().int % 10**9:09d}"


LOOKS = [("id", "dark", 1280), ("en", "light", 360)]


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_a_new_number_alone_is_saved_by_keyboard_and_survives_a_reload(
    running: Running, desks: Any, language: str, theme: str, width: int
) -> None:
    words, number = WORDS[language], fresh()
    page = desks("operator", language, theme, width)
    page.goto(f"{running.url}/hotline/")
    expect(page.get_by_label(words["number"])).to_be_focused()
    assert faults(page) == []
    page.keyboard.type(number)
    expect(page.locator("#match")).to_contain_text(words["kept"])
    expect(page).to_have_url(re.compile(r"/hotline/calls/[0-9a-f-]{36}/$"))
    expect(page.locator("#call-clock b")).to_have_text(re.compile(r"^0?0[:.]\d\d$"))
    text = page.get_by_label(words["what"])
    text.fill("Suara putus-putus")
    # Loaded anew within the pause of 400 ms: what waits for it is kept all the same.
    text.press_sequentially(".")
    until(lambda: (page.reload(), text.input_value())[1] == "Suara putus-putus.", 20, "what was typed last is kept")
    expect(page.get_by_label(words["number"])).to_have_value(number)
    # What was kept is not sent once more as the page is left: each draft is counted.
    seen = page.locator("#id_seen")
    drafts = int(seen.input_value())
    text.fill("Suara putus-putus!")
    expect(seen).to_have_value(str(drafts + 1))
    address = page.url
    page.goto(f"{running.url}/hotline/calls/")
    page.goto(address)
    expect(text).to_have_value("Suara putus-putus!")
    expect(seen).to_have_value(str(drafts + 1))
    page.get_by_role("button", name=words["note"]).press("Enter")
    expect(page).to_have_url(f"{running.url}/hotline/")
    expect(page.get_by_label(words["number"])).to_have_value("")
    page.goto(f"{running.url}/hotline/calls/")
    expect(page.locator("tbody tr").first).to_contain_text(f"•••{number[-3:]}")
    assert faults(page) == []


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_the_caller_is_found_while_typing_and_opens_with_a_reason(
    running: Running, desks: Any, language: str, theme: str, width: int
) -> None:
    words, page = WORDS[language], desks("operator", language, theme, width)
    page.goto(f"{running.url}/hotline/")
    page.get_by_label(words["number"]).press_sequentially("4567")
    match = page.locator("#match")
    expect(match).to_contain_text("Siti A●●●")
    expect(match).not_to_contain_text("Aminah")
    match.locator("summary").press("Enter")
    assert faults(page) == []
    match.get_by_role("button", name=words["open"]).press("Enter")
    expect(page.locator("#person")).to_contain_text("Siti Aminah")
    expect(page.locator("#person")).to_contain_text("X7654321")
    page.get_by_label(words["number"]).fill(SITI)
    with page.expect_response(lambda answer: "text=x" in (answer.request.post_data or "")):
        page.get_by_label(words["what"]).press_sequentially("x")
    expect(page.locator("#person")).to_contain_text("Siti Aminah")
    assert faults(page) == []
    page.get_by_role("button", name=words["note"]).click()
    expect(page).to_have_url(f"{running.url}/hotline/")


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_a_p1_stands_in_the_queue_of_everybody_at_once(
    running: Running, desks: Any, language: str, theme: str, width: int
) -> None:
    words, watcher = WORDS[language], desks("supervisor", "id", "dark", 1280)
    watcher.goto(f"{running.url}/")
    page = desks("operator", language, theme, width)
    page.goto(f"{running.url}/hotline/")
    page.get_by_label(words["number"]).press_sequentially(fresh())
    page.locator("input[name='safe'][value='no']").check(force=True)
    page.locator("#id_country").select_option("HK")
    page.get_by_role("button", name=words["p1"]).press("Enter")
    expect(page).to_have_url(re.compile(r"/emergencies/E-\d{4}-\d+/$"))
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    expect(watcher.locator(f".queue-row[data-number='{number}'], [data-id='{number}']").first).to_be_attached()


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_a_dropped_call_is_called_back_and_answered(
    running: Running, desks: Any, language: str, theme: str, width: int
) -> None:
    words, number = WORDS[language], fresh()
    page, other = desks("operator", language, theme, width), desks("supervisor", language, theme, width)
    other.goto(f"{running.url}/hotline/")
    page.goto(f"{running.url}/hotline/")
    page.get_by_label(words["number"]).press_sequentially(number)
    page.get_by_role("button", name=words["dropped"]).press("Enter")
    expect(page).to_have_url(f"{running.url}/hotline/")
    row = other.locator("#callbacks .call", has_text=number)
    expect(row).to_be_visible()  # by its frame, without a reload
    assert faults(other) == []
    row.get_by_role("button", name=words["reached"]).press("Enter")
    expect(other).to_have_url(re.compile(r"/hotline/calls/[0-9a-f-]{36}/$"))
    expect(other.get_by_label(words["number"])).to_have_value(number)
    other.get_by_label(words["what"]).fill("Sudah aman")
    other.get_by_role("button", name=words["note"]).press("Enter")
    expect(page.locator("#callbacks .call", has_text=number)).to_have_count(0)
    expect(page.locator("#callbacks")).to_contain_text(words["nobody"])


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_the_exchange_rings_is_answered_by_a_click_and_hangs_up(
    running: Running, desks: Any, exchange: Exchange, language: str, theme: str, width: int
) -> None:
    words, first, second = WORDS[language], fresh(), fresh()
    page = desks("operator", language, theme, width)
    page.goto(f"{running.url}/hotline/")
    answered, lost = exchange.ring(first), exchange.ring(second)
    ringing = page.locator("#ringing .call", has_text=first)
    expect(ringing).to_be_visible()
    assert faults(page) == []
    ringing.get_by_role("button", name=words["answer"]).press("Enter")
    expect(page.get_by_label(words["number"])).to_have_value(first)
    for event in ("ended", "answered"):  # out of order
        answered.tell(event)
    lost.tell("ended")
    exchange.repeat()
    expect(page.locator("#callbacks .call", has_text=second)).to_be_visible()
    page.reload()
    expect(page.locator("#call-clock")).to_contain_text(words["ended"])
    page.get_by_role("button", name=words["note"]).press("Enter")
    rows = running.script(
        "import json; from alerts.hotline.models import Call;"
        f"found = Call.objects.filter(phone__in=['{first}', '{second}']).order_by('outcome');"
        "print(json.dumps(list(found.values_list('outcome', flat=True))))"
    )
    assert rows == ["note", "unanswered"]
    back = page.locator("#callbacks .call", has_text=second)
    back.get_by_role("button", name=words["reached"]).press("Enter")
    expect(page.get_by_label(words["number"])).to_have_value(second)
    page.get_by_role("button", name=words["note"]).press("Enter")
    expect(page.locator("#callbacks .call", has_text=second)).to_have_count(0)


def test_no_frame_of_the_night_held_a_number(running: Running, desks: Any) -> None:
    """Numbers were typed, rang and were called back above; what was sent to screens names none."""
    until(lambda: _frames(running), 20, "frames of calls")
    told = "".join(_frames(running))
    assert "call.began" in told
    assert "callback.opened" in told
    assert not re.search(r"6281\d{9}|967771234567|Siti|Aminah", told)


def _frames(running: Running) -> list[str]:
    found: list[str] = running.script(
        "import json; from commandcenter.live.models import Frame;"
        "print(json.dumps([str(body) for body in Frame.objects.values_list('body', flat=True)]))"
    )
    return found
