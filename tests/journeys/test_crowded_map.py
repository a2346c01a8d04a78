"""More emergencies than a page holds: the server counts them in clusters, and hand, key and log work on those."""

import os
import re
import subprocess
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Response, expect

from tests.journeys.running import PYTHON, ROOT, Running, until
from tests.journeys.test_picture import desk, press

__all__ = ["desk"]
pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
EMERGENCIES, STILL_OPEN, MOST_POINTS = 6_500, 6_000, 750
COUNTED = '.map-objects [data-part="group"]:has([data-objects="emergency"]) .count'
CLUSTERS = '[data-objects="emergency"] button[data-type="cluster"]'


@pytest.fixture(scope="module")
def running(running: Running) -> Running:
    """The same, with a flood in it."""
    fill = [PYTHON, "-m", "tests.bench.filled", str(EMERGENCIES), str(STILL_OPEN)]
    env = {**os.environ, **running.env, "DCC_DEMO": "0", "DJANGO_SETTINGS_MODULE": "commandcenter.settings"}
    done = subprocess.run(fill, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return running


def asks(answer: Response) -> bool:
    """Whether this is the map asking what stands in its view, and getting it."""
    return "/map/clusters" in answer.url and answer.status == 200


def zoom_of(answer: Response) -> int:
    return int(parse_qs(urlsplit(answer.url).query)["zoom"][0])


def listed(desk: Page) -> Locator:
    """The list of what is on the map, opened by key, as soon as the server's clusters are in it."""
    desk.locator(".map-objects summary").focus()
    desk.keyboard.press("Enter")
    clusters = desk.locator(CLUSTERS)
    expect(clusters.first).to_be_visible()
    return clusters


def counted(desk: Page) -> int:
    return int(desk.locator(COUNTED).inner_text().replace(".", ""))


def over_a_cluster(desk: Page) -> bool:
    """Moves the pointer over the map until it lies on a cluster that was drawn."""
    box: Any = desk.locator("#map").bounding_box()
    hint = desk.locator('[data-part="hint"]')
    for y in range(120, int(box["height"]) - 80, 30):
        for x in range(60, int(box["width"]) - 120, 30):
            desk.mouse.move(box["x"] + x, box["y"] + y)
            if desk.locator("#map.has-hit").count() and hint.inner_text().endswith(" kedaruratan"):
                return True
    return False


def test_a_flood_is_drawn_in_clusters_and_a_click_goes_closer(desk: Page) -> None:
    listed(desk)
    assert counted(desk) > MOST_POINTS
    desk.keyboard.press("Enter")
    assert over_a_cluster(desk)
    with desk.expect_response(asks) as closer:
        desk.mouse.down()
        desk.mouse.up()
    assert zoom_of(closer.value) > 3


def test_keys_alone_lead_from_clusters_to_single_emergencies(desk: Page) -> None:
    desk.locator("#map").focus()
    with desk.expect_response(asks) as nearer:
        desk.keyboard.press("+")
    zoom, found = zoom_of(nearer.value), nearer.value.json()
    clusters = listed(desk)
    while "points" not in found:
        clusters.last.focus()
        with desk.expect_response(asks) as closer:
            desk.keyboard.press("Enter")
        assert zoom_of(closer.value) > zoom
        zoom, found = zoom_of(closer.value), closer.value.json()
    assert 0 < found["total"] == len(found["points"]) <= MOST_POINTS
    expect(clusters).to_have_count(0)
    expect(desk.locator('[data-objects="emergency"] button[data-type="emergency"]').first).to_be_visible()


def test_clusters_count_live(desk: Page, running: Running) -> None:
    listed(desk)
    before = counted(desk)
    press(running)
    until(lambda: counted(desk) == before + 1, 8, "the map counts one more")


def test_tabs_of_a_flood_promise_nothing_that_the_page_does_not_know(desk: Page) -> None:
    tabs = desk.locator(".cop-queue .tabs a")
    assert [tab.split() for tab in tabs.all_inner_texts()][1] == ["Saya"]
    expect(tabs.last.locator(".count")).to_have_class("count is-least")
    tabs.nth(1).click()
    expect(desk).to_have_url(re.compile("state=mine"))
    expect(desk.locator('[data-part="empty"]')).to_be_visible()
    expect(desk.locator('[data-count="mine"]')).to_have_text("0")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_in_the_parts_of_the_map(desk: Page, theme: str) -> None:
    desk.context.add_cookies([{"name": "theme", "value": theme, "url": desk.url}])
    desk.reload()
    listed(desk)
    desk.locator(".map-legend summary").click()
    found = Axe().run(desk).response["violations"]
    assert [each["id"] for each in found if each["impact"] in {"serious", "critical"}] == []
