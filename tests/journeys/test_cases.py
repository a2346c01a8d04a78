"""A case, from the public form to an emergency and back, in a browser and in both languages.

The applicant's browser has no script and no account; the officer's is the desk's own.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.running import Person, Running

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
PHONE = "+60123456789"
Open = Callable[..., Page]


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages say in one language."""

    language: str
    send: str
    see: str
    not_read: str
    read: str
    take: str
    final: str
    answered: str
    reopened: str
    convert: str
    open_emergency: str
    began: str


ID = Words(
    "id", "Kirim", "Lihat kasus saya", "Belum dibaca petugas", "Dibaca petugas", "Ambil", "Jawaban akhir", "Dijawab",
    "Dibuka lagi", "Jadikan kedaruratan", "Buka kedaruratan", "Berawal dari kasus",
)  # fmt: skip
EN = Words(
    "en", "Send", "See my case", "Not read by an officer yet", "Read by an officer", "Take", "Final answer", "Answered",
    "Opened again", "Make it an emergency", "Open the emergency", "Began as the case",
)  # fmt: skip


@pytest.fixture
def browsers(browser: Browser, running: Running, accounts: dict[str, dict[str, str]]) -> Iterator[Open]:
    """Opens a browser of a person, or of somebody without an account and without scripts."""
    contexts: list[BrowserContext] = []

    def opened(language: str, username: str = "", width: int = 1280) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=bool(username))
        cookies = {"django_language": language}
        if username:
            cookies |= dict(Person(running, accounts[username]).cookies)
        context.add_cookies([{"name": name, "value": value, "url": running.url} for name, value in cookies.items()])
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def filled_form(page: Page, url: str, words: Words) -> str:
    """The public form, filled in and sent; answers with the number."""
    page.goto(f"{url}/public/case/")
    page.locator("#id_topic").select_option("wages")
    page.locator("#id_text").fill("Gaji tiga bulan belum dibayar 😀")
    page.locator("#id_country").select_option("MY")
    page.locator("#id_phone").fill("+60 12-345 6789")
    page.get_by_role("button", name=words.send).click()
    number = page.locator(".case-number").inner_text()
    assert re.fullmatch(r"K-\d{4}-\d{5}", number)
    expect(page.get_by_text(words.not_read)).to_be_visible()
    return number


@pytest.mark.parametrize("words", [ID, EN], ids=["id", "en"])
def test_a_case_goes_from_the_form_to_an_answer_back_again_and_becomes_an_emergency(
    running: Running, browsers: Open, words: Words
) -> None:
    siti, rina = browsers(words.language, width=360), browsers(words.language, "operator")
    rina.goto(f"{running.url}/cases/")
    number = filled_form(siti, running.url, words)

    # The list of the desk shows it without being loaded again.
    row = rina.locator(f"#row-{number}")
    expect(row).to_be_visible()
    siti.get_by_role("link", name=words.see).click()
    siti.locator("#id_number").fill(number)
    siti.locator("#id_phone").fill(PHONE[-6:])
    siti.get_by_role("button", name=words.see).click()
    expect(siti.get_by_text(words.not_read, exact=True)).to_be_visible()

    # Read by the officer's act, taken, answered: the applicant sees each, and the copy's true state.
    row.get_by_role("link", name=number).click()
    expect(rina.get_by_text("😀")).to_be_visible()
    expect(rina.locator("#head .receipts")).to_contain_text(words.read)
    rina.get_by_role("button", name=words.take, exact=True).click()
    rina.locator("#id_text").fill("Kami sudah bicara dengan majikan Anda.")
    rina.get_by_role("radio", name=words.final).check()
    rina.get_by_role("button", name=words.send, exact=True).click()
    expect(rina.locator("#head .chip").first).to_have_text(words.answered)
    siti.reload()
    expect(siti.get_by_text("Kami sudah bicara dengan majikan Anda.")).to_be_visible()
    expect(siti.locator(".case-receipts")).to_contain_text(words.read)
    expect(siti.locator(".case-receipts")).to_contain_text(words.answered)
    assert "Rina" not in siti.content()

    # What the applicant writes opens it again, and the officer's open page says so by itself.
    siti.locator("#id_text").fill("Belum dibayar, dan saya dikunci di kamar")
    siti.get_by_role("button", name=words.send).click()
    expect(siti.locator(".chip").first).to_have_text(words.reopened)
    expect(rina.locator("#head .chip").first).to_have_text(words.reopened)
    expect(rina.get_by_text("dikunci di kamar")).to_be_visible()

    # It is an emergency: both keep their story and lead to each other.
    rina.get_by_text(f"{words.convert}…").click()
    rina.locator("#id_nature").select_option("violence")
    rina.get_by_role("radio", name="P1").check()
    rina.locator("#id_convert_reason").fill("Dikunci oleh majikan")
    rina.get_by_role("button", name=words.open_emergency).click()
    rina.locator("#head a.chip").click()
    expect(rina.get_by_text("dikunci di kamar").first).to_be_visible()
    rina.get_by_role("link", name=f"{words.began} {number}").click()
    expect(rina.locator("h1")).to_contain_text(number)


def test_the_keyboard_alone_answers_a_case(running: Running, browsers: Open) -> None:
    number = filled_form(browsers("id"), running.url, ID)
    desk = browsers("id", "operator")
    desk.goto(f"{running.url}/cases/")
    desk.locator(f"#row-{number} a").press("Enter")
    desk.get_by_role("button", name="Ambil", exact=True).press("Enter")
    desk.get_by_role("link", name="Minta dokumen").press("Enter")
    text = desk.locator("#id_text")
    expect(text).to_have_value(re.compile("nomor paspor"))
    text.press("Tab")
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator("#head .chip").first).to_have_text("Menunggu pemohon")


def test_what_two_officers_do_at_once_is_told_to_the_slower(running: Running, browsers: Open) -> None:
    number = filled_form(browsers("id"), running.url, ID)
    rina, budi = browsers("id", "operator"), browsers("id", "supervisor")
    budi.route("**/panels/**", lambda route: route.abort())
    for page in (rina, budi):
        page.goto(f"{running.url}/cases/{number}/")
    rina.get_by_role("button", name="Ambil", exact=True).click()
    expect(rina.locator("#head")).to_contain_text("Rina")
    budi.get_by_role("button", name="Ambil", exact=True).click()
    expect(budi.get_by_role("alert").first).to_contain_text("sudah dipegang")


def test_every_screen_of_cases_is_sound(running: Running, browsers: Open) -> None:
    number = filled_form(browsers("id"), running.url, ID)
    seen = [
        ("operator", "/cases/"),
        ("operator", "/cases/?q=tidak-ada"),
        ("operator", "/cases/new/?phone=%2B60123456789"),
        ("operator", f"/cases/{number}/"),
        ("operator", f"/cases/{number}/persons/"),
        ("", "/public/case/"),
        ("", "/public/case/status/"),
    ]
    faults = {}
    for language, width, theme in (("id", 1920, "dark"), ("en", 360, "light")):
        pages = {user: browsers(language, user, width) for user in ("operator",)}
        pages[""] = browsers(language, "operator", width)  # axe needs scripts; the public pages do not care who looks
        for user, path in seen:
            page = pages[user]
            page.context.add_cookies([{"name": "theme", "value": theme, "url": running.url}])
            page.goto(running.url + path)
            serious = [
                f"{one['id']}: {one['nodes'][0]['html'][:120]}"
                for one in Axe().run(page).response["violations"]
                if one["impact"] in {"serious", "critical"}
            ]
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if serious or wide:
                faults[f"{path} {language} {width}"] = [*serious, f"{wide} px too wide"]
    assert faults == {}
