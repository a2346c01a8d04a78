"""A telephone and the thumb that uses it: counts what it does and what goes out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.asked import Asked, stored
from tests.journeys.running import Running, until

SECONDS = 1000
PATIENCE = 30 * SECONDS
# What would open the keyboard, and what a key does.
WATCH = """
window.keys = [];
for (const name of ['keydown', 'keypress', 'beforeinput']) addEventListener(name, () => keys.push(name), true);
const typed = 'input[inputmode], textarea';
addEventListener('focusin', ({ target }) => target.matches(typed) && keys.push(target.name), true);
"""


@dataclass
class Phone:
    """A telephone with one page; it counts what the thumb does and what goes out."""

    context: BrowserContext
    running: Running
    asked: Asked
    page: Page = field(init=False)
    taps: int = 0
    posts: list[bytes] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> Page:
        """The form, ready."""
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on("request", self._hear)
        self.page.goto(self.running.url + (path or self.asked.path))
        expect(self.page.locator("form[data-ready]")).to_be_attached(timeout=PATIENCE)
        return self.page

    def _hear(self, request: Any) -> None:
        if request.method == "POST" and "/api/" in request.url:
            self.posts.append(request.post_data_buffer or b"")

    def tap(self, what: Locator) -> None:
        """One touch of the thumb."""
        self.taps += 1
        what.tap(timeout=PATIENCE)

    def hold(self, what: Locator, enough: Callable[[], bool]) -> None:
        """One long touch: − and + go in tens."""
        self.taps += 1
        what.scroll_into_view_if_needed()
        what.hover()
        self.page.mouse.down()
        until(enough, 20, "the long press moved the number")
        self.page.mouse.up()

    def choose(self, name: str, value: str) -> None:
        """One of the chips."""
        self.tap(self.page.locator(f".answer-chip:has([name={name}][value='{value}'])"))

    def more(self, key: str) -> None:
        """One more of this figure."""
        self.tap(self.page.locator(f".report-figure[data-key='{key}'] [data-step='1']"))

    def send(self) -> None:
        """SEND."""
        self.tap(self.page.locator(".report-send button"))

    def received(self) -> None:
        """The server has it, and the page says so with its number."""
        self.page.wait_for_url("**/sent/**", timeout=PATIENCE)
        assert self.noise == []

    def field(self, name: str) -> Locator:
        """A number's own field."""
        return self.page.locator(f"[name={name}]")

    def reports(self) -> list[dict[str, Any]]:
        """What the database holds of this crisis and mission."""
        return [one for one in stored(self.running, self.asked.slug) if one["mission"] == self.asked.mission]
