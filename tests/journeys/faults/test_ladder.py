"""The ladder: 200 requests, sweepers killed thirty times, a clock the test holds. Every step exactly once, and in time.

The judge counts in the append-only log what each request must have lived through by its own people's acts; how late a
step was is the moment after its commit, by the sweeper's clock, against its due time.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from tests.journeys.faults.conftest import LINES
from tests.journeys.running import ROOT, Running, until

pytestmark = [pytest.mark.faults, pytest.mark.alone]
CRISES, MISSIONS = ("gempa-a", "gempa-b", "gempa-c", "gempa-d"), 50
STEPS = {"notify": 0, "sms": 120, "second": 120, "goal": 300, "head": 600, "neighbour": 900, "again": 1800}
SWEEPERS = 3
MODULE = [sys.executable, "-m", "tests.journeys.faults.ladder"]
SETUP = """
import json, sys
from datetime import timedelta
from alerts.crises.models import Crisis, CrisisMission
from commandcenter.access.actions import open_account
from commandcenter.access.models import Membership, Role, User
from commandcenter.clock import now
from missions.directory.models import Mission
lead = User.objects.get(username="supervisor")
codes = list(Mission.objects.filter(is_open=True).order_by("code").values_list("code", flat=True)[:%(missions)d])
people = [User(username=f"{code}-{i}", phone=f"+62811{n:05d}{i}") for n, code in enumerate(codes) for i in range(3)]
User.objects.bulk_create(people)
roles = (Role.MISSION_OFFICER, Role.MISSION_OFFICER, Role.AMBASSADOR)
made = {user.username: user for user in User.objects.filter(username__in=[p.username for p in people])}
Membership.objects.bulk_create(
    Membership(user=made[f"{code}-{i}"], role=roles[i], mission=code) for code in codes for i in range(3)
)
area = {"type": "Polygon", "coordinates": [[[85, 27], [86, 27], [86, 28], [85, 28], [85, 27]]]}
for slug in %(crises)s:
    crisis = Crisis.objects.create(
        slug=slug, name=slug, kind="earthquake", level=1, area=area, area_source="draw", countries=["NP"],
        west=85, south=27, east=86, north=28, lead=lead, declared_by=lead, declared_at=now() - timedelta(hours=1),
    )
    CrisisMission.objects.bulk_create(
        CrisisMission(crisis=crisis, mission_id=code, reason_id="-", reason_en="-") for code in codes
    )
print(json.dumps(codes))
"""
READ = """
import json
from alerts.alarms.models import Alarm
from alerts.ladders.models import DueStep
from alerts.sitreps.models import ReportRequest
from commandcenter.events.models import Event
from commandcenter.outbox.models import Outgoing
requests = {r.number: [r.crisis.slug, r.mission_id] for r in ReportRequest.objects.select_related("crisis")}
events = Event.objects.filter(kind="report.escalated").values_list("object_id", "data")
print(json.dumps({
    "requests": requests,
    "done": [[number, data["step"], data["turn"]] for number, data in events],
    "due": {str(d.pk): [d.about, d.step, d.due_at.isoformat(), d.ladder, d.state] for d in DueStep.objects.all()},
    "lost": Alarm.objects.filter(kind__in=["step_lost", "step_failing"]).count(),
    "texts": Outgoing.objects.count(),
    "reported": list(Event.objects.filter(kind="report.filed").values_list("object_id", flat=True)),
}))
"""


@dataclass(slots=True)
class Life:
    """What happens to one request, in seconds from the beginning."""

    crisis: str
    mission: str
    asked: float
    kind: str

    def acts(self) -> Iterator[tuple[float, str]]:
        """Its people's acts."""
        yield self.asked, "ask"
        extra = {"repeated": (30, "repeat"), "opened": (60, "open"), "answered": (200, "file")}.get(self.kind)
        if extra:
            yield extra[0] + self.asked / 4, extra[1]

    def must(self, until_second: float) -> set[tuple[str, int]]:
        """The steps that must be done by then, by the clocks of domain.md section 5 and these acts alone."""
        steps = {(step, 1) for step, seconds in STEPS.items() if seconds <= until_second}
        if self.kind == "repeated":
            steps.add(("notify", 2))
        if self.kind == "opened":
            steps -= {("sms", 1), ("second", 1)}
        if self.kind == "answered":
            steps = {step for step in steps if step[0] in {"notify", "sms", "second"}}
        return steps


@dataclass(slots=True)
class Run:
    """One run: the world, its clock, its sweepers and what they said."""

    running: Running
    chance: random.Random
    requests: int
    spread: float
    windows: tuple[float, ...]
    mutant: str = ""
    lives: list[Life] = field(default_factory=list)
    kills: int = 0
    acted: float = -1.0
    lag: float = 0.0
    error: BaseException | None = None
    start: datetime = field(init=False)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def clock(self) -> Path:
        """The file with the seconds the clock is ahead."""
        return self.running.folder / "clock"

    @property
    def history(self) -> Path:
        """What sweepers did, each line after its commit."""
        return self.running.folder / "history"

    def set_ahead(self, seconds: float) -> None:
        """Move the clock of every process at once."""
        beside = self.clock.with_suffix(".new")
        beside.write_text(repr(seconds))
        beside.replace(self.clock)

    def now(self) -> datetime:
        """The moment by that clock."""
        return datetime.now(UTC) + timedelta(seconds=float(self.clock.read_text()))

    def prepare(self) -> None:
        """Crises, missions with three people each, and what will happen to each request."""
        self.set_ahead(0)
        self.history.touch()
        self.running.env |= {
            "DJANGO_SETTINGS_MODULE": "tests.journeys.faults.clocked",
            "DCC_CLOCK": str(self.clock),
            "DCC_HISTORY": str(self.history),
            "DCC_LADDER_MUTANT": self.mutant,
        }
        codes = self.running.script(SETUP % {"missions": MISSIONS, "crises": repr(CRISES)})
        pairs = [(crisis, mission) for crisis in CRISES for mission in codes][: self.requests]
        self.chance.shuffle(pairs)
        for crisis, mission in pairs:
            kind = self.chance.choices(["silent", "repeated", "opened", "answered"], [5, 3, 1, 1])[0]
            self.lives.append(Life(crisis, mission, self.chance.uniform(0, self.spread), kind))

    def kill_some(self, pause: float) -> None:
        """kill -9 of a sweeper by its id, again and again, until the run is over."""
        try:
            with subprocess.Popen(
                [*MODULE, "sweepers", str(SWEEPERS)],
                cwd=ROOT,
                env=self.running.env,
                stdout=subprocess.PIPE,
                start_new_session=True,
            ) as parent:
                try:
                    self._kill_some(parent, pause)
                finally:
                    os.killpg(parent.pid, signal.SIGKILL)
        except BaseException as error:  # noqa: BLE001 (told to the test's own thread)
            self.error = error

    def _kill_some(self, parent: subprocess.Popen[bytes], pause: float) -> None:
        assert parent.stdout is not None
        while not self.stop.is_set():
            living = json.loads(parent.stdout.readline())
            if self.stop.wait(self.chance.uniform(pause * 0.6, pause * 1.4)):
                return
            os.kill(self.chance.choice(living), signal.SIGKILL)
            self.kills += 1

    def waiting(self, before: datetime) -> int:
        """How many steps that are due before then were not done yet; by hand, for Django takes seconds to start."""
        address = self.running.env["DATABASE_URL"]
        count = "SELECT count(*) FROM alerts_duestep WHERE state = 'waiting' AND due_at <= "
        if address.startswith("postgres"):
            with psycopg.connect(address) as line:
                return int((line.execute(count + "%s", [before]).fetchone() or [0])[0])
        with closing(sqlite3.connect(unquote(urlsplit(address).path), timeout=20)) as embedded:
            moment = before.strftime("%Y-%m-%d %H:%M:%S.%f")
            return int(embedded.execute(count + "?", [moment]).fetchone()[0])

    def play(self, pause: float) -> None:
        """Let the clock run through each window, and jump over what lies between."""
        self.start = self.now() + timedelta(seconds=3)
        acts = sorted((second, what, life) for life in self.lives for second, what in life.acts())
        lines = [
            {
                "at": (self.start + timedelta(seconds=second)).isoformat(),
                "what": what,
                "crisis": life.crisis,
                "mission": life.mission,
            }
            for second, what, life in acts
            if second <= self.windows[-1] + self.spread
        ]
        nemesis = threading.Thread(target=self.kill_some, args=(pause,), daemon=True)
        nemesis.start()
        command = [*MODULE, "people"]
        with subprocess.Popen(
            command, cwd=ROOT, env=self.running.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as people:
            assert people.stdin is not None
            people.stdin.write("".join(json.dumps(line) + "\n" for line in lines))
            people.stdin.close()
            threading.Thread(target=self.listen, args=(people.stdout,), daemon=True).start()
            for window in self.windows:
                self._pass(window)
            assert people.wait(300) == 0
        self.stop.set()
        nemesis.join(30)
        if self.error is not None:
            raise self.error

    def listen(self, said: Any) -> None:
        """People tell each act after it."""
        for line in said:
            self.acted = (datetime.fromisoformat(line.strip()) - self.start).total_seconds()

    def _pass(self, window: float) -> None:
        """Jump to just before this window, and let it pass in real time; nobody's act is jumped over."""
        # Acts of their own take a quarter of the time; they have no steps.
        spread = self.spread if window in {0, *STEPS.values()} else self.spread / 4
        begin = self.start + timedelta(seconds=window - 0.5)
        jump = (begin - self.now()).total_seconds()
        if jump > 0:
            self.set_ahead(float(self.clock.read_text()) + jump)
        planned = self.start + timedelta(seconds=window + spread)
        mine = [second for life in self.lives for second, _what in life.acts() if second <= window + spread]
        until(lambda: self.acted >= max(mine) - 0.001, 300, f"people did what was theirs by {window} s", pause=0.02)
        # What people began late, on a busy machine, is due as much later.
        self.lag = max(self.lag, (self.now() - planned).total_seconds())
        end = planned + timedelta(seconds=1.0 + max(self.lag, 0.0))
        until(lambda: self.now() >= end, 300, f"the window at {window} s passed")
        until(lambda: not self.waiting(end), 300, "nothing due is waiting", pause=0.2)


@dataclass(slots=True)
class Found:
    """What the judge found: broken promises in words, and how late steps were."""

    broken: list[str]
    steps: int
    late: list[float]

    def late_at(self, share: float) -> float:
        """The lateness that this share of the steps did not exceed, in seconds."""
        return sorted(self.late)[min(len(self.late) - 1, int(share * len(self.late)))]


def judge(run: Run, last: float) -> Found:
    """Every step of every request exactly once, and nothing that was not due."""
    world = run.running.script(READ)
    by_place = {tuple(place): number for number, place in world["requests"].items()}
    done = Counter((number, step, turn) for number, step, turn in world["done"])
    must = {(by_place[life.crisis, life.mission], step, turn) for life in run.lives for step, turn in life.must(last)}
    broken = _told("never done", must - set(done))
    broken += _told("done and not due", set(done) - must)
    broken += _told("done more than once", [key for key, count in done.items() if count > 1])
    if world["lost"]:
        broken.append(f"the auditor found {world['lost']} steps lost, though nobody deleted one")
    if len(world["requests"]) != len(run.lives):
        broken.append(f"{len(world['requests'])} requests instead of {len(run.lives)}")
    if world["texts"] < len(must) // 2:
        broken.append(f"only {world['texts']} messages for {len(must)} steps")
    return Found(broken, len(must), _lateness(run, world["due"]))


def _lateness(run: Run, due: dict[str, list[Any]]) -> list[float]:
    late = []
    for line in run.history.read_text().splitlines():
        pk, moment = line.split()
        _about, _step, due_at, ladder, state = due[pk]
        if ladder == "request" and state == "fired":
            late.append((datetime.fromisoformat(moment) - datetime.fromisoformat(due_at)).total_seconds())
    return late


def _told(what: str, found: Any) -> list[str]:
    some = sorted(map(str, found))
    return [f"{len(some)} {what}: {', '.join(some[:4])}"] if some else []


@pytest.fixture
def seed() -> int:
    """DCC_SEED repeats an earlier run."""
    return int(os.environ.get("DCC_SEED") or random.randrange(1, 2**31))


@pytest.fixture
def world(database_server: str, prepared: Running) -> Iterator[Running]:
    """A database of this run's own; no web, no relay, no Celery: sweepers alone."""
    centre = Running(database_server, prepared)
    try:
        centre.prepare()
        centre.start("redis")
        yield centre
    finally:
        centre.down()


@pytest.mark.timeout(1500)
def test_ladder_climbs_every_step_exactly_once_through_thirty_kills(
    world: Running, database_server: str, seed: int, request: pytest.FixtureRequest
) -> None:
    run = Run(world, random.Random(seed), 200, 20.0, (0, 30, 60, 120, 200, 300, 600, 900, 1800))
    run.prepare()
    began = time.monotonic()
    run.play(pause=3.0)
    found = judge(run, 1800)
    database = "postgres" if database_server else "sqlite"
    line = (
        f"ladder {database:<9} 200 requests, {found.steps} steps, {run.kills} kills: "
        f"{'every step exactly once' if not found.broken else 'BROKEN'}, "
        f"late p50 {found.late_at(0.5):.2f} p99 {found.late_at(0.99):.2f} worst {max(found.late):.2f} s, "
        f"{time.monotonic() - began:.0f} s, seed {seed}"
    )
    request.config.stash.setdefault(LINES, []).append(line)
    assert not found.broken, "\n".join(found.broken)
    assert run.kills >= 30
    assert len(found.late) >= 0.95 * found.steps
    assert found.late_at(0.99) <= 1.0


@pytest.mark.timeout(900)
@pytest.mark.parametrize("mutant", ["key", "claim"])
def test_ladder_judge_notices_a_missing_safeguard(world: Running, seed: int, mutant: str) -> None:
    """Without the UNIQUE key a repeat doubles the steps; without the claim three sweepers do each of them."""
    run = Run(world, random.Random(seed), 40, 3.0, (0, 30, 120), mutant=mutant)
    run.prepare()
    run.play(pause=2.0)
    assert any("more than once" in words or "not due" in words for words in judge(run, 120).broken)
