"""P12, U6: the picture in a real browser with 5,000 points and 500 open rows, 20 changes a second, beside itself idle.

The changes come the whole way: COMMIT, relay, Frame, hub, socket. Input latency is from the moment the browser says a
key or a pointer was moved until the next paint: of a key by the browser's own Event Timing, down and up being one
interaction; of a moved pointer, which Event Timing leaves out, until the frame after it was made. The heap is what is
left after a collection.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.bench.harness import Options, Report, Sample, Section, Target, percentile
from tests.bench.machine import LOAD_CORE, SERVER_CORE
from tests.bench.servers import Committer, World
from tests.journeys.running import ROOT

POINTS, STILL_OPEN, CHANGES = 5_000, 500, 20
# Growth of what is left after a collection, last third of the time over the first.
FLAT = 1.05
LISTEN = """
window.restart = () => Object.assign(window, { keys: new Map(), pressed: 0, moves: [], frames: 0 });
restart();
new PerformanceObserver((list) => {
  for (const { interactionId: id, duration } of list.getEntries()) {
    if (id) keys.set(id, Math.max(duration, keys.get(id) ?? 0));
  }
}).observe({ type: 'event', durationThreshold: 16 });
addEventListener('keydown', () => { window.pressed += 1; }, { capture: true });
addEventListener('pointermove', ({ timeStamp }) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => moves.push(performance.now() - timeStamp);
  port2.postMessage(0);
}), { capture: true, passive: true });
// What is quicker than the observer's least counts as that.
window.found = () => ({
  keys: [...keys.values(), ...Array(Math.max(0, pressed - keys.size)).fill(16)], moves,
});
// The committer's alone: ladders climb meanwhile, and their frames are nobody's loss.
document.body.addEventListener('live:frame', ({ detail }) => { window.frames += detail.kind === 'emergency.noted'; });
"""


class Desk:
    """An operator's picture, and the hand on its keys and pointer."""

    def __init__(self, page: Page, world: World) -> None:
        cookies = world.operator.cookies.items()
        page.context.add_cookies([{"name": name, "value": value, "url": world.url} for name, value in cookies])
        page.goto(f"{world.url}/?state=all", timeout=120_000)
        page.wait_for_selector('#strip[data-state="connected"]', timeout=60_000)
        page.evaluate(LISTEN)
        self.page, self.session = page, page.context.new_cdp_session(page)

    def work(self, seconds: float) -> dict[str, list[float]]:
        """Rows by key, the pointer over map and list, the map by key; milliseconds of each."""
        self.page.evaluate("restart()")
        row = self.page.locator('[data-part="list"] .queue-link').first
        hands: list[Callable[[int], Any]] = [
            lambda step: self.page.keyboard.press("ArrowDown" if step % 16 < 8 else "ArrowUp"),
            lambda step: self.page.mouse.move(300 + step * 37 % 600, 400 + step * 23 % 300),
            lambda step: self.page.mouse.move(1300 + step * 7 % 100, 400 + step * 31 % 400),
            lambda step: self.page.keyboard.press("+" if step % 8 < 4 else "-"),
        ]
        until, step = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            hand = step // 10 % len(hands)
            if step % 10 == 0:
                (self.page.locator("#map") if hand == 3 else row).focus()
            hands[hand](step)
            self.page.wait_for_timeout(60)
            step += 1
        self.page.wait_for_timeout(200)
        found: dict[str, list[float]] = self.page.evaluate("found()")
        return found

    def heap_mb(self) -> float:
        """Megabytes of JavaScript objects after a collection: the least of three.

        A drawing that falls between collecting and asking leaves up to 2 MB that the next collection takes.
        """
        return min(self._left() for _ in range(3))

    def _left(self) -> float:
        self.session.send("HeapProfiler.collectGarbage")
        used: dict[str, float] = self.session.send("Runtime.getHeapUsage")
        return used["usedSize"] / 1e6


def latency(desk: Desk, committer: Committer | None, seconds: float) -> Sample:
    """Some seconds of work, with changes or without; done is the frames that arrived."""
    asked = int(CHANGES * seconds) if committer else 0
    if committer:
        committer.order(f"burst {CHANGES} {seconds} 1")
    found = desk.work(seconds)
    if committer:
        committer.answer()
        # A function: an expression would be evaluated again at each look, which the page's policy forbids.
        desk.page.wait_for_function("(asked) => window.frames >= asked", arg=asked, timeout=15_000)
    done = int(desk.page.evaluate("window.frames"))
    together = found["keys"] + found["moves"]
    figures = {f"{name}_p95_ms": percentile(values, 95) for name, values in found.items()}
    figures |= {"p50_ms": statistics.median(together), "p95_ms": percentile(together, 95), "inputs": len(together)}
    return Sample(asked, done, figures)


def heap(desk: Desk, committer: Committer | None, seconds: float) -> Sample:
    """The heap over the time; `growth` is its last third over its first."""
    slices = 12
    found = []
    for _ in range(slices):
        if committer:
            committer.order(f"burst {CHANGES} {seconds / slices} 1")
        desk.page.wait_for_timeout(seconds / slices * 1000)
        if committer:
            committer.answer()
        found.append(desk.heap_mb())
    third = slices // 3
    growth = statistics.median(found[-third:]) / statistics.median(found[:third])
    return Sample(1, 1, {"growth": growth, "first_mb": found[0], "last_mb": found[-1]})


def measure(report: Report, desk: Desk, committer: Committer, options: Options) -> None:
    """Input first, then the heap: ten minutes with changes, two without."""
    seconds = options.either(10, 6)
    section: Section = report.section(f"{POINTS:,} points, {CHANGES} changes a second: input to frame", "change")
    section.rounds({"ours": lambda: latency(desk, committer, seconds), "idle": lambda: latency(desk, None, seconds)})
    section.bound("ours", Target("p95_ms", at_most=100))
    flat = report.section("heap after collection, over the time", "run")
    flat.samples["ours"] = [heap(desk, committer, options.either(600, 48))]
    flat.samples["idle"] = [heap(desk, None, options.either(120, 24))]
    flat.bound("ours", Target("growth", at_most=FLAT))


def run(options: Options) -> Report:
    """One desk of 1920 by 1080."""
    report = Report("browser", options)
    os.sched_setaffinity(0, {SERVER_CORE, LOAD_CORE})
    with World(options, pinned=False) as world:
        world.prepare()
        fill = [sys.executable, "-m", "tests.bench.filled", str(POINTS), str(STILL_OPEN)]
        env = {**world.env, "DCC_DEMO": "0", "DJANGO_SETTINGS_MODULE": "commandcenter.settings"}
        done = subprocess.run(fill, cwd=ROOT, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        world.up("redis", "web", "relay")
        with sync_playwright() as playwright, Committer(world) as committer:
            chromium = playwright.chromium.launch(
                executable_path=os.environ["DCC_CHROMIUM"], args=["--no-sandbox", "--disable-gpu"]
            )
            page = chromium.new_page(viewport={"width": 1920, "height": 1080})
            measure(report, Desk(page, world), committer, options)
            chromium.close()
    return report
