"""The five answers: nothing summed, nothing invented, nothing that contradicts itself."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.answers.queries import five_answers
from alerts.figures.keys import Category
from alerts.persons.queries import ledger
from commandcenter.access.models import Role
from missions.headcounts.models import Headcount

pytestmark = pytest.mark.django_db
KEYS = [f"wni.{category}" for category in Category]


@pytest.fixture
def minister(people):
    """The minister."""
    return people.reader(Role.MINISTER)


def shown(answer):
    """Every number the answer would print."""
    lines = [*answer.official, *(line for told in answer.reported for line in told.lines)]
    return [(line.column.key, line.figure.value, line.figure.status) for line in lines]


def test_one_dead_and_two_dead_of_two_sources_never_become_three(minister, crisis, report, later):
    report(1, {"all.dead": 1}, source="community")
    report(2, {"all.dead": 2}, source="authority")
    victims = five_answers(minister, crisis, later).victims
    assert sorted(shown(victims)) == [("all.dead", 1, "reported"), ("all.dead", 2, "reported")]
    assert len(victims.reported) == 2


def test_the_official_figure_stands_alone_once_it_is_chosen(minister, crisis, report, later, make_official):
    told = report(2, {"all.dead": 2}, source="authority")
    report(1, {"all.dead": 1}, source="community")
    make_official(told)
    victims = five_answers(minister, crisis, later).victims
    assert shown(victims) == [("all.dead", 2, "verified")]
    [line] = victims.official
    assert line.figure.source
    assert (line.figure.reporter, line.figure.version, line.report, line.chosen_at) == (
        "verifier",
        1,
        told.number,
        later,
    )


def test_what_nobody_reported_is_named_and_is_no_zero(minister, crisis, report, later):
    report(1, {"wni.dead": 0})
    nationals = five_answers(minister, crisis, later).nationals
    assert shown(nationals) == [("wni.dead", 0, "reported")]
    assert len(nationals.unreported) == 6


def test_before_any_report_everything_is_unreported(minister, crisis, later):
    answers = five_answers(minister, crisis, later)
    assert shown(answers.present) + shown(answers.victims) + shown(answers.nationals) == []
    assert (answers.authorities, answers.hospitals, answers.as_of) == ((), (), None)


def test_a_later_report_does_not_take_back_what_it_leaves_out(minister, crisis, report, later):
    report(1, {"wni.present": 140, "wni.dead": 6})
    report(9, {"wni.dead": 9})
    answers = five_answers(minister, crisis, later)
    assert shown(answers.present) == [("wni.present", 140, "reported")]
    assert shown(answers.nationals) == [("wni.dead", 9, "reported")]


def test_an_official_set_that_contradicts_is_withheld_and_its_gap_named(minister, crisis, report, later, make_official):
    make_official(report(1, {"wni.present": 140, "wni.safe": 150, "wni.dead": 5}))
    answers = five_answers(minister, crisis, later)
    assert shown(answers.present) == shown(answers.nationals) == []
    assert answers.nationals.withheld
    assert answers.nationals.check.gap == 15


def test_a_reported_set_that_contradicts_is_withheld_too(minister, crisis, report, later):
    report(1, {"wni.present": 140, "wni.safe": 150, "wni.dead": 5})
    report(2, {"wni.dead": 5}, mission="kjri-guangzhou")
    nationals = five_answers(minister, crisis, later).nationals
    assert shown(nationals) == [("wni.dead", 5, "reported")]
    assert [told.check.gap for told in nationals.reported if told.mission == "KJRI Hongkong"] == [15]


def test_an_official_figure_with_a_newer_report_says_so(minister, crisis, report, later, make_official):
    make_official(report(1, {"wni.dead": 2}))
    report(30, {"wni.dead": 3})
    [line] = five_answers(minister, crisis, later).nationals.official
    assert (line.figure.value, line.newer.value, line.newer_differs) == (2, 3, True)


def test_authorities_and_hospitals_keep_the_newest_answer_of_each_mission(minister, crisis, report, later):
    report(1, {}, answer="checking", authorities="yes", hospitals="none")
    report(5, {"wni.dead": 1})
    report(9, {}, answer="checking", hospitals="partial")
    report(2, {}, answer="checking", mission="kjri-guangzhou", authorities="no")
    answers = five_answers(minister, crisis, later)
    assert [(one.mission, one.answer) for one in answers.authorities] == [
        ("KJRI Hongkong", "yes"),
        ("KJRI Guangzhou", "no"),
    ]
    assert [(one.mission, one.answer) for one in answers.hospitals] == [("KJRI Hongkong", "partial")]


def test_headcounts_stand_side_by_side_by_kind(minister, crisis, later):
    for number, kind, value in ((1, "registered", 100), (2, "estimate", 160), (3, "registered", 90)):
        Headcount.objects.create(
            country_id="HK",
            estimator=kind,
            scope="country",
            value=value,
            as_of=date(2024, number, 1),
            as_of_text=f"2024-0{number}",
            as_of_precision="month",
            source=f"source {number}",
            added_at=later,
            key=str(number),
        )
    answers = five_answers(minister, crisis, later)
    found = {(one.low, one.high, one.source) for one in answers.headcounts if one.source.startswith("source ")}
    assert found == {(160, 160, "source 2"), (90, 90, "source 3")}


def test_the_missions_that_owe_a_report_are_named(minister, crisis, report, later):
    report(55, {"wni.dead": 1})
    report(1, {}, answer="checking", mission="kjri-guangzhou")
    answers = five_answers(minister, crisis, later)
    assert [row.mission.name for row in answers.silent] == ["KJRI Guangzhou"]
    assert (len(answers.told), len(answers.asked)) == (1, 2)
    assert answers.fastest.mission.name == "KJRI Hongkong"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["mission", "hospital", "authority"]),
            st.dictionaries(st.sampled_from(KEYS), st.integers(0, 500), min_size=1, max_size=4),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_every_number_shown_was_reported_by_somebody(minister, crisis, report, later, told):
    for minute, (source, figures) in enumerate(told):
        report(minute, figures, source=source)
    answers = five_answers(minister, crisis, later + timedelta(hours=1))
    reported = {(figure.key, figure.value) for one in crisis.reports.all() for figure in one.figures.all()}
    for key, value, _status in shown(answers.nationals) + shown(answers.victims) + shown(answers.present):
        assert (key, value) in reported


def test_the_ledger_of_the_answers_is_the_ledger_of_the_crisis(minister, crisis, later):
    assert five_answers(minister, crisis, later).ledger == ledger(crisis)
