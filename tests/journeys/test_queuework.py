"""Two officers and a mission at one emergency: who writes, tasks, a duplicate, the hand-over and back."""

import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.journeys.running import Running
from tests.journeys.sound import faults

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")


class Citizen:
    """A telephone in Tai Po, Hong Kong."""

    def __init__(self, running: Running, east: float = 0, **more: Any) -> None:
        self.root = f"{running.url}/api/v1/emergencies"
        at = datetime.now(UTC).isoformat()
        place = {"lat": 22.45, "lon": 114.1688 + east, "accuracy_m": 20, "fixed_at": at, "source": "gps"}
        body = {"client_id": str(uuid.uuid4()), "pressed_at": at, "kind": "panic", "location": place, **more}
        answer = httpx.post(self.root, json=body, timeout=20)
        assert answer.status_code == 201, answer.text
        self.number, self.token = answer.json()["number"], answer.json()["token"]

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def writes(self, text: str) -> None:
        """One message."""
        sent = {"client_id": str(uuid.uuid4()), "text": text}
        answer = httpx.post(f"{self.root}/{self.number}/messages", json=sent, headers=self._headers(), timeout=20)
        assert answer.status_code == 201, answer.text

    def moves(self, lat: float, lon: float, accuracy_m: float) -> None:
        """One position."""
        at = datetime.now(UTC).isoformat()
        place = {"lat": lat, "lon": lon, "accuracy_m": accuracy_m, "fixed_at": at, "source": "gps"}
        answer = httpx.post(f"{self.root}/{self.number}/positions", json=place, headers=self._headers(), timeout=20)
        assert answer.status_code == 201, answer.text

    def steps(self) -> list[str]:
        """The receipts as the telephone shows them."""
        told = httpx.get(f"{self.root}/{self.number}", headers=self._headers(), timeout=20).json()
        return [receipt["step"] for receipt in told["receipts"]]


def test_who_writes_is_named_to_the_other_and_nothing_typed_is_lost(running: Running, desks: Any) -> None:
    number = Citizen(running).number
    rina, budi = desks("operator"), desks("supervisor", "en", "light", 1920)
    for page in (rina, budi):
        page.goto(f"{running.url}/emergencies/{number}/")
    rina.get_by_role("button", name="Ambil A").click()
    rina.locator("#id_note").press_sequentially("Menelepon rumah sakit", delay=5)
    lease = budi.locator("#head .lease")
    expect(lease).to_contain_text("Rina Operator is writing")
    expect(budi.locator("[data-part='lease']").first).to_contain_text("Rina Operator is writing")
    budi.locator("#id_note").fill("Calling the police")
    budi.get_by_role("button", name="Log this").click()
    expect(budi.locator(".error-summary")).to_contain_text("Rina Operator is writing here until")
    expect(budi.locator("#id_note")).to_have_value("Calling the police")
    assert faults(budi) == []
    budi.get_by_text("Take over the writing").click()
    budi.locator("#id_break").fill("The police is on the line")
    budi.get_by_role("button", name="Take over", exact=True).click()
    expect(budi.locator("#head .lease")).to_contain_text("You are writing")
    expect(budi.locator("#id_note")).to_have_value("Calling the police")
    budi.get_by_role("button", name="Log this").click()
    expect(budi.locator("#timeline")).to_contain_text("took over the writing from Rina Operator")
    expect(budi.locator("#timeline")).to_contain_text("Calling the police")
    # The first one's text stands where it stood, and the act has ended the lease for both.
    expect(rina.locator("#timeline")).to_contain_text("Calling the police")
    expect(rina.locator("#id_note")).to_have_value("Menelepon rumah sakit")
    expect(rina.locator("#head .lease")).to_have_count(0)


def test_tasks_go_on_with_one_click_and_back_with_one(running: Running, desks: Any) -> None:
    number = Citizen(running).number
    rina, budi = desks("operator", "id", "dark", 360), desks("supervisor", "en", "light", 768)
    for page in (rina, budi):
        page.goto(f"{running.url}/emergencies/{number}/")
    seen = budi.locator("#task-hospitals")
    expect(seen).to_contain_text("Not looked at")
    rina.locator("#task-hospitals").get_by_role("button", name="Mulai").click()
    expect(seen).to_contain_text("Started")
    expect(seen).to_contain_text("Rina Operator")
    rina.locator("#task-hospitals").get_by_role("button", name="Terhubung").click()
    expect(seen).to_contain_text("Done")
    rina.locator("#toasts").get_by_role("button", name="Batalkan").click()
    expect(seen).to_contain_text("Started")
    budi.get_by_text("A result in words").click()
    budi.locator("#id_task").select_option("hospitals")
    budi.locator("#id_words").fill("Prince of Wales: admitted, ward 7")
    budi.get_by_role("button", name="Done", exact=True).click()
    expect(rina.locator("#task-hospitals")).to_contain_text("Prince of Wales: admitted, ward 7")
    expect(rina.locator("#timeline")).to_contain_text("tugas “Rumah sakit”: Selesai")
    assert faults(rina) == []
    assert faults(budi) == []


def test_where_the_citizen_is_moves_on_the_open_page_and_a_jump_is_doubted(running: Running, desks: Any) -> None:
    citizen = Citizen(running, 0.3)
    rina, budi = desks("operator", "id", "dark", 1920), desks("supervisor", "en", "light", 360)
    for page in (rina, budi):
        page.goto(f"{running.url}/emergencies/{citizen.number}/")
        expect(page.locator(".map .sym")).to_be_visible()
        expect(page.locator(".place-way")).to_have_count(0)
    citizen.moves(22.47, 114.47, 400)
    expect(rina.locator("#place")).to_contain_text("22.47000, 114.47000")
    expect(rina.locator(".place-way")).to_have_count(1)
    expect(rina.locator(".place-circle")).to_have_count(1)
    expect(rina.locator("#place .notice")).to_have_count(0)
    citizen.moves(24.46, 54.37, 900)
    expect(rina.locator("#place .notice")).to_contain_text("Posisi diragukan")
    expect(budi.locator("#place .notice")).to_contain_text("Before that: 22.47000, 114.47000")
    expect(budi.locator("#timeline")).to_contain_text("Farther from the one before")
    # The map has followed it.
    assert rina.locator(".map .sym").evaluate(
        "(mark) => { const { x, width } = mark.closest('.map').getBoundingClientRect();"
        " const at = mark.getBoundingClientRect(); return at.x > x && at.right < x + width; }"
    )
    # Nor does the mark say "not taken" of one that is.
    rina.get_by_role("button", name="Ambil A").click()
    expect(budi.locator('.map .sym[data-state="taken"]')).to_have_count(1)
    for page in (rina, budi):
        assert faults(page) == []


def test_a_duplicate_is_proposed_attached_and_its_citizen_still_heard(running: Running, desks: Any) -> None:
    first = Citizen(running, 0.02, phone="+852 9123 4567", name="Siti")
    second = Citizen(running, 0.0205, phone="9123-4567", name="Siti A")
    rina = desks("operator", "id", "dark", 1920)
    rina.goto(f"{running.url}/emergencies/{first.number}/")
    rina.locator("#head").focus()
    rina.keyboard.press("a")
    expect(rina.locator("#head")).to_contain_text("dipegang Rina Operator")
    panel = rina.locator("#duplicates")
    expect(panel).to_contain_text("telepon yang sama")
    panel.get_by_role("link", name="Berdampingan").click()
    expect(rina.get_by_role("heading", name="Apakah keduanya sama?")).to_be_visible()
    assert faults(rina) == []
    rina.get_by_role("button", name=f"{first.number} tetap, lampirkan {second.number}").click()
    expect(rina).to_have_url(f"{running.url}/emergencies/{first.number}/")
    expect(rina.locator("#duplicates")).to_contain_text(second.number)
    expect(rina.locator("#timeline")).to_contain_text(f"melampirkan duplikat {second.number}")
    # Her own act tells the second citizen too that a desk has it; both stories stand in one timeline.
    assert second.steps() == ["received", "opened", "taken"]
    second.writes("Saya di lantai tujuh")
    expect(rina.locator("#duplicates")).to_contain_text("Saya di lantai tujuh")
    expect(rina.locator("#timeline")).to_contain_text("Saya di lantai tujuh")
    rina.locator(".story-filter").get_by_label("WNI").check(force=True)
    expect(rina.locator("#timeline li[data-kind='dcc']").first).to_be_hidden()
    assert faults(rina) == []

    queue = desks("supervisor", "id")
    queue.goto(f"{running.url}/")
    row = queue.locator(f"#q-{first.number}")
    expect(row.locator("[data-part='duplicates']")).to_have_text("+1")
    expect(queue.locator(f"#q-{second.number}")).to_have_count(0)
    rina.goto(f"{running.url}/emergencies/{second.number}/")
    expect(rina.locator("#head")).to_contain_text(f"Duplikat dari {first.number}")
    rina.get_by_role("button", name="Bukan duplikat: pisahkan").click()
    expect(queue.locator(f"#q-{second.number}")).to_be_visible()
    assert second.steps() == ["received", "opened"]


def test_the_mission_takes_it_up_and_gives_it_back(running: Running, desks: Any) -> None:
    number = Citizen(running, 0.04).number
    rina, maya = desks("operator", "en", "light", 1280), desks("officer-hongkong", "id", "dark", 360)
    for page in (rina, maya):
        page.goto(f"{running.url}/emergencies/{number}/")
    rina.get_by_role("button", name="Take A").click()
    rina.get_by_role("button", name="Hand over to the mission").click()
    expect(rina.locator("#head")).to_contain_text("offered to KJRI")
    expect(rina.locator("#head")).to_contain_text("held by Rina Operator")
    maya.get_by_role("button", name="Terima", exact=True).click()
    expect(rina.locator("#head")).to_contain_text("held by Maya Hong Kong")
    assert faults(maya) == []
    maya.get_by_role("button", name="Serahkan ke DCC").click()
    expect(maya.locator("#head")).to_contain_text("ditawarkan kepada DCC")
    rina.get_by_role("button", name="Take it up A").click()
    expect(maya.locator("#head")).to_contain_text("dipegang Rina Operator")
    rina.get_by_text("Wait…").click()
    rina.get_by_label("the family").check(force=True)
    rina.locator("#wait-more").get_by_role("button", name="Wait").click()
    expect(maya.locator("#head")).to_contain_text("Menunggu: keluarga")
    assert faults(rina) == []


def test_another_mission_answers_with_a_reason_and_the_old_one_sees_it_no_more(running: Running, desks: Any) -> None:
    number = Citizen(running, 0.06).number
    rina, maya = desks("operator", "id", "light", 1280), desks("officer-hongkong", "id")
    maya.goto(f"{running.url}/")
    expect(maya.locator(f"#q-{number}")).to_be_visible()
    rina.goto(f"{running.url}/emergencies/{number}/")
    # Her own opening is a new version of what she reads: a choice made before the page has heard of it is refused.
    expect(rina.locator("#timeline")).to_contain_text("membukanya")
    rina.get_by_text("Pilih perwakilan lain").click()
    rina.locator("#id_mission").select_option(label="KBRI Beijing")
    rina.locator("#id_override").fill("Keluarganya di Shenzhen, KBRI Beijing sudah menelepon")
    rina.get_by_role("button", name="Perwakilan ini bertanggung jawab").click()
    expect(rina.locator("#mission")).to_contain_text("KBRI Beijing")
    expect(rina.locator("#mission")).to_contain_text("Keluarganya di Shenzhen")
    expect(maya.locator(f"#q-{number}")).to_have_count(0)
    assert faults(rina) == []
    rina.get_by_role("button", name="Kembali ke perwakilan menurut aturan").click()
    expect(rina.locator("#mission")).to_contain_text("KJRI Hong")
    expect(maya.locator(f"#q-{number}")).to_be_visible()
