"""A citizen's telephone in a flood: its key, its signature, the work and pauses it is asked for, and honest words."""

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.running import Running, until

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
API = "**/api/v1/emergencies"
ASKED = {"type": "urn:dcc:problem:work", "work": {"bits": 12, "until": 2_000_000_000, "salt": "A" * 22}}
Phones = Callable[..., Page]


@pytest.fixture
def phones(browser: Browser, running: Running) -> Iterator[Phones]:
    """New telephones at /sos/, perhaps with a script before the page's own."""
    made = []

    def make(script: str = "") -> Page:
        context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True, locale="id-ID")
        made.append(context)
        page = context.new_page()
        if script:
            page.add_init_script(script)
        page.goto(f"{running.url}/sos/")
        return page

    yield make
    for context in made:
        context.close()


def press(page: Page) -> None:
    page.locator('[data-act="ask-twice"]').click()
    page.locator('[data-act="confirm"]').click()


def stored(running: Running) -> list[list[str]]:
    """client_id and device of every emergency, and the registered keys."""
    found: list[list[str]] = running.script(
        "import json; from alerts.models import Emergency, DeviceKey; "
        "print(json.dumps([[str(c), d] for c, d in Emergency.objects.order_by('pk').values_list('client_id', 'device')]"
        " + [['key', f] for f in DeviceKey.objects.order_by('pk').values_list('fingerprint', flat=True)]))"
    )
    return found


def kept(page: Page) -> int:
    """How many keys this browser keeps that can sign and cannot be read."""
    return int(
        page.evaluate(
            """() => new Promise((done) => {
              const asked = indexedDB.open('sos-key');
              asked.onupgradeneeded = () => asked.result.createObjectStore('keys');
              asked.onsuccess = () => {
                const all = asked.result.transaction('keys').objectStore('keys').getAll();
                all.onsuccess = () => {
                  done(all.result.filter(([key]) => !key.extractable && key.usages.join() === 'sign').length);
                  asked.result.close();
                };
              };
            })"""
        )
    )


def test_a_key_is_registered_at_the_first_opening_and_signs_the_request(phones: Phones, running: Running) -> None:
    page = phones()
    until(lambda: kept(page) == 1, 20, "the key is kept")
    page.reload()
    press(page)
    expect(page.locator('[data-part="number"]')).to_be_visible(timeout=20_000)
    rows = stored(running)
    (fingerprint,) = [device for what, device in rows if what == "key"]
    assert [device for what, device in rows if what != "key"][-1] == fingerprint


@pytest.mark.parametrize(
    "without",
    [
        "Object.defineProperty(crypto, 'subtle', { value: undefined })",
        "Object.defineProperty(window, 'indexedDB', { value: { open() { throw new Error('no storage'); } } })",
        "IDBFactory.prototype.open = () => ({})",
    ],
    ids=["no WebCrypto", "no storage", "storage that never answers"],
)
def test_without_a_key_the_request_goes_unsigned(phones: Phones, running: Running, without: str) -> None:
    before = len(stored(running))
    page = phones(without)
    press(page)
    expect(page.locator('[data-part="number"]')).to_be_visible(timeout=20_000)
    rows = stored(running)
    assert len(rows) == before + 1
    assert [device for what, device in rows if what != "key"][-1] == ""


def test_asked_for_work_it_does_it_and_sends_the_same_request_again(phones: Phones, running: Running) -> None:
    page = phones("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    sent: list[tuple[str, str]] = []

    def answer(route: Route) -> None:
        sent.append((route.request.post_data or "", route.request.headers.get("dcc-work", "")))
        if len(sent) == 1:
            route.fulfill(status=428, content_type="application/problem+json", body=json.dumps(ASKED))
        else:
            route.continue_()

    page.route(API, answer)
    press(page)
    expect(page.locator('[data-part="number"]')).to_be_visible(timeout=60_000)
    (first, nothing), (again, done) = sent
    assert (nothing, again) == ("", first)
    bits, until_, salt, n = done.split(".")
    assert (bits, until_, salt) == ("12", "2000000000", "A" * 22)
    assert int.from_bytes(sha256(f"{salt}.{n}".encode()).digest()[:4], "big") >> 20 == 0
    assert [row for row in stored(running) if row[0] == json.loads(first)["client_id"]]


def test_while_it_works_the_page_answers_and_is_honest(phones: Phones) -> None:
    page = phones("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    endless: dict[str, Any] = {**ASKED, "work": {**ASKED["work"], "bits": 31}}  # type: ignore[dict-item]
    page.route(
        API, lambda route: route.fulfill(status=428, content_type="application/problem+json", body=json.dumps(endless))
    )
    press(page)
    # No receipt is claimed, and every part of the page can be used meanwhile.
    expect(page.locator('[data-step="received"]')).to_have_text("Belum diterima server")
    page.locator('[data-part="write"] textarea').fill("Kami di atap")
    page.locator('[data-part="write"] button').click()
    expect(page.locator('[data-part="messages"]')).to_contain_text("Kami di atap")
    page.locator('[data-act="cancel"]').click()
    expect(page.locator('[data-part="cancelled"]')).to_be_visible()


def test_asked_to_wait_it_keeps_the_message_and_sends_it_later(phones: Phones, running: Running) -> None:
    page = phones()
    press(page)
    expect(page.locator('[data-part="number"]')).to_be_visible(timeout=20_000)
    tries: list[str] = []

    def answer(route: Route) -> None:
        tries.append(route.request.post_data or "")
        if len(tries) == 1:
            route.fulfill(status=429, headers={"Retry-After": "1"}, body="{}")
        else:
            route.continue_()

    page.route("**/messages", answer)
    page.locator('[data-part="write"] textarea').fill("Kami di atap")
    page.locator('[data-part="write"] button').click()
    until(lambda: page.wait_for_timeout(100) or len(tries) == 2, 20, "it is sent again")
    assert tries[0] == tries[1]
    expect(page.locator('[data-part="messages"] li')).to_have_count(1)
    # Nobody is told that there is no connection.
    expect(page.locator('[data-part="lost"]')).to_be_hidden()
