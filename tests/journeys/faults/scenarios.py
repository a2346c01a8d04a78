"""One scenario for each action that records an event: what is before the `yield` is set, what is after it is tried."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from alerts.crises import actions as crises
from alerts.crises.models import Crisis
from alerts.emergencies import actions as emergencies
from alerts.emergencies.models import Emergency, Outcome, Side
from alerts.exercises import actions as exercises
from alerts.intake import actions as intake
from alerts.ledger import actions as ledger
from alerts.opening.actions import open_by_staff
from alerts.progress import actions as progress
from alerts.reporting import actions as reporting
from alerts.sitreps import actions as sitreps
from alerts.sitreps.models import ReportRequest, SituationReport
from alerts.submissions import actions as submissions
from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from commandcenter.wall import actions as wall
from tests.conftest import People
from tests.journeys.faults.law import name_of

NEAR, FAR = "kjri-hongkong", "kbri-beijing"
AREA = {"type": "Polygon", "coordinates": [[[114.1, 22.4], [114.3, 22.4], [114.3, 22.5], [114.1, 22.5], [114.1, 22.4]]]}


class Stage:
    """People and things in one world; `at` moves on a second with every act."""

    def __init__(self, people: People, at: datetime, exercise: str) -> None:
        self.people, self.moment, self.exercise = people, at, exercise

    @property
    def at(self) -> datetime:
        """The next moment."""
        self.moment += timedelta(seconds=1)
        return self.moment

    def reader(self, role: Role, mission: str = "") -> Reader:
        """Somebody of this role."""
        return self.people.reader(role, mission, exercise=self.exercise)

    @property
    def operator(self) -> Reader:
        """An operator."""
        return self.reader(Role.OPERATOR)

    @property
    def supervisor(self) -> Reader:
        """A supervisor."""
        return self.reader(Role.SUPERVISOR)

    def report(self, **more: Any) -> intake.Report:
        """A panic button in Hong Kong."""
        fix = intake.Fix(22.45, 114.17, self.moment, "gps")
        given = {"client_id": uuid.uuid4(), "pressed_at": self.at, "kind": "panic", "location": fix}
        return intake.Report(**given | more)

    def emergency(self, **more: Any) -> Emergency:
        """A received emergency."""
        report = self.report(**more)
        intake.receive(report=report, at=self.at, exercise=self.exercise)
        return Emergency.objects.get(client_id=report.client_id)

    def taken(self) -> Emergency:
        """An emergency the operator holds."""
        return emergencies.take(actor=self.operator, number=self.emergency().number, at=self.at)

    def resolved(self) -> Emergency:
        """One that is over."""
        given = {"actor": self.operator, "number": self.taken().number, "at": self.at}
        return emergencies.resolve(outcome=Outcome.values[0], **given)

    def crisis(self) -> Crisis:
        """An open crisis that involves the near mission."""
        return crises.declare(
            actor=self.supervisor,
            at=self.at,
            name=f"Kebakaran {uuid.uuid4().hex[:8]}",
            kind="fire",
            level=1,
            area=AREA,
            area_source="draw",
            countries=["HK"],
            lead=self.supervisor.user_id,
            mission_codes=[NEAR],
        )

    def request(self) -> ReportRequest:
        """An open request to the near mission."""
        [made] = sitreps.request_reports(actor=self.operator, at=self.at, crisis=self.crisis(), mission_codes=[NEAR])
        return made

    def filed(self, request: ReportRequest) -> SituationReport:
        """The mission's answer."""
        return sitreps.file_report(
            actor=self.reader(Role.MISSION_OFFICER, NEAR),
            at=self.at,
            request=request,
            client_id=uuid.uuid4(),
            answer="figures",
            figures={"wni.dead": (1, None), "wni.missing": (2, 5)},
            as_of=self.moment,
        ).report


Scenario = Callable[[Stage], Iterator[None]]
SCENARIOS: dict[str, Scenario] = {}


def scenario(action: Callable[..., Any]) -> Callable[[Scenario], Scenario]:
    """Register the scenario of an action."""

    def register(made: Scenario) -> Scenario:
        SCENARIOS[name_of(action)] = made
        return made

    return register


@scenario(intake.receive)
def receive(stage: Stage) -> Iterator[None]:
    yield
    stage.emergency()


@scenario(intake.receive_many)
def receive_many(stage: Stage) -> Iterator[None]:
    reports = [stage.report(), stage.report(location=None, country="HK"), stage.report(location=None)]
    yield
    intake.receive_many(reports=[*reports, reports[0]], at=stage.at, exercise=stage.exercise)
    # One device presses three times within a minute: its further presses change the emergency that it opened.
    again = [stage.report(device="A" * 22, message="Kami di atap", silent=n > 0) for n in range(3)]
    intake.receive_many(reports=again, at=stage.at, exercise=stage.exercise)


@scenario(intake.receive_message)
def receive_message(stage: Stage) -> Iterator[None]:
    number = stage.emergency().number
    yield
    given = {"number": number, "exercise": stage.exercise, "client_id": uuid.uuid4(), "text": "Tolong"}
    intake.receive_message(at=stage.at, **given)
    intake.receive_message(at=stage.at, **given)


@scenario(intake.receive_position)
def receive_position(stage: Stage) -> Iterator[None]:
    # Nobody answers for it yet: the first fix finds the mission, which then hears of it for the first time.
    number = stage.emergency(location=None).number
    yield
    for lat in (22.45, 22.46):
        fix = intake.Fix(lat, 114.17, stage.at, "gps", 10)
        intake.receive_position(number=number, exercise=stage.exercise, at=stage.at, fix=fix)


@scenario(intake.cancel)
def cancel(stage: Stage) -> Iterator[None]:
    number = stage.emergency().number
    yield
    intake.cancel(number=number, exercise=stage.exercise, at=stage.at)


@scenario(open_by_staff)
def open_by_staff_(stage: Stage) -> Iterator[None]:
    yield
    told = {"channel": "hotline", "nature": "other", "priority": 1, "country": "HK"}
    places = ({"latitude": 22.45, "longitude": 114.17}, {}, {"country": ""})
    for place in places:
        given = {"client_id": uuid.uuid4(), **told, **place}
        for _again in range(2):
            open_by_staff(actor=stage.operator, at=stage.at, **given)


@scenario(emergencies.open_by_officer)
def open_by_officer(stage: Stage) -> Iterator[None]:
    number = stage.emergency().number
    yield
    emergencies.open_by_officer(actor=stage.operator, number=number, at=stage.at)


@scenario(emergencies.take)
def take(stage: Stage) -> Iterator[None]:
    number = stage.emergency().number
    yield
    emergencies.take(actor=stage.reader(Role.MISSION_OFFICER, NEAR), number=number, at=stage.at)


@scenario(emergencies.release)
def release(stage: Stage) -> Iterator[None]:
    number = stage.taken().number
    yield
    emergencies.release(actor=stage.operator, number=number, at=stage.at)


@scenario(emergencies.add_note)
def add_note(stage: Stage) -> Iterator[None]:
    number = stage.taken().number
    yield
    emergencies.add_note(actor=stage.operator, number=number, at=stage.at, text="Menelepon")


@scenario(emergencies.send_message)
def send_message(stage: Stage) -> Iterator[None]:
    number = stage.taken().number
    yield
    given = {"actor": stage.operator, "number": number, "client_id": uuid.uuid4(), "text": "Kami datang"}
    emergencies.send_message(at=stage.at, **given)


@scenario(emergencies.say)
def say(stage: Stage) -> Iterator[None]:
    emergency = stage.emergency()
    yield
    given = {"client_id": uuid.uuid4(), "side": Side.CITIZEN, "text": "Tolong", "actor": None}
    emergencies.say(emergency=emergency, at=stage.at, **given)


@scenario(emergencies.resolve)
def resolve(stage: Stage) -> Iterator[None]:
    number = stage.taken().number
    yield
    emergencies.resolve(actor=stage.operator, number=number, at=stage.at, outcome=Outcome.values[0])


@scenario(emergencies.reopen)
def reopen(stage: Stage) -> Iterator[None]:
    number = stage.resolved().number
    yield
    emergencies.reopen(actor=stage.operator, number=number, at=stage.at)


@scenario(emergencies.reopen_by_citizen)
def reopen_by_citizen(stage: Stage) -> Iterator[None]:
    number = stage.resolved().number
    yield
    given = {"exercise": stage.exercise, "client_id": uuid.uuid4(), "text": "Masih di sini"}
    intake.receive_message(number=number, at=stage.at, **given)


@scenario(progress.return_if_untouched)
def return_if_untouched(stage: Stage) -> Iterator[None]:
    emergency = stage.taken()
    stage.moment += timedelta(minutes=11)
    yield
    assert progress.return_if_untouched(emergency_id=emergency.pk, at=stage.at)


@scenario(emergencies.change)
def change(stage: Stage) -> Iterator[None]:
    emergency = stage.emergency()
    yield
    emergencies.change(emergency=emergency, kind="noted", at=stage.at, actor=stage.operator)


@scenario(crises.declare)
def declare(stage: Stage) -> Iterator[None]:
    yield
    stage.crisis()


@scenario(crises.change_level)
def change_level(stage: Stage) -> Iterator[None]:
    crisis = stage.crisis()
    yield
    crises.change_level(actor=stage.supervisor, at=stage.at, slug=crisis.slug, version=crisis.version, level=3)


@scenario(crises.add_mission)
def add_mission(stage: Stage) -> Iterator[None]:
    # The crisis has figures and requests already: the new mission's page must end up like one opened afterwards.
    request = stage.request()
    chosen(stage, stage.filed(request))
    yield
    crises.add_mission(actor=stage.operator, at=stage.at, slug=request.crisis.slug, mission=FAR, reason="Dekat")


@scenario(crises.stand_down)
def stand_down(stage: Stage) -> Iterator[None]:
    request = stage.request()
    chosen(stage, stage.filed(request))
    yield
    crisis = Crisis.objects.get(pk=request.crisis_id)
    crises.stand_down(actor=stage.supervisor, at=stage.at, slug=crisis.slug, version=crisis.version)


@scenario(sitreps.request_reports)
def request_reports(stage: Stage) -> Iterator[None]:
    crisis = stage.crisis()
    yield
    for _attempt in range(2):
        sitreps.request_reports(actor=stage.operator, at=stage.at, crisis=crisis, mission_codes=[NEAR])


@scenario(sitreps.mark_opened)
def mark_opened(stage: Stage) -> Iterator[None]:
    request = stage.request()
    yield
    sitreps.mark_opened(actor=stage.reader(Role.MISSION_OFFICER, NEAR), at=stage.at, request=request)


@scenario(sitreps.mark_filling)
def mark_filling(stage: Stage) -> Iterator[None]:
    request = stage.request()
    yield
    sitreps.mark_filling(actor=stage.reader(Role.MISSION_OFFICER, NEAR), at=stage.at, request=request)


@scenario(sitreps.file_report)
def file_report(stage: Stage) -> Iterator[None]:
    request = stage.request()
    yield
    stage.filed(request)


@scenario(submissions.file_web)
def file_web(stage: Stage) -> Iterator[None]:
    request = stage.request()
    yield
    told = {"client_id": uuid.uuid4(), "answer": "none_affected", "figures": {}, "as_of": stage.moment}
    for _tap in range(2):
        submissions.file_web(actor=stage.reader(Role.MISSION_OFFICER, NEAR), at=stage.at, request=request, **told)


@scenario(submissions.file_line)
def file_line(stage: Stage) -> Iterator[None]:
    request = stage.request()
    officer = stage.reader(Role.MISSION_OFFICER, NEAR)
    User.objects.filter(pk=officer.user_id).update(phone="+85251110000")
    yield
    submissions.file_line(sender="+85251110000", at=stage.at, key=f"k{request.pk}", text=f"dcc {request.pk} m2, lb1")


@scenario(reporting.mark_seen)
def mark_seen(stage: Stage) -> Iterator[None]:
    report = stage.filed(stage.request())
    yield
    for _look in range(2):
        reporting.mark_seen(actor=stage.operator, at=stage.at, report=report)


@scenario(wall.add_screen)
def add_screen(stage: Stage) -> Iterator[None]:
    yield
    _screen(stage)


@scenario(wall.pair)
def pair(stage: Stage) -> Iterator[None]:
    _key, code = _screen(stage)
    yield
    wall.pair(at=stage.at, exercise=stage.exercise, typed=code)


@scenario(wall.revoke)
def revoke(stage: Stage) -> Iterator[None]:
    key, _code = _screen(stage)
    yield
    wall.revoke(actor=stage.supervisor, at=stage.at, screen=key)


@scenario(exercises.start)
def start(stage: Stage) -> Iterator[None]:
    yield
    an_exercise(stage)


@scenario(exercises.end)
def end(stage: Stage) -> Iterator[None]:
    slug = stage.exercise or an_exercise(stage).slug
    yield
    exercises.end(actor=stage.people.reader(Role.SUPERVISOR), at=stage.at, slug=slug)


def chosen(stage: Stage, report: SituationReport) -> None:
    """The report's count of the dead is official."""
    figure = report.figures.get(key="wni.dead")
    given = {"crisis": report.crisis, "key": "wni.dead", "reported_figure": figure, "reason": "Cocok"}
    ledger.choose(actor=stage.reader(Role.VERIFIER), at=stage.at, **given)


def _screen(stage: Stage) -> tuple[int, str]:
    """A wall screen's key and its code."""
    made, code = wall.add_screen(actor=stage.supervisor, at=stage.at, name=uuid.uuid4().hex, place="Ruang krisis")
    return made.pk, code


def an_exercise(stage: Stage) -> Any:
    given = {"scenario": "hk-wangfuk-2025", "name_id": "Latihan", "name_en": "Drill"}
    # Exercises are started and ended from live work.
    return exercises.start(actor=stage.people.reader(Role.SUPERVISOR), at=stage.at, **given)
