"""A push service of the test's own on loopback, and browsers that subscribed to it."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from commandcenter.access.models import Role, User
from commandcenter.gateways import vapid
from commandcenter.gateways.actions import keep_device
from commandcenter.outbox.models import Device
from tests.commandcenter.outbox.conftest import officer, open_log, queue
from tests.conftest import AT, People

__all__ = ["officer", "open_log", "queue"]


@dataclass
class Browser:
    """A subscription with the private half of its key: only it can read what is sent to it."""

    private: ec.EllipticCurvePrivateKey
    secret: bytes
    endpoint: str

    @property
    def p256dh(self) -> str:
        point = serialization.PublicFormat.UncompressedPoint
        return _base64(self.private.public_key().public_bytes(serialization.Encoding.X962, point))

    @property
    def auth(self) -> str:
        return _base64(self.secret)

    def reads(self, body: bytes) -> dict[str, Any]:
        """What the service worker would get."""
        plain = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        found: dict[str, Any] = json.loads(plain)
        return found


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class PushService:
    """Answers what the test says; keeps every request. A `hang` lasts until the test is over."""

    url: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def browser(self, path: str = "/p/1") -> Browser:
        """A browser that subscribed here."""
        return Browser(ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef", self.url + path)


@contextmanager
def serving() -> Iterator[PushService]:
    """A push service on a free port of loopback."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.got.append((self.path, dict(self.headers), body))
            status, headers = service.answers.pop(0) if service.answers else (201, {"Location": f"{self.path}/m"})
            if status == 0:
                service.over.wait(60)
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        service.over.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def push_service(settings: Any, tmp_path: Any) -> Iterator[PushService]:
    """The service, listed in the settings like a real one; the installation's key is new."""
    with serving() as service:
        settings.PUSH_HOSTS = [service.url.removeprefix("http://")]
        settings.PUSH_KEY, settings.VAR = "", tmp_path
        vapid._key.cache_clear()
        yield service
    vapid._key.cache_clear()


@pytest.fixture
def subscribe(people: People, officer: User, push_service: PushService) -> Callable[..., tuple[Browser, Device]]:
    """The officer's browser takes push messages."""

    def keep(path: str = "/p/1") -> tuple[Browser, Device]:
        browser = push_service.browser(path)
        reader = people.reader(Role.MISSION_OFFICER, "kjri-hongkong")
        device = keep_device(
            actor=reader, at=AT, endpoint=browser.endpoint, p256dh=browser.p256dh, auth=browser.auth, label="Chrome"
        )
        return browser, device

    return keep
