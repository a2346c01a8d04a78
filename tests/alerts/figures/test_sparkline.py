"""The drawing of 24 hours: only what was known, gaps as gaps, and the same as a table."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.figures.course import Course, Step
from alerts.figures.sparkline import HEIGHT, MOST_ROWS, WIDTH, sparkline

AT = datetime(2026, 5, 12, 20, 5, tzinfo=UTC)


def before(hours):
    return AT - timedelta(hours=hours)


def course(*steps):
    """(hours ago, value) pairs, each true when it was told."""
    return Course(tuple(Step(before(hours), value, None, before(hours)) for hours, value in steps))


def starts(line):
    return line.count("M")


def test_nothing_known_draws_nothing():
    assert sparkline(Course(), AT) is None
    assert sparkline(course((30, 5)), AT) is None
    assert sparkline(Course((Step(before(2), None),)), AT) is None


def test_reports_half_an_hour_apart_are_one_line():
    drawn = sparkline(course((1.5, 1), (1, 2), (0.5, 2)), AT)
    assert starts(drawn.line) == 1
    assert drawn.line.count("V") == 2
    assert drawn.line.endswith(f"H{WIDTH:.1f}")


def test_a_silence_is_a_gap_in_the_line_and_a_row_of_the_table():
    drawn = sparkline(course((10, 1), (2, 3)), AT)
    assert starts(drawn.line) == 2
    assert [row.printed for row in drawn.rows] == ["1", "", "3", ""]
    assert [row.at for row in drawn.rows] == [before(10), before(9), before(2), before(1)]


def test_a_figure_taken_back_ends_the_line_at_once():
    steps = (Step(before(2), 4, None, before(2)), Step(before(1.75), None), Step(before(1.5), 4, None, before(1.5)))
    drawn = sparkline(Course(steps), AT)
    assert starts(drawn.line) == 2
    assert [row.printed for row in drawn.rows] == ["4", "", "4", ""]


def test_the_scale_begins_at_zero():
    low, high = (
        float(y) for y in re.findall(r"[MV](?:[\d.]+ )?([\d.]+)", sparkline(course((1, 41), (0.5, 42)), AT).line)
    )
    assert low - high < HEIGHT / 20


def test_a_range_has_a_band():
    assert sparkline(Course((Step(before(0.5), 2, 3, before(0.5)),)), AT).band.endswith("Z")
    assert sparkline(course((0.5, 2)), AT).band == ""


def test_what_was_old_when_it_was_told_is_a_dot():
    drawn = sparkline(Course((Step(before(3), 7, None, before(9)), Step(before(0.5), 7, None, before(0.5)))), AT)
    assert len(drawn.dots) == 2


def test_long_tables_are_cut_in_words_not_silently():
    drawn = sparkline(course(*((20 - number / 2, number) for number in range(30))), AT)
    assert len(drawn.rows) == MOST_ROWS
    assert drawn.older == 31 - MOST_ROWS


steps = st.lists(st.tuples(st.floats(0, 40), st.none() | st.integers(0, 5000), st.floats(0, 3)), max_size=20)


@given(steps)
def test_nothing_is_drawn_outside_the_frame_or_invented(drawn):
    ordered = sorted(drawn, key=lambda one: -one[0])
    made = Course(tuple(Step(before(ago), value, None, before(ago + late)) for ago, value, late in ordered))
    found = sparkline(made, AT)
    if found is None:
        return
    for x in re.findall(r"[MH]([-\d.]+)", found.line):
        assert 0 <= float(x) <= WIDTH
    told = {f"{value:,}".replace(",", ".") for _ago, value, _late in ordered if value is not None}
    assert {row.printed for row in found.rows} <= told | {""}
