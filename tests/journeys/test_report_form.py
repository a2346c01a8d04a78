"""The report form on a telephone at three in the morning: one thumb, few taps, no keyboard, no line, nothing lost."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.asked import Asked, ask
from tests.journeys.running import Person, Running, until
from tests.journeys.thumb import PATIENCE, SECONDS, WATCH, Phone

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
PHONE = {"width": 360, "height": 640}
NAMES = count(1)


@pytest.fixture
def asked(running: Running) -> list[Asked]:
    """A crisis of this test's own."""
    return ask(running, f"Gempa {next(NAMES)}")


@pytest.fixture
def phones(browser: Browser, running: Running, asked: list[Asked]) -> Iterator[Callable[..., Phone]]:
    """Telephones: phones(clock=600) is ten minutes fast."""
    made = []

    def make(which: int = 0, *, language: str = "id", theme: str = "", clock: int = 0, watch: bool = True) -> Phone:
        context = browser.new_context(viewport=PHONE, has_touch=True, locale="id-ID")
        made.append(context)
        cookies = {"django_language": language, **({"theme": theme} if theme else {})}
        context.add_cookies([{"name": name, "value": value, "url": running.url} for name, value in cookies.items()])
        if watch:
            context.add_init_script(WATCH)
        if clock:
            context.add_init_script(f"const real = Date.now.bind(Date); Date.now = () => real() + {clock * SECONDS};")
        return Phone(context, running, asked[which])

    yield make
    for context in made:
        context.close()


@pytest.mark.parametrize(("answer", "clock"), [("none_affected", 600), ("checking", -600)])
def test_a_report_form_of_no_figures_takes_two_taps_and_can_be_taken_back(phones, answer, clock):
    phone = phones(clock=clock)
    phone.open()
    phone.choose("answer", answer)
    assert phone.page.evaluate("keys") == []
    phone.send()
    taps = phone.taps
    phone.received()
    phone.tap(phone.page.locator(".report-undo button"))
    phone.page.wait_for_url("**/sent/2/", timeout=PATIENCE)
    first, second = phone.reports()
    assert (first["answer"], second["replaces"]) == (answer, 1)
    assert second["answer"] != answer
    # The device's clock is ten minutes wrong; what the report is of is not.
    assert abs(first["late"]) <= 20
    assert max(map(len, phone.posts)) < 2000
    assert taps <= 2


def test_a_full_report_form_takes_at_most_twelve_taps_and_no_keyboard(phones):
    phone = phones()
    page = phone.open()
    phone.choose("answer", "figures")
    plus = page.locator(".report-figure[data-key='wni.present'] [data-step='1']")
    phone.hold(plus, lambda: int(phone.field("wni_present").input_value() or 0) >= 20)
    present = int(phone.field("wni_present").input_value())
    for key in ("all.dead", "all.dead", "wni.dead", "wni.seriously_injured", "wni.missing"):
        phone.more(key)
    phone.tap(page.locator(".report-figure[data-key='wni.slightly_injured'] [data-step='-1']"))
    phone.choose("authorities", "yes")
    phone.choose("hospitals", "partial")
    expect(page.locator(".report-preview")).to_contain_text("1 luka berat, 0 luka ringan, 1 hilang")
    expect(page.locator(".report-preview")).to_contain_text("otoritas sudah dihubungi")
    assert page.evaluate("keys") == []
    phone.send()
    phone.received()
    [report] = phone.reports()
    assert report["figures"] == {
        "wni.present": [present, None],
        "all.dead": [2, None],
        "wni.dead": [1, None],
        "wni.seriously_injured": [1, None],
        "wni.slightly_injured": [0, None],
        "wni.missing": [1, None],
    }
    assert (report["authorities"], report["hospitals"]) == ("yes", "partial")
    assert len(phone.posts[0]) < 2000
    assert phone.taps <= 12


def _serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in {"serious", "critical"}
    ] + ["wider than the telephone"] * wide


@pytest.mark.parametrize(("language", "theme"), [("id", "dark"), ("id", "light"), ("en", "dark"), ("en", "light")])
def test_a_report_form_and_its_receipts_have_nothing_serious_for_axe(phones, language, theme):
    phone = phones(language=language, theme=theme)
    page = phone.open()
    found = {"doors": _serious(page)}
    phone.choose("answer", "figures")
    phone.more("wni.dead")
    page.locator("details.more").evaluate_all("all => all.forEach((more) => { more.open = true; })")
    found["figures"] = _serious(page)
    expect(page.locator(".report-draft")).to_contain_text(re.compile(r"\d"))
    phone.context.set_offline(True)
    phone.send()
    expect(page.locator("#outbox")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-part=line]")).to_have_text(f"DCC {phone.asked.request} M1")
    found["queue"] = _serious(page)
    phone.context.set_offline(False)
    phone.received()
    found["receipt"] = _serious(page)
    assert found == {"doors": [], "figures": [], "queue": [], "receipt": []}


def test_a_report_form_sends_no_old_value_that_nobody_touched(phones):
    phone = phones()
    phone.open()
    phone.choose("answer", "figures")
    for key in ("wni.dead", "wni.dead", "wni.missing"):
        phone.more(key)
    phone.send()
    phone.received()
    phone.page.close()
    page = phone.open()
    phone.choose("answer", "figures")
    expect(page.locator(".report-preview")).to_have_text("Belum ada yang diisi")
    expect(phone.field("wni_dead")).to_have_value("")
    # From an old value one more is its next number; fewer dead is asked about and not blocked.
    phone.more("wni.missing")
    expect(phone.field("wni_missing")).to_have_value("2")
    phone.tap(page.locator(".report-figure[data-key='wni.dead'] [data-step='-1']"))
    expect(page.locator(".report-checks .notice")).to_contain_text("turun dari 2 menjadi 1")
    phone.tap(page.locator(".report-figure[data-key='wni.dead'] [data-step='']"))
    expect(page.locator(".report-checks .notice")).to_have_count(0)
    phone.send()
    phone.received()
    phone.page.close()
    page = phone.open()
    phone.choose("answer", "figures")
    phone.tap(page.locator(".report-all-same"))
    phone.send()
    phone.received()
    assert [one["figures"] for one in phone.reports()] == [
        {"wni.dead": [2, None], "wni.missing": [1, None]},
        {"wni.missing": [2, None]},
        {"wni.dead": [2, None], "wni.missing": [2, None]},
    ]


def test_a_field_the_report_form_was_refused_says_why_in_both_languages_and_loses_nothing(phones):
    phone = phones()
    page = phone.open()
    phone.choose("answer", "figures")
    phone.field("wni_dead").fill("3-2")
    phone.more("wni.missing")
    page.locator("details:has([name=note]) summary").click()
    phone.field("note").fill("RS Bir penuh")
    phone.send()
    wrong = page.locator(".report-figure[data-key='wni.dead'] .report-wrong")
    expect(wrong.locator("[lang=id]")).not_to_be_empty(timeout=PATIENCE)
    expect(wrong.locator("[lang=en]")).to_contain_text("upper end of a range")
    expect(phone.field("note")).to_have_value("RS Bir penuh")
    page.reload()
    expect(wrong.locator("[lang=en]")).to_contain_text("upper end of a range", timeout=PATIENCE)
    expect(phone.field("wni_dead")).to_have_value("3-2")
    phone.field("wni_dead").fill("2-3")
    phone.send()
    phone.received()
    [report] = phone.reports()
    assert report["figures"] == {"wni.dead": [2, 3], "wni.missing": [1, None]}
    assert report["note"] == "RS Bir penuh"


def test_one_draft_of_the_report_form_sent_from_two_tabs_becomes_two_versions(phones):
    phone = phones()
    first = phone.open()
    phone.choose("answer", "figures")
    phone.more("wni.dead")
    expect(first.locator(".report-draft")).to_contain_text(re.compile(r"\d"))
    second = phone.open()
    expect(phone.field("wni_dead")).to_have_value("1")
    phone.more("wni.dead")
    phone.page = first
    phone.send()
    phone.received()
    phone.page = second
    phone.send()
    phone.received()
    assert [(one["figures"]["wni.dead"], one["replaces"]) for one in phone.reports()] == [
        ([1, None], None),
        ([2, None], 1),
    ]
    expect(second.locator(".report-changes")).to_contain_text("1 → 2")


def test_the_report_form_keeps_everything_sealed_and_wipes_it(phones):
    phone = phones()
    page = phone.open()
    phone.context.set_offline(True)
    phone.choose("answer", "figures")
    page.locator("details:has([name=note]) summary").click()
    phone.field("note").fill("Paspor A1234567")
    phone.send()
    expect(page.locator("#outbox")).to_be_visible(timeout=PATIENCE)
    held = page.evaluate(HELD)
    assert held["queue"] == 1
    assert not held["extractable"]
    assert "A1234567" not in held["text"]
    assert phone.asked.path.split("/")[2] not in held["text"]
    # Three days later nothing is left of it, and it is not sent any more.
    late = "const real = Date.now.bind(Date); Date.now = () => real() + 73 * 3600e3;"
    phone.context.add_init_script(late)
    phone.context.set_offline(False)
    page.goto("about:blank")
    posts = len(phone.posts)
    phone.open()
    until(lambda: phone.page.evaluate(HELD)["queue"] == 0, 20, "the outbox was wiped")
    assert len(phone.posts) == posts
    phone.choose("answer", "none_affected")
    phone.send()
    phone.received()
    held = phone.page.evaluate(HELD)
    assert (held["queue"], held["drafts"]) == (0, 0)


HELD = """async () => {
  const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const db = await done(indexedDB.open('dcc-report'));
  const all = (name) => done(db.transaction(name).objectStore(name).getAll());
  const [keys, drafts, queue, boxes] = await Promise.all(['keys', 'drafts', 'queue', 'boxes'].map(all));
  db.close();
  const bytes = (value) => (value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value);
  return {
    queue: queue.length, drafts: drafts.length, extractable: keys[0].extractable,
    text: JSON.stringify([drafts, queue, boxes], (key, value) => bytes(value)),
  };
}"""


def test_a_report_form_whose_link_is_refused_keeps_the_report_until_a_link_is_good_again(phones, running):
    phone = phones()
    page = phone.open()
    officer = f"Membership.objects.filter(user={phone.asked.officer})"
    move = (
        "import json\nfrom commandcenter.access.models import Membership\n{}.update(mission={!r})\nprint(json.dumps(1))"
    )
    running.script(move.format(officer, "kbri-beijing"))
    phone.choose("answer", "figures")
    phone.more("wni.dead")
    phone.send()
    problem = page.locator("[data-part=problem]")
    expect(problem).to_be_visible(timeout=PATIENCE)
    expect(problem.locator("[lang=en]")).to_contain_text("no longer an officer")
    running.script(move.format(officer, phone.asked.mission))
    # Reopened, as the link of the next request would be: what waited sends itself.
    page.goto("about:blank")
    page.goto(running.url + phone.asked.path)
    phone.received()
    [report] = phone.reports()
    assert report["figures"] == {"wni.dead": [1, None]}


def test_the_receipt_of_a_report_form_says_opened_when_an_officer_really_opened_it(phones, running, accounts, browser):
    phone = phones()
    page = phone.open()
    phone.choose("answer", "checking")
    phone.send()
    phone.received()
    seen = page.locator("[data-part=seen]")
    expect(seen).to_have_text("Belum dibuka DCC")
    desk = browser.new_context()
    cookies = dict(Person(running, accounts["operator"]).cookies)
    desk.add_cookies([{"name": name, "value": value, "url": running.url} for name, value in cookies.items()])
    screen = desk.new_page()
    screen.goto(f"{running.url}/crises/{phone.asked.slug}/reports/1/")
    expect(screen.locator("#seen-1")).to_contain_text("Dibuka DCC", timeout=PATIENCE)
    expect(seen).to_have_text(re.compile(r"Dibuka DCC \d\d\.\d\d\.\d\d WIB"), timeout=PATIENCE)
    desk.close()


def test_the_report_form_opens_and_queues_without_a_line_and_its_scripts_are_small(phones):
    phone = phones()
    page = phone.open()
    until(lambda: page.evaluate(KEPT), 20, "the worker keeps the page and its parts")
    size = page.evaluate(
        "performance.getEntriesByType('resource').filter((one) => one.name.endsWith('.js'))"
        ".reduce((sum, one) => sum + one.encodedBodySize, 0)"
    )
    assert 0 < size <= 25 * 1024
    page.close()
    phone.context.set_offline(True)
    page = phone.open()
    phone.choose("answer", "figures")
    phone.more("wni.missing")
    phone.send()
    expect(page.locator("[data-part=state]")).to_contain_text("luring", timeout=PATIENCE)
    # The same page again would lend a second report the name of the first: it makes its own.
    phone.tap(page.locator("[data-act=new]"))
    phone.choose("answer", "none_affected")
    phone.send()
    expect(page.locator("#outbox")).to_be_visible(timeout=PATIENCE)
    assert phone.reports() == []
    phone.context.set_offline(False)
    phone.received()
    until(lambda: len(phone.reports()) == 2, 30, "both reports arrived", pause=0.5)
    assert [one["answer"] for one in phone.reports()] == ["figures", "none_affected"]


KEPT = """async () => (await (await caches.open('dcc-report-pages')).keys()).length > 0
  && (await (await caches.open('dcc-report-parts')).keys()).length > 8"""


def test_a_report_form_body_is_what_the_api_documents(phones):
    phone = phones()
    phone.open()
    phone.choose("answer", "figures")
    phone.more("wni.dead")
    phone.choose("ago", "15")
    phone.send()
    phone.received()
    body = json.loads(phone.posts[0])
    assert {"answer", "figures", "age_s", "source", "client_id"} == set(body)
    assert 900 <= body["age_s"] <= 930
    [report] = phone.reports()
    assert 900 <= report["late"] <= 930
