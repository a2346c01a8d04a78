"""P1: one committed event through relay, Frame and hub to every socket, beside three that only fan out."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable

from tests.bench.baselines import broadcasters
from tests.bench.baselines.broadcasters import Broadcaster
from tests.bench.crowd import Crowd
from tests.bench.harness import Options, Report, Sample, Section, Target, percentile
from tests.bench.machine import memory_mb
from tests.bench.profile import Profile
from tests.bench.servers import Committer, Meter, World

SECONDS = 30.0
EVENTS = 10
# Between two events, so that each finds the hub at rest: what follows closer collects (performance.md section 2).
GAP_SECONDS = 0.15
# A round of heartbeats and a bit.
REST_SECONDS = 6.0


class Ours:
    """The command centre with a crowd of operators."""

    def __init__(self, world: World, committer: Committer) -> None:
        self.world, self.committer = world, committer
        committer.ask("make 100")
        self.idle = (0.0, 0.0)
        self.crowd = Crowd(world.port, world.live(), world.headers, acks=True)

    def join(self, count: int) -> None:
        """Until there are so many, with a fresh ticket; then until every one of them knows the head."""
        self.crowd.aim(self.world.live(), self.world.headers)
        self.crowd.join(count - len(self.crowd.members))
        self.settle()
        self.rest()

    def rest(self) -> None:
        """What the open sockets cost while nothing happens (heartbeats, acknowledgements, pings): CPU µs a second."""
        web, relay = Meter(self.world.pid("web")), Meter(self.world.pid("relay"))
        self.crowd.listen(lambda: False, REST_SECONDS)
        self.idle = (web.us() / REST_SECONDS, relay.us() / REST_SECONDS)

    def settle(self) -> None:
        """Every socket was told the head, and nothing is under way."""
        head = 0

        def told() -> bool:
            return all(member.head == head for member in self.crowd.members.values())

        while head != (head := self.committer.ask("head")["head"]):
            assert self.crowd.listen(told, 30), "heartbeats do not tell the head"


def ours_sample(ours: Ours, events: int) -> Sample:
    """Single events, each after the last has reached everybody."""
    crowd, count = ours.crowd, len(ours.crowd.members)
    spent, first, last = Work(ours), [], []
    crowd.begin()
    for _ in range(events):
        start = len(crowd.log.moments)
        ours.committer.order("event 1")
        crowd.expect(count, SECONDS)
        committed = ours.committer.answer()["at"]
        moments = crowd.log.moments[start:]
        if len(moments):
            first.append((moments[0] - committed) * 1000)
            last.append((moments[-1] - committed) * 1000)
        stand_alone(crowd, moments)
    asked = events * count
    return Sample(asked, exact(crowd, asked), spent.figures(asked) | timings(first, last) | load(crowd))


def stand_alone(crowd: Crowd, moments: array[float]) -> None:
    """Wait until the hub is at rest again: it collects for as long as its last broadcast took."""
    took = moments[-1] - moments[0] if moments else 0.0
    crowd.listen(lambda: False, max(GAP_SECONDS, 2 * took))


class Work:
    """CPU of our processes from now on, without what they cost at rest: no baseline has heartbeats."""

    def __init__(self, ours: Ours) -> None:
        self.web_pid, self.idle, self.began = ours.world.pid("web"), ours.idle, time.monotonic()
        self.web, self.relay = Meter(self.web_pid), Meter(ours.world.pid("relay"))

    def figures(self, units: int) -> dict[str, float]:
        """CPU a unit of web and relay; the web's CPU ms a second at rest; its memory."""
        seconds = time.monotonic() - self.began
        web, relay = self.web.us() - self.idle[0] * seconds, self.relay.us() - self.idle[1] * seconds
        return {
            "cpu_us": web / units,
            "relay_us": relay / units,
            "idle_ms": self.idle[0] / 1000,
            "memory_mb": memory_mb(self.web_pid),
        }


def timings(first: list[float], last: list[float]) -> dict[str, float]:
    """Milliseconds from COMMIT (publish) to the first and to the last client, and between them."""
    between = [end - begin for begin, end in zip(first, last, strict=True)]
    return {
        "first_ms": percentile(first, 50),
        "last_ms": percentile(last, 50),
        "last99_ms": percentile(last, 99),
        "bare_ms": percentile(between, 50),
    }


def load(crowd: Crowd) -> dict[str, float]:
    """What the load client itself took: below 1 it was not the bottleneck."""
    return {"client_share": crowd.own_share()}


def exact(crowd: Crowd, asked: int) -> int:
    """What was delivered rightly: a hole costs one, and what came twice is too many."""
    return crowd.log.delivered - crowd.log.gaps + crowd.log.doubles


def theirs_sample(theirs: Broadcaster, events: int, size: int) -> Sample:
    """The same with a baseline: from the publish to its last client."""
    crowd, count = theirs.crowd, len(theirs.crowd.members)
    meter, first, last = theirs.meter(), [], []
    crowd.begin()
    for _ in range(events):
        start = len(crowd.log.moments)
        published = theirs.publish(theirs.message(size))
        crowd.expect(count, SECONDS)
        theirs.finish()
        moments = crowd.log.moments[start:]
        if len(moments):
            first.append((moments[0] - published) * 1000)
            last.append((moments[-1] - published) * 1000)
        stand_alone(crowd, moments)
    asked = events * count
    figures = {"cpu_us": meter.us() / asked, "memory_mb": theirs.memory()}
    return Sample(asked, exact(crowd, asked), figures | timings(first, last) | load(crowd))


def baselines(options: Options) -> dict[str, tuple[Callable[[], Broadcaster], Target]]:
    """Who stands beside us, and what is wanted (performance.md P1)."""
    found: dict[str, tuple[Callable[[], Broadcaster], Target]] = {
        "websockets": (broadcasters.websockets, Target("cpu_us", at_most=0.77)),
        "uvloop": (broadcasters.uvloop, Target("cpu_us", at_most=1.18)),
    }
    if options.nchan:
        found["nchan"] = (lambda: broadcasters.nchan(options.nchan), Target("cpu_us", at_most=1.0))
    return found


def beside(section: Section, ours: Ours, name: str, make: Callable[[], Broadcaster], target: Target) -> None:
    """Rounds of ours and one baseline, whose sockets are open only meanwhile."""
    count = len(ours.crowd.members)
    events = section.options.either(EVENTS, 8)
    theirs = make()
    try:
        theirs.crowd.join(count)
        size = broadcasters.sizes(ours.crowd)
        section.rounds({"ours": lambda: ours_sample(ours, events), name: lambda: theirs_sample(theirs, events, size)})
        section.judge(name, target)
        section.bound("ours", Target("first_ms", at_most=15))
    finally:
        theirs.stop()


def run(options: Options) -> Report:
    """1,000 and 5,000 sockets."""
    report = Report("fanout", options)
    counts = (1000,) if options.quick else (1000, 5000)
    with World(options) as world, Committer(world.up("redis", "web", "relay")) as committer:
        ours = Ours(world, committer)
        for count in counts:
            ours.join(count)
            with Profile(report, world, "web", "relay"):
                ours_sample(ours, 50)
            for name, (make, target) in baselines(options).items():
                section = report.section(f"{count:,} sockets, beside {name}", "delivery")
                beside(section, ours, name, make, target)
    return report
