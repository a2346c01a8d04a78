"""The picture's memory and its map, alone in a real browser: when things are drawn, and what of the world is asked."""

import json
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.test_ui_modules import show

pytestmark = pytest.mark.either

CARD = {"priority": 2, "state": "taken", "received": "2026-05-12T20:05:00Z", "lat": None, "lon": None, "desk": 1}


def picture(page: Page, **data: Any) -> None:
    """A page with the picture's data and nothing else."""
    whole = json.dumps({"filter": {}, "me": 1, "names": {}, "limits": {}, "emergencies": [], **data})
    show(page, f'<script id="picture-data" type="application/json">{whole}</script>')


# Frames for one emergency, one each 40 ms; answers with the moments and versions it was drawn in.
DRAWN = """async ({ card, frames }) => {
  const store = await import('/static/js/live/store.js');
  const drawn = [];
  store.watch('draw', (ids) => { if (ids.has('E-1')) drawn.push([performance.now(), store.get('E-1').version]); });
  for (let version = 1; version <= frames; version += 1) {
    store.take({ topic: 'queue', id: 'E-1', version, card });
    await new Promise((done) => setTimeout(done, 40));
  }
  await new Promise((done) => setTimeout(done, 700));
  return drawn;
}"""


def test_an_object_is_drawn_at_most_twice_a_second_and_the_newest_wins(page: Page) -> None:
    picture(page)
    drawn = page.evaluate(DRAWN, {"card": CARD, "frames": 40})
    gaps = [later[0] - sooner[0] for sooner, later in pairwise(drawn)]
    assert min(gaps) >= 499
    assert drawn[-1][1] == 40


def test_a_p1_that_nobody_has_taken_is_drawn_at_once_and_its_changes_ten_times_a_second(page: Page) -> None:
    picture(page)
    drawn = page.evaluate(DRAWN, {"card": {**CARD, "priority": 1, "state": "new"}, "frames": 20})
    versions = [version for _at, version in drawn]
    assert (versions[0], versions[-1]) == (1, 20)
    # In 800 ms: what is not urgent is drawn three times.
    assert len(versions) > 5


def test_the_order_of_the_queue_follows_every_change(page: Page) -> None:
    first = {**CARD, "received": "2026-05-12T20:01:00Z"}
    picture(page, emergencies=[["E-1", 1, CARD], ["E-2", 1, first]])
    order = page.evaluate(
        """async (card) => {
          const store = await import('/static/js/live/store.js');
          const seen = [store.shown().map(({ id }) => id)];
          store.take({ topic: 'queue', id: 'E-1', version: 2, card });
          seen.push(store.shown().map(({ id }) => id));
          store.take({ topic: 'queue', id: 'E-2', version: 2, card: null });
          seen.push(store.shown().map(({ id }) => id));
          store.showState('new');
          seen.push(store.shown().map(({ id }) => id));
          return seen;
        }""",
        {**CARD, "state": "new"},
    )
    assert order == [["E-2", "E-1"], ["E-1", "E-2"], ["E-1"], ["E-1"]]


@pytest.mark.parametrize(
    ("edges", "zoom", "box"),
    [
        ((100.3, -5.2, 110.9, 4.1), 6, "99.84375,-5.625,111.09375,4.21875"),
        ((-300, -84, 200, 84), 3, "-180,-90,180,90"),
        ((170.1, -20, 191, -10), 5, "168.75,-22.5,-168.75,-8.4375"),
        ((-190, -20, -170, -10), 5, "168.75,-22.5,-168.75,-8.4375"),
        ((530.1, -20, 551, -10), 5, "168.75,-22.5,-168.75,-8.4375"),
    ],
)
def test_the_server_is_asked_for_the_view_in_its_own_degrees(
    page: Page, edges: tuple[float, ...], zoom: int, box: str
) -> None:
    picture(page)
    found = page.evaluate(
        """async ({ edges, zoom }) => {
          const { boxOf } = await import('/static/js/map/remote.js');
          const [west, south, east, north] = edges;
          const bounds = { getWest: () => west, getSouth: () => south, getEast: () => east, getNorth: () => north };
          return boxOf({ pad: () => bounds }, zoom);
        }""",
        {"edges": edges, "zoom": zoom},
    )
    assert found == box


def test_groups_count_what_their_members_stand_for(page: Page) -> None:
    picture(page)
    found = page.evaluate(
        """async () => {
          const { clustered } = await import('/static/js/map/cluster.js');
          return clustered([{ x: 10, y: 10, n: 3 }, { x: 14, y: 10, n: 1 }, { x: 500, y: 10, n: 7 }])
            .map(({ x, n, members }) => [x, n, members.length]);
        }"""
    )
    assert found == [[11, 4, 2], [500, 7, 1]]
