"""A night at the command centre: shifts are planned, swapped, and twenty items are handed over by keyboard alone."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.journeys.running import Person, Running
from tests.journeys.sound import faults

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
ITEMS = 20
# The keystroke-level model (Card, Moran and Newell): an average typist's key, and one thought before each line.
KEY_SECONDS, THINK_SECONDS, READ_SECONDS = 0.28, 1.35, 4.0
REPEAT = "telepon balik, tanya lokasi"


def emergency(running: Running, number: int) -> str:
    """A request for help near Hong Kong."""
    at = datetime.now(UTC).isoformat()
    place = {"lat": 22.3 + number / 1000, "lon": 114.17, "accuracy_m": 20, "fixed_at": at, "source": "gps"}
    body = {"client_id": str(uuid.uuid4()), "pressed_at": at, "kind": "panic" if number % 2 else "other"}
    answer = httpx.post(f"{running.url}/api/v1/emergencies", json={**body, "location": place}, timeout=20)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


@pytest.fixture(scope="module")
def held(running: Running, accounts: dict[str, dict[str, str]]) -> list[str]:
    """Twenty emergencies that the operator holds and has acted on."""
    desk = Person(running, accounts["operator"])
    numbers = [emergency(running, place) for place in range(ITEMS)]
    for number in numbers:
        assert desk.post(f"/emergencies/{number}/take/", data={"minutes": "30"}).status_code == 302
        desk.post(f"/emergencies/{number}/note/", data={"text": "Ditelepon"})
    return numbers


def test_twenty_items_are_handed_over_by_keyboard_within_five_minutes(
    running: Running, desks: Any, held: list[str]
) -> None:
    going, coming = desks("operator"), desks("supervisor")
    going.goto(f"{running.url}/handover/")
    going.get_by_role("button", name="Mulai serah terima").press("Enter")
    first = going.locator("textarea[name^='note:']").first
    with going.expect_response(lambda answer: "telepon" in (answer.request.post_data or "")):
        first.press_sequentially("Siti menunggu telepon")
    going.reload()
    expect(going.locator("textarea[name^='note:']").first).to_have_value("Siti menunggu telepon")
    assert faults(going) == []
    going.locator("#id_incoming").select_option(label="Budi Supervisor")
    going.get_by_role("button", name="Saya serahkan").press("Enter")
    expect(going.get_by_role("button", name="Tarik tanda tangan saya")).to_be_visible()

    coming.goto(f"{running.url}/handover/")
    coming.get_by_role("link", name="Ambil alih").press("Enter")
    expect(coming.locator("#ho-progress")).to_contain_text(f"0 dari {ITEMS}")
    expect(coming.get_by_text("Siti menunggu telepon")).to_be_visible()
    assert faults(coming) == []
    seconds = 0.0
    for number in range(ITEMS):
        # The line that waits has the focus: nothing is clicked and nothing is searched.
        expect(coming.locator("input[name='repeat']:focus")).to_have_count(1)
        coming.keyboard.type(REPEAT)
        coming.keyboard.press("Enter")
        expect(coming.locator("#ho-progress")).to_contain_text(f"{number + 1} dari {ITEMS}")
        seconds += READ_SECONDS + THINK_SECONDS + (len(REPEAT) + 1) * KEY_SECONDS
    expect(coming.locator("#sign-button")).to_be_focused()
    coming.keyboard.press("Enter")
    expect(coming.get_by_text("Ditandatangani keduanya. Yang dipegang kini milik Anda.")).to_be_attached()
    seconds += THINK_SECONDS + KEY_SECONDS
    print(f"\n{ITEMS} items: {seconds:.0f} s by the keystroke-level model, one line and Enter each")
    assert seconds <= 300
    holders = running.script(
        "import json; from alerts.emergencies.models import Emergency as E;"
        "print(json.dumps(sorted(set(E.objects.values_list('taken_by__username', flat=True)))))"
    )
    assert holders == ["supervisor"]
    assert coming.get_by_text(REPEAT).count() == ITEMS


def test_a_line_that_changed_under_the_eyes_is_told_at_once(
    running: Running, desks: Any, held: list[str], accounts: dict[str, dict[str, str]]
) -> None:
    """After the night above the supervisor holds all and hands back; one emergency changes while the sheet is open."""
    desk = Person(running, accounts["supervisor"])
    begun = desk.post("/handover/begin/").headers["location"]
    operator = running.script(
        "import json; from commandcenter.access.models import User as U;"
        "print(json.dumps(U.objects.get(username='operator').pk))"
    )
    assert desk.post(f"{begun}offer/", data={"incoming": str(operator)}).status_code == 302
    page = desks("operator", "en", "light", 360)
    page.goto(running.url + begun)
    assert faults(page) == []
    line = page.locator(".ho-item", has_text=held[1])
    desk.post(f"/emergencies/{held[1]}/note/", data={"text": "Menjawab sekarang"})
    line.locator("input[name='repeat']").fill("call back")
    line.locator("input[name='repeat']").press("Enter")
    expect(line.get_by_role("alert")).to_have_text("This changed since you saw it: look again.")
    expect(line.locator("input[name='repeat']")).to_have_value("call back")
    expect(line.locator("input[name='repeat']")).to_be_focused()
    line.locator("input[name='repeat']").press("Enter")
    expect(line).to_have_class("ho-item is-ticked")
    assert desk.post(f"{begun}take-back/").status_code == 302


def test_signing_out_with_open_promises_leads_to_the_handover(running: Running, desks: Any, held: list[str]) -> None:
    page = desks("supervisor", "en", "light", 768)
    page.goto(f"{running.url}/")
    page.locator("details.menu summary", has_text="Account").or_(
        page.locator(".tools details.menu > summary")
    ).last.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name=f"You still hold {ITEMS} open emergencies")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Hand over first").click()
    expect(page.get_by_role("heading", name="My handover")).to_be_visible()
    page.go_back()
    page.goto(f"{running.url}/logout/")
    page.get_by_role("button", name="Sign out all the same").click()
    expect(page).to_have_url(f"{running.url}/login/")
    other = desks("operator", "id")
    other.goto(f"{running.url}/handover/")
    expect(other.get_by_text("Pergi tanpa serah terima")).to_be_visible()


def test_a_shift_is_planned_swapped_and_fetched_by_a_calendar(
    running: Running, desks: Any, accounts: dict[str, dict[str, str]]
) -> None:
    page = desks("officer-hongkong", "id", "light", 360)
    page.goto(f"{running.url}/roster/")
    assert faults(page) == []
    page.get_by_role("link", name="Minggu ini: KJRI Hongkong").click()
    page.get_by_role("link", name="Minggu berikutnya").click()
    page.get_by_role("link", name="Minggu berikutnya").click()
    assert faults(page) == []
    page.get_by_label("Petugas", exact=True).select_option(label="Maya Hong Kong")
    page.locator("input[name='date']").nth(2).check(force=True)
    page.get_by_label("Mulai", exact=True).fill("22.00")
    page.locator("input[name='length'][value='12']").check(force=True)
    page.get_by_role("button", name="Rencanakan jaga ini").press("Enter")
    expect(page.locator(".week-shift")).to_contain_text("22.00–10.00 +1 Hong Kong")
    expect(page.locator(".week-shift")).to_contain_text("21.00–09.00 +1 WIB")
    page.get_by_label("Petugas", exact=True).select_option(label="Maya Hong Kong")
    page.locator("input[name='date']").nth(2).check(force=True)
    page.get_by_label("Mulai", exact=True).fill("23")
    page.get_by_role("button", name="Rencanakan jaga ini").press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("sudah punya jaga pada waktu itu")
    expect(page.locator(".error-summary")).to_be_focused()
    page.goto(f"{running.url}/roster/")
    page.get_by_role("button", name="Alamat jaga saya").click()
    address = page.get_by_role("textbox", name="Jaga saya").input_value()
    read = httpx.get(address, timeout=20)
    assert read.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "TZID=Asia/Hong_Kong" in read.text
    page.get_by_role("button", name="Cabut").click()
    expect(page.get_by_text("Alamat kalender tidak menjawab lagi.")).to_be_attached()
    assert httpx.get(address, timeout=20).status_code == 404


def test_the_desk_swaps_in_two_browsers(running: Running, desks: Any) -> None:
    asking, asked = desks("supervisor", "en", "dark", 1920), desks("operator", "en", "light", 768)
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    asking.goto(f"{running.url}/roster/places/dcc/?week={day}")
    asking.get_by_label("Person", exact=True).select_option(label="Budi Supervisor")
    asking.locator(f"input[name='date'][value='{day}']").check(force=True)
    asking.get_by_role("button", name="Plan this shift").press("Enter")
    asking.locator(".week-shift a").first.press("Enter")
    asking.get_by_label("Ask", exact=True).select_option(label="Rina Operator")
    asking.get_by_role("button", name="Ask", exact=True).press("Enter")
    expect(asking.get_by_text("nothing changes until the answer is yes").first).to_be_visible()
    assert faults(asking) == []
    asked.goto(f"{running.url}/roster/")
    assert faults(asked) == []
    asked.get_by_role("button", name="I take it").press("Enter")
    expect(asked.get_by_text("Swapped.")).to_be_attached()
    asking.goto(f"{running.url}/roster/places/dcc/?week={day}")
    expect(asking.locator(".week-shift")).to_contain_text("Rina Operator")
