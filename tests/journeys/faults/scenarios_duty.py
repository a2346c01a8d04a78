"""Scenarios of rosters and handovers: registered beside the others (see scenarios.py) by being imported."""

from collections.abc import Iterator
from datetime import timedelta

from alerts.assigning import actions as assigning
from alerts.emergencies import actions as emergencies
from alerts.emergencies.models import Emergency
from alerts.handover import actions as handovers
from alerts.handover.models import Handover
from alerts.handover.queries import sheet
from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from missions.roster import actions as rosters
from missions.roster.models import Shift, ShiftSwap
from tests.journeys.faults.scenarios import NEAR, Stage, scenario


def _shift(stage: Stage, after: int = 0, username: str = "maya") -> Shift:
    officer = stage.people.reader(Role.MISSION_OFFICER, NEAR, exercise=stage.exercise, username=username)
    # Each scenario has days of its own, in whatever order they come; a copied week lies between two of them.
    begins = stage.at + timedelta(days=1 + 15 * Shift.objects.count(), hours=after)
    given = {"place": NEAR, "person": officer.user_id, "starts_at": begins, "hours": 4}
    return rosters.plan(actor=stage.supervisor, at=stage.at, **given).shift


def _swap(stage: Stage) -> ShiftSwap:
    shift = _shift(stage)
    asker, other = (
        stage.people.reader(Role.MISSION_OFFICER, NEAR, exercise=stage.exercise, username=name)
        for name in ("maya", "dewi")
    )
    return rosters.ask_swap(actor=asker, at=stage.at, shift_id=shift.pk, other=other.user_id)


def _officer(stage: Stage, username: str) -> Reader:
    return stage.people.reader(Role.MISSION_OFFICER, NEAR, exercise=stage.exercise, username=username)


@scenario(rosters.plan)
def plan(stage: Stage) -> Iterator[None]:
    yield
    _shift(stage)


@scenario(rosters.copy_week)
def copy_week(stage: Stage) -> Iterator[None]:
    shift = _shift(stage)
    yield
    into = (shift.starts_at + timedelta(days=7)).date()
    rosters.copy_week(actor=stage.supervisor, at=stage.at, place=NEAR, into=into)


@scenario(rosters.cancel)
def cancel_shift(stage: Stage) -> Iterator[None]:
    shift = _shift(stage)
    yield
    rosters.cancel(actor=stage.supervisor, at=stage.at, shift_id=shift.pk)


@scenario(rosters.ask_swap)
def ask_swap(stage: Stage) -> Iterator[None]:
    _officer(stage, "dewi")
    yield
    _swap(stage)


@scenario(rosters.answer_swap)
def answer_swap(stage: Stage) -> Iterator[None]:
    _officer(stage, "dewi")
    swap = _swap(stage)
    yield
    rosters.answer_swap(actor=_officer(stage, "dewi"), at=stage.at, swap_id=swap.pk, accept=True)


@scenario(rosters.withdraw_swap)
def withdraw_swap(stage: Stage) -> Iterator[None]:
    _officer(stage, "dewi")
    swap = _swap(stage)
    yield
    rosters.withdraw_swap(actor=_officer(stage, "maya"), at=stage.at, swap_id=swap.pk)


@scenario(rosters.mark_tested)
def mark_tested(stage: Stage) -> Iterator[None]:
    officer = _officer(stage, "maya")
    User.objects.filter(pk=officer.user_id).update(phone="+85255500000")
    yield
    rosters.mark_tested(actor=stage.supervisor, at=stage.at, person=officer.user_id)


@scenario(assigning.hand_over)
def hand_over(stage: Stage) -> Iterator[None]:
    stage.taken()
    yield
    assigning.hand_over(actor=stage.supervisor, at=stage.at, was=stage.operator.user_id, handover=1)


def _sheet(stage: Stage) -> Handover:
    """The operator's sheet; what other scenarios left waiting at P1 is taken first."""
    for waiting in Emergency.objects.filter(exercise=stage.exercise, state="new", priority=1):
        emergencies.take(actor=stage.operator, number=waiting.number, at=stage.at)
    return handovers.begin(actor=stage.operator, at=stage.at)


def _offered(stage: Stage) -> Handover:
    given = {"actor": stage.operator, "handover_id": _sheet(stage).pk, "incoming": stage.supervisor.user_id}
    return handovers.offer(at=stage.at, **given)


@scenario(handovers.offer)
def offer(stage: Stage) -> Iterator[None]:
    stage.taken()
    _sheet(stage)
    yield
    handovers.take_back(actor=stage.operator, at=stage.at, handover_id=_offered(stage).pk)


@scenario(handovers.take_back)
def take_back(stage: Stage) -> Iterator[None]:
    handover = _offered(stage)
    yield
    handovers.take_back(actor=stage.operator, at=stage.at, handover_id=handover.pk)


@scenario(handovers.sign)
def sign(stage: Stage) -> Iterator[None]:
    stage.taken()
    handover = _offered(stage)
    # A mission may fall silent while the others are ticked, for each tick takes a second.
    for _round in range(3):
        for item in [one for one in sheet(handover, stage.at) if one.needs_tick and not one.is_ticked]:
            given = {"key": item.key, "stamp": item.stamp, "repeat": "Telepon"}
            handovers.tick(actor=stage.supervisor, at=stage.at, handover_id=handover.pk, **given)
    yield
    handovers.sign(actor=stage.supervisor, at=stage.at, handover_id=handover.pk)


@scenario(handovers.leave)
def leave(stage: Stage) -> Iterator[None]:
    stage.taken()
    yield
    handovers.leave(actor=stage.operator, at=stage.at)
