"""Plays a scenario against a running server, through the public API and the pages' own endpoints, as people would.

It knows nothing of the database: whatever works here works for a person with a browser.
"""

import re
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from alerts.exercises.schemas import (
    AnyStep,
    Choose,
    Declare,
    Emergency,
    Expect,
    Note,
    Open,
    Persons,
    Report,
    Request,
    Scenario,
    States,
    Take,
    Withdraw,
)
from alerts.playing.checking import Place, Result, at_the_end, in_between, refuse_unexpected
from alerts.playing.desk import Account, Desk, PlayError

LEAD = re.compile(r'<option value="(\d+)" selected')
FORM = re.compile(r'href="([^"]*/report/[^"/]+/)"')
SEEN = re.compile(r'name="seen" value="([^"]*)"')
COUNTRY = re.compile(r'<option value="([A-Z]{2})"')
EXPECTED = re.compile(r'name="expected" value="(\d+)"')
# Of no country and no kind of passport: nobody has these.
DOCUMENT, PHONE = "LATIHAN{:05}", "+999000{:06}"
CLIENT = re.compile(r'name="client_id" value="([0-9a-f-]{36})"')


class Player:
    """One run of one scenario."""

    def __init__(
        self,
        scenario: Scenario,
        accounts: Iterable[Account],
        *,
        base: str,
        speed: float,
        say: Callable[[str], None],
        clock: Callable[[], datetime],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.scenario, self.base, self.speed, self.say, self.clock = scenario, base, speed, say, clock
        self.accounts = list(accounts)
        self.transport = transport
        self.desks: dict[str, Desk] = {}
        self.citizen = Desk(base, transport)
        self.root = self.crisis = ""
        self.numbers: dict[str, str] = {}
        self.forms: dict[str, str] = {}
        self.reports: dict[str, int] = {}

    def play(self) -> list[Result]:
        """From the start to the checks; the results are in the order of the file."""
        self._start()
        began = time.monotonic()
        acts: dict[type, Callable[[Any], str]] = {
            Emergency: self._emergency,
            Take: self._take,
            Note: self._note,
            Declare: self._declare,
            Request: self._request,
            Open: self._open,
            Report: self._report,
            Choose: self._choose,
            Withdraw: self._withdraw,
            Persons: self._persons,
            States: self._states,
            Expect: self._expect,
        }
        for step in self.scenario.steps:
            time.sleep(max(0.0, began + step.at * 60 / self.speed - time.monotonic()))
            self._tell(step, acts[type(step)](step))
        return at_the_end(self._place(), self.scenario.checks)

    def _tell(self, step: AnyStep, words: str) -> None:
        minutes, seconds = divmod(round(step.at * 60), 60)
        self.say(f"{self.clock():%H:%M:%S}Z  T+{minutes:03d}:{seconds:02d}  {words}")

    def _desk(self, role: str, mission: str = "") -> Desk:
        """The signed-in browser of a role, or of a mission's officer."""
        key = mission or role
        if key not in self.desks:
            found = [one for one in self.accounts if one.mission == mission and (mission or one.role == role)]
            if not found:
                raise PlayError(f"there is no demonstration account for {mission or role}")
            desk = Desk(self.base, self.transport)
            desk.sign_in(found[0])
            self.desks[key] = desk
        return self.desks[key]

    def _start(self) -> None:
        supervisor = self._desk("supervisor")
        supervisor.get("/exercises/")
        answer = supervisor.post("/exercises/start/", {"scenario": self.scenario.id})
        self.root = urlsplit(answer.headers["Location"]).path.rstrip("/")
        if self.root in {"", "/exercises"}:
            raise PlayError("the server did not start the exercise")
        for person in ("operator", "verifier"):
            self._desk(person)
        self.say(f"Exercise {self.root.rpartition('/')[2]} has started. Watch it:")
        self.say(f"  the picture    {self.base}{self.root}/")
        self.say(f"  the summary    {self.base}{self.root}/summary/")

    def _emergency(self, step: Emergency) -> str:
        moment = self.clock().isoformat()
        fix = {"lat": step.lat, "lon": step.lon, "accuracy_m": step.accuracy_m, "fixed_at": moment, "source": "gps"}
        body = {
            "client_id": str(uuid.uuid4()),
            "pressed_at": moment,
            "kind": step.kind,
            "location": fix,
            "place": step.place,
            "message": step.message,
            "language": "id",
            "silent": step.silent,
        }
        told = self.citizen.send(f"{self.root}/api/v1/emergencies", body)
        self.numbers[step.key] = told["number"]
        return f"a citizen asks for help ({step.kind}): {told['number']}, {told['mission']['code']} answers for it"

    def _take(self, step: Take) -> str:
        number = self.numbers[step.emergency]
        desk = self._desk("operator")
        page = f"{self.root}/emergencies/{number}/"
        desk.get(page)
        desk.post(f"{page}opened/", {})
        desk.post(f"{page}take/", {"minutes": "15"})
        return f"the operator takes {number}"

    def _note(self, step: Note) -> str:
        number = self.numbers[step.emergency]
        self._desk("operator").post(f"{self.root}/emergencies/{number}/note/", {"text": step.text})
        return f"the operator notes on {number}: {step.text}"

    def _declare(self, step: Declare) -> str:
        desk, page = self._desk("supervisor"), f"{self.root}/crises/declare/"
        lead = LEAD.search(desk.get(page))
        form = {
            "step": "declare",
            "name": step.name,
            "kind": step.kind,
            "level": step.level,
            "lead": lead[1] if lead else "",
            "area_source": "radius",
            "lat": step.lat,
            "lon": step.lon,
            "radius_km": step.radius_km,
        }
        room = urlsplit(desk.post(page, form).headers["Location"]).path
        self.crisis = room.rstrip("/").rpartition("/")[2]
        self.say(f"  the crisis     {self.base}{room}")
        return f"the supervisor declares {step.name}"

    def _request(self, step: Request) -> str:
        page = f"{self.root}/crises/{self.crisis}/request/"
        self._desk("operator").post(page, {"missions": step.missions})
        return f"the operator requests reports from {', '.join(step.missions)}"

    def _open(self, step: Open) -> str:
        form = self._form(step.mission)
        self._desk("", step.mission).post(f"{form}opened/", {}, accept=(204,))
        return f"the officer of {step.mission} opens the form"

    def _form(self, mission: str) -> str:
        """The officer's own link, from the inbox."""
        if mission not in self.forms:
            found = FORM.search(self._desk("", mission).get(f"{self.root}/reports/"))
            if found is None:
                raise PlayError(f"the inbox of {mission} has no form to open")
            self.forms[mission] = found[1]
        self._desk("", mission).get(self.forms[mission])
        return self.forms[mission]

    def _report(self, step: Report) -> str:
        address, desk = self._form(step.mission), self._desk("", step.mission)
        client = CLIENT.search(desk.get(address))
        form: dict[str, Any] = {
            "client_id": client[1] if client else str(uuid.uuid4()),
            "answer": step.answer,
            "source": step.source,
            "ago": step.minutes_ago,
            "authorities": step.authorities,
            "hospitals": step.hospitals,
            "note": step.note,
        }
        form |= {key.replace(".", "_"): value for key, value in step.figures.items()}
        sent = urlsplit(desk.post(address, form).headers["Location"]).path
        self.reports[step.key] = int(sent.rstrip("/").rpartition("/")[2])
        told = ", ".join(f"{key} {value}" for key, value in step.figures.items()) or step.answer
        return f"{step.mission} files report #{self.reports[step.key]}: {told}"

    def _choose(self, step: Choose) -> str:
        number = self.reports[step.report]
        page = f"{self.root}/crises/{self.crisis}/choose/report/{number}/"
        desk = self._desk("verifier")
        told = next(one for one in self.scenario.steps if isinstance(one, Report) and one.key == step.report)
        keys = step.keys or list(told.figures)
        seen = SEEN.search(desk.get(page))
        desk.post(page, {"keys": keys, "reason_text": step.reason, "seen": seen[1] if seen else ""})
        return f"the verifier makes {len(keys)} figures of report #{number} official: {step.reason}"

    def _withdraw(self, step: Withdraw) -> str:
        desk, page = self._desk("verifier"), f"{self.root}/crises/{self.crisis}/official/{step.key}/"
        seen = SEEN.search(desk.get(page))
        desk.post(f"{page}withdraw/", {"reason_text": step.reason, "seen": seen[1] if seen else ""})
        return f"the verifier withdraws {step.key}: {step.reason}"

    def _persons(self, step: Persons) -> str:
        """The mission sends a list of invented persons."""
        people = range(step.first, step.first + step.n)
        rows = [f"{name(n)},{DOCUMENT.format(n)},{PHONE.format(n)},{step.place}" for n in people]
        done = self._list(step.mission, "nama,dokumen,telepon,tempat", rows, step.country, step.reason)
        return f"{step.mission} enters {step.n} persons by list: {done}"

    def _states(self, step: States) -> str:
        """The mission sends a list of who is in another state now, or sets it for all that are in one."""
        if step.was:
            return self._bulk(step)
        rows = [f"{name(n)},{DOCUMENT.format(n)},{step.state}" for n in range(step.first, step.last + 1)]
        done = self._list(step.mission, "nama,dokumen,keadaan", rows, "", step.reason)
        return f"{step.mission} says of {len(rows)} persons: {step.state} ({done})"

    def _list(self, mission: str, head: str, rows: list[str], country: str, reason: str) -> str:
        """Through the three steps of a list: the file, its preview, applying it."""
        desk, page = self._desk("", mission), f"{self.root}/crises/{self.crisis}/ledger/list/"
        offered = COUNTRY.findall(desk.get(page))
        sent = {"country": country or offered[0], "mission": mission}
        text = "\n".join([head, *rows]).encode()
        answer = desk.post(page, sent, files={"file": ("daftar.csv", text, "text/csv")})
        preview = urlsplit(answer.headers["Location"]).path
        seen = SEEN.search(desk.get(preview))
        desk.post(preview, {"seen": seen[1] if seen else "", "ago": "0", "reason": reason})
        return reason

    def _bulk(self, step: States) -> str:
        desk, page = self._desk("", step.mission), f"{self.root}/crises/{self.crisis}/ledger/"
        found = EXPECTED.search(desk.get(f"{page}?state={step.was}"))
        n = found[1] if found else "0"
        form = {"expected": n, "state": step.state, "ago": "0", "reason": step.reason}
        desk.post(f"{page}set/?state={step.was}", form)
        return f"{step.mission} sets {n} persons that were {step.was}: {step.state} ({step.reason})"

    def _expect(self, step: Expect) -> str:
        found = in_between(self._place(), step)
        refuse_unexpected(found)
        return "as the file says: " + ", ".join(f"{one.name} {one.got}" for one in found)

    def _place(self) -> Place:
        return Place(self._desk("supervisor"), self.root, self.crisis)


def name(n: int) -> str:
    """An invented person: never a real one's name, document or telephone."""
    return f"WNI LATIHAN {n:04}"
