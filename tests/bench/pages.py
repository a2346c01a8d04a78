"""P9: what the server takes for the heaviest pages, beside an empty template through the same middleware.

One signed-in reader on one kept connection, page after page: real daphne, both databases. Judged beside the empty
template; the frame of every page (base.html with nothing in its blocks) is said beside it.
"""

import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.bench.harness import Options, Report, Sample, Target
from tests.bench.profile import Profile
from tests.bench.servers import Meter, World
from tests.journeys.running import ROOT, Person

SETTINGS = "tests.bench.pages_settings"
OPEN, MISSIONS = 500, 130
# Until lane and relay are quiet again, so that their CPU is not counted as the page's.
PAUSE = 0.5
FILL = """
from datetime import timedelta
from commandcenter.clock import now
from tests.large import some_crises
some_crises(1, missions={missions}, reports=1, at=now() - timedelta(minutes=20), still_open=1)
"""
# Title, who asks, address, a piece of the page that says it is whole, the limit.
PAGES = (
    (f"picture, {OPEN} open", "operator", "/", 'id="map"', 3.0),
    (f"crisis room, {MISSIONS} missions", "operator", "/crises/krisis-0/", "Krisis-0", 4.0),
    ("summary", "minister", "/summary/", "Krisis-0", 2.0),
)


class Pages(World):
    """A command centre with the two empty pages, on a load database."""

    def __init__(self, options: Options, *, sqlite: bool, emergencies: int) -> None:
        super().__init__(options, sqlite=sqlite)
        self.emergencies = emergencies
        self.env["DJANGO_SETTINGS_MODULE"] = SETTINGS

    def prepare(self) -> None:
        """Accounts and reference data, then a load database: seed_load never works in a demonstration."""
        super().prepare()
        seeded = ["seed_load", "--emergencies", str(self.emergencies), "--open", str(OPEN)]
        env = {**self.env, "DCC_DEMO": "0"}
        subprocess.run([sys.executable, "manage.py", *seeded], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
        self.manage("shell", "-c", FILL.format(missions=MISSIONS))


@contextmanager
def filled(options: Options, *, sqlite: bool, emergencies: int) -> Iterator[Pages]:
    """A running one: web and Redis, the relay once for the heads."""
    with Pages(options, sqlite=sqlite, emergencies=emergencies) as world:
        yield world.up("redis", "web", "relay")  # type: ignore[misc]


def reads(
    world: World, person: Person, address: str, sign: str, count: int, before: Callable[[], object] = int
) -> Sample:
    """Get a page so many times, each after `before`: CPU and time of the server a page, kilobytes."""
    done, size, cpu, wall = 0, 0, 0.0, 0.0
    for _ in range(count):
        before()
        meter, began = Meter(world.pid("web")), time.monotonic()
        answer = person.get(address)
        wall += time.monotonic() - began
        cpu += meter.us()
        done += answer.status_code == 200 and sign in answer.text
        size = len(answer.content)
    return Sample(count, done, {"cpu_us": cpu / count, "wall_us": wall / count * 1e6, "kb": size / 1000})


def alarm(person: Person) -> None:
    """Somebody asks for help: every page that is kept for a moment must be made anew."""
    body = {"client_id": str(uuid.uuid4()), "pressed_at": "2026-05-12T20:04:50Z", "kind": "panic", "country": "HK"}
    assert person.post("/api/v1/emergencies", json=body).status_code == 201
    time.sleep(PAUSE)


def measure(report: Report, world: World, people: dict[str, Person], where: str) -> None:
    """Every page beside the empty ones."""
    count = report.options.either(30, 10)

    def page(username: str, address: str, sign: str) -> Callable[[], Sample]:
        return lambda: reads(world, people[username], address, sign, count)

    def knocks() -> None:
        alarm(people["operator"])

    for title, username, address, sign, limit in PAGES:
        section = report.section(f"{title}, {where}", "page")
        ours = page(username, address, sign)
        section.rounds(
            {
                "ours": ours,
                "empty": page(username, "/bench/empty/", ""),
                "frame": page(username, "/bench/frame/", "<main"),
            }
        )
        section.judge("empty", Target("cpu_us", at_most=limit), Target("wall_us", at_most=limit))
        anew = reads(world, people[username], address, sign, count // 2, knocks).figures["cpu_us"]
        empty = statistics.median(one.figures["cpu_us"] for one in section.samples["empty"])
        section.notes.append(
            f"made anew after an alarm before every page: {anew:,.0f} us, {anew / empty:.1f} of the empty one"
        )
        beside = [pair.ratio("cpu_us") for pair in section.pairs("frame")]
        section.notes.append(f"beside the frame of every page: {sorted(beside)[len(beside) // 2]:.2f} of its CPU")
        with Profile(report, world, "web"):
            for _ in range(8 if report.options.profile else 0):
                ours()


def run(options: Options) -> Report:
    """Both databases."""
    report = Report("pages", options)
    for where, sqlite in (("PostgreSQL", False), ("SQLite", True)):
        if not sqlite and not options.postgres:
            continue
        with filled(options, sqlite=sqlite, emergencies=10_000) as world:
            accounts = world.accounts()
            people = {name: Person(world, accounts[name]) for name in ("operator", "minister")}
            measure(report, world, people, where)
    return report
