"""Whatever is reported, in whatever order: the detectors answer, always the same, and name what is there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from alerts.figures import detectors
from alerts.figures.detectors import Chosen, Row
from alerts.figures.keys import FIGURE_KEYS, Source

pytestmark = pytest.mark.once
START = datetime(2026, 5, 12, 20, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 400).map(lambda minute: START + timedelta(minutes=minute))
VALUES = st.one_of(st.integers(0, 12), st.integers(100, 999), st.integers(0, 10_000_000))


@st.composite
def reports(draw: st.DrawFn) -> list[Row]:
    """Some reports of two missions, as they can be stored: corrections follow what they replace, once."""
    rows: list[Row] = []
    replaced: dict[int, int] = {}
    heads: list[Row] = []
    for number in range(1, draw(st.integers(1, 7)) + 1):
        mission, source = draw(st.sampled_from(["satu", "dua"])), draw(st.sampled_from(Source.values))
        as_of, filed_at = draw(MOMENTS), START + timedelta(minutes=10 * number)
        own = [row for row in heads if row.mission == mission and row.report not in replaced]
        before = draw(st.one_of(st.none(), st.sampled_from(own))) if own else None
        keys = draw(st.lists(st.sampled_from(FIGURE_KEYS), min_size=1, max_size=5, unique=True))
        if before is not None:
            replaced[before.report] = number
        told = []
        for key in keys:
            value = draw(VALUES)
            high = draw(st.one_of(st.none(), st.integers(value + 1, value + 500)))
            was = before.as_of if before is not None else None
            told.append(Row(number, mission, source, as_of, key, value, high, replaced_as_of=was, filed_at=filed_at))
        rows += told
        heads.append(told[0])
    return [
        replace(row, stands=False, replaced_by=replaced[row.report]) if row.report in replaced else row for row in rows
    ]


@st.composite
def crises(draw: st.DrawFn) -> tuple[list[Row], list[Chosen]]:
    """Reports, and official cells chosen from them."""
    rows = draw(reports())
    picked = draw(st.lists(st.sampled_from(rows), max_size=4, unique_by=lambda row: row.key))
    return rows, [Chosen(row.key, row.report, START + timedelta(minutes=draw(st.integers(0, 90)))) for row in picked]


@given(crises(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_read_changes_nothing(
    crisis: tuple[list[Row], list[Chosen]], chance: Random
) -> None:
    rows, official = crisis
    shuffled, cells = [*rows], [*official]
    chance.shuffle(shuffled)
    chance.shuffle(cells)
    assert detectors.find(shuffled, cells) == detectors.find(rows, official)


@given(crises())
def test_everything_found_names_reports_that_are_there_and_says_so_in_both_languages(
    crisis: tuple[list[Row], list[Chosen]],
) -> None:
    rows, official = crisis
    numbers = {row.report for row in rows}
    found = detectors.find(rows, official)
    assert len({(one.kind, one.key, one.reports) for one in found}) == len(found)
    for one in found:
        assert set(one.reports) <= numbers
        assert len(one.about) <= 240
        for language in ("id", "en"):
            with translation.override(language):
                assert all(f"#{number}" in str(one.words) for number in one.reports)


@given(reports())
def test_missions_are_judged_each_by_itself(rows: list[Row]) -> None:
    apart = [one for mission in ("satu", "dua") for one in detectors.find([r for r in rows if r.mission == mission])]
    assert sorted(one.about for one in detectors.find(rows)) == sorted(one.about for one in apart)


@given(reports())
def test_a_source_that_repeats_itself_adds_no_difference_between_sources(rows: list[Row]) -> None:
    """Said again half an hour later the same difference is the same: whoever judged it need not judge it anew."""
    later = max(row.report for row in rows)
    again = [
        replace(
            row,
            report=row.report + later,
            as_of=row.as_of + timedelta(seconds=1),
            replaced_as_of=None,
            filed_at=(row.filed_at or START) + timedelta(days=1),
        )
        for row in rows
        if row.stands
    ]
    before = {one.about for one in detectors.find(rows) if one.kind == "sources"}
    after = {one.about for one in detectors.find([*rows, *again]) if one.kind == "sources"}
    assert {about for about in before if about not in after} == set()
