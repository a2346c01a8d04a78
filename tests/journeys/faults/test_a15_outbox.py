"""A15: a hundred reports from telephones whose line, tab, session, clock and server fail: 0 lost, 0 doubled."""

import asyncio
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.async_api import async_playwright

from tests.journeys.asked import ask, stored
from tests.journeys.conftest import CHROMIUM
from tests.journeys.faults.badline import BadLine
from tests.journeys.faults.checker import Verdict
from tests.journeys.faults.conftest import Fault, sized
from tests.journeys.faults.nightphones import Night, closed, nights
from tests.journeys.running import Running, until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.once,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
PROCESSES = ("redis", "web", "relay")
AT_ONCE = 6


async def storm(
    running: Running, paths: list[str], chance: random.Random, many: int
) -> tuple[list[Night], Counter[str]]:
    """So many nights over a bad line, in one browser."""
    killing = asyncio.Lock()

    def again() -> None:
        running.kill("web")
        running.start("web")
        until(running.ready, 60, "the server is back", pause=0.2)

    async def murder() -> None:
        async with killing:
            await asyncio.to_thread(again)

    line = BadLine(running.port, chance, murder, murders=4)
    url = await line.start()
    did: Counter[str] = Counter()
    every = [
        Night(number, url + paths[number % len(paths)], random.Random(chance.getrandbits(64)), did)
        for number in range(many)
    ]
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        await nights(browser, every, AT_ONCE)
        await closed(browser)
    line.stop()
    return every, did + line.did


def judge(every: list[Night], rows: list[dict[str, Any]]) -> Verdict:
    """0 lost, 0 doubled, every figure as typed, every draft as it was left."""
    by_note = Counter(row["note"] for row in rows)
    said = {row["note"]: {key: value for key, (value, _high) in row["figures"].items()} for row in rows}
    lost = [night.note for night in every if night.note not in by_note]
    doubled = [note for note, count in by_note.items() if count > 1]
    broken = [f"lost: {note}" for note in lost] + [f"doubled: {note}" for note in doubled]
    broken += [f"never settled: {night.note}" for night in every if not night.done]
    broken += [
        f"{night.note} says {said[night.note]}, typed {night.figures}"
        for night in every
        if night.note in said and said[night.note] != night.figures
    ]
    broken += [line for night in every for line in night.unequal]
    broken += [f"nobody typed {note!r}" for note in set(by_note) - {night.note for night in every}]
    acknowledged = sum(night.done for night in every)
    return Verdict(len(every), acknowledged, len(rows), sum(by_note.values()) - len(by_note), len(lost), broken)


@pytest.mark.timeout(1200)
def test_a15_the_outbox_loses_and_doubles_nothing(running: Running, fault: Fault) -> None:
    asked = ask(running, "Gempa malam")
    many = sized(100, 400, quick=30)
    with ThreadPoolExecutor(1) as pool:
        # A loop of its own: the suite's browser tests leave theirs running in the main thread.
        work = pool.submit(asyncio.run, storm(running, [one.path for one in asked], fault.chance, many))
        every, did = work.result()
    verdict = judge(every, stored(running, asked[0].slug))
    fault.found(verdict, ", ".join(f"{name} {count}" for name, count in sorted(did.items())))
    assert did["killed in it"] > 0


def test_the_judge_notices_what_was_lost_doubled_or_changed() -> None:
    nothing: Counter[str] = Counter()
    every = [Night(number, "", random.Random(1), nothing, figures={"wni.dead": 1}, done=True) for number in range(4)]
    row = {"figures": {"wni.dead": [1, None]}}
    rows = [{**row, "note": every[0].note}] * 2 + [{"note": every[1].note, "figures": {"wni.dead": [2, None]}}]
    verdict = judge(every, [*rows, {**row, "note": every[2].note}])
    assert (verdict.doubles, verdict.holes) == (1, 1)
    assert len(verdict.broken) == 3
