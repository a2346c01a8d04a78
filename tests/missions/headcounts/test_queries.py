"""Estimators side by side, and the range."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from missions.headcounts.models import Headcount
from missions.headcounts.queries import headcounts, map_headcounts, mission_headcounts, range_of, ranges

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TODAY = date(2026, 11, 22)


def test_estimators_stand_side_by_side_newest_first():
    lines = headcounts("SD", at=TODAY)
    registered = lines[0]
    assert (registered.newest.estimator, registered.newest.value) == ("registered", 937)
    assert [row.value for row in registered.older] == [1209]
    assert registered.age.days == (TODAY - date(2023, 4, 26)).days
    assert len({line.newest.estimator for line in lines}) == len(lines)


def test_the_range_spans_registered_and_estimate_and_nothing_else():
    lines = headcounts("FR", at=TODAY)
    assert {line.newest.estimator for line in lines} >= {"registered", "estimate", "migrant_stock"}
    span = range_of(lines)
    assert (span.low, span.high, span.coverage, span.oldest) == (1700, 2000, None, date(2015, 11, 14))
    values = [line.newest.value for line in lines]
    assert sum(values) not in (span.low, span.high)


def test_a_country_without_a_number_is_unknown_and_not_zero():
    span = range_of(headcounts("AQ", at=TODAY))
    assert (span.low, span.high, span.rows) == (None, None, ())


def test_flows_and_rolls_never_make_a_range():
    taiwan = headcounts("TW", at=TODAY)
    assert range_of(taiwan).low == range_of(taiwan).high == 238639
    korea = range_of(headcounts("KR", at=TODAY))
    assert (korea.low, korea.high) == (None, None)


def test_rolls_belong_to_missions():
    (line,) = mission_headcounts(["kri-tawau"], at=TODAY)
    assert (line.newest.value, line.newest.estimator) == (59442, "voters")


def test_ranges_of_many_countries_take_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = ranges(["FR", "SD", "AQ"], at=TODAY)
    assert (found["FR"].low, found["SD"].high, found["AQ"].low) == (1700, 937, None)


def test_the_map_gets_the_newest_number_of_each_estimator_apart():
    circles = {(row["country"], row["estimator"]): row for row in map_headcounts()}
    assert circles["SD", "registered"]["value"] == 937
    assert circles["MY", "registered"]["value"] == 2540450
    assert circles["TH", "estimate"]["value"] == 2379
    assert circles["MY", "flow"]["value"] != circles["MY", "registered"]["value"]
    assert all(row["source"] and row["as_of"] for row in circles.values())


def test_a_range_row_counts_with_both_ends(at):
    Headcount.objects.create(
        country_id="LB", estimator="estimate", scope="country", low=145, high=260, as_of=date(2026, 1, 2),
        as_of_text="2026-01-02", as_of_precision="day", source="KBRI Beirut", added_at=at, key="x",
    )  # fmt: skip
    span = range_of(headcounts("LB", at=TODAY))
    assert (span.low, span.high) == (145, 260)


@pytest.mark.parametrize("numbers", [{}, {"low": 5}, {"low": 9, "high": 5}])
def test_a_row_without_a_number_can_not_be_stored(numbers, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        Headcount.objects.create(
            country_id="LB", estimator="estimate", scope="country", as_of=date(2026, 1, 2), as_of_text="x",
            as_of_precision="day", source="x", added_at=at, key="y", **numbers,
        )  # fmt: skip
