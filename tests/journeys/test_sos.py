"""The panic button on a real telephone's browser: pressed without a line, closed, cut in the middle, never twice."""

import json
import uuid

import pytest
from playwright.sync_api import expect

from tests.journeys.pocket import HONG_KONG, KEPT, PATIENCE, Pocket, Pockets, button, press, received
from tests.journeys.running import Running, until

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
LARGEST = 2048


def _ids(pocket: Pocket) -> set[str]:
    return {json.loads(one.body)["client_id"] for one in pocket.wire.posts()}


def test_sos_pressed_without_a_line_closed_and_reopened_is_exactly_one_emergency(pockets: Pockets) -> None:
    pocket = pockets(kept=True)
    page = pocket.open(installed=True)
    pocket.wire.turn("down")
    page.locator("[name=kind][value=medical]").check(force=True)
    page.locator("#id_place").fill("Tai Po, lantai 3")
    press(page)
    expect(page.locator("[data-part=state]")).to_contain_text("Belum terkirim", timeout=PATIENCE)
    kept = page.evaluate(KEPT)
    assert kept["answer"] is None
    pocket.off()
    pocket.on()
    # Still without a line: the page itself comes from the telephone, and the request still waits.
    page = pocket.open()
    expect(page.locator("[data-part=state]")).to_contain_text("Belum terkirim", timeout=PATIENCE)
    pocket.off()
    assert pocket.emergencies() == []
    pocket.wire.turn("up")
    pocket.on()
    page = pocket.open()
    received(page)
    page.reload()
    received(page)
    [stored] = pocket.emergencies()
    assert uuid.UUID(str(stored["client_id"])) == uuid.UUID(kept["report"]["client_id"])
    assert (stored["place"], stored["nature"]) == ("Tai Po, lantai 3", "medical")
    assert _ids(pocket) == {kept["report"]["client_id"]}
    assert pocket.noise == []


def test_sos_whose_answers_are_lost_and_whose_server_dies_is_one_emergency(pockets: Pockets, running: Running) -> None:
    pocket = pockets()
    page = pocket.open()
    pocket.wire.turn("deaf")
    press(page)
    until(pocket.emergencies, 30, "the server stored what it could not acknowledge")
    expect(page.locator("[data-part=number]")).to_be_hidden()
    running.kill("web")
    expect(page.locator("[data-part=state]")).to_contain_text(
        "Belum terkirim (server tidak menjawab)", timeout=PATIENCE
    )
    pocket.wire.turn("up")
    running.start("web")
    until(running.ready, 60, "the web answers again", pause=0.2)
    received(page)
    assert len(pocket.wire.posts()) >= 2
    assert len(_ids(pocket)) == len(pocket.emergencies()) == 1


def test_sos_leaves_in_the_first_two_kilobytes_however_much_was_typed(pockets: Pockets) -> None:
    pocket = pockets(geolocation=HONG_KONG, permissions=["geolocation"])
    page = pocket.open("/sos/en/")
    page.locator("summary").tap()
    page.locator("#id_message").fill("Tolong 🙏 " * 100)
    page.locator("#id_name").fill("陳" * 120)
    page.locator("#id_place").fill("香" * 120)
    page.locator("#id_phone").fill("+62 812 3456 7890")
    press(page)
    received(page)
    first = pocket.wire.posts()[0]
    assert len(first.body) <= LARGEST
    assert json.loads(first.body)["client_id"]
    until(lambda: len("".join(pocket.messages())) >= 890, 30, "the long message followed in parts")
    [stored] = pocket.emergencies()
    assert stored["message"] == ""
    assert stored["place"] == "香" * 120
    assert all(len(one.body) <= LARGEST for one in pocket.wire.posts(""))


@pytest.mark.parametrize("how", ["tap", "short hold", "key"])
def test_sos_touched_by_accident_sends_nothing_and_says_so(pockets: Pockets, how: str) -> None:
    pocket = pockets()
    page = pocket.open()
    if how == "tap":
        button(page).tap()
    elif how == "key":
        button(page).focus()
        page.keyboard.press("Enter")
    else:
        button(page).hover()
        page.mouse.down()
        page.wait_for_timeout(1500)
        page.mouse.up()
    expect(page.locator("[data-part=too-short]")).to_be_visible()
    page.wait_for_timeout(2500)
    assert page.evaluate(KEPT) is None
    assert pocket.wire.told() == []
    assert pocket.emergencies() == []


def test_sos_by_keyboard_goes_at_once_and_cancelling_marks_and_deletes_nothing(pockets: Pockets) -> None:
    pocket = pockets()
    page = pocket.open()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.part") == "hold":
            break
    page.keyboard.down(" ")
    expect(page.locator("[data-part=sent]")).to_be_visible(timeout=PATIENCE)
    page.keyboard.up(" ")
    cancel = page.locator("[data-part=cancel]")
    expect(cancel).to_contain_text("Batal")
    assert page.evaluate("document.activeElement.dataset.part") == "sent"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.part") == "cancel"
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=cancelled]")).to_be_visible()
    received(page)
    until(lambda: pocket.emergencies()[0]["cancelled_at"], 30, "the cancelling was marked")
    assert len(pocket.emergencies()) == 1
    # Still officers' to close: the citizen may also ask again, and that is another emergency.
    page.locator("[data-part=again]").tap()
    press(page)
    received(page)
    assert len(pocket.emergencies()) == 2


def test_sos_by_switch_or_screen_reader_takes_two_steps(pockets: Pockets) -> None:
    pocket = pockets()
    page = pocket.open()
    # What a switch and a screen reader make of a button: a click without a finger.
    button(page).evaluate("button => button.click()")
    expect(page.locator("[data-part=confirm]")).to_be_visible()
    assert page.evaluate("document.activeElement.dataset.act") == "confirm"
    page.locator("[data-act=not-now]").evaluate("button => button.click()")
    expect(page.locator("[data-part=confirm]")).to_be_hidden()
    assert (pocket.wire.told(), page.evaluate("document.activeElement.dataset.part")) == ([], "hold")
    page.locator("[data-act=ask-twice]").evaluate("button => button.click()")
    page.locator("[data-act=confirm]").evaluate("button => button.click()")
    received(page)
    assert len(pocket.emergencies()) == 1


def test_sos_in_two_tabs_at_once_is_one_emergency_and_one_sender(pockets: Pockets) -> None:
    pocket = pockets()
    pages = [pocket.open(), pocket.open()]
    pocket.wire.turn("down")
    for page in pages:
        page.evaluate("document.querySelector('[data-act=confirm]').click()")
    for page in pages:
        expect(page.locator("[data-part=sent]")).to_be_visible(timeout=PATIENCE)
    pocket.wire.turn("up")
    assert received(pages[0]) == received(pages[1])
    assert len(pocket.emergencies()) == len(_ids(pocket)) == 1
    pages[1].locator("#id_text").fill("Satu pesan")
    pages[1].locator("[data-part=write] button").tap()
    expect(pages[0].locator(".talk")).to_contain_text("Satu pesan", timeout=PATIENCE)
    until(lambda: pocket.messages() == ["Satu pesan"], 30, "it came once")


def test_sos_waiting_is_sent_by_the_worker_when_every_tab_is_closed(pockets: Pockets) -> None:
    pocket = pockets()
    page = pocket.open(installed=True)
    assert pocket.context
    desk = pocket.context.new_page()
    talk = pocket.context.new_cdp_session(desk)
    found: list[str] = []
    talk.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    desk.goto(pocket.wire.url + "/sos/numbers.json")
    talk.send("ServiceWorker.enable")
    pocket.wire.turn("down")
    press(page)
    expect(page.locator("[data-part=later]")).to_contain_text("juga bila halaman ini ditutup", timeout=PATIENCE)
    page.close()
    pocket.wire.turn("up")
    until(lambda: (desk.wait_for_timeout(50), found)[1], 20, "the browser names the worker")
    # What the browser does by itself when it finds the line again.
    talk.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": pocket.wire.url, "registrationId": found[0], "tag": "sos", "lastChance": False},
    )
    until(lambda: (desk.wait_for_timeout(100), pocket.emergencies())[1], 30, "the worker sent it")
    page = pocket.open()
    received(page)
    assert len(pocket.emergencies()) == len(_ids(pocket)) == 1


def test_sos_quick_exit_leaves_nothing_on_the_screen_and_loses_nothing(pockets: Pockets) -> None:
    pocket = pockets()
    page = pocket.open()
    page.locator("[data-switch]").tap()
    page.wait_for_url("**/sos/en/")
    pocket.wire.turn("down")
    press(page)
    page.locator("[data-act=leave]").tap()
    page.wait_for_url("about:blank")
    assert page.title() == ""
    assert page.evaluate("document.body.innerText") == ""
    page.go_back()
    assert "/sos/" not in page.url
    pocket.wire.turn("up")
    received(pocket.open())
    assert len(pocket.emergencies()) == 1
