"""P3: POST, COMMIT, last of 1,000 sockets, at 100 posts a second, beside the tutorial's way of doing the same.

And with what 300 screens ask meanwhile: each the map of the city where it happens, every two seconds.
"""

import json
import time
from functools import partial

from tests.bench.arrivals import last_by_seq
from tests.bench.crowd import Crowd
from tests.bench.fanout import Ours, exact, load
from tests.bench.harness import Options, Report, Sample, Target, percentile
from tests.bench.posts import Posts, Traffic
from tests.bench.profile import Profile
from tests.bench.servers import Committer, Meter, World
from tests.bench.tutorial.server import Tutorial

RATE = 100
CLIENTS = 64
SOCKETS = 1000
PATIENCE = 15.0
SCREENS = 300
# A screen asks for its view again after frames, at most so often (static/js/map/remote.js).
VIEW_SECONDS = 2
VIEW = "/api/v1/map/clusters?bbox=113.8,22.2,114.4,22.6&zoom=12&ticket={ticket}"


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


class Screens(Posts):
    """Screens that ask for their map, with the ticket of the last page or heartbeat."""

    def __init__(self, ours: Ours, count: int) -> None:
        self.crowd, self.ticket = ours.crowd, ours.world.ticket()
        self.host = "".join(f"{name}: {value}\r\n" for name, value in ours.world.headers.items())
        super().__init__(ours.world.port, count)

    def build(self, count: int) -> None:
        """The same question `count` times."""
        for message in reversed(self.crowd.log.messages):
            if not message.seqs and b'"ticket"' in message.payload:
                self.ticket = json.loads(message.payload)["ticket"]
                break
        head = f"GET {VIEW.format(ticket=self.ticket)} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{self.host}\r\n"
        self.prebuilt.extend([head.encode()] * count)


def with_screens(ours: Ours, posts: Posts, seconds: int) -> Sample:
    """The whole way while every socket's screen asks for its map too; an answer they did not get is a loss."""
    screens = Screens(ours, len(ours.crowd.members))
    traffic = Traffic(screens, len(ours.crowd.members) // VIEW_SECONDS)
    ours.crowd.beside = traffic.go_on
    found = whole(ours, posts, seconds)
    ours.crowd.beside = lambda: None
    figures = {**found.figures, "map99_ms": traffic.p99_ms(), "map_rate": screens.tally.good / seconds}
    screens.close()
    return Sample(found.asked + screens.tally.sent, found.done + screens.tally.good, figures)


def whole(ours: Ours, posts: Posts, seconds: int) -> Sample:
    """Ours."""
    meters = {"web_cpu_ms": Meter(ours.world.pid("web")), "relay_cpu_ms": Meter(ours.world.pid("relay"))}
    return posted(ours.crowd, posts, meters, seconds)


def tutorial(ours: Ours, seconds: int, rate: int = RATE) -> Sample:
    """The tutorial's way, for as many sockets as ours; ended after its round with whatever it still has to do."""
    with Tutorial(ours.world) as theirs:
        theirs.crowd.keep_up(ours.crowd)
        theirs.crowd.join(len(ours.crowd.members))
        posts = Posts(theirs.server.port, CLIENTS)
        found = posted(theirs.crowd, posts, {"web_cpu_ms": Meter(*theirs.server.pids())}, seconds, rate)
        posts.close()
    return found


def run(options: Options) -> Report:
    """300 screens for 20 s a round, then 1,000 sockets for 60 s, beside the tutorial."""
    report = Report("path", options)
    screens, sockets = options.either(SCREENS, 50), options.either(SOCKETS, 100)
    with World(options) as world, Committer(world.up("redis", "web", "relay")) as committer:
        ours, posts = Ours(world, committer), Posts(world.port, CLIENTS)
        ours.join(screens)
        seconds = options.either(20, 3)
        section = report.section(
            f"{RATE} posts/s for {seconds} s to {screens:,} screens, each with its map", "delivery"
        )
        section.rounds({"ours": partial(with_screens, ours, posts, seconds)})
        section.bound("ours", Target("p95_ms", at_most=2000))
        ours.join(sockets)
        seconds = options.either(60, 3)
        section = report.section(f"{RATE} posts/s for {seconds} s to {sockets:,} sockets", "delivery")
        section.rounds(
            {"ours": partial(whole, ours, posts, seconds), "tutorial": partial(tutorial, ours, seconds)},
            lossy=["tutorial"],
        )
        section.judge("tutorial", Target("p99_ms", at_most=1 / 15))
        with Profile(report, world, "web", "relay"):
            if options.profile:
                whole(ours, posts, seconds)
    return report
