"""P13: what the server pays for one more socket, beside the `websockets` library that asks nobody for rights."""

import time

from tests.bench.baselines import broadcasters
from tests.bench.crowd import Crowd
from tests.bench.harness import Options, Report, Sample, Target, percentile
from tests.bench.profile import Profile
from tests.bench.servers import Meter, World

SETTLE = 1.0


def opened(crowd: Crowd, count: int, meter: Meter) -> Sample:
    """Open `count` sockets, hang up again; CPU of the server a socket, milliseconds a handshake."""
    crowd.begin()
    began = time.monotonic()
    took = crowd.join(count)
    seconds = time.monotonic() - began
    figures = {
        "cpu_us": meter.us() / count,
        "rate": count / seconds,
        "p50_ms": percentile(took, 50) * 1000,
        "p99_ms": percentile(took, 99) * 1000,
        "client_share": crowd.own_share(),
    }
    crowd.close()
    time.sleep(SETTLE)  # the server lets them go: no part of opening the next ones
    return Sample(count, len(took) - crowd.refused, figures)


def run(options: Options) -> Report:
    """1,000 sockets, again and again."""
    report = Report("connect", options)
    count = options.either(1000, 300)
    theirs = broadcasters.websockets()
    try:
        with World(options) as world:
            world.up("redis", "web", "relay")

            def ours() -> Sample:
                crowd = Crowd(world.port, world.live(), world.headers, acks=True)
                return opened(crowd, count, Meter(world.pid("web")))

            def library() -> Sample:
                return opened(Crowd(theirs.server.port, "/live/"), count, theirs.meter())

            section = report.section(f"{count:,} sockets open and close", "socket")
            section.rounds({"ours": ours, "websockets": library})
            section.judge("websockets", Target("cpu_us", at_most=1.5))
            with Profile(report, world, "web"):
                ours()
    finally:
        theirs.stop()
    return report
