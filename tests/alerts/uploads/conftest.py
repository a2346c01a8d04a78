"""A citizen's device that speaks tus."""

import base64
import hashlib
import json
import uuid
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from alerts.intake.actions import Report, receive
from alerts.intake.queries import first_answer
from tests.conftest import AT

PART = "application/offset+octet-stream"


class Device:
    """One telephone with the token of its own emergency."""

    def __init__(self, number: str, token: str, mount: str = "") -> None:
        self.client, self.number, self.token = Client(), number, token
        self.url = f"{mount}/api/v1/emergencies/{number}/media"

    def ask(self, method: str, url: str = "", body: bytes = b"", kind: str = PART, **headers: Any) -> Any:
        """Any request, with the headers of the protocol unless they are given as None."""
        given = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {self.token}", **headers}
        sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in given.items() if value is not None}
        return self.client.generic(method, url or self.url, body, kind, **sent)

    def begin(self, size: int, **about: str) -> Any:
        """Announce a file."""
        pairs = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in about.items())
        return self.ask("POST", **{"Upload-Length": str(size), "Upload-Metadata": pairs})

    def patch(self, url: str, offset: int, body: bytes, **headers: Any) -> Any:
        """Send a part."""
        return self.ask("PATCH", url, body, **{"Upload-Offset": str(offset), **headers})

    def send(self, content: bytes, **about: str) -> Any:
        """A whole file in one part."""
        url = self.begin(len(content), **about)["Location"]
        return self.patch(url, 0, content)


def checksum(content: bytes, name: str = "sha256") -> str:
    """The header."""
    return f"{name} {base64.b64encode(hashlib.new(name, content).digest()).decode()}"


def words(answer: HttpResponse) -> dict[str, str]:
    """The one sentence of a refusal, in both languages."""
    (found,) = json.loads(answer.content)["errors"]
    return dict(found)


def device_of(exercise: str = "", **report: Any) -> Device:
    """A telephone whose emergency was received."""
    given = {"client_id": uuid.uuid4(), "pressed_at": AT, "kind": "panic", **report}
    told = first_answer(receive(report=Report(**given), at=AT, exercise=exercise))
    return Device(told["number"], told["token"], f"/exercises/{exercise}" if exercise else "")


@pytest.fixture
def device(db: None) -> Device:
    """One in live work."""
    return device_of()
