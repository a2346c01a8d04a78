"""A light load of requests for help: keep-alive sockets, prebuilt bodies, each with a client_id of its own.

Closed loop (`for_seconds`: every client posts again once it is answered) or at a steady rate (`due` and `poll`).
"""

import select
import socket
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.bench.harness import percentile
from tests.bench.machine import cpu_us

# About 400 bytes, in Tai Po: what the panic button sends.
BODY = (
    '{{"client_id":"{id}","pressed_at":"{at}","kind":"panic","location":{{"lat":{lat:.4f},"lon":{lon:.4f},'
    '"accuracy_m":25,"fixed_at":"{at}","source":"gps"}},"place":"Wang Fuk Court, blok F, lantai 17",'
    '"message":"Tolong, asap masuk dari tangga, kami bertiga di kamar mandi dan tidak bisa turun",'
    '"phone":"+85251234567","name":"Siti","language":"id"}}'
)
HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
)


@dataclass(slots=True)
class Client:
    """One connection: what it waits for since when."""

    line: socket.socket
    since: float = 0.0
    answer: bytes = b""


@dataclass(slots=True)
class Tally:
    """What was sent and how it was answered."""

    sent: int = 0
    good: int = 0
    bad: dict[str, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    last: bytes = b""
    # The moment each was sent, and the body it was answered with.
    answers: list[tuple[float, bytes]] = field(default_factory=list)

    def timings(self) -> dict[str, float]:
        """Milliseconds from the request to its whole answer."""
        return {"p50_ms": percentile(self.seconds, 50) * 1000, "p99_ms": percentile(self.seconds, 99) * 1000}


def whole(answer: bytes) -> bool:
    """Whether an HTTP/1.1 answer is complete."""
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    fields = head.lower()
    _, found, rest = fields.partition(b"content-length:")
    if found:
        return len(body) >= int(rest.split(b"\r\n", 1)[0])
    return b"chunked" in fields and body.endswith(b"0\r\n\r\n")


class Posts:
    """Clients of one address."""

    def __init__(self, port: int, clients: int, path: str = "/api/v1/emergencies") -> None:
        self.port, self.path = port, path
        self.epoll = select.epoll()
        self.clients: dict[int, Client] = {}
        self.free: deque[Client] = deque()
        self.prebuilt: deque[bytes] = deque()
        self.tally = Tally()
        for _ in range(clients):
            self._dial()

    def _dial(self) -> None:
        line = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.setblocking(False)
        client = Client(line)
        self.clients[line.fileno()] = client
        self.free.append(client)
        self.epoll.register(line.fileno(), select.EPOLLIN)

    def build(self, count: int) -> None:
        """Prepare this many requests, so that building them costs nothing while they are sent."""
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for number in range(count):
            place = {"lat": 22.30 + number % 400 / 2000, "lon": 114.00 + number % 370 / 1500}
            body = BODY.format(id=uuid.uuid4(), at=at, **place)
            head = HEAD.format(path=self.path, port=self.port, size=len(body))
            self.prebuilt.append((head + body).encode())

    def post(self) -> bool:
        """Send one request on a free connection; False when all are waiting."""
        if not self.free:
            return False
        if not self.prebuilt:
            self.build(100)
        client = self.free.popleft()
        client.since = time.monotonic()
        client.line.send(self.prebuilt.popleft())
        self.tally.sent += 1
        return True

    def poll(self, seconds: float) -> None:
        """Take in answers."""
        for descriptor, _ in self.epoll.poll(seconds):
            client = self.clients[descriptor]
            try:
                more = client.line.recv(65536)
            except (BlockingIOError, ConnectionResetError):
                more = b""
            client.answer += more
            if not more:
                # An idle connection may be ended by the server; it is not a request that failed.
                if client in self.free:
                    self.free.remove(client)
                self._count(client, b"hung up")
                del self.clients[descriptor]
                client.line.close()
                self._dial()
            elif whole(client.answer):
                self._count(client, client.answer[9:12])
                self.free.append(client)

    def _count(self, client: Client, status: bytes) -> None:
        if status[:1] == b"2":
            self.tally.good += 1
            self.tally.seconds.append(time.monotonic() - client.since)
            self.tally.answers.append((client.since, client.answer.partition(b"\r\n\r\n")[2]))
        elif client.since:
            name = status.decode()
            self.tally.bad[name] = self.tally.bad.get(name, 0) + 1
        self.tally.last = client.answer
        client.answer, client.since = b"", 0.0

    def begin(self) -> None:
        """Count from here. Who was idle so long that the server ended the connection dials again first."""
        self.poll(0)
        self.tally = Tally()

    def waiting(self) -> int:
        """How many requests are under way."""
        return len(self.clients) - len(self.free)

    def for_seconds(self, seconds: float) -> dict[str, float]:
        """Closed loop, then wait for the last answers; rate, latencies, and the generator's own share of a core."""
        self.begin()
        began, spent = time.monotonic(), cpu_us()
        while time.monotonic() - began < seconds:
            while self.post():
                pass
            self.poll(0.05)
        self.drain(60)
        took = time.monotonic() - began
        share = (cpu_us() - spent) / 1e6 / took
        return {"rate": self.tally.good / took, **self.tally.timings(), "client_share": share}

    def drain(self, seconds: float) -> None:
        """Wait for what is under way."""
        deadline = time.monotonic() + seconds
        while self.waiting() and time.monotonic() < deadline:
            self.poll(0.05)

    def close(self) -> None:
        """Hang up."""
        for client in self.clients.values():
            client.line.close()
        self.epoll.close()


class Traffic:
    """Posts at a steady rate beside whatever else goes on."""

    def __init__(self, posts: Posts, rate: int) -> None:
        self.posts, self.rate, self.began = posts, rate, time.monotonic()
        posts.begin()

    def go_on(self) -> None:
        """Send what is due, take in answers."""
        while time.monotonic() >= self.began + self.posts.tally.sent / self.rate and self.posts.post():
            pass
        self.posts.poll(0)

    def p99_ms(self) -> float:
        """Of what was answered, after waiting for the last."""
        self.posts.drain(20)
        return self.posts.tally.timings()["p99_ms"]
