"""The law of the cells: after any acts they say what counting the rows says."""

import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.assigning import actions as assigning
from alerts.cells.models import Cell
from alerts.cells.morton import cell_at
from alerts.cells.recount import recount
from alerts.cells.rules import LEVELS, micro
from alerts.duplicates import actions as duplicates
from alerts.emergencies import actions
from alerts.emergencies.models import Emergency
from alerts.intake.actions import Fix, receive_message, receive_position
from alerts.progress import actions as progress
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.problems import Refusal
from tests.alerts.emergencies.conftest import Make
from tests.conftest import AT, People

Kinds = Counter[tuple[Any, ...]]
PLACES = ((22.45, 114.1688), (22.4500004, 114.1688), (-37.81, 144.96), (-16.5, 179.999), (89.0, -180.0))


def counted() -> tuple[Kinds, Kinds, Kinds]:
    """n and both sums by cell, as the rows of emergencies say."""
    n, lat, lon = Counter(), Counter(), Counter()
    for row in Emergency.objects.exclude(latitude=None):
        state = {"new": "new", "taken": "taken", "in_action": "taken", "waiting": "taken"}.get(row.state, "resolved")
        for z in LEVELS:
            cell = (cell_at(row.key, z), row.exercise, row.mission_id or "", state, row.priority)
            n[cell] += 1
            lat[cell] += micro(row.latitude)
            lon[cell] += micro(row.longitude)
    return n, lat, lon


def kept() -> tuple[Kinds, Kinds, Kinds]:
    """The same as the cells say; an emptied cell counts nothing."""
    n, lat, lon = Counter(), Counter(), Counter()
    for cell in Cell.objects.all():
        if cell.n or cell.sum_lat or cell.sum_lon:
            n[cell.pk], lat[cell.pk], lon[cell.pk] = cell.n, cell.sum_lat, cell.sum_lon
    return n, lat, lon


def act(step: tuple[int, int, int], desk: Reader, make: Make) -> None:
    """One act on one of the emergencies there are; what is refused changes nothing."""
    what, which, where = step
    rows = list(Emergency.objects.order_by("pk"))
    lat, lon = PLACES[where]
    if what == 0 or not rows:
        make(lat=None if which == 1 else lat, lon=lon, kind="panic" if where % 2 else "other")
        return
    row = rows[which % len(rows)]
    number, at, later = row.number, AT, (row.fixed_at or AT) + timedelta(seconds=1)
    acts: list[Callable[[], Any]] = [
        lambda: actions.take(actor=desk, number=number, at=at),
        lambda: actions.release(actor=desk, number=number, at=at),
        lambda: actions.add_note(actor=desk, number=number, at=at, text="x"),
        lambda: actions.resolve(actor=desk, number=number, at=at, outcome="helped"),
        lambda: actions.reopen(actor=desk, number=number, at=at),
        lambda: progress.return_if_untouched(emergency_id=row.pk, at=at),
        lambda: receive_position(number=number, exercise="", at=at, fix=Fix(lat, lon, later, "gps")),
        lambda: progress.wait(actor=desk, number=number, at=at, waiting_for="family", minutes=15),
        lambda: progress.return_if_due(emergency_id=row.pk, at=at + timedelta(hours=1)),
        lambda: progress.close(actor=desk, number=number, at=at),
        lambda: duplicates.merge(actor=desk, number=number, at=at, into=rows[where % len(rows)].number),
        lambda: duplicates.part(actor=desk, number=number, at=at),
        lambda: assigning.override(actor=desk, number=number, at=at, mission="kbri-canberra", reason="Lebih dekat"),
        lambda: assigning.follow_rule(actor=desk, number=number, at=at),
        lambda: receive_message(number=number, exercise="", at=at, client_id=uuid.uuid4(), text="Tolong"),
    ]
    with suppress(Refusal):
        acts[what - 1]()


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 15), st.integers(0, 3), st.integers(0, 4)), min_size=3, max_size=14))
def test_after_any_acts_the_cells_say_what_counting_the_rows_says(
    steps: list[tuple[int, int, int]], people: People, make: Make
) -> None:
    with transaction.atomic():
        desk = people.reader(Role.SUPERVISOR)
        for step in steps:
            act(step, desk, make)
        found = kept(), counted()
        assert recount() == 0
        transaction.set_rollback(True)
    assert found[0] == found[1]


def test_the_law_sees_an_act_that_forgets_its_cells(
    make: Make, operator: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = make().number
    actions.take(actor=operator, number=number, at=AT)
    assert kept() == counted()
    monkeypatch.setattr(actions, "keep", lambda changes: None)
    actions.resolve(actor=operator, number=number, at=AT, outcome="helped")
    assert kept() != counted()


def test_a_refused_act_leaves_the_cells_alone(make: Make, operator: Reader) -> None:
    number = make().number
    actions.take(actor=operator, number=number, at=AT)
    with pytest.raises(Refusal):
        actions.reopen(actor=operator, number=number, at=AT)
    assert kept() == counted()


def test_a_recount_finds_and_mends_what_is_wrong(make: Make) -> None:
    make()
    right = kept()
    Cell.objects.filter(key__lt=2 * 4 ** LEVELS[0]).update(n=7)
    assert recount() == 1
    assert kept() == right
    assert recount() == 0
