"""Telephones at night, each in a real browser: an officer fills in a report while everything around fails."""

import asyncio
import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page
from playwright.async_api import Error as BrowserError

PATIENCE = 60_000
KEYS = ("wni.present", "wni.dead", "wni.missing", "all.dead")
HELD = """async () => {
  const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const db = await done(indexedDB.open('dcc-report'));
  const count = (name) => done(db.transaction(name).objectStore(name).count());
  const counts = await Promise.all(['drafts', 'queue'].map(count));
  db.close();
  return counts;
}"""
KEPT = "async () => (await (await caches.open('dcc-report-pages')).keys()).length > 0"
FIELDS = "() => [...new FormData(document.querySelector('form.report'))].map(String)"
TAP = "(times) => { while (times--) document.querySelector('.report-send button').click(); }"
SETTLED = "() => document.querySelector('form.report[data-ready]:not([data-unsaved])') !== null"


@dataclass(slots=True)
class Night:
    """One report: what was typed, and what the telephone believes became of it."""

    number: int
    url: str
    chance: random.Random
    did: Counter[str]
    figures: dict[str, int] = field(default_factory=dict)
    unequal: list[str] = field(default_factory=list)
    done: bool = False
    context: BrowserContext | None = None
    page: Page | None = None
    last: list[str] = field(default_factory=list)

    @property
    def note(self) -> str:
        """What the report is known by afterwards."""
        return f"malam {self.number}"

    async def live(self, browser: Browser) -> None:
        """Fill in, send, and go on until nothing waits on this telephone."""
        self.context = await browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True)
        try:
            wrong = self.chance.choice([0, 0, 600_000, -600_000])
            self.did["clock wrong"] += bool(wrong)
            await self.context.add_init_script(f"const real = Date.now.bind(Date); Date.now = () => real() + {wrong};")
            session = {"name": "dcc_session", "value": "expired", "url": self.url}
            await self.context.add_cookies([session])
            await self._open(first=True)
            await self._fill()
            await self._send()
            await self._wait()
        finally:
            await closed(self.context)

    async def _open(self, *, first: bool = False) -> None:
        """The form, ready; its first time must be online, afterwards the worker has it."""
        assert self.context is not None
        why: BrowserError | TimeoutError | None = None
        turn, deadline = 0, time.monotonic() + PATIENCE / 500
        while time.monotonic() < deadline:
            turn += 1
            if self.page is None or self.page.is_closed():
                self.page = await self.context.new_page()
            try:
                async with asyncio.timeout(20):
                    await self.page.goto(self.url, timeout=15_000)
                    await self.page.wait_for_function(SETTLED, timeout=15_000)
                    if first:
                        await self.page.wait_for_function(KEPT, timeout=15_000)
            except (BrowserError, TimeoutError) as error:
                why = error
                # Chromium may leave the worker aside when it can't start it in time; then a line must come back first.
                if turn == 3:
                    self.did["opened with a line only"] += 1
                    await self.context.set_offline(offline=False)
                await asyncio.sleep(0.3)
            else:
                return
        raise AssertionError(f"{self.note}: the form never opened: {why}")

    async def _disturb(self) -> None:
        """Perhaps something happens to the telephone; the draft must be what it was."""
        assert self.context is not None
        assert self.page is not None
        what = self.chance.choice(["", "", "", "offline", "online", "reload", "kill tab", "session gone"])
        self.did[what] += bool(what)
        if what in {"offline", "online"}:
            await self.context.set_offline(what == "offline")
        if what == "session gone":
            await self.context.clear_cookies()
        if what == "kill tab":
            await self._kill_tab()
        if what in {"kill tab", "reload"}:
            await self._open()
            await self._compare()

    async def _kill_tab(self) -> None:
        assert self.page is not None
        await closed(self.page)
        self.page = None

    async def _compare(self) -> None:
        assert self.page is not None
        if self.last and (found := await self._fields()) != self.last:
            self.unequal.append(f"{self.note}: {found} instead of {self.last}")

    async def _fill(self) -> None:
        await self._do(".answer-chip:has([value=figures])")
        for key in KEYS:
            for _tap in range(self.chance.randint(0, 2)):
                await self._do(f".report-figure[data-key='{key}'] [data-step='1']")
            await self._disturb()
        await self._do(None)
        # As the screen says it: from an old value the first tap leads to the next number.
        shown = dict(line.split(",", 1) for line in self.last)
        said = {key: shown[key.replace(".", "_")] for key in KEYS}
        self.figures = {key: int(text) for key, text in said.items() if text}
        await self._disturb()

    async def _do(self, what: str | None) -> None:
        """One touch, or the note; afterwards the draft is on the telephone."""
        assert self.page is not None
        if what is None:
            await self.page.locator("details:has([name=note])").evaluate("one => { one.open = true; }")
            await self.page.fill("[name=note]", self.note)
        else:
            await self.page.locator(what).tap(timeout=PATIENCE)
        await self.page.wait_for_function(SETTLED, timeout=PATIENCE)
        self.last = await self._fields()

    async def _fields(self) -> list[str]:
        assert self.page is not None
        found: list[str] = await asyncio.wait_for(self.page.evaluate(FIELDS), PATIENCE / 1000)
        return found

    async def _send(self) -> None:
        assert self.page is not None
        twice = self.chance.random() < 0.4
        self.did["double tap"] += twice
        with suppress(BrowserError, TimeoutError):
            await asyncio.wait_for(self.page.evaluate(TAP, 1 + twice), PATIENCE / 1000)
            if self.chance.random() < 0.3:
                self.did["killed while sending"] += 1
                await self._kill_tab()
                return
            await self.page.wait_for_selector("#outbox:not([hidden]), [data-module=report-sent]", timeout=PATIENCE)

    async def _wait(self) -> None:
        """Lines come back and tabs are opened again until nothing waits here any more."""
        assert self.context is not None
        for _turn in range(80):
            act = self.chance.choice(["line", "line", "reload", "kill"])
            if self.page is None or self.page.is_closed() or act != "line":
                if act == "kill" and self.page is not None:
                    await self._kill_tab()
                await self.context.set_offline(offline=False)
                await self._open()
            else:
                await self.context.set_offline(offline=True)
                await self.context.set_offline(offline=False)
            with suppress(BrowserError, TimeoutError):
                async with asyncio.timeout(20):
                    self.done = await self._settled()
            if self.done:
                return

    async def _settled(self) -> bool:
        assert self.page is not None
        for _look in range(8):
            held = await self.page.evaluate(HELD)
            if held == [0, 0]:
                return True
            if held == [1, 0] and await self.page.locator(".report-send button").is_visible():
                # The tab died before the tap was kept: the report is still a draft, and is sent from there.
                await self._compare()
                await self.page.locator(".report-send button").tap(timeout=PATIENCE)
            await asyncio.sleep(0.25)
        return False


async def closed(what: Browser | BrowserContext | Page) -> None:
    """Close it; Chromium sometimes never says that it did, and goes with its driver then."""
    with suppress(BrowserError, TimeoutError):
        async with asyncio.timeout(10):
            await what.close()


async def nights(browser: Browser, every: list[Night], at_once: int) -> None:
    """All of them, a few at a time."""
    gate = asyncio.Semaphore(at_once)

    async def one(night: Night) -> None:
        async with gate:
            try:
                await asyncio.wait_for(night.live(browser), 10 * PATIENCE / 1000)
            except TimeoutError as error:
                raise AssertionError(f"{night.note} had no end after {dict(night.did)}") from error

    results: list[Any] = await asyncio.gather(*(one(night) for night in every), return_exceptions=True)
    failed = [repr(result)[:600] for result in results if isinstance(result, BaseException)]
    assert not failed, "\n".join(failed[:3])
