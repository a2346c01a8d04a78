"""A world that is played by chance through the product's own actions, one act a minute."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from alerts.crises import actions as crises
from alerts.crises.models import Crisis
from alerts.differences import actions as differences
from alerts.differences.queries import differences as differing
from alerts.figures.keys import FIGURE_KEYS, Source
from alerts.ledger import actions as ledger
from alerts.ledger.models import OfficialFigure
from alerts.sitreps import actions as sitreps
from alerts.sitreps.models import ReportedFigure, ReportRequest, SituationReport
from commandcenter.access.models import Role
from commandcenter.problems import Refusal
from tests.alerts.ledger.world import a_mission

MISSIONS = ("kjri-hongkong", "kjri-guangzhou")
ADDED = "kbri-beijing"


class Play:
    """Acts of everybody; each happens at a moment of its own."""

    def __init__(self, people: Any, crisis: Crisis, at: datetime, seed: str) -> None:
        self.people, self.crisis, self.at, self.chance = people, crisis, at, Random(seed)
        a_mission(ADDED, "KBRI Beijing")

    def reader(self, role: Role, mission: str = "", username: str = "") -> Any:
        return self.people.reader(role, mission, exercise=self.crisis.exercise, username=username)

    def acts(self, many: int) -> Iterator[tuple[str, datetime]]:
        """So many acts that were not refused, then the end; each by name, with its moment."""
        tries: list[Callable[[], object]] = [self.request, self.request, self.open, self.choose, self.judge, self.level]
        tries += [self.file] * 5 + [self.correct, self.withdraw, self.add, self.remark]
        done = 0
        while done < many:
            self.at += timedelta(minutes=self.chance.randint(1, 11), seconds=self.chance.randint(0, 59))
            self.crisis.refresh_from_db()
            act = self.chance.choice(tries)
            try:
                act()
            except (Refusal, IndexError):
                continue
            done += 1
            yield act.__name__, self.at
        self.at += timedelta(minutes=1)
        self.crisis.refresh_from_db()
        crises.stand_down(
            actor=self.reader(Role.SUPERVISOR), at=self.at, slug=self.crisis.slug, version=self.crisis.version
        )
        yield "stand_down", self.at

    def request(self) -> None:
        # Sometimes the mission's officer is another one by now: a repeat asks whoever is there.
        mission = self.chance.choice(MISSIONS)
        self.reader(Role.MISSION_OFFICER, mission, self.chance.choice(["", f"dua-{mission}"]))
        operator = self.reader(Role.OPERATOR)
        sitreps.request_reports(actor=operator, at=self.at, crisis=self.crisis, mission_codes=[mission])

    def _any(self, rows: Any) -> Any:
        return self.chance.choice(list(rows.order_by("pk")))

    def open(self) -> None:
        request = self._any(ReportRequest.objects.filter(crisis=self.crisis, opened_at=None))
        officer = self.reader(Role.MISSION_OFFICER, request.mission_id)
        sitreps.mark_opened(actor=officer, at=self.at, request=request)

    def file(self, replaces: SituationReport | None = None) -> None:
        requests = ReportRequest.objects.filter(crisis=self.crisis)
        request = replaces.request if replaces else self._any(requests)
        chance, answer = self.chance, self.chance.choice(["figures"] * 6 + ["checking", "none_affected"])
        keys = chance.sample(FIGURE_KEYS, chance.randint(1, 6)) if answer == "figures" else []
        ends = [(low, chance.choice([None, None, low + 2])) for low in (chance.randint(0, 12) for _key in keys)]
        sitreps.file_report(
            actor=self.reader(Role.MISSION_OFFICER, request.mission_id),
            at=self.at,
            request=request,
            client_id=uuid.uuid4(),
            answer=answer,
            figures=dict(zip(keys, ends, strict=True)),
            as_of=self.at - timedelta(minutes=chance.choice([0, 0, 5, 60, 150])),
            source=chance.choice(Source.values),
            authorities=chance.choice(["", "yes", "no"]),
            hospitals=chance.choice(["", "all", "partial"]),
            replaces=replaces.number if replaces else None,
        )

    def correct(self) -> None:
        self.file(self._any(SituationReport.objects.filter(crisis=self.crisis)))

    def choose(self) -> None:
        figure = self._any(ReportedFigure.objects.filter(report__crisis=self.crisis).select_related("report"))
        given = {"crisis": self.crisis, "key": figure.key, "reported_figure": figure, "reason": "paling dekat"}
        before = OfficialFigure.objects.count()
        ledger.choose(actor=self.reader(Role.VERIFIER), at=self.at, **given)
        if OfficialFigure.objects.count() == before:
            raise IndexError

    def withdraw(self) -> None:
        key = self._any(OfficialFigure.objects.filter(crisis=self.crisis)).key
        ledger.withdraw(actor=self.reader(Role.VERIFIER), at=self.at, crisis=self.crisis, key=key, reason="ragu")

    def judge(self) -> None:
        item = self.chance.choice(differing(self.crisis))
        act = differences.accept if item.is_open else differences.reopen
        given = {"about": item.difference.about, "expected_version": item.judged.version, "reason": "wajar"}
        act(actor=self.reader(Role.VERIFIER), at=self.at, crisis=self.crisis, **given)

    def level(self) -> None:
        given = {"slug": self.crisis.slug, "version": self.crisis.version, "level": self.chance.randint(1, 3)}
        crises.change_level(actor=self.reader(Role.SUPERVISOR), at=self.at, **given)

    def add(self) -> None:
        actor = self.reader(Role.SUPERVISOR)
        crises.add_mission(actor=actor, at=self.at, slug=self.crisis.slug, mission=ADDED, reason="rangkapan")

    def remark(self) -> None:
        """The newest report of a mission again, at a later time: nothing new."""
        report = self._any(SituationReport.objects.filter(crisis=self.crisis, answer="figures"))
        sitreps.file_report(
            actor=self.reader(Role.MISSION_OFFICER, report.mission_id),
            at=self.at,
            request=report.request,
            client_id=uuid.uuid4(),
            answer="figures",
            figures={figure.key: (figure.value, figure.high) for figure in report.figures.all()},
            as_of=self.at,
            source=report.source,
            authorities="yes",
        )
