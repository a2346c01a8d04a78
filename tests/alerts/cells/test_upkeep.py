"""Keeping the cells: one statement, whole numbers, an order that can't deadlock."""

from collections import Counter
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.cells.actions import Placed, keep
from alerts.cells.models import Cell
from alerts.cells.rules import LEVELS, summed

HERE = Placed("", "kjri-hongkong", "new", 1, 22.45, 114.1688)
THERE = replace(HERE, lat=-37.81, lon=144.96)

pytestmark = pytest.mark.django_db


def total() -> Counter[int]:
    """How many each priority counts at the coarsest level."""
    found: Counter[int] = Counter()
    for cell in Cell.objects.filter(key__lt=2 * 4 ** LEVELS[0], n__gt=0):
        found[cell.priority] += cell.n
    return found


def test_a_batch_is_one_statement_whatever_its_size() -> None:
    with CaptureQueriesContext(connection) as asked:
        keep([(None, replace(HERE, lat=lat / 10)) for lat in range(-800, 800)])
    assert len(asked) == 1
    assert total() == {1: 1600}


def test_what_did_not_change_is_not_written() -> None:
    with CaptureQueriesContext(connection) as asked:
        keep([(HERE, HERE), (None, None), (HERE, THERE), (THERE, HERE)])
    assert len(asked) == 0


def test_each_change_takes_away_where_it_was_and_adds_where_it_is() -> None:
    keep([(None, HERE), (None, HERE), (None, THERE)])
    keep([(HERE, replace(HERE, priority=2)), (THERE, None)])
    assert total() == {1: 1, 2: 1}
    emptied = Cell.objects.filter(n=0)
    assert len(emptied) == len(LEVELS)
    assert {(cell.sum_lat, cell.sum_lon) for cell in emptied} == {(0, 0)}


def test_worlds_missions_and_states_are_counted_apart() -> None:
    keep(
        [
            (None, HERE),
            (None, replace(HERE, exercise="drill")),
            (None, replace(HERE, mission="")),
            (None, replace(HERE, state="taken")),
        ]
    )
    assert Cell.objects.filter(n=1).count() == 4 * len(LEVELS)


def test_cells_are_written_in_the_order_of_their_keys() -> None:
    keys = [key for key, _sums in summed([(None, THERE), (None, HERE), (HERE, replace(THERE, lat=60))])]
    assert keys == sorted(keys)
