"""P2: 300 events a second to 5,000 sockets: how many deliveries a second, how late, how many lost."""

import time
from collections.abc import Callable
from functools import partial

import numpy as np

from tests.bench.arrivals import latencies_ms
from tests.bench.baselines import broadcasters
from tests.bench.baselines.broadcasters import Broadcaster, Publisher
from tests.bench.crowd import Crowd
from tests.bench.fanout import Ours, Work, exact, load
from tests.bench.harness import Options, Report, Sample, Target
from tests.bench.path import tutorial
from tests.bench.profile import Profile
from tests.bench.servers import Committer, World

RATE = 300
A_COMMIT = 3
# To 5,000 sockets 15 million deliveries, and 3 million beside a baseline: nchan gets through 0.07 million a second.
ALONE_SECONDS = 10
SECONDS = 2
# How long what was committed may take to arrive; what is later is lost.
PATIENCE = 120.0


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


def alone(report: Report, ours: Ours, count: int) -> None:
    """For so long that nothing could pile up unseen."""
    seconds = report.options.either(ALONE_SECONDS, 4)
    section = report.section(f"{RATE} events/s for {seconds} s to {count:,} sockets, alone", "delivery")
    section.rounds({"ours": lambda: ours_sample(ours, seconds)})
    section.bound("ours", Target("p99_ms", at_most=150))


def beside_nchan(report: Report, ours: Ours, count: int) -> None:
    """The target's pair."""
    section = report.section(f"{RATE} events/s for {SECONDS} s to {count:,} sockets, beside nchan", "delivery")
    sides: dict[str, Callable[[], Sample]] = {"ours": lambda: ours_sample(ours, SECONDS)}
    module = report.options.nchan
    nchan = broadcasters.nchan(module) if module else None
    if nchan:
        nchan.crowd.join(count)
        nchan.crowd.keep_up(ours.crowd)
        size = broadcasters.sizes(ours.crowd)
        sides["nchan"] = lambda: theirs_sample(nchan, SECONDS, size)
    section.rounds(sides)
    section.judge("nchan", Target("rate", at_least=8.0))
    section.bound("ours", Target("p99_ms", at_most=150))
    if nchan:
        nchan.stop()


def beside_the_tutorial(report: Report, ours: Ours, count: int) -> None:
    """The same rate, posted."""
    section = report.section(f"{RATE} events/s for {SECONDS} s to {count:,} sockets, beside the tutorial", "delivery")
    sides = {"ours": partial(ours_sample, ours, SECONDS), "tutorial": partial(tutorial, ours, SECONDS, RATE)}
    section.rounds(sides, lossy=["tutorial"])
    section.judge("tutorial", Target("rate", at_least=8.0))


def run(options: Options) -> Report:
    """5,000 sockets; alone, beside nchan, then beside the tutorial's way."""
    report = Report("burst", options)
    count = options.either(5000, 300)
    with World(options) as world, Committer(world.up("redis", "web", "relay")) as committer:
        ours = Ours(world, committer)
        ours.join(count)
        ours_sample(ours, 1)
        alone(report, ours, count)
        with Profile(report, world, "web", "relay"):
            if options.profile:
                ours_sample(ours, ALONE_SECONDS)
        beside_nchan(report, ours, count)
        beside_the_tutorial(report, ours, count)
    return report
