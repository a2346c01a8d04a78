"""Photographs from a telephone to an officer's screen, in real browsers: sent, kept offline, blurred, opened."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.alerts.darkroom import conftest as made
from tests.journeys.running import Running, until
from tests.journeys.test_screens import OPPOSITES, Desks, _faults

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
PATIENCE = 30_000
IN_HONG_KONG = {"lat": 22.45, "lon": 114.1688, "accuracy_m": 10, "fixed_at": "2026-05-12T20:04:45Z", "source": "gps"}


class Citizen:
    """A telephone whose request was received; the page is told so as sos.js tells it."""

    def __init__(self, running: Running, context: BrowserContext) -> None:
        self.running, self.context = running, context
        body = {"client_id": str(uuid.uuid4()), "pressed_at": "2026-05-12T20:04:50Z", "kind": "panic"}
        told = httpx.post(f"{running.url}/api/v1/emergencies", json={**body, "location": IN_HONG_KONG}, timeout=20)
        self.number, self.token = told.json()["number"], told.json()["token"]
        self.page = self.open()

    def open(self) -> Page:
        """The page, with the part that follows a press in view."""
        self.page = self.context.new_page()
        self.page.goto(f"{self.running.url}/sos/")
        self.page.wait_for_selector(".attach:not([hidden])", state="attached")
        self.page.evaluate("document.querySelector('[data-part=sent]').hidden = false")
        return self.page

    def answered(self) -> None:
        """The first answer is there."""
        detail = {"number": self.number, "token": self.token}
        self.page.evaluate("detail => document.dispatchEvent(new CustomEvent('sos:answer', { detail }))", detail)

    def attach(self, *files: tuple[str, str, bytes]) -> None:
        """Choose files."""
        chosen = [{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in files]
        self.page.set_input_files("#id_media", chosen)  # type: ignore[arg-type]

    def says(self, no: int, text: str) -> None:
        """What the list says of a file."""
        expect(self.page.locator(".attach-list li").nth(no).locator("small")).to_contain_text(text, timeout=PATIENCE)


@pytest.fixture
def telephone(browser: Browser) -> Iterator[BrowserContext]:
    """A telephone of 360 pixels."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    yield context
    context.close()


@pytest.fixture
def desks(
    browser: Browser, running: Running, accounts: dict[str, dict[str, str]], prepared: Running
) -> Iterator[Desks]:
    """Officers' browsers."""
    opened = Desks(browser, running, accounts)
    yield opened
    for context in opened.contexts.values():
        context.close()


def test_media_wait_offline_outlive_the_page_and_go_by_themselves(running: Running, telephone: BrowserContext) -> None:
    citizen = Citizen(running, telephone)
    citizen.attach(("a.jpg", "image/jpeg", made.picture()), ("b.jpg", "image/jpeg", made.picture(size=(2500, 2500))))
    citizen.says(0, "begitu permintaan Anda diterima")
    telephone.set_offline(True)
    citizen.answered()
    citizen.says(1, "Tidak ada sambungan")
    held = "() => !document.querySelector('.attach-list').textContent.includes('Biarkan halaman ini terbuka')"
    citizen.page.wait_for_function(held, timeout=PATIENCE)
    kept = citizen.page.evaluate(
        """async () => {
          const open = indexedDB.open('sos-media');
          await new Promise((resolve) => { open.onsuccess = resolve; });
          const parts = open.result.transaction('parts').objectStore('parts').getAll();
          await new Promise((resolve) => { parts.onsuccess = resolve; });
          return parts.result.map((part) => [...new Uint8Array(part.sealed).slice(0, 3)]);
        }"""
    )
    assert kept, "the files lie in the browser"
    assert [255, 216, 255] not in kept, "and not in clear"
    citizen.page.close()
    telephone.set_offline(False)
    citizen.open()
    citizen.answered()
    citizen.says(0, "Terkirim")
    citizen.says(1, "Terkirim")
    count = f"""
import json
from alerts.media.models import MediaFile
found = MediaFile.objects.filter(emergency=int("{citizen.number[-5:]}"))
print(json.dumps(list(found.values_list("stage", flat=True))))
"""
    # The relay sweeps where nobody else does: they may have been examined already.
    stages = running.script(count)
    assert len(stages) == 2
    assert set(stages) <= {"waiting", "ready"}


def test_media_that_are_not_sent_can_be_removed_and_refusals_are_told(
    running: Running, telephone: BrowserContext
) -> None:
    citizen = Citizen(running, telephone)
    citizen.attach(("a.jpg", "image/jpeg", made.picture()), ("leer.jpg", "image/jpeg", b""))
    citizen.says(1, "Berkas ini kosong")
    citizen.page.locator(".attach-list button").first.press("Enter")
    expect(citizen.page.locator(".attach-list li")).to_have_count(1)
    telephone.route("**/media", lambda route: route.continue_(headers={**route.request.headers, "upload-length": "0"}))
    citizen.answered()
    citizen.attach(("c.png", "image/png", made.picture("PNG")))
    citizen.says(1, "Tidak diterima. Berkas ini kosong.")


def test_media_are_blurred_until_an_officer_opens_them_with_one_key(
    running: Running, telephone: BrowserContext, desks: Desks, tmp_path: Path
) -> None:
    citizen = Citizen(running, telephone)
    citizen.answered()
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>document.title = 'XSS'</script></svg>"
    citizen.attach(
        ("a.jpg", "image/jpeg", made.with_place()),
        ("b.mp4", "video/mp4", made.film(tmp_path, *made.H264, scene="640x360:r=15")),
        ("c.svg", "image/svg+xml", svg),
    )
    for no in range(3):
        citizen.says(no, "Terkirim")
    page = desks.page("operator", "id", "dark", 1920)
    page.goto(f"{running.url}/emergencies/{citizen.number}/")
    cards = page.locator(".media-card")
    expect(cards.first).to_contain_text("SHA-256", timeout=PATIENCE)
    running.manage("sweep")
    expect(cards.nth(2)).to_contain_text("Ditolak", timeout=PATIENCE)
    expect(cards.nth(0)).to_contain_text("Foto menyatakan 3,1 km dari GPS")
    expect(cards.nth(2)).to_contain_text("bukan foto atau video")
    until(lambda: page.evaluate("document.querySelector('.media-still img')?.naturalWidth"), 20, "the thumbnail")
    assert "blur" in page.evaluate("getComputedStyle(document.querySelector('.media-still img')).filter")
    page.keyboard.press("v")
    copy = page.locator("#media-viewer img.media-copy")
    expect(copy).to_be_visible(timeout=PATIENCE)
    until(lambda: copy.evaluate("image => image.naturalWidth"), 20, "the copy is drawn")
    expect(page.locator("#media-viewer")).to_contain_text("Dibuka oleh")
    page.keyboard.press("Escape")
    expect(page.locator("#media-viewer")).to_be_hidden()
    assert page.evaluate("document.getElementById('media-viewed').childElementCount") == 0
    cards.nth(1).locator(".media-open").focus()
    page.keyboard.press("v")
    video = page.locator("#media-viewer video")
    expect(video).to_be_visible(timeout=PATIENCE)
    until(lambda: video.evaluate("film => film.readyState >= 2 && film.videoWidth"), 20, "the film can be played")
    page.keyboard.press("Escape")
    assert page.title() != "XSS"
    for user, (language, theme, width) in zip(("supervisor", "officer-hongkong"), OPPOSITES, strict=True):
        other = desks.page(user, language, theme, width)
        other.goto(f"{running.url}/emergencies/{citizen.number}/media/")
        other.wait_for_load_state("networkidle")
        assert _faults(other) == {"axe": [], "wider by": 0}
        other.locator(".media-open").first.click()
        expect(other.locator("#media-viewer .media-copy")).to_be_visible(timeout=PATIENCE)
        assert _faults(other) == {"axe": [], "wider by": 0}
    # The rest of the page is not as a press leaves it.
    assert not Axe().run(citizen.page, context=".attach").response["violations"]
    assert _faults(citizen.page)["wider by"] == 0


def test_media_script_of_the_citizen_is_small() -> None:
    import gzip

    from tests.journeys.running import ROOT

    text = (ROOT / "static/js/ui/sos-media.js").read_bytes()
    assert len(gzip.compress(text, 9)) <= 4000
