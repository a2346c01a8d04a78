"""The generator: phones that press for help, each with one client_id, again and again until the server says 2xx."""

import http.client
import json
import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

ADDRESS = "/api/v1/emergencies"
PATIENCE_SECONDS = 10.0
GIVE_UP_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One post: its answer (status 0: the line broke) and when, in seconds of time.monotonic()."""

    client_id: str
    began: float
    ended: float
    status: int
    number: str = ""


@dataclass(slots=True)
class History:
    """What the phones did and heard, in the order of the answers."""

    tried: list[str] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    # Those of the attempts that were answered 2xx.
    heard: list[Attempt] = field(default_factory=list)

    def add(self, attempt: Attempt) -> None:
        """Note one attempt; list.append is atomic, so phones share this."""
        self.attempts.append(attempt)
        if attempt.status in {200, 201}:
            self.heard.append(attempt)

    def seconds(self) -> list[float]:
        """How long each acknowledged press took from its first attempt, shortest first."""
        began: dict[str, float] = {}
        for attempt in self.attempts:
            began[attempt.client_id] = min(attempt.began, began.get(attempt.client_id, attempt.began))
        return sorted(attempt.ended - began[attempt.client_id] for attempt in self.heard)


def percentile(sorted_values: list[float], share: float) -> float:
    """The value below which this share of the values lies; 0 without any."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))] if sorted_values else 0.0


def payload(client_id: str, chance: random.Random) -> dict[str, Any]:
    """A panic button pressed somewhere in Hong Kong."""
    return {
        "client_id": client_id,
        "pressed_at": "2026-05-12T20:04:50Z",
        "kind": "panic",
        "location": {
            "lat": round(22.45 + chance.uniform(-0.05, 0.05), 5),
            "lon": round(114.17 + chance.uniform(-0.05, 0.05), 5),
            "accuracy_m": 20,
            "fixed_at": "2026-05-12T20:04:45Z",
            "source": "gps",
        },
    }


class Phones:
    """`count` phones, `clients` of them at once; with `rate`, so many presses begin each second, answered or not."""

    def __init__(self, port: int, count: int, chance: random.Random, *, clients: int = 48, rate: float = 0) -> None:
        self.port, self.count, self.clients, self.rate = port, count, clients, rate
        self.history = History()
        self.seed = chance.getrandbits(64)
        self.ids = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(count)]

    def press_all(self) -> History:
        """Press every button; returns when each was heard, and fails when one never is."""
        return self.press(range(self.count))

    def press(self, which: range) -> History:
        """Press some of the buttons."""
        started = time.monotonic()
        with ThreadPoolExecutor(self.clients) as pool:
            # The first is pressed at once, whichever it is.
            begins = [started + (index - which.start) / self.rate if self.rate else started for index in which]
            for waiting in [pool.submit(self._press, *one) for one in zip(which, begins, strict=True)]:
                waiting.result()
        return self.history

    def share_heard(self) -> float:
        """How many of the presses were answered 2xx, 0 to 1."""
        return len(self.history.heard) / self.count

    def _press(self, index: int, begins: float) -> None:
        client_id, chance = self.ids[index], random.Random(self.seed + index)
        time.sleep(max(0.0, begins - time.monotonic()))
        body = json.dumps(payload(client_id, chance))
        self.history.tried.append(client_id)
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            attempt = post(self.port, client_id, body)
            self.history.add(attempt)
            if attempt.status not in {0, 503}:  # anything else but 2xx is for the checker to judge
                return
            time.sleep(chance.uniform(0.1, 0.5))
        raise AssertionError(f"{client_id} was never heard")


def post(port: int, client_id: str, body: str) -> Attempt:
    """One attempt on a line of its own."""
    began = time.monotonic()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        line.request("POST", ADDRESS, body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        text = answer.read()
    except (OSError, http.client.HTTPException):
        return Attempt(client_id, began, time.monotonic(), 0)
    finally:
        line.close()
    number = json.loads(text)["number"] if answer.status in {200, 201} else ""
    return Attempt(client_id, began, time.monotonic(), answer.status, number)
