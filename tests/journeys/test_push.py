"""Push messages in a real browser: the worker stands at the root, states are told in words, a message opens its page.

Chromium without a display has no push service, so the subscription itself is the test's: real keys, an endpoint on
loopback. What the service gets is decrypted here, as the browser would (the encryption is proven in
tests/commandcenter/gateways/test_push.py), and handed to the real worker.
"""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.commandcenter.gateways.conftest import PushService, serving
from tests.journeys.running import Person, Running, until

pytestmark = [pytest.mark.either, pytest.mark.browser]
PROCESSES = ("redis", "web", "relay", "worker", "beat")
# The browser's side of a subscription, with the test's endpoint and keys.
SUBSCRIBED = """
(given) => {
  const subscription = { endpoint: given.endpoint, toJSON: () => given };
  PushManager.prototype.getSubscription = async () => window.subscribedHere ? subscription : null;
  PushManager.prototype.subscribe = async (options) => {
    window.askedWith = [...new Uint8Array(options.applicationServerKey)].length;
    window.subscribedHere = true;
    return subscription;
  };
  Notification.requestPermission = async () => 'granted';
  Object.defineProperty(Notification, 'permission', { get: () => 'granted' });
}
"""


@pytest.fixture(scope="module")
def service() -> Any:
    """A push service on loopback."""
    with serving() as made:
        yield made


@pytest.fixture(scope="module")
def running(database_server: str, prepared: Running, service: PushService) -> Any:
    """A command centre that knows the test's push service."""
    centre = Running(database_server, prepared)
    centre.env["DCC_PUSH_HOSTS"] = service.url.removeprefix("http://")
    try:
        yield centre.up(*PROCESSES)
    finally:
        centre.down()


def context_of(browser: Browser, running: Running, account: dict[str, str]) -> BrowserContext:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    cookies = {"django_language": "id", **dict(Person(running, account).cookies)}
    context.add_cookies([{"name": name, "value": value, "url": running.url} for name, value in cookies.items()])
    return context


@pytest.fixture
def officer(browser: Browser, running: Running, accounts: dict[str, dict[str, str]]) -> Any:
    """An officer's telephone."""
    context = context_of(browser, running, accounts["officer-hongkong"])
    yield context
    context.close()


def state(page: Page) -> Any:
    return page.locator('[data-module="push"]').get_attribute("data-push")


def test_a_browser_without_push_and_one_that_refuses_are_told_in_words(
    running: Running, officer: BrowserContext
) -> None:
    page = officer.new_page()
    page.add_init_script("delete window.PushManager")
    page.goto(f"{running.url}/notifications/")
    expect(page.get_by_text("Tidak didukung")).to_be_visible()
    expect(page.get_by_role("button", name="Aktifkan")).to_be_hidden()
    page = officer.new_page()
    page.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    page.goto(f"{running.url}/notifications/")
    expect(page.get_by_text("Ditolak")).to_be_visible()


def test_from_switching_on_to_the_page_that_a_message_opens(
    running: Running, officer: BrowserContext, service: PushService
) -> None:
    receiver = service.browser()
    keys = {"p256dh": receiver.p256dh, "auth": receiver.auth}
    page, noise = officer.new_page(), list[str]()
    page.on("console", lambda message: noise.append(message.text) if message.type == "error" else None)
    page.add_init_script(f"({SUBSCRIBED})({json.dumps({'endpoint': receiver.endpoint, 'keys': keys})})")
    page.goto(f"{running.url}/notifications/")
    page.get_by_role("button", name="Aktifkan").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Perangkat ini menerima pesan push.")).to_be_visible()
    assert page.evaluate("window.askedWith") == 65, "the key is a point of the curve"
    scope = page.evaluate("navigator.serviceWorker.ready.then((found) => [found.scope, found.active.scriptURL])")
    assert scope == [f"{running.url}/", f"{running.url}/push-worker.js"]

    page.get_by_role("button", name="Kirim pesan uji coba").click()
    until(lambda: service.got, 20, "the push service gets the message")
    told = receiver.reads(service.got[0][2])
    assert told["url"] == "/notifications/"
    expect(page.get_by_text("Diterima layanan push")).to_be_visible(timeout=10_000)

    # The real worker gets what the browser would have decrypted for it.
    worker = officer.service_workers[0] if officer.service_workers else officer.wait_for_event("serviceworker")
    shown = worker.evaluate(
        """async (told) => {
          const shown = [];
          self.registration.showNotification = async (title, { body, data }) => {
            shown.push([title, body, data.url]);
          };
          const waits = [];
          const event = new Event('push');
          event.data = { json: () => told };
          event.waitUntil = (work) => waits.push(work);
          self.dispatchEvent(event);
          await Promise.all(waits);
          return shown;
        }""",
        told,
    )
    assert shown == [["Kemlu DCC", "Uji coba: pesan push sampai di perangkat ini.", "/notifications/"]]
    expect(page.get_by_text("Sampai di perangkat")).to_be_visible(timeout=10_000)

    opened = worker.evaluate(
        """async (addresses) => {
          const opened = [];
          Object.defineProperty(self.clients, 'openWindow', { value: async (address) => opened.push(address) });
          Object.defineProperty(self.clients, 'matchAll', { value: async () => [] });
          for (const url of addresses) {
            const waits = [];
            const event = new Event('notificationclick');
            event.notification = { close: () => undefined, data: { url } };
            event.waitUntil = (work) => waits.push(work);
            self.dispatchEvent(event);
            await Promise.all(waits);
          }
          return opened;
        }""",
        ["/report/abc/", "https://evil.example/", "//evil.example/"],
    )
    assert opened == [f"{running.url}/report/abc/", running.url, running.url]
    assert noise == []

    page.reload()
    expect(page.get_by_text("Perangkat ini menerima pesan push.")).to_be_hidden()
    expect(page.get_by_role("button", name="Matikan")).to_have_count(1)
    page.get_by_role("button", name="Matikan").click()
    expect(page.get_by_text("Belum ada perangkat yang menerima pesan push")).to_be_visible()


def test_a_call_is_noted_by_keyboard_and_leaves_every_list(
    browser: Browser, running: Running, accounts: dict[str, dict[str, str]]
) -> None:
    running.script(
        """
from commandcenter.access.models import User
from commandcenter.clock import now
from commandcenter.outbox.actions import queue
officer = User.objects.get(username="officer-hongkong").pk
for number in (1, 2):
    queue(key=f"call-{number}", channel="call", recipient=officer, text=f"Laporan {number}", about="R-1", at=now())
print("1")
"""
    )
    first, second = (context_of(browser, running, accounts[name]) for name in ("operator", "supervisor"))
    pages = [first.new_page(), second.new_page()]
    for page in pages:
        page.goto(f"{running.url}/calls/")
        expect(page.locator(".call")).to_have_count(2)
    pages[0].get_by_role("button", name="Tidak diangkat").first.focus()
    pages[0].keyboard.press("Enter")
    for page in pages:
        expect(page.get_by_text("Tidak diangkat (1×)")).to_be_visible()
    pages[0].get_by_role("button", name="Terhubung").first.click()
    for page in pages:
        expect(page.locator(".call")).to_have_count(1)
    first.close(), second.close()
