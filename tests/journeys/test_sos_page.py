"""The citizen's page: what it shows without a line, what it tells of the position, how small it is, what it keeps."""

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.journeys.pocket import HONG_KONG, PATIENCE, Pockets, press, received
from tests.journeys.running import Running, until

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
LATER = """() => {
  const real = Date.now.bind(Date);
  Date.now = () => real() + 12 * 60e3;
  dispatchEvent(new Event('online'));
}"""
CACHED = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return found;
}"""


def test_sos_installed_shows_whom_to_call_in_both_languages_without_a_line(pockets: Pockets) -> None:
    pocket = pockets(timezone_id="Asia/Riyadh")
    page = pocket.open("/sos/id/", installed=True)
    errors = pocket.context.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A window that leaves no trace is not installed into; that is this test's and no fault of the page.
    assert {one["errorId"] for one in errors} <= {"in-incognito"}
    page.close()
    pocket.wire.turn("down")
    page = pocket.open("/sos/id/")
    local = page.locator("[data-part=local]")
    expect(local).to_contain_text("Arab Saudi")
    expect(local).to_contain_text("ditebak dari jam telepon")
    expect(page.locator("[data-part=missions] h2")).to_have_text(["KBRI Riyadh", "KJRI Jeddah"])
    page.locator("#id_country").select_option("HK")
    expect(page.locator("[data-part=missions] h2")).to_have_text(["KJRI Hongkong"])
    expect(page.locator("[data-part=missions] a")).to_have_attribute("href", "tel:+85236510200")
    expect(local.locator("a").first).to_have_attribute("href", re.compile(r"^tel:\d+$"))
    expect(page.locator("[data-part=guessed]")).to_be_hidden()
    page.locator("[data-switch]").tap()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#ask-h")).to_have_text("Do you need help?")
    page.close()
    # The language that was chosen last, also at the address that names none.
    page = pocket.open("/sos/")
    expect(page.locator("#ask-h")).to_have_text("Do you need help?")
    expect(page.locator("[data-part=local]")).to_contain_text("Saudi Arabia")


def test_sos_with_position_and_camera_refused_completes_and_the_city_is_typed(pockets: Pockets) -> None:
    pocket = pockets(timezone_id="Asia/Riyadh", permissions=[])
    page = pocket.open()
    page.locator("[name=silent]").check()
    press(page)
    received(page)
    expect(page.locator("[data-part=position]")).to_have_text("Posisi tidak diketahui. Tulis di mana Anda berada.")
    page.locator("#id_where").fill("Jeddah, Al-Balad")
    page.locator("[data-part=where-now] button").tap()
    page.locator("[data-part=kinds] button", has_text="Sakit").tap()
    until(lambda: pocket.messages() == ["Saya di sini: Jeddah, Al-Balad", "Sakit"], 30, "both reached the officers")
    expect(page.locator("[data-part=kinds] button", has_text="Sakit")).to_be_disabled()
    [stored] = pocket.emergencies()
    # The clock is told as what it is and decides nothing: no country, so the DCC itself answers.
    assert stored["place"] == "Jam telepon: Asia/Riyadh"
    assert (stored["latitude"], stored["mission_id"], bool(stored["silent"])) == (None, None, True)


def test_sos_streams_positions_with_accuracy_time_and_stale_mark_until_resolved(pockets: Pockets) -> None:
    pocket = pockets(geolocation=HONG_KONG, permissions=["geolocation"], service_workers="block")
    resolved: list[bool] = []
    page = pocket.open()
    page.route(
        re.compile(r"/api/v1/emergencies/E-[^/]+$"), _patched(lambda view: {"state": "resolved"} if resolved else {})
    )
    expect(page.locator("[data-part=missions] h2")).to_have_text("KJRI Hongkong", timeout=PATIENCE)
    press(page)
    received(page)
    first = json.loads(pocket.wire.posts()[0].body)
    assert (first["location"]["lat"], first["location"]["accuracy_m"]) == (22.45, 25)
    assert pocket.emergencies()[0]["mission_id"] == "kjri-hongkong"
    position = page.locator("[data-part=position]")
    expect(position).to_have_text(re.compile(r"ketelitian 25 m, pukul \d\d\.\d\d"))
    # Far better than the last, so it goes at once.
    pocket.context.set_geolocation({**HONG_KONG, "latitude": 22.46, "accuracy": 5})
    until(lambda: (page.wait_for_timeout(100), 22.46 in pocket.positions())[1], 30, "the stream goes on")
    expect(page.locator("[data-part=stale]")).to_be_hidden()
    page.evaluate(LATER)
    expect(page.locator("[data-part=stale]")).to_have_text(re.compile(r"BASI 1\d mnt"))
    resolved.append(True)
    expect(page.locator("[data-part=resolved]")).to_be_visible(timeout=PATIENCE)
    told = len(pocket.positions())
    pocket.context.set_geolocation({**HONG_KONG, "latitude": 22.47, "accuracy": 1})
    page.wait_for_timeout(2000)
    assert len(pocket.positions()) == told


def test_sos_shows_how_far_each_message_got_and_says_which_it_showed(pockets: Pockets) -> None:
    pocket = pockets(service_workers="block")
    written = [
        {"id": 7, "side": "citizen", "state": "read", "text": "Tolong", "at": "2026-05-12T20:05:00.000Z"},
        {"id": 9, "side": "dcc", "state": "sent", "text": "Di mana Anda?", "at": "2026-05-12T20:06:00.000Z"},
    ]
    page = pocket.open()
    page.route(re.compile(r"/api/v1/emergencies/E-[^/]+$"), _patched(lambda view: {"messages": written}))
    page.route("**/sos/numbers.json", _patched(lambda table: {"sms": "+628001234567"}))
    with page.expect_response("**/sos/numbers.json"):
        page.reload()
    page.evaluate("document.addEventListener('sos:answer', ({ detail }) => { window.heard = detail; })")
    expect(page.locator("[data-part=sms]")).to_be_hidden()
    pocket.wire.turn("down")
    press(page)
    link = page.locator("[data-part=sms-link]")
    expect(link).to_have_attribute(
        "href", re.compile(r"^sms:\+628001234567\?body=SOS%20DCC%20[0-9a-f]{8}"), timeout=PATIENCE
    )
    pocket.wire.turn("up")
    number = received(page)
    expect(link).to_be_hidden()
    assert page.evaluate("window.heard.number") == number
    expect(page.locator(".talk li").first).to_contain_text("Dibaca petugas", timeout=PATIENCE)
    expect(page.locator(".talk li").last).to_have_text(re.compile(r"^Di mana Anda\?DCC · \d\d\.\d\d$"))
    until(lambda: pocket.wire.posts("/messages/seen"), 30, "the device says what it showed")
    page.wait_for_timeout(6000)
    assert [json.loads(one.body) for one in pocket.wire.posts("/messages/seen")] == [{"up_to": 9}]


def test_sos_keeps_no_answer_in_the_cache(pockets: Pockets) -> None:
    pocket = pockets()
    page = pocket.open(installed=True)
    press(page)
    number = received(page)
    page.locator("#id_text").fill("Rahasia saya")
    page.locator("[data-part=write] button").tap()
    expect(page.locator(".talk small").last).to_contain_text("Anda", timeout=PATIENCE)
    page.reload()
    received(page)
    cached = page.evaluate(CACHED)
    assert {path for path in cached if not path.startswith("/static/")} == {"/sos/id/", "/sos/en/", "/sos/numbers.json"}
    for text in (number, "Rahasia saya", "Bearer"):
        assert [path for path, body in cached.items() if text in body and not path.endswith(".js")] == []


def test_sos_is_small_on_the_wire(running: Running) -> None:
    with httpx.Client(base_url=running.url, headers={"Accept-Encoding": "gzip, br"}) as line:
        worker = line.get("/sos/worker.js").text
        told = json.loads(worker[worker.index("serve(") + 6 : worker.rindex(")")])
        icons = [icon["src"] for icon in line.get("/sos/id.webmanifest").json()["icons"]]
        entry = re.findall(r'from "([^"]+)"', worker)
        scripts = {*[one for one in told["shell"] if one.endswith(".js")], *entry, "/sos/worker.js"}
        # Everything that a telephone ever fetches for the page, as a browser gets it over HTTPS: both languages, the
        # worker with its list of addresses, the numbers of all missions and countries, the icons.
        rest = {*told["shell"], *told["pages"].values(), told["numbers"], *icons, "/sos/id.webmanifest"} - scripts
        sizes = {path: _on_the_wire(line, path) for path in scripts | rest}
    assert sum(sizes[path] for path in scripts) <= 15_000, {path: sizes[path] for path in sorted(scripts)}
    assert sum(sizes.values()) <= 60_000, sizes


@pytest.mark.parametrize(("language", "scheme"), [("id", "dark"), ("en", "light"), ("id", "light"), ("en", "dark")])
def test_sos_is_sound_at_four_hundred_percent_by_day_and_by_night(pockets: Pockets, language: str, scheme: str) -> None:
    # 1280 × 1024 at 400 %.
    pocket = pockets(viewport={"width": 320, "height": 256}, color_scheme=scheme, timezone_id="Asia/Kuala_Lumpur")
    page = pocket.open(f"/sos/{language}/")
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    expect(page.locator("[data-part=missions] h2").first).to_have_text("KBRI Kuala Lumpur")
    page.locator("summary").tap()
    page.locator("[data-act=ask-twice]").tap()
    faults = {"ask": _faults(page)}
    page.locator("[data-act=confirm]").tap()
    received(page)
    page.locator("#id_text").fill("x" * 200)
    page.locator("[data-part=write] button").tap()
    expect(page.locator(".talk")).to_be_visible()
    faults["sent"] = _faults(page)
    assert faults == {"ask": [], "sent": []}
    assert pocket.noise == []


def _patched(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Route], None]:
    """The server's own answer with a few fields of another day."""

    def answer(route: Route) -> None:
        try:
            found = route.fetch()
        except Exception:  # noqa: BLE001 - the line is cut
            route.abort()
            return
        view = found.json()
        route.fulfill(response=found, json={**view, **change(view)})

    return answer


def _on_the_wire(line: httpx.Client, path: str) -> int:
    with line.stream("GET", path) as answer:
        assert answer.status_code == 200, path
        return sum(len(piece) for piece in answer.iter_raw())


def _faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    serious = [one for one in found if one["impact"] in {"serious", "critical"}]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in serious] + ["too wide"] * wide
