"""P11: the path, the map and the pages at 10 k, 100 k and 1 M emergencies (five events each), beside 10 k itself.

Two command centres run side by side, the small one and the large one, with the same number of open emergencies, and
are asked in turn. Pages and views are made anew for every question: what is kept for a moment would hide growth.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from tests.bench import pages
from tests.bench.fanout import Ours
from tests.bench.harness import Options, Report, Sample, Section, Target
from tests.bench.map import Browser, View
from tests.bench.path import CLIENTS, whole
from tests.bench.posts import Posts
from tests.bench.servers import Committer
from tests.journeys.running import Person

SMALL = 10_000
LIMIT = 1.5
WORLD = View("the world", (-180.0, -85.0, 180.0, 85.0), 3)
CITY = View("a city", (101.45, 2.95, 101.95, 3.35), 12)


@dataclass(frozen=True, slots=True)
class Side:
    """One size: its world, who looks at it, and its sockets with who posts."""

    world: pages.Pages
    people: dict[str, Person]
    browser: Browser
    ours: Ours
    posts: Posts

    def page(self, username: str, address: str, sign: str, count: int) -> Sample:
        """A page made anew after an alarm, each time."""

        def knocks() -> None:
            pages.alarm(self.people["operator"])

        return pages.reads(self.world, self.people[username], address, sign, count, knocks)


@contextmanager
def side(options: Options, emergencies: int) -> Iterator[Side]:
    """A filled command centre; its sockets are opened when they are needed."""
    with pages.Pages(options, sqlite=not options.postgres, emergencies=emergencies) as world:
        world.up("redis", "web", "relay")
        accounts = world.accounts()
        people = {name: Person(world, accounts[name]) for name in ("operator", "minister")}
        with Committer(world) as committer:
            ours = Ours(world, committer)
            yield Side(world, people, Browser(world), ours, Posts(world.port, CLIENTS))


def beside(section: Section, small: Callable[[], Sample], large: Callable[[], Sample], *figures: str) -> None:
    """The large one against the small one."""
    section.rounds({"ours": large, "10 k": small})
    section.judge("10 k", *(Target(figure, at_most=LIMIT) for figure in figures))


def compare(report: Report, small: Side, large: Side, size: str) -> None:
    """Pages and views first: the path adds emergencies."""
    options = report.options
    count, times, seconds = options.either(8, 3), options.either(20, 5), options.either(10, 2)
    for title, username, address, sign, _limit in pages.PAGES:
        ask = (username, address, sign, count)
        section = report.section(f"{title}, made anew, {size}", "page")
        beside(section, lambda ask=ask: small.page(*ask), lambda ask=ask: large.page(*ask), "cpu_us", "wall_us")
    for view in (WORLD, CITY):
        section = report.section(f"map of {view.name}, {size}", "view")
        beside(
            section,
            lambda view=view: small.browser.sample(view, times),
            lambda view=view: large.browser.sample(view, times),
            "p50_ms",
        )
    sockets = options.either(1000, 100)
    for each, other in ((small, large), (large, small)):
        each.ours.join(sockets)
        each.ours.crowd.keep_up(other.ours.crowd)
    section = report.section(f"POST to the last of {sockets:,} sockets, {size}", "post")
    few, many = (partial(whole, each.ours, each.posts, seconds) for each in (small, large))
    beside(section, few, many, "p50_ms", "p99_ms")


def run(options: Options) -> Report:
    """10 k beside 100 k and 1 M."""
    report = Report("growth", options)
    sizes = {"100 k": 100_000} if options.quick else {"100 k": 100_000, "1 M": 1_000_000}
    for size, emergencies in sizes.items():
        with ExitStack() as stack:
            small = stack.enter_context(side(options, SMALL))
            compare(report, small, stack.enter_context(side(options, emergencies)), size)
    return report
