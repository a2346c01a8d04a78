"""P7: 2,000 screens come back at once; each wants its socket and then a snapshot. Posts go on meanwhile.

Beside it the same server with session, user and picture by query for each screen (`uncached`), and with nobody asked
for a right (`unsigned`). Requests for help go to the intake process, as in deploy/; they change the picture, so the
kept snapshot is made anew as often.
"""

import select
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from tests.bench.crowd import Crowd, Dialling, Refused, dial
from tests.bench.harness import Options, Report, Sample, Target
from tests.bench.posts import whole
from tests.bench.profile import Profile
from tests.bench.servers import Committer, Meter, World
from tests.bench.steady import Steady

RATE = 20
CALM_SECONDS = 4
PATIENCE = 120.0
# By session and query two minutes are not enough for 2,000. Whom the baseline has not served by now counts as served:
# it is made to look faster than it is.
GIVE_UP = 20.0
# Every storm finds the same picture: what was posted meanwhile is taken out of it.
OPEN = 100
AS_BEFORE = f"""
from alerts.emergencies.models import Emergency
first = Emergency.objects.order_by("pk")[{OPEN - 1}].pk
Emergency.objects.filter(pk__gt=first).delete()
print("{{}}")
"""


@dataclass(slots=True)
class Fetches:
    """GETs of one address, each on a connection of its own."""

    port: int
    request: bytes
    lines: dict[int, Dialling] = field(default_factory=dict)
    epoll: select.epoll = field(default_factory=select.epoll)
    good: int = 0
    refused: int = 0

    def start(self) -> None:
        """One more."""
        line = dial(self.port)
        self.lines[line.fileno()] = Dialling(line, time.monotonic())
        self.epoll.register(line.fileno(), select.EPOLLOUT)

    def poll(self) -> None:
        """Take in what came; who is refused asks again."""
        for descriptor, event in self.epoll.poll(0, 256):
            found = self.lines[descriptor]
            if event == select.EPOLLOUT:
                found.line.send(self.request)
                self.epoll.modify(descriptor, select.EPOLLIN)
                continue
            hung_up = not found.more()
            if hung_up or whole(found.answer):
                self.epoll.unregister(descriptor)
                del self.lines[descriptor]
                found.line.close()
                if found.answer.startswith(b"HTTP/1.1 200"):
                    self.good += 1
                else:
                    self.refused += 1
                    self.start()

    def close(self) -> None:
        """Hang up on whoever was not answered."""
        for found in self.lines.values():
            found.line.close()
        self.epoll.close()


def storm(world: World, name: str, count: int, posts: Steady, seconds: float = PATIENCE) -> Sample:
    """Everybody at once; until the last screen has its snapshot, or the time is up."""
    posts.p99_ms()
    time.sleep(CALM_SECONDS)
    quiet = posts.p99_ms()
    port, ticket = world.ports[name], "" if name == "uncached" else world.ticket()
    headers = "".join(f"{field}: {value}\r\n" for field, value in world.headers.items())
    asked = f"audience=dcc&ticket={ticket}" if ticket else "audience=dcc"
    request = f"GET /live/snapshot?{asked} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}Connection: close\r\n\r\n"
    crowd, fetches = Crowd(port, f"/live/?{asked}", world.headers, acks=True), Fetches(port, request.encode())
    meter = Meter(world.pid(name))
    crowd.begin()
    crowd.beside = fetches.poll
    began = time.monotonic()
    with suppress(Refused):
        crowd.join(count, at_once=count, seconds=seconds, opened=fetches.start)
    sockets = time.monotonic() - began
    crowd.listen(lambda: fetches.good >= count, seconds - sockets)
    took = time.monotonic() - began
    figures = {
        "storm_ms": took * 1000,
        "sockets_ms": sockets * 1000,
        "cpu_us": meter.us() / count,
        "refused": float(crowd.refused + fetches.refused),
        "post99_ms": posts.p99_ms(),
        "calm99_ms": quiet,
        "client_share": crowd.own_share(),
    }
    figures["post_ratio"] = figures["post99_ms"] / quiet
    crowd.close()
    fetches.close()
    world.script(AS_BEFORE)
    time.sleep(2)  # the server lets them go: no part of the next storm
    return Sample(count, min(fetches.good, count), figures)


def by_query(world: World, count: int, posts: Steady) -> Sample:
    """Session, user and picture by query for each screen; the server ends with what it still has to do."""
    found = storm(world, "uncached", count, posts, GIVE_UP)
    world.kill("uncached")
    world.start("uncached")
    world.wait_for("uncached")
    return found


def run(options: Options) -> Report:
    """2,000 screens."""
    report = Report("storm", options)
    count = options.either(2000, 300)
    with World(options) as world, Committer(world.up("redis", "web", "relay")) as committer:
        world.start("intake", "uncached", "unsigned")
        committer.ask(f"make {OPEN}")
        world.wait_for("intake", "uncached", "unsigned")
        posts = Steady(world.ports["intake"], RATE)
        section = report.section(f"{count:,} screens at once, {RATE} posts/s meanwhile", "screen")
        section.rounds(
            {
                "ours": partial(storm, world, "web", count, posts),
                "uncached": partial(by_query, world, count, posts),
                "unsigned": partial(storm, world, "unsigned", count, posts),
            },
            lossy=["uncached"],
        )
        section.judge("uncached", Target("storm_ms", at_most=1 / 6))
        section.judge("unsigned", Target("cpu_us", at_most=1.4))
        section.bound("ours", Target("refused", at_most=0), Target("post_ratio", at_most=2))
        with Profile(report, world, "web"):
            if options.profile:
                storm(world, "web", count, posts)
        posts.stop()
    return report
