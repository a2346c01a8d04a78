"""A dialogue in real browsers: the citizen's page and an officer's, both ways, by page and by SMS; nobody reloads."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.running import Person, Running, until

LIVE = 20_000
PHONE = "+85291234567"


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    """Everybody goes home."""
    made: list[BrowserContext] = []
    yield made
    for context in made:
        context.close()


@pytest.fixture
def officer(
    browser: Browser, running: Running, accounts: dict[str, dict[str, str]], contexts: list[BrowserContext]
) -> Any:
    """Opens a page of this person in this language."""

    def opened(username: str, language: str, path: str) -> Page:
        context = browser.new_context(viewport={"width": 1600, "height": 900})
        contexts.append(context)
        cookies = {"django_language": language, **dict(Person(running, accounts[username]).cookies)}
        context.add_cookies([{"name": name, "value": value, "url": running.url} for name, value in cookies.items()])
        page = context.new_page()
        page.goto(running.url + path)
        expect(page.locator("#strip")).to_have_attribute("data-state", "connected", timeout=LIVE)
        page.evaluate("window.stays = true")
        return page

    return opened


class Citizen:
    """A telephone with the help page open, and what the server answered to the press."""

    def __init__(self, browser: Browser, running: Running, contexts: list[BrowserContext]) -> None:
        context = browser.new_context(
            viewport={"width": 360, "height": 640},
            locale="id-ID",
            has_touch=True,
            geolocation={"latitude": 22.4508, "longitude": 114.1642},
            permissions=["geolocation"],
        )
        contexts.append(context)
        self.page, self.base = context.new_page(), f"{running.url}/api/v1/emergencies"
        self.page.goto(f"{running.url}/sos/")
        self.page.locator("details:has([name=phone]) > summary").click()
        self.page.fill("[name=phone]", PHONE)
        with self.page.expect_response(lambda told: told.url.endswith("/emergencies") and told.status == 201) as told:
            self.page.locator("[data-act=ask-twice]").click()
            self.page.locator("[data-act=confirm]").click()
        self.number, self.token = told.value.json()["number"], told.value.json()["token"]

    def view(self) -> Any:
        """What the device is told."""
        key = {"Authorization": f"Bearer {self.token}"}
        return httpx.get(f"{self.base}/{self.number}", headers=key, timeout=10).json()

    def states(self) -> list[str]:
        """How far each message got, as the device is told."""
        return [message["state"] for message in self.view()["messages"]]

    def says(self, text: str) -> None:
        """Writes on the page."""
        self.page.fill("[data-part=write] [name=text]", text)
        self.page.locator("[data-part=write] button").click()

    def showed(self, text: str) -> None:
        """The page shows this message; that it does, the page itself tells."""
        expect(self.page.locator("[data-part=messages]")).to_contain_text(text, timeout=LIVE)

    def cut(self, *, off: bool) -> None:
        """The line of the page; the SMS has its own."""
        self.page.context.set_offline(off)


class Gateway:
    """The SMS gateway: what it was given, and its callbacks."""

    def __init__(self, running: Running) -> None:
        self.running, self.secret = running, (running.folder / "sms_secret").read_text().strip()

    def given(self) -> list[dict[str, str]]:
        """The texts to the citizen's telephone."""
        file = self.running.folder / "sms.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in map(json.loads, lines) if line["to"] == PHONE]

    def calls(self, door: str, **fields: str) -> None:
        """One callback, repeated as gateways do."""
        for _repeat in range(3):
            address = f"{self.running.url}/api/v1/gateways/sms/{door}/{self.secret}"
            assert httpx.post(address, json=fields, timeout=10).status_code == 200


def test_citizen_and_officer_write_and_each_state_travels(
    browser: Browser, running: Running, officer: Any, contexts: list[BrowserContext]
) -> None:
    citizen, gateway = Citizen(browser, running, contexts), Gateway(running)
    path = f"/emergencies/{citizen.number}/"
    supervisor = officer("supervisor", "id", "/")
    desk = officer("operator", "id", path)
    desk.locator("form[action$='/take/'] button").click()
    expect(desk.locator("#head")).to_have_attribute("data-state", "taken")
    mission = officer("officer-hongkong", "en", path)
    desk.evaluate("window.stays = true")

    # The citizen writes on a P1 that somebody holds: it is seen, counted, and sounds at every desk.
    citizen.says("Saya di lantai 3")
    for page, words in ((desk, "1 pesan belum dijawab"), (mission, "1 message not answered")):
        expect(page.locator("#messages .talk li").last).to_contain_text("Saya di lantai 3", timeout=LIVE)
        expect(page.locator("#messages .talk-waits")).to_contain_text(words)
        expect(page.locator("#head")).to_contain_text(words, timeout=LIVE)
    expect(supervisor.locator("#alarm-ribbon")).to_contain_text("Pesan menunggu pada P1", timeout=LIVE)
    expect(supervisor.locator(f"#q-{citizen.number} [data-part=unanswered] b")).to_have_text("1", timeout=LIVE)
    # An officer had it on the screen, and the citizen is told so; an answer it is not.
    expect(desk.locator("#messages .talk li").last).to_have_attribute("data-state", "read", timeout=LIVE)
    assert citizen.states() == ["read"]
    assert desk.evaluate("window.stays") is True

    # By keyboard alone: a ready sentence, then the officer's own words, by page and SMS.
    desk.locator(".talk-ready summary").focus()
    desk.keyboard.press("Enter")
    desk.locator(".talk-sentences button").first.focus()
    desk.keyboard.press("Enter")
    assert citizen.number in desk.input_value("#id_message")
    expect(desk.locator("#id_message")).to_be_focused()
    citizen.cut(off=True)
    desk.fill("#id_message", "Petugas menuju pintu utara")
    expect(desk.locator("[data-part=count]")).to_have_text("26 / 1.000 · 1 SMS")
    expect(desk.locator("[name=sms]")).to_be_checked()
    desk.locator("form[data-module~='talk-form'] button:text-is('Kirim')").click()
    mine = desk.locator("#messages .talk li[data-side=dcc]").last
    expect(mine).to_have_attribute("data-state", "sent", timeout=LIVE)
    desk.evaluate("window.stays = true")
    [letter] = gateway.given()
    assert letter["text"] == "KJRI Hongkong: Petugas menuju pintu utara"
    expect(desk.locator("#messages .talk-waits")).to_have_count(0)
    expect(supervisor.locator("#alarm-ribbon")).not_to_contain_text("Pesan menunggu pada P1", timeout=LIVE)

    # The telephone has it, then the page shows it: each is told when it is known, to everybody who looks.
    gateway.calls("receipt", id=letter["ref"], status="delivered")
    for page in (desk, mission):
        expect(page.locator("#messages .talk li[data-side=dcc]").last).to_have_attribute(
            "data-state", "delivered", timeout=LIVE
        )
    citizen.cut(off=False)
    citizen.showed("Petugas menuju pintu utara")
    expect(mine).to_have_attribute("data-state", "read", timeout=LIVE)
    expect(mine).to_contain_text("tampil di perangkat WNI")
    assert citizen.states() == ["read", "read"]

    # A reply by SMS lands here once, and the citizen's page shows it too.
    gateway.calls("inbound", id=uuid.uuid4().hex, text="Pintu terkunci", **{"from": "85291234567"})
    last = desk.locator("#messages .talk li").last
    expect(last).to_contain_text("Pintu terkunci", timeout=LIVE)
    expect(last).to_contain_text("lewat SMS")
    assert desk.locator("#messages .talk li", has_text="Pintu terkunci").count() == 1
    expect(citizen.page.locator("[data-part=messages]")).to_contain_text("Pintu terkunci", timeout=LIVE)

    # "I can't speak", said later: large at once on every open page, and SMS is then the officer's own choice.
    key = {"Authorization": f"Bearer {citizen.token}"}
    httpx.post(f"{citizen.base}/{citizen.number}/silent", headers=key, json={"silent": True}, timeout=10)
    expect(desk.locator("#messages .talk-silent")).to_contain_text("TIDAK BISA BICARA", timeout=LIVE)
    expect(mission.locator("#messages .talk-silent")).to_contain_text("CAN'T SPEAK", timeout=LIVE)
    assert all(page.evaluate("window.stays") is True for page in (desk, mission, supervisor))
    mission.reload()
    expect(mission.locator("[name=sms]")).not_to_be_checked()
    until(lambda: citizen.view()["silent"], 5, "the device is told that the silence is known")
