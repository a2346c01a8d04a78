"""The line between a telephone and the server: it records what goes out, and can be cut, or lose the answers."""

import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field

from tests.journeys.running import free_port

HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"^content-length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as its bytes went over the line."""

    method: str
    path: str
    head: bytes
    body: bytes


@dataclass
class Wire:
    """A TCP line to a server; `up` lets everything through, `deaf` loses every answer, else nothing gets through."""

    server: int
    state: str = "up"
    port: int = field(default_factory=free_port)
    sent: list[Sent] = field(default_factory=list)
    lines: set[socket.socket] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Listen."""
        self.door = socket.create_server(("127.0.0.1", self.port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The address that the telephone knows."""
        return f"http://127.0.0.1:{self.port}"

    def told(self) -> list[Sent]:
        """Every POST that tells of an emergency; a device that makes itself known tells of none."""
        return [one for one in self.posts("") if "/emergencies" in one.path]

    def posts(self, end: str = "/emergencies") -> list[Sent]:
        """What was posted to an address that ends so."""
        return [one for one in self.sent if one.method == "POST" and one.path.endswith(end)]

    def turn(self, state: str) -> None:
        """Another state from now on; what is under way is cut."""
        self.state = state
        for line in list(self.lines):
            _end(line)

    def close(self) -> None:
        """Hang up for good."""
        self.turn("down")
        _end(self.door)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self.door.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        if self.state == "down":
            _end(client)
            return
        try:
            server = socket.create_connection(("127.0.0.1", self.server), timeout=5)
        except OSError:
            _end(client)
            return
        server.settimeout(None)
        self.lines |= {client, server}
        threading.Thread(target=self._answers, args=(server, client), daemon=True).start()
        waiting = b""
        with suppress(OSError):
            while piece := client.recv(65536):
                waiting = self._heard(waiting + piece)
                server.sendall(piece)
        self._drop(client, server)

    def _answers(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while piece := server.recv(65536):
                if self.state == "deaf":
                    break
                client.sendall(piece)
        self._drop(client, server)

    def _heard(self, waiting: bytes) -> bytes:
        """Keeps the whole requests; answers with the beginning of the next."""
        while HEAD_END in waiting:
            head, _end_of_head, rest = waiting.partition(HEAD_END)
            declared = LENGTH.search(head)
            length = int(declared[1]) if declared else 0
            if len(rest) < length:
                break
            method, path, _version = head.split(b"\r\n", 1)[0].decode().split(" ")
            self.sent.append(Sent(method, path, head + HEAD_END, rest[:length]))
            waiting = rest[length:]
        return waiting

    def _drop(self, *lines: socket.socket) -> None:
        for line in lines:
            self.lines.discard(line)
            _end(line)


def _end(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        line.close()
