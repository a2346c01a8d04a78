"""Plays a scenario against a running server, through the public API and the pages' own endpoints, as people would.

It knows nothing of the database: whatever works here works for a person with a browser.
"""

import re
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from alerts.exercises.schemas import (
    AnyStep,
    Choose,
    Declare,
    Emergency,
    Note,
    Open,
    Report,
    Request,
    Scenario,
    Take,
    Withdraw,
)

TIMEOUT = httpx.Timeout(20, connect=3)
LEAD = re.compile(r'<option value="(\d+)" selected')
FORM = re.compile(r'href="([^"]*/report/[^"/]+/)"')
SEEN = re.compile(r'name="seen" value="([^"]*)"')
CLIENT = re.compile(r'name="client_id" value="([0-9a-f-]{36})"')
PROBLEM = re.compile(r'class="(?:error-summary|field-error)".*?</(?:div|p)>', re.DOTALL)
TAGS = re.compile(r"<[^>]+>")


class PlayError(Exception):
    """The play can't go on; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    role: str
    username: str
    password: str
    mission: str


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table at the end."""

    name: str
    expected: str
    got: str

    @property
    def is_ok(self) -> bool:
        """Whether it is what the file says."""
        return self.expected == self.got


class Desk:
    """One person's browser: cookies, the CSRF token, and an Origin as a browser sends it."""

    def __init__(self, base: str, transport: httpx.BaseTransport | None = None) -> None:
        self.http = httpx.Client(base_url=base, timeout=TIMEOUT, transport=transport)
        self.origin = "{0.scheme}://{0.netloc}".format(urlsplit(base))

    def sign_in(self, account: Account) -> None:
        """Through the sign-in page."""
        self.get("/login/")
        answer = self.post("/login/", {"login": account.username, "password": account.password}, accept=(200, 302))
        if answer.status_code != 302:
            raise PlayError(
                f"{account.username} can't sign in. Start the server with DCC_DEMO=1 (bin/run does), "
                "and run this with the same DCC_VAR."
            )

    def get(self, address: str) -> str:
        """A page's text."""
        return self._answer("GET", address, (200,)).text

    def json(self, address: str) -> Any:
        """A JSON document."""
        return self._answer("GET", address, (200,)).json()

    def post(self, address: str, data: dict[str, Any], accept: Iterable[int] = (302,)) -> httpx.Response:
        """A form, sent as the page would."""
        head = {
            "X-CSRFToken": self.http.cookies.get("csrftoken", ""),
            "Origin": self.origin,
            "Referer": urljoin(self.origin, address),
        }
        return self._answer("POST", address, tuple(accept), data=data, headers=head)

    def send(self, address: str, body: dict[str, Any]) -> Any:
        """JSON to the public API."""
        return self._answer("POST", address, (200, 201), json=body).json()

    def _answer(self, method: str, address: str, accept: tuple[int, ...], **more: Any) -> httpx.Response:
        try:
            answer = self.http.request(method, address, **more)
        except httpx.TransportError as error:
            raise PlayError(f"no server answers at {self.origin} ({error}). Start it with bin/run.") from error
        if answer.status_code not in accept:
            raise PlayError(f"{method} {address} was answered {answer.status_code}: {_said(answer)}")
        return answer


def _said(answer: httpx.Response) -> str:
    """The reason in an answer: of a problem document, or of a page's error summary."""
    if "json" in answer.headers.get("content-type", ""):
        errors = answer.json().get("errors") or []
        return "; ".join(f"{error['field']}: {error['en']}" for error in errors) or answer.text[:200]
    found = PROBLEM.search(answer.text)
    return " ".join(TAGS.sub(" ", found[0] if found else answer.text[-400:]).split())[:300]


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
        }
        for step in self.scenario.steps:
            time.sleep(max(0.0, began + step.at * 60 / self.speed - time.monotonic()))
            self._tell(step, acts[type(step)](step))
        return self._check()

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

    def _check(self) -> list[Result]:
        """The official figures by the public API against the file's last ones."""
        told = self._desk("verifier").json(f"{self.root}/api/v1/crises/{self.crisis}/figures")
        official = {key: cell["value"] for key, cell in told["official"].items() if cell["value"] is not None}
        expected: dict[str, int] = dict(self.scenario.checks.official)
        keys = [*expected, *(key for key in official if key not in expected)]
        results = [Result(key, str(expected.get(key, "—")), str(official.get(key, "—"))) for key in keys]
        state = told["reconciliation"]["state"]
        return [*results, Result("reconciliation", self.scenario.checks.reconciliation, state)]
