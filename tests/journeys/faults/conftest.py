"""Fault runs: each has a seed and ends with one line of five numbers (reliability.md section 1)."""

import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.journeys.faults.checker import Verdict
from tests.journeys.faults.cluster import Cluster, binaries
from tests.journeys.running import Running

FAULTS = os.environ.get("DCC_FAULTS", "")
FULL = FAULTS == "full"
HERE = Path(__file__).parent
LINES = pytest.StashKey[list[str]]()


def sized(usual: int, full: int, quick: int | None = None) -> int:
    """`usual` is what was asked for; DCC_FAULTS=full takes more, DCC_FAULTS=quick (.ci/run) less where that is long."""
    if FAULTS == "quick" and quick is not None:
        return quick
    return full if FULL else usual


@dataclass(slots=True)
class Fault:
    """One fault run: its id, its chance (all randomness comes from it), and what it found."""

    name: str
    database: str
    seed: int
    chance: random.Random = field(init=False)
    verdict: Verdict | None = None
    also: str = ""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def found(self, verdict: Verdict, also: str = "") -> None:
        """Tell the verdict, with anything worth a glance, and fail when a promise is broken."""
        self.verdict, self.also = verdict, also
        verdict.must_hold()

    def line(self) -> str:
        """The one line of the summary."""
        run = f"{self.name:<4} {self.database:<9}"
        if self.verdict is None:
            return f"{run} NO VERDICT                                              seed {self.seed}"
        five = self.verdict
        numbers = f"|T| {five.tried:<5} |A| {five.acknowledged:<5} |D| {five.stored:<5}"
        return f"{run} {numbers} doubles {five.doubles}  holes {five.holes}  seed {self.seed:<10} {self.also}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Fault runs take their time; some speak of PostgreSQL alone and are skipped, loudly, without one."""
    embedded = not os.environ.get("DATABASE_URL", "").startswith("postgres")
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(1800 if FULL else 600))
            if embedded and item.get_closest_marker("postgres"):
                item.add_marker(pytest.mark.skip(reason="this fault run is for PostgreSQL"))


@pytest.fixture
def fault(request: pytest.FixtureRequest, database_server: str) -> Iterator[Fault]:
    """The run; DCC_SEED repeats an earlier one."""
    seed = int(os.environ.get("DCC_SEED") or random.randrange(1, 2**31))
    number = re.match(r"test_a(\d+)", request.node.name)
    assert number is not None, "a fault run is named test_aNN_..."
    run = Fault(f"A{int(number[1])}", "postgres" if database_server else "sqlite", seed)
    yield run
    request.config.stash.setdefault(LINES, []).append(run.line())


@pytest.fixture
def bare(database_server: str, prepared: Running) -> Iterator[Running]:
    """A command centre that is prepared; the test starts its processes."""
    centre = Running(database_server, prepared)
    try:
        centre.prepare()
        yield centre
    finally:
        centre.down()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this test's own."""
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL programs on this machine: its restarts can't be tried")
    made = Cluster(programs)
    try:
        yield made.start()
    finally:
        made.remove()


@pytest.fixture
def on_cluster(cluster: Cluster, prepared: Running) -> Iterator[Running]:
    """A command centre whose database is on that PostgreSQL."""
    cluster.copy(prepared.server_url, prepared.database)
    centre = Running(cluster.url, prepared)
    try:
        yield centre.up("redis", "web", "relay")
    finally:
        centre.down()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The five numbers and the seed of each run, whatever is captured."""
    lines = terminalreporter.config.stash.get(LINES, [])
    if lines:
        terminalreporter.section("fault runs: tried, acknowledged, stored, doubles, holes, seed")
        for line in lines:
            terminalreporter.write_line(line)
