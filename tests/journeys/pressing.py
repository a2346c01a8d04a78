"""Phones of many addresses: each of its own on loopback, one line each, so many presses a second, some signed."""

import http.client
import json
import random
import select
import socket
import time
import uuid
from base64 import urlsafe_b64encode
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.bench.posts import whole

PATH = "/api/v1/emergencies"


def text(raw: bytes) -> str:
    """Base64 for URLs, without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def body_of(chance: random.Random, **more: Any) -> dict[str, Any]:
    """A panic button within one cell of Hong Kong."""
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    place = {"lat": round(chance.uniform(22.40, 22.49), 5), "lon": round(chance.uniform(114.1, 114.3), 5)}
    location = {**place, "accuracy_m": 20, "fixed_at": at, "source": "gps"}
    client_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    return {"client_id": client_id, "pressed_at": at, "kind": "panic", "location": location, **more}


class Device:
    """A telephone with a key that was registered."""

    def __init__(self, port: int = 0, source: str = "127.0.0.1") -> None:
        self.key: EllipticCurvePrivateKey = generate_private_key(SECP256R1())
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.point = text(point)
        self.ticket = ""
        if port:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
            line.request(
                "POST", "/api/v1/devices", json.dumps({"key": self.point}), {"Content-Type": "application/json"}
            )
            answer = line.getresponse()
            told = json.loads(answer.read())
            line.close()
            assert answer.status == 201, told
            self.ticket = told["ticket"]

    def header(self, body: bytes) -> str:
        """What the browser's WebCrypto makes of it."""
        r, s = decode_dss_signature(self.key.sign(body, ECDSA(SHA256())))
        return f"{self.point}.{self.ticket}.{text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


@dataclass(slots=True)
class Press:
    """One alarm: from which address, what, and what became of it. Moments are seconds since 1970."""

    source: str
    body: dict[str, Any]
    device: Device | None = None
    due: float = 0.0
    sent: float = 0.0
    answered: float = 0.0
    status: int = 0
    number: str = ""

    def request(self, port: int) -> bytes:
        """As it goes over the line."""
        body = json.dumps(self.body).encode()
        signed = f"DCC-Device: {self.device.header(body)}\r\n" if self.device else ""
        head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        return f"{head}{signed}Content-Length: {len(body)}\r\n\r\n".encode() + body


@dataclass(slots=True)
class Line:
    """The connection of one address and what is under way on it."""

    source: str
    waiting: deque[Press] = field(default_factory=deque)
    line: socket.socket | None = None
    press: Press | None = None
    answer: bytes = b""


class Phones:
    """Sends every press when it is due, one at a time from each address; a signed one first waits for nobody."""

    def __init__(self, port: int, presses: list[Press]) -> None:
        self.port, self.presses = port, presses
        self.lines: dict[str, Line] = {}
        self.open: dict[int, Line] = {}
        self.epoll = select.epoll()

    def run(self, begin: float, patience: float) -> None:
        """Until all were answered."""
        due = deque(sorted(self.presses, key=lambda press: press.due))
        under_way, deadline = 0, time.time() + patience
        while (due or under_way) and time.time() < deadline:
            while due and begin + due[0].due <= time.time():
                press = due.popleft()
                under_way += 1
                line = self.lines.setdefault(press.source, Line(press.source))
                line.waiting.append(press)
                self._next(line)
            for descriptor, _ in self.epoll.poll(0.005):
                under_way -= self._read(self.open[descriptor])
        for line in self.lines.values():
            if line.line:
                line.line.close()
        self.epoll.close()

    def _next(self, line: Line) -> None:
        if line.press is not None or not line.waiting:
            return
        if line.line is None:
            line.line = socket.create_connection(("127.0.0.1", self.port), timeout=30, source_address=(line.source, 0))
            self.open[line.line.fileno()] = line
            self.epoll.register(line.line.fileno(), select.EPOLLIN)
        line.press, line.answer = line.waiting.popleft(), b""
        line.press.sent = time.time()
        line.line.sendall(line.press.request(self.port))

    def _read(self, line: Line) -> int:
        """Take in what came; 1 when the press was answered. A line that the idle server ended is dialled again."""
        assert line.line is not None
        try:
            more = line.line.recv(65536)
        except ConnectionResetError:
            more = b""
        if not more:
            self.epoll.unregister(line.line.fileno())
            del self.open[line.line.fileno()]
            line.line.close()
            line.line = None
            if line.press is not None:
                line.waiting.appendleft(line.press)
                line.press = None
                self._next(line)
            return 0
        line.answer += more
        if not whole(line.answer) or line.press is None:
            return 0
        press, line.press = line.press, None
        press.answered, press.status = time.time(), int(line.answer[9:12])
        if press.status in {200, 201}:
            press.number = json.loads(line.answer.partition(b"\r\n\r\n")[2])["number"]
        self._next(line)
        return 1
