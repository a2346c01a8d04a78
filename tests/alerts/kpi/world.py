"""A world that exists only as a log: random, seeded, with everything that makes a clock hard to read."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from commandcenter.events.models import Event

AT = datetime(2026, 5, 12, 20, 5, tzinfo=UTC)
MISSIONS = ("kjri-hongkong", "kbri-khartoum", "kjri-melbourne", "")
CRISES = ("gempa", "kebakaran", "banjir")
# Jumps in seconds that lie on goals, just beside them, far away.
JUMPS = (0, 1, 59, 119, 120, 121, 299, 300, 301, 599, 600, 601, 1799, 1800, 1801, 4000, 90_000)


VERBS = (
    *("opened", "taken", "taken", "released", "returned", "noted", "messaged", "messaged"),
    *("resolved", "cancelled", "moved", "reopened"),
    *("merged", "parted", "accepted", "offered", "task_moved", "waiting"),
)


@dataclass
class Log:
    """Events to be, each with its moment; `write` puts them into the table in the order of their moments."""

    exercise: str = ""
    told: list[tuple[datetime, int, dict[str, Any]]] = field(default_factory=list)

    def add(self, kind: str, thing: str, at: datetime, crisis: str = "", /, **data: Any) -> datetime:
        """One event; answers with its moment."""
        about = {"report": "request", "figure": "figure", "crisis": "crisis"}.get(kind.partition(".")[0], "emergency")
        topic = f"crisis:{crisis}" if crisis else "queue"
        row = {"kind": kind, "object_type": about, "object_id": thing, "topic": topic, "data": data}
        self.told.append((at, len(self.told), row))
        return at

    def write(self, chance: Random | None = None) -> None:
        """Store them. With `chance` some moments are a little wrong: another machine's clock."""
        rows = []
        for at, _place, row in sorted(self.told, key=lambda each: each[:2]):
            wrong = timedelta(seconds=chance.choice((-7, 5))) if chance and chance.random() < 0.05 else timedelta()
            rows.append(
                Event(at=at + wrong, version=1, audiences=[], withdrawn=[], exercise=self.exercise, actor_id=1, **row)
            )
        Event.objects.bulk_create(rows)


def random_log(seed: int, exercise: str = "") -> Log:
    """Emergencies and crises over nine days until now."""
    chance, log = Random(seed), Log(exercise)
    for number in range(60):
        _emergency(log, chance, f"E-2026-{number:05d}")
    for slug in CRISES:
        _crisis(log, chance, slug)
    log.told = [each for each in log.told if each[0] <= AT]
    return log


def _later(chance: Random, at: datetime) -> datetime:
    return at + timedelta(seconds=chance.choice(JUMPS), microseconds=chance.choice((0, 0, 1, 500_000)))


def _emergency(log: Log, chance: Random, key: str) -> None:
    at = AT - timedelta(seconds=chance.choice((30, 100, 400, *range(0, 800_000, 7_777))))
    said: dict[str, Any] = {"channel": "panic_button", "mission": chance.choice(MISSIONS), "rule": "host"}
    if chance.random() < 0.8:
        said["priority"] = chance.choice((1, 1, 2, 3))
    log.add("emergency.received", key, at, **said)
    for _ in range(chance.randrange(9)):
        at = _later(chance, at)
        verb = chance.choice(VERBS)
        data = {"messaged": {"side": chance.choice(("citizen", "citizen", "dcc", "mission"))}}.get(verb, {})
        log.add(f"emergency.{verb}", key, at, **data)


def _crisis(log: Log, chance: Random, slug: str) -> None:
    begun = AT - timedelta(seconds=chance.randrange(100, 800_000))
    reports = 0
    told: list[int] = []
    for number in range(8):
        mission = chance.choice(MISSIONS[:3])
        key, at = f"R-{slug}-{number}", _later(chance, begun)
        log.add("report.requested", key, at, slug, mission=mission, attempt=1)
        if chance.random() < 0.3:
            log.add("report.requested", key, _later(chance, at), slug, mission=mission, attempt=2)
        if chance.random() < 0.6:
            at = log.add("report.opened", key, _later(chance, at), slug, mission=mission)
        for _ in range(chance.randrange(4)):
            at, reports = _later(chance, at), reports + 1
            _filed(log, chance, (key, slug, mission), reports, told, at)
    if chance.random() < 0.5:
        log.add("crisis.stood_down", slug, _later(chance, begun) + timedelta(hours=1))


def _filed(log: Log, chance: Random, where: tuple[str, str, str], number: int, told: list[int], at: datetime) -> None:
    key, slug, mission = where
    answer = chance.choice(("none_affected", "figures", "figures", "checking"))
    data: dict[str, Any] = {"mission": mission, "report": number, "answer": answer}
    data["replaces"] = chance.choice(told) if told and chance.random() < 0.3 else None
    if chance.random() < 0.8:
        data["figures"] = {"none_affected": 5, "checking": 0}.get(answer, chance.choice((0, 1, 12)))
    log.add("report.filed", key, at, slug, **data)
    told.append(number)
    if chance.random() < 0.6:
        for _ in range(2):
            at = _later(chance, at)
            report = chance.choice((number, number, None))
            log.add("figure.chosen", f"{slug}/wni.dead", at, slug, key="wni.dead", figure=1, report=report)


def as_text(data: Any) -> str:
    """How a cell of the log reads when the driver gives it back as it likes."""
    return data if isinstance(data, str) else json.dumps(data)
