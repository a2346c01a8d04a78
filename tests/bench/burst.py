"""P2: 300 events a second to 5,000 sockets: how many deliveries a second, how late, how many lost."""

import time
from collections.abc import Callable

import numpy as np

from tests.bench.arrivals import latencies_ms
from tests.bench.baselines import broadcasters
from tests.bench.baselines.broadcasters import Broadcaster, Publisher
from tests.bench.crowd import Crowd
from tests.bench.fanout import Ours, Work, exact, load
from tests.bench.harness import Options, Report, Sample, Target
from tests.bench.path import CLIENTS, posted
from tests.bench.posts import Posts
from tests.bench.profile import Profile
from tests.bench.servers import Committer, Meter, World
from tests.bench.tutorial.server import Tutorial

RATE = 300
A_COMMIT = 3
# How long what was committed may take to arrive; what is later is lost.
PATIENCE = 60.0


def figures(crowd: Crowd, committed: dict[int, float]) -> dict[str, float]:
    """Deliveries a second from the first COMMIT to the last arrival, and how late they were."""
    late = latencies_ms(crowd.log, committed)
    if not len(late):
        return {"rate": 0.0, "p50_ms": 0.0, "p99_ms": 0.0}
    seconds = max(crowd.log.moments) - min(committed.values())
    p50, p99 = np.percentile(late, [50, 99])
    messages = len(crowd.log.moments)
    return {
        "rate": crowd.log.delivered / seconds,
        "p50_ms": float(p50),
        "p99_ms": float(p99),
        "frames_a_message": crowd.log.delivered / messages,
    }


def ours_sample(ours: Ours, seconds: int) -> Sample:
    """Commit at the rate in the committing process; listen until everybody has everything."""
    crowd = ours.crowd
    events = RATE * seconds
    asked = events * len(crowd.members)
    base = ours.committer.ask("head")["head"]
    work = Work(ours)
    crowd.begin()
    ours.committer.order(f"burst {RATE} {seconds} {A_COMMIT}")
    crowd.expect(asked, seconds + PATIENCE)
    share = load(crowd)
    moments = [at for at, count in ours.committer.answer()["moments"] for _ in range(count)]
    committed = {base + 1 + number: at for number, at in enumerate(moments)}
    cpu = work.figures(crowd.log.delivered or 1)
    acks = {"acks_a_socket": crowd.log.acks / len(crowd.members)}
    return Sample(asked, exact(crowd, asked), figures(crowd, committed) | cpu | acks | share)


def theirs_sample(theirs: Broadcaster, seconds: int, size: int) -> Sample:
    """Publish at the rate without waiting for answers, listening meanwhile."""
    crowd = theirs.crowd
    asked = RATE * seconds * len(crowd.members)
    publisher = Publisher(theirs)
    meter = theirs.meter()
    crowd.begin()
    published: dict[int, float] = {}
    began = time.monotonic()

    def done() -> bool:
        while len(published) < RATE * seconds and time.monotonic() >= began + len(published) / RATE:
            message = theirs.message(size)
            published[theirs.seq] = time.monotonic()
            publisher.send(message)
        publisher.flush()
        return crowd.log.delivered >= asked

    crowd.listen(done, seconds + PATIENCE)
    share = load(crowd)
    publisher.close()
    cpu = {"cpu_us": meter.us() / (crowd.log.delivered or 1), "memory_mb": theirs.memory()}
    return Sample(asked, exact(crowd, asked), figures(crowd, published) | cpu | share)


def beside_nchan(report: Report, ours: Ours, count: int, seconds: int) -> None:
    """The target's pair."""
    section = report.section(f"{RATE} events/s to {count:,} sockets, beside nchan", "delivery")
    sides: dict[str, Callable[[], Sample]] = {"ours": lambda: ours_sample(ours, seconds)}
    module = report.options.nchan
    nchan = broadcasters.nchan(module) if module else None
    if nchan:
        nchan.crowd.join(count)
        nchan.crowd.keep_up(ours.crowd)
        size = broadcasters.sizes(ours.crowd)
        sides["nchan"] = lambda: theirs_sample(nchan, seconds, size)
    section.rounds(sides)
    section.judge("nchan", Target("rate", at_least=8.0))
    section.bound("ours", Target("p99_ms", at_most=150))
    if nchan:
        nchan.stop()


def beside_the_tutorial(report: Report, ours: Ours, world: World, count: int) -> None:
    """The same rate, posted; for two seconds, for it takes minutes to get through more."""
    seconds = 2
    section = report.section(f"{RATE} events/s to {count:,} sockets for {seconds} s, beside the tutorial", "delivery")
    with Tutorial(world) as theirs:
        theirs.crowd.join(count)
        theirs.crowd.keep_up(ours.crowd)
        ours.crowd.keep_up(theirs.crowd)
        posts = Posts(theirs.server.port, CLIENTS)

        def tutorial() -> Sample:
            return posted(theirs.crowd, posts, {"web_cpu_ms": Meter(*theirs.server.pids())}, seconds, RATE)

        section.rounds({"ours": lambda: ours_sample(ours, seconds), "tutorial": tutorial}, lossy=["tutorial"])
        section.judge("tutorial", Target("rate", at_least=8.0))


def run(options: Options) -> Report:
    """5,000 sockets; beside nchan, then beside the tutorial's way."""
    report = Report("burst", options)
    count, seconds = options.either(5000, 300), options.either(10, 4)
    with World(options) as world, Committer(world.up("redis", "web", "relay")) as committer:
        ours = Ours(world, committer)
        ours.join(count)
        ours_sample(ours, 1)
        beside_nchan(report, ours, count, seconds)
        with Profile(report, world, "web", "relay"):
            if options.profile:
                ours_sample(ours, seconds)
        beside_the_tutorial(report, ours, world, count)
    return report
