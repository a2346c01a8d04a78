"""How a figure went: the newest standing one at each moment, corrections and gaps included."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.figures.course import FRESH, Course, Step, Told, course_of

AT = datetime(2026, 5, 12, 20, 5, tzinfo=UTC)


def minute(number):
    return AT + timedelta(minutes=number)


def told(number, as_of, value, *, filed=None, gone=None):
    return Told(number, minute(as_of), minute(as_of if filed is None else filed), value, None, gone and minute(gone))


def values(course):
    return [(int((step.at - AT) / timedelta(minutes=1)), step.value) for step in course.steps]


def test_each_report_is_a_step():
    assert values(course_of([told(1, 0, 5), told(2, 30, 6)])) == [(0, 5), (30, 6)]


def test_a_report_about_an_earlier_time_does_not_overtake_a_later_one():
    assert values(course_of([told(1, 20, 6), told(2, 10, 5, filed=40)])) == [(20, 6)]


def test_a_correction_takes_the_place_of_what_it_corrects():
    assert values(course_of([told(1, 0, 5, gone=10), told(2, 0, 4, filed=10)])) == [(0, 5), (10, 4)]


def test_a_correction_that_leaves_the_figure_out_brings_back_the_one_before_or_nothing():
    assert values(course_of([told(1, 0, 5), told(2, 20, 6, gone=30)])) == [(0, 5), (20, 6), (30, 5)]
    assert values(course_of([told(2, 20, 6, gone=30)])) == [(20, 6), (30, None)]


def test_what_was_known_at_a_moment_is_the_step_before_it():
    course = course_of([told(1, 0, 5), told(2, 30, 6)])
    assert course.known(minute(-1)) is None
    assert course.known(minute(29)).value == 5
    assert course.known(minute(30)).value == 6


def test_a_repeated_number_did_not_change():
    assert course_of([told(1, 0, 5), told(2, 30, 5)]).changed_at == minute(0)
    assert Course().changed_at is None


def test_a_step_is_known_for_an_hour_after_it_was_true():
    assert Step(minute(10), 5, None, minute(0)).until == minute(0) + FRESH
    assert Step(minute(90), 5, None, minute(0)).until == minute(90)
    assert Step(minute(10), None).until == minute(10)


reports = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 9), st.none() | st.integers(1, 40)), max_size=12
)


@given(reports, st.integers(-5, 120))
def test_a_course_agrees_with_looking_at_every_report(drawn, when):
    figures = [
        told(number, as_of, value, filed=as_of + late, gone=None if gone is None else as_of + late + gone)
        for number, (as_of, late, value, gone) in enumerate(drawn, 1)
    ]
    moment = minute(when)
    stands = [one for one in figures if one.filed_at <= moment and (one.gone_at is None or one.gone_at > moment)]
    newest = max(stands, key=lambda one: (one.as_of, one.report), default=None)
    known = course_of(figures).known(moment)
    assert (known.value if known else None) == (newest.value if newest else None)
