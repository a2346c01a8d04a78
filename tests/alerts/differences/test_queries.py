"""What differs, since when, what settles it, and what stays in the history."""

from datetime import timedelta

import pytest

from alerts.differences import actions, queries
from alerts.ledger import actions as ledger

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def states(crisis, until=None):
    return [
        (item.difference.kind, item.difference.key, item.reports, item.state)
        for item in queries.differences(crisis, until)
    ]


def judge(verifier, crisis, at, act=actions.accept, number=0, reason="sumber lain", version=0):
    about = queries.differences(crisis)[number].difference.about
    return act(actor=verifier, at=at, crisis=crisis, about=about, reason=reason, expected_version=version)


def test_all_seven_kinds_are_one_list_the_gravest_first(crisis, report, make_official, at):
    make_official(report(1, {"wni.dead": 5, "wni.safe": 538, "wni.detained": 2}), minute=-55)
    report(2, {"wni.safe": 358}, source="media")
    report(3, {"wni.present": 10, "wni.detained": 20})
    report(4, {"wni.dead": 4, "wni.missing": 3})
    report(5, {"wni.missing": 4}, as_of=at)
    kinds = [item.difference.kind for item in queries.differences(crisis)]
    assert kinds == ["official"] * 3 + ["transposed", "fell", "exceed", "jump", "older"]
    report(6, {"wni.missing": 7}, source="red_cross")
    assert {item.difference.kind for item in queries.differences(crisis)} == {*kinds, "sources"}
    assert all(item.icon and item.name for item in queries.differences(crisis))


def test_a_choice_made_when_both_sides_were_known_settles(crisis, report, make_official):
    report(1, {"wni.dead": 1})
    told = report(9, {"wni.dead": 2}, source="red_cross")
    assert [item.is_open for item in queries.differences(crisis)] == [True]
    make_official(told)
    [item] = queries.differences(crisis)
    assert (item.state, item.judged.by, item.judged.reason) == ("chosen", "verifier", "baris ini")
    report(70, {"wni.dead": 3}, source="hospital")
    assert ("sources", "wni.dead", (2, 3), "open") in states(crisis)


def test_repeating_the_same_figures_neither_opens_nor_restarts_a_difference(crisis, report, verifier, at):
    report(1, {"wni.dead": 1})
    report(9, {"wni.dead": 2}, source="red_cross")
    [before] = queries.differences(crisis)
    judge(verifier, crisis, at + 10 * MINUTE)
    report(31, {"wni.dead": 1})
    [after] = queries.differences(crisis)
    assert (after.state, after.reports, after.since) == ("accepted", (2, 3), before.since)


def test_a_withdrawn_choice_settles_nothing(crisis, report, make_official, verifier, later):
    report(1, {"wni.dead": 1})
    make_official(report(9, {"wni.dead": 2}, source="red_cross"))
    ledger.withdraw(actor=verifier, at=later + MINUTE, crisis=crisis, key="wni.dead", reason="salah")
    assert [item.state for item in queries.differences(crisis)] == ["open"]


def test_a_set_that_exceeds_its_total_is_settled_by_no_choice(crisis, report, make_official):
    make_official(report(1, {"wni.present": 10, "wni.safe": 25}))
    assert states(crisis) == [("exceed", "wni.present", (1, 1), "open")]


def test_an_accepted_difference_leaves_the_alarm_and_stays_in_the_history(crisis, report, verifier, later, at):
    report(1, {"wni.dead": 5})
    report(9, {"wni.dead": 4})
    assert len(queries.unsettled(crisis)) == 1
    judge(verifier, crisis, later, reason="salah identifikasi")
    assert queries.unsettled(crisis) == []
    [item] = queries.history(crisis)
    assert (item.state, item.judged.by, item.judged.reason, item.judged.version) == (
        "accepted", "verifier", "salah identifikasi", 1,
    )  # fmt: skip
    assert [item.state for item in queries.differences(crisis, later - MINUTE)] == ["open"]
    judge(verifier, crisis, later + MINUTE, act=actions.reopen, version=1)
    assert len(queries.unsettled(crisis)) == 1


def test_what_was_corrected_or_overtaken_stays_in_the_history_with_its_end(crisis, report, at):
    report(1, {"wni.dead": 538})
    report(5, {"wni.dead": 358}, source="media")
    report(9, {"wni.dead": 538}, source="media", replaces=2, as_of=at + 5 * MINUTE)
    report(10, {"wni.safe": 2})
    report(40, {"wni.safe": 20})
    report(70, {"wni.safe": 21})
    assert queries.differences(crisis) == []
    told = {item.difference.kind: item for item in queries.history(crisis)}
    assert set(told) == {"transposed", "jump"}
    assert (told["transposed"].state, told["transposed"].ended_at) == ("ended", at + 9 * MINUTE)
    assert "#3" in str(told["transposed"].ended_by)
    assert told["jump"].ended_at == at + 70 * MINUTE
    assert [item.difference.kind for item in queries.between(crisis, 2, 1)] == ["transposed"]


def test_a_new_choice_ends_what_made_the_official_figure_old(crisis, report, make_official, at, later):
    make_official(report(1, {"wni.dead": 2}), minute=-55)
    make_official(report(30, {"wni.dead": 3}))
    [item] = queries.history(crisis)
    assert (item.difference.kind, item.state, item.ended_at) == ("official", "ended", later)


def test_differences_on_an_official_figure_are_those_of_its_cell_since_both_sides_were_known(
    crisis, report, make_official, at, later
):
    first = report(1, {"wni.dead": 2, "wni.safe": 9, "wni.present": 20})
    report(2, {"wni.safe": 7}, source="red_cross")
    assert queries.differences_on_official(crisis, at + 3 * MINUTE) == []
    make_official(first, "wni.dead", minute=-50)
    report(30, {"wni.dead": 4}, source="authority")
    found = queries.differences_on_official(crisis, later)
    assert [(item.difference.kind, item.since) for item in found] == [
        ("official", at + 30 * MINUTE),
        ("sources", at + 30 * MINUTE),
    ]
    assert queries.differences_on_official(crisis, at + 29 * MINUTE) == []


def test_a_contradicting_set_alarms_once_one_of_its_figures_is_official(crisis, report, make_official, later):
    told = report(1, {"wni.present": 10, "wni.safe": 25})
    assert queries.differences_on_official(crisis, later) == []
    make_official(told, "wni.safe")
    assert [item.difference.kind for item in queries.differences_on_official(crisis, later)] == ["exceed"]


def test_differences_of_the_past_know_nothing_of_later_reports(crisis, report, at):
    report(4, {"wni.dead": 1})
    report(5, {"wni.dead": 2}, source="authority")
    report(9, {"wni.dead": 1}, source="authority", replaces=2, as_of=at + 5 * MINUTE)
    assert [len(queries.differences(crisis, at + n * MINUTE)) for n in (3, 4, 5, 8, 9)] == [0, 0, 1, 1, 0]


def test_the_history_takes_as_many_queries_for_many_reports(crisis, report, django_assert_max_num_queries):
    for minute in range(12):
        report(minute, {"wni.dead": minute % 3, "wni.safe": 100}, source=("mission", "hospital")[minute % 2])
    with django_assert_max_num_queries(8):
        queries.history(crisis)
