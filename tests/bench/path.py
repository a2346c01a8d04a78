"""P3: POST, COMMIT, last of 1,000 sockets, at 100 posts a second, beside the tutorial's way of doing the same."""

import json
import time
from collections.abc import Callable

from tests.bench.arrivals import last_by_seq
from tests.bench.crowd import Crowd
from tests.bench.fanout import Ours, exact, load
from tests.bench.harness import Options, Report, Sample, Target, percentile
from tests.bench.posts import Posts
from tests.bench.profile import Profile
from tests.bench.servers import Committer, Meter, World
from tests.bench.tutorial.server import Tutorial

RATE = 100
CLIENTS = 64
SOCKETS = 1000
PATIENCE = 15.0


def posted(crowd: Crowd, posts: Posts, meters: dict[str, Meter], seconds: int, rate: int = RATE) -> Sample:
    """Post at the rate; how long after each POST the last socket had its frame."""
    count, events = len(crowd.members), rate * seconds
    posts.begin()
    posts.build(events)
    crowd.begin()
    began = time.monotonic()

    def done() -> bool:
        while posts.tally.sent < events and time.monotonic() >= began + posts.tally.sent / rate:
            if not posts.post():
                break
        posts.poll(0)
        return posts.tally.sent == events and not posts.waiting() and crowd.log.delivered >= events * count

    crowd.listen(done, seconds + PATIENCE)
    share = load(crowd)
    late = whole_way(crowd, posts)
    figures = {f"p{percent}_ms": percentile(late, percent) for percent in (50, 95, 99)}
    figures |= {name: meter.us() / events / 1000 for name, meter in meters.items()}
    figures["rate"] = crowd.log.delivered / (time.monotonic() - began)
    figures["post99_ms"] = posts.tally.timings()["p99_ms"]
    return Sample(events * count, exact(crowd, events * count), figures | share)


def whole_way(crowd: Crowd, posts: Posts) -> list[float]:
    """Milliseconds from sending each POST to the last socket's frame of it; what never came all the way is left out."""
    count, last = len(crowd.members), last_by_seq(crowd.log)
    seqs = {}
    for message in crowd.log.messages:
        body = json.loads(message.payload) if message.seqs else []
        for frame in body if isinstance(body, list) else [body]:
            seqs[frame["id"]] = frame["seq"]
    found = []
    for sent, answer in posts.tally.answers:
        seq = seqs.get(json.loads(answer)["number"])
        if seq is not None and last[seq][0] == count:
            found.append((last[seq][1] - sent) * 1000)
    return found


def run(options: Options) -> Report:
    """1,000 sockets, 60 s of posts a round."""
    report = Report("path", options)
    seconds, sockets = options.either(60, 3), options.either(SOCKETS, 100)
    with World(options) as world, Committer(world.up("redis", "web", "relay")) as committer, Tutorial(world) as theirs:
        ours = Ours(world, committer)
        ours.join(sockets)
        theirs.crowd.join(sockets)
        theirs.crowd.keep_up(ours.crowd)
        ours.crowd.keep_up(theirs.crowd)
        ours_posts, their_posts = Posts(world.port, CLIENTS), Posts(theirs.server.port, CLIENTS)

        def whole() -> Sample:
            meters = {"web_cpu_ms": Meter(world.pid("web")), "relay_cpu_ms": Meter(world.pid("relay"))}
            return posted(ours.crowd, ours_posts, meters, seconds)

        def tutorial() -> Sample:
            return posted(theirs.crowd, their_posts, {"web_cpu_ms": Meter(*theirs.server.pids())}, seconds)

        sides: dict[str, Callable[[], Sample]] = {"ours": whole, "tutorial": tutorial}
        section = report.section(f"{RATE} posts/s to {sockets:,} sockets for {seconds} s", "post")
        section.rounds(sides, lossy=["tutorial"])
        section.judge("tutorial", Target("p99_ms", at_most=1 / 15))
        section.bound("ours", Target("p95_ms", at_most=2000))
        with Profile(report, world, "web", "relay"):
            if options.profile:
                whole()
    return report
