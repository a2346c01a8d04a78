"""Each detector: what it flags, what it leaves alone, and the words it says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from alerts.figures import detectors
from alerts.figures.detectors import Chosen, Difference, Row
from alerts.figures.keys import FIGURE_KEYS, PRESENT

START = datetime(2026, 5, 12, 20, 0, tzinfo=UTC)


def row(report: int, value: int, *, minute: float = 0, key: str = "wni.dead", source: str = "mission", **more) -> Row:
    mission = more.pop("mission", "dhaka")
    return Row(report, mission, source, START + timedelta(minutes=minute), key, value, **more)


def told(found) -> list[tuple]:
    return [(one.kind, one.key, one.reports) for one in found]


# sources_differ


def test_sources_differ_names_both_reports_and_never_adds_them():
    [found] = detectors.sources_differ([row(1, 1), row(2, 2, minute=10, source="authority")])
    assert told([found]) == [("sources", "wni.dead", (1, 2))]
    with translation.override("en"):
        assert "says 1 (#1)" in str(found.words)
        assert "says 2 (#2)" in str(found.words)
        assert "3" not in str(found.words)


@pytest.mark.parametrize(("minute", "flagged"), [(119, True), (120, True), (120.1, False), (-120, True), (-121, False)])
def test_sources_are_compared_within_two_hours(minute, flagged):
    rows = [row(1, 1, minute=200), row(2, 2, minute=200 + minute, source="authority")]
    assert bool(list(detectors.sources_differ(rows))) is flagged


@pytest.mark.parametrize(
    ("first", "second", "flagged"),
    [((2, None), (2, None), False), ((2, 3), (3, None), False), ((2, 3), (3, 5), False), ((2, 3), (4, 5), True),
     ((4, 5), (2, 3), True), ((0, None), (1, None), True), ((3, None), (2, 3), False)],
)  # fmt: skip
def test_ranges_that_share_a_number_agree(first, second, flagged):
    rows = [row(1, first[0], high=first[1]), row(2, second[0], high=second[1], source="hospital")]
    assert bool(list(detectors.sources_differ(rows))) is flagged


@pytest.mark.parametrize("change", [{"key": "all.dead"}, {"mission": "newdelhi"}, {"source": "mission"}])
def test_only_one_figure_of_one_mission_from_two_sources_is_compared(change):
    other = {"source": "authority", **change}
    assert not list(detectors.sources_differ([row(1, 1), row(2, 2, **other)]))


def test_sources_are_compared_by_their_newest_figure():
    rows = [row(1, 1), row(3, 2, minute=5), row(2, 2, minute=4, source="authority")]
    assert not list(detectors.sources_differ(rows))


def test_a_replaced_report_differs_from_nothing():
    rows = [row(1, 1, stands=False), row(2, 2, source="authority")]
    assert detectors.find(rows) == []


# deaths_fell


@pytest.mark.parametrize("key", ["wni.dead", "all.dead"])
def test_deaths_that_fell_are_flagged_against_the_highest(key):
    rows = [row(1, 3, key=key), row(2, 5, minute=5, key=key), row(3, 4, minute=9, key=key)]
    assert told(detectors.deaths_fell(rows)) == [("fell", key, (2, 3))]


@pytest.mark.parametrize(
    ("values", "flagged"), [((3, 3), False), ((3, 4), False), ((3, 2), True), ((1, 0), True), ((0, 0), False)]
)
def test_deaths_only_rise(values, flagged):
    rows = [row(place, value, minute=place) for place, value in enumerate(values)]
    assert bool(list(detectors.deaths_fell(rows))) is flagged


def test_deaths_are_ordered_by_the_time_they_are_of_not_by_arrival():
    assert not list(detectors.deaths_fell([row(1, 5, minute=10), row(2, 3, minute=2)]))


def test_other_figures_may_fall():
    keys = [key for key in FIGURE_KEYS if not key.endswith(".dead")]
    rows = [row(report, value, minute=report, key=key) for key in keys for report, value in ((1, 9), (2, 4))]
    assert not list(detectors.deaths_fell(rows))


def test_deaths_of_two_sources_are_two_series():
    assert not list(detectors.deaths_fell([row(1, 5), row(2, 3, minute=9, source="media")]))


def test_a_range_that_reaches_the_old_value_did_not_fall():
    assert not list(detectors.deaths_fell([row(1, 3), row(2, 2, minute=5, high=3)]))


# transposed


@pytest.mark.parametrize(
    ("one", "other", "swapped"),
    [(538, 358, True), (358, 538, True), (12, 21, True), (1209, 1290, True), (538, 853, False), (538, 835, False),
     (538, 538, False), (12, 121, False), (100, 10, False), (1, 2, False), (55, 55, False), (123, 132, True),
     (1234, 2143, False), (120, 102, True), (538, 539, False), (53, 38, False)],
)  # fmt: skip
def test_swapped_digits_are_two_neighbours_that_changed_places(one, other, swapped):
    assert detectors.swapped_digits(one, other) is swapped


def test_538_printed_as_358_is_flagged_between_sources_and_told_once():
    rows = [row(1, 538, key="wni.safe"), row(2, 358, minute=9, key="wni.safe", source="media")]
    assert told(detectors.find(rows)) == [("transposed", "wni.safe", (1, 2))]


def test_538_printed_as_358_is_flagged_in_one_source_too():
    rows = [row(1, 538, key="wni.safe"), row(2, 358, minute=9, key="wni.safe")]
    assert told(detectors.find(rows)) == [("transposed", "wni.safe", (1, 2))]


def test_small_numbers_of_one_source_may_change_as_they_like():
    assert not list(detectors.transposed([row(1, 12), row(2, 21, minute=9)]))
    assert list(detectors.transposed([row(1, 12), row(2, 21, minute=9, source="media")]))


def test_only_the_last_step_of_a_series_is_looked_at():
    rows = [row(1, 538), row(2, 358, minute=1), row(3, 600, minute=2)]
    assert not list(detectors.transposed(rows))


# states_exceed


def states(report: int, present: int | None, *values: int, **more) -> list[Row]:
    keys = ("wni.dead", "wni.missing", "wni.safe")
    rows = [row(report, value, key=key, **more) for key, value in zip(keys, values, strict=False)]
    return rows if present is None else [row(report, present, key=PRESENT, **more), *rows]


@pytest.mark.parametrize(("present", "flagged"), [(10, False), (9, True), (11, False)])
def test_states_exceed_the_present(present, flagged):
    found = list(detectors.states_exceed(states(1, present, 2, 3, 5)))
    assert bool(found) is flagged
    for one in found:
        assert (one.first.value, one.second.value, one.reports) == (9, 10, (1, 1))


def test_states_are_measured_against_the_newest_word_on_the_present():
    rows = [*states(1, 20), *states(2, 9, minute=1), *states(3, None, 2, 3, 5, minute=2, source="hospital")]
    assert told(detectors.states_exceed(rows)) == [("exceed", PRESENT, (2, 3))]


def test_states_of_an_older_report_are_not_added_to_the_newest():
    assert not list(detectors.states_exceed([*states(1, 10, 0, 0, 9), *states(2, 10, 3, 4, minute=1)]))


def test_victims_of_all_nationalities_are_not_measured_against_wni():
    assert not list(detectors.states_exceed([row(1, 10, key=PRESENT), row(1, 41, key="all.dead")]))


def test_a_range_of_present_is_measured_at_its_upper_end():
    assert not list(detectors.states_exceed([row(1, 5, key=PRESENT, high=10), row(1, 10, key="wni.safe")]))


def test_states_without_a_word_on_the_present_exceed_nothing():
    assert not list(detectors.states_exceed(states(1, None, 2, 3, 5)))
    rows = [*states(1, 4, mission="newdelhi"), *states(2, None, 2, 3, 5)]
    assert not list(detectors.states_exceed(rows))


# jumped


@pytest.mark.parametrize(
    ("before", "after", "flagged"), [(2, 20, True), (2, 19, False), (2, 21, True), (0, 50, False), (20, 2, False)]
)
def test_jump_is_ten_times_or_more(before, after, flagged):
    assert bool(list(detectors.jumped([row(1, before), row(2, after, minute=5)]))) is flagged


def test_jump_from_a_range_counts_from_its_upper_end():
    assert not list(detectors.jumped([row(1, 2, high=5), row(2, 49, minute=5)]))
    assert list(detectors.jumped([row(1, 2, high=5), row(2, 50, minute=5)]))


def test_jump_between_two_sources_is_no_jump():
    assert not list(detectors.jumped([row(1, 2), row(2, 40, minute=5, source="media")]))


# older_over_newer


def test_a_late_report_of_an_earlier_time_is_flagged_when_it_says_something_else():
    assert told(detectors.older_over_newer([row(1, 5, minute=30), row(2, 3, minute=10)])) == [
        ("older", "wni.dead", (1, 2))
    ]
    assert not list(detectors.older_over_newer([row(1, 5, minute=30), row(2, 5, minute=10)]))
    assert not list(detectors.older_over_newer([row(1, 5, minute=10), row(2, 3, minute=30)]))
    assert not list(detectors.older_over_newer([row(1, 5, minute=10), row(2, 3, minute=10)]))


def test_a_newer_report_after_the_late_one_settles_it():
    rows = [row(1, 5, minute=30), row(2, 3, minute=10), row(3, 6, minute=40)]
    assert not list(detectors.older_over_newer(rows))


def test_a_correction_of_an_earlier_time_than_what_it_replaces_is_flagged():
    was = row(1, 5, minute=30, stands=False)
    fix = row(2, 4, minute=10, replaced_as_of=was.as_of)
    [found] = detectors.older_over_newer([was, fix])
    assert (found.first.value, found.second.value, found.reports) == (5, 4, (1, 2))
    assert not list(detectors.older_over_newer([was, replace(fix, as_of=was.as_of)]))
    assert not list(detectors.older_over_newer([was, replace(fix, stands=False)]))


def test_a_correction_of_old_history_is_no_late_report():
    first = row(1, 5, minute=10, stands=False)
    rows = [first, row(2, 7, minute=30), row(3, 6, minute=10, replaced_as_of=first.as_of)]
    assert not list(detectors.older_over_newer(rows))


# all together


def test_a_correction_ends_every_difference():
    wrong = row(2, 20, minute=5, stands=False)
    rows = [row(1, 2), wrong, row(3, 2, minute=5, replaced_as_of=wrong.as_of)]
    assert detectors.find(rows) == []


def test_a_quiet_crisis_has_no_difference():
    rows = []
    for report, source in enumerate(("mission", "authority", "hospital") * 3, start=1):
        known = {PRESENT: 187, "wni.dead": report // 4, "wni.safe": 100 + report // 4, "all.dead": 41}
        rows += [row(report, value, minute=report // 4 * 10, key=key, source=source) for key, value in known.items()]
    newest = [one for one in detectors.find(rows) if one.kind != "sources"]
    assert newest == []


@pytest.mark.parametrize("kind", ["sources", "fell", "transposed", "exceed", "jump", "older"])
def test_every_difference_is_said_in_words_with_its_numbers(kind):
    first, second = row(17, 538, key=PRESENT), row(18, 358, high=400, key=PRESENT, source="hospital")
    for language in ("id", "en"):
        with translation.override(language):
            words = str(Difference(kind, PRESENT, first, second).words)
            for part in ("538", "358–400", "#17", "#18"):
                assert part in words


def test_everything_found_is_told_beside_swapped_digits():
    rows = [
        row(1, 538, key="wni.safe"),
        row(2, 358, minute=9, key="wni.safe", source="media"),
        row(1, 1),
        row(2, 0, source="media"),
    ]
    assert told(detectors.find(rows)) == [("transposed", "wni.safe", (1, 2)), ("sources", "wni.dead", (1, 2))]


def test_deaths_fell_only_when_the_whole_range_is_below_a_certain_count():
    assert not list(detectors.deaths_fell([row(1, 4, high=6), row(2, 4, minute=5)]))
    rows = [row(1, 3), row(2, 2, high=6, minute=1), row(3, 2, minute=5)]
    assert told(detectors.deaths_fell(rows)) == [("fell", "wni.dead", (1, 3))]


@pytest.mark.parametrize("source", ["mission", "media"])
def test_swapped_digits_are_looked_for_in_the_lower_end_of_a_range(source):
    rows = [row(1, 538, high=600), row(2, 358, high=400, minute=9, source=source)]
    assert told(detectors.transposed(rows)) == [("transposed", "wni.dead", (1, 2))]


def test_a_corrected_report_no_longer_exceeds():
    wrong = [replace(one, stands=False) for one in states(1, 9, 2, 3, 5)]
    assert not list(detectors.states_exceed(wrong))


def test_states_are_added_by_what_is_certain():
    assert not list(detectors.states_exceed([row(1, 10, key=PRESENT), row(1, 5, key="wni.safe", high=20)]))


def test_the_words_print_both_ranges():
    first, second = row(1, 2, high=3), row(2, 4, high=5, source="hospital")
    words = str(Difference("sources", "wni.dead", first, second).words)
    assert "2–3" in words
    assert "4–5" in words


def test_a_source_that_agreed_when_it_spoke_is_only_behind():
    rows = [row(1, 5), row(2, 5, source="hospital"), row(3, 6, minute=30)]
    assert not list(detectors.sources_differ(rows))
    rows = [row(1, 5), row(2, 4, source="hospital"), row(3, 6, minute=30)]
    assert told(detectors.sources_differ(rows)) == [("sources", "wni.dead", (2, 3))]
    rows = [row(1, 5, minute=-200), row(2, 5, source="hospital"), row(3, 6, source="media", minute=1)]
    assert told(detectors.sources_differ(rows)) == [("sources", "wni.dead", (2, 3))]


def test_what_a_third_source_went_through_explains_two_that_spoke_at_different_times():
    hospital, cross = row(2, 5, source="hospital"), row(4, 6, minute=30, source="red_cross")
    assert not list(detectors.sources_differ([row(1, 5), hospital, row(3, 6, minute=30), cross]))
    assert told(detectors.sources_differ([row(1, 6), hospital, row(3, 6, minute=30), cross])) == [
        ("sources", "wni.dead", (2, 3)),
        ("sources", "wni.dead", (2, 4)),
    ]


# official_older


def official(*rows: Row, minute: float = 2) -> list[Chosen]:
    return [Chosen(one.key, one.report, START + timedelta(minutes=minute)) for one in rows]


def filed(one: Row, minute: float) -> Row:
    return replace(one, filed_at=START + timedelta(minutes=minute))


def test_an_official_figure_older_than_a_newer_report_that_says_otherwise_is_flagged():
    was, news = filed(row(1, 2), 1), filed(row(2, 3, minute=30), 31)
    assert told(detectors.official_older([was, news], official(was))) == [("official", "wni.dead", (1, 2))]
    assert not list(detectors.official_older([was, replace(news, value=2)], official(was)))
    assert not list(detectors.official_older([was, news], official(news)))
    assert not list(detectors.official_older([was, news], []))


def test_every_mission_may_overtake_an_official_figure_but_not_by_repeating_itself():
    was = filed(row(1, 2), 1)
    other = filed(row(2, 0, minute=1, mission="newdelhi"), 1)
    repeated = filed(row(3, 0, minute=40, mission="newdelhi"), 41)
    changed = filed(row(4, 1, minute=50, mission="newdelhi"), 51)
    assert not list(detectors.official_older([was, other, repeated], official(was)))
    assert told(detectors.official_older([was, other, repeated, changed], official(was))) == [
        ("official", "wni.dead", (1, 4))
    ]
    assert told(detectors.official_older([was, repeated], official(was))) == [("official", "wni.dead", (1, 3))]


def test_a_corrected_report_of_an_official_figure_is_flagged_unless_it_says_the_same():
    was = filed(row(1, 20, stands=False, replaced_by=2), 1)
    fix = filed(row(2, 2, minute=5, replaced_as_of=was.as_of), 6)
    [found] = detectors.official_older([was, fix], official(was))
    assert (found.first.value, found.second.value, found.reports) == (20, 2, (1, 2))
    assert not list(detectors.official_older([was, replace(fix, value=20)], official(was)))
    [left_out] = detectors.official_older([was, replace(fix, key="wni.safe")], official(was))
    with translation.override("en"):
        assert str(left_out.words) == "WNI · Dead: the report #1 of the official 20 was corrected by #2"


def test_what_differs_is_named_by_who_says_what():
    rows = [row(1, 1), row(2, 2, minute=9, source="red_cross")]
    [found] = detectors.find(rows)
    [again] = detectors.find([*rows, row(3, 1, minute=10)])
    assert found.about == "sources|wni.dead|dhaka:mission:1|dhaka:red_cross:2"
    assert (again.reports, again.about) == ((2, 3), found.about)
