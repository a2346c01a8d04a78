"""A telephone exchange as small as can be: it posts what happens to its calls, and keeps what it was answered."""

import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass, field

import httpx


@dataclass
class Line:
    """One call at the exchange."""

    exchange: "Exchange"
    number: str
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    def tell(self, event: str, **more: str) -> dict[str, str]:
        """Tell of it, as a careful exchange does: again until it is answered."""
        said = {"event_id": uuid.uuid4().hex, "call_id": self.key, "event": event, "from": self.number, **more}
        return self.exchange.post(said)


class Exchange:
    """Speaks the protocol of README over loopback; `told` is every event with its answer."""

    def __init__(self, address: str, key: str) -> None:
        self.address, self.key = address, key
        self.told: list[tuple[dict[str, str], int]] = []

    def ring(self, number: str) -> Line:
        """Somebody calls."""
        line = Line(self, number)
        line.tell("started")
        return line

    def post(self, said: dict[str, str]) -> dict[str, str]:
        """One event, signed."""
        body = json.dumps(said).encode()
        moment = str(int(time.time()))
        mark = hmac.new(self.key.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {"X-Timestamp": moment, "X-Signature": f"sha256={mark}", "Content-Type": "application/json"}
        answer = httpx.post(self.address, content=body, headers=headers, timeout=20)
        self.told.append((said, answer.status_code))
        assert answer.status_code == 200, answer.text
        found: dict[str, str] = answer.json()
        return found

    def repeat(self, times: int = 3) -> None:
        """Say everything again, the last first: an exchange that lost its answers."""
        for said, _status in [*reversed(self.told)] * times:
            self.post(said)
