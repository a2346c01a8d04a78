"""Doors of the socket: who is let in, and what ends it."""

import json
import re
import signal
import socket
import uuid
from contextlib import AbstractContextManager

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.journeys.running import Person, Running, until

pytestmark = pytest.mark.once
PROCESSES = ("redis", "web", "relay")
MAP = "/api/v1/map/clusters"
SECONDS = 40


def _open(
    running: Running, person: Person | None, path: str = "/live/", origin: str = ""
) -> AbstractContextManager[ClientConnection]:
    cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items()) if person else ""
    address = running.url.replace("http", "ws", 1) + path
    return connect(address, additional_headers={"Cookie": cookies}, origin=Origin(origin or running.url))


def _end_with_reason(line: ClientConnection) -> tuple[int, str]:
    """The code and the reason that end a socket, every heartbeat of it acknowledged."""
    try:
        while True:
            message = json.loads(line.recv(SECONDS))
            if "head" in message:
                line.send(json.dumps({"ack": message["head"]}))
    except ConnectionClosed as closed:
        return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (0, "")


def _end(line: ClientConnection) -> int:
    return _end_with_reason(line)[0]


def _ticket(person: Person, path: str = "/") -> str:
    found = re.search(r'data-ticket="([^"]+)"', person.get(path).text)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def operator(running: Running, accounts: dict[str, dict[str, str]]) -> Person:
    """A signed-in operator."""
    return Person(running, accounts["operator"])


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:1"])
def test_another_origin_is_refused(running: Running, operator: Person, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused, _open(running, operator, origin=origin):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("path", ["/nothing/", "/exercises/no-such-exercise/live/"])
def test_an_address_without_a_socket_is_refused(running: Running, operator: Person, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused, _open(running, operator, path):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("path", ["/live/?audience=summary", "/live/?audience=mission:kjri-hongkong"])
def test_a_foreign_audience_ends_with_4403(running: Running, operator: Person, path: str) -> None:
    with _open(running, operator, path) as line:
        assert _end(line) == 4403


def test_a_stranger_ends_with_4403(running: Running) -> None:
    with _open(running, None) as line:
        assert _end(line) == 4403


@pytest.mark.parametrize("words", ["hello", "{}", '{"ack": -1}', '{"ack": true}', '{"ack": 1, "x": 2}', "[" * 5000])
def test_anything_but_an_acknowledgement_ends_with_4008(running: Running, operator: Person, words: str) -> None:
    with _open(running, operator) as line:
        line.recv(SECONDS)
        line.send(words)
        assert _end_with_reason(line) == (4008, "only acknowledgements are understood")


def test_acknowledging_what_was_never_sent_ends_with_4008(running: Running, operator: Person) -> None:
    with _open(running, operator) as line:
        line.recv(SECONDS)
        line.send('{"ack": 1000000}')
        assert _end_with_reason(line) == (4008, "an acknowledgement of what was never sent")


def test_a_flood_of_acknowledgements_ends_with_4008(running: Running, operator: Person) -> None:
    with _open(running, operator) as line:
        line.recv(SECONDS)
        for _ in range(100):
            line.send('{"ack": 0}')
        assert _end_with_reason(line) == (4008, "more than 20 messages a second")


def test_a_ticket_opens_the_socket_and_the_snapshot_without_a_session(running: Running, operator: Person) -> None:
    ticket = _ticket(operator)
    with _open(running, None, f"/live/?ticket={ticket}") as line:
        first = json.loads(line.recv(SECONDS))
        assert "ticket" not in first, "the right was not read again yet"
        line.send(json.dumps({"ack": first["head"]}))
        later = json.loads(line.recv(SECONDS))
        while "ticket" not in later:
            later = json.loads(line.recv(SECONDS))
    for each in (ticket, later["ticket"]):
        answer = httpx.get(f"{running.url}/live/snapshot", params={"ticket": each})
        assert (answer.status_code, answer.json()["head"]) == (200, first["head"])
        known = httpx.get(
            f"{running.url}/live/snapshot", params={"ticket": each}, headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert known.status_code == 304
        pulled = httpx.get(f"{running.url}/live/since", params={"ticket": each, "after": "0"})
        assert pulled.json() == operator.get("/live/since", params={"after": "0"}).json()
        wrong = httpx.get(f"{running.url}/live/since", params={"ticket": each, "after": "-1"})
        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "after")
    same = operator.get("/live/snapshot")
    assert same.json() == answer.json()


def test_a_ticket_opens_the_map_without_a_session(running: Running, operator: Person) -> None:
    asked = {"bbox": "-180,-85,180,85", "zoom": "3"}
    ticket, theirs = _ticket(operator), operator.get(MAP, params=asked)
    ours = httpx.get(f"{running.url}{MAP}", params={**asked, "ticket": ticket})
    assert (ours.status_code, ours.content, ours.headers["ETag"]) == (200, theirs.content, theirs.headers["ETag"])
    known = {"If-None-Match": ours.headers["ETag"]}
    again = httpx.get(f"{running.url}{MAP}", params={**asked, "ticket": ticket}, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    wrong = httpx.get(f"{running.url}{MAP}", params={"bbox": "0,0,1,1", "zoom": "99", "ticket": ticket})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "zoom")
    assert httpx.get(f"{running.url}{MAP}?ticket={ticket}{'&a' * 2000}").status_code == 400
    for forged in (f"{ticket}x", "nonsense"):
        assert httpx.get(f"{running.url}{MAP}", params={**asked, "ticket": forged}).status_code == 403
    assert httpx.get(f"{running.url}/exercises/drill{MAP}", params={**asked, "ticket": ticket}).status_code == 403


@pytest.mark.parametrize(
    "query", ["ticket=nonsense", "ticket={}x", "ticket={}&audience=summary", "ticket={}&audience=exercise:drill:dcc"]
)
def test_a_ticket_of_another_opens_nothing(running: Running, operator: Person, query: str) -> None:
    query = query.format(_ticket(operator))
    with _open(running, operator, f"/live/?{query}") as line:
        assert _end(line) == 4403
    for pull in ("snapshot?", "since?after=0&"):
        assert httpx.get(f"{running.url}/live/{pull}{query}").status_code == 403


def test_a_ticket_does_not_outlive_the_session_by_more_than_moments(
    running: Running, accounts: dict[str, dict[str, str]]
) -> None:
    person = Person(running, accounts["supervisor"])
    ticket = _ticket(person)
    person.post("/logout/")
    with _open(running, None, f"/live/?ticket={ticket}") as line:
        assert _end_with_reason(line) == (4403, "the right was withdrawn")
    with _open(running, None, f"/live/?ticket={ticket}") as line:
        assert _end_with_reason(line) == (4403, "no right to listen")
    for pull in ("/live/snapshot", MAP):
        assert httpx.get(f"{running.url}{pull}", params={"ticket": ticket}).status_code == 403


def test_sigterm_closes_sockets_with_1012_and_answers_what_is_under_way(running: Running, operator: Person) -> None:
    body = json.dumps({"client_id": str(uuid.uuid4()), "pressed_at": "2026-05-12T20:04:50Z", "kind": "panic"}).encode()
    head = f"POST /api/v1/emergencies HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with _open(running, operator) as line, socket.create_connection(("127.0.0.1", running.port)) as half:
        line.recv(SECONDS)
        half.sendall(head + body[:20])
        # Whatever is answered after it has reached the server after it.
        assert httpx.get(f"{running.url}/healthz").status_code == 200
        web = running.processes["web"]
        web.send_signal(signal.SIGTERM)
        assert _end_with_reason(line) == (1012, "the server restarts")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", running.port))
        half.sendall(body[20:])
        half.settimeout(SECONDS)
        answer = half.recv(65536)
        assert answer.startswith(b"HTTP/1.1 201"), answer
        assert b"connection: close" in answer.lower()
        assert web.wait(10) == 0
    running.processes.pop("web")
    running.start("web")
    until(running.ready, 60, "the next process is ready")


def test_sign_out_ends_the_socket(running: Running, accounts: dict[str, dict[str, str]]) -> None:
    person = Person(running, accounts["verifier"])
    with _open(running, person) as line:
        assert "head" in json.loads(line.recv(SECONDS))
        person.post("/logout/")
        assert _end(line) == 4403
