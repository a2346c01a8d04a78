"""The harness judges rightly: a benchmark that says "met" must have met it."""

import pytest

from tests.bench.harness import Options, Pair, Report, Sample, Section, Target, percentile, quartiles, spread
from tests.bench.table import rendered

pytestmark = pytest.mark.once


def sample(done: int = 10, asked: int = 10, **figures: float) -> Sample:
    return Sample(asked, done, figures)


def section(ours: list[float], theirs: list[float], figure: str = "rate") -> Section:
    made = Section("work", "unit", Options(pairs=len(ours)))
    made.samples = {"ours": [sample(**{figure: v}) for v in ours], "theirs": [sample(**{figure: v}) for v in theirs]}
    return made


def test_the_ratio_is_ours_over_the_baseline() -> None:
    assert Pair(sample(rate=8.0), sample(rate=2.0)).ratio("rate") == 4.0


def test_a_baseline_of_nothing_is_infinitely_beaten_not_a_crash() -> None:
    assert Pair(sample(rate=8.0), sample(rate=0.0)).ratio("rate") == float("inf")


def test_the_median_of_the_pairs_ratios_is_judged_not_the_ratio_of_the_medians() -> None:
    made = section([1.0, 10.0, 100.0], [1.0, 5.0, 1000.0], "cpu_us")
    made.judge("theirs", Target("cpu_us", at_most=1.0))
    assert (made.verdicts[0].value, made.verdicts[0].outcome) == (1.0, "met")


def test_quartiles_of_five_and_of_one() -> None:
    assert quartiles([5.0, 1.0, 4.0, 2.0, 3.0]) == (2.0, 3.0, 4.0)
    assert quartiles([7.0]) == (7.0, 7.0, 7.0)


def test_spread_is_the_interquartile_range_over_the_median() -> None:
    assert spread([1.0, 2.0, 4.0, 6.0, 100.0]) == 1.0
    assert spread([0.0, 0.0]) == float("inf")


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert (percentile(values, 50), percentile(values, 99), percentile(values, 100)) == (50.0, 99.0, 100.0)
    assert percentile([3.0], 99) == 3.0
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0
    assert percentile([], 99) == 0.0


@pytest.mark.parametrize(("value", "met"), [(0.99, True), (1.0, True), (1.01, False)])
def test_a_limit_itself_is_still_met(value: float, met: bool) -> None:
    assert Target("p99_ms", at_most=1.0).met(value) is met
    assert Target("rate", at_least=1.0).met(2.0 - value) is met


def test_a_target_has_exactly_one_limit() -> None:
    with pytest.raises(ValueError, match="one limit"):
        Target("rate")
    with pytest.raises(ValueError, match="one limit"):
        Target("rate", at_most=1.0, at_least=0.0)


def test_an_unsteady_baseline_is_judged_by_cpu_alone() -> None:
    wild, steady = [1.0, 2.0, 3.0], [2.0, 2.0, 2.6]
    for theirs, outcome in ((wild, "unsteady"), (steady, "missed")):
        made = section([9.0, 9.0, 9.0], theirs, "last_ms")
        made.judge("theirs", Target("last_ms", at_most=1.0))
        assert made.verdicts[0].outcome == outcome
    made = section([9.0, 9.0, 9.0], wild, "cpu_us")
    made.judge("theirs", Target("cpu_us", at_most=1.0))
    assert made.verdicts[0].outcome == "missed"
    assert not made.ok


def test_where_nothing_could_be_judged_nothing_was_met() -> None:
    made = section([1.0, 1.0, 1.0], [1.0, 2.0, 3.0], "last_ms")
    made.judge("theirs", Target("last_ms", at_most=9.0))
    assert made.verdicts[0].outcome == "unsteady"
    assert not made.ok
    made.bound("ours", Target("last_ms", at_most=1.0))
    assert made.ok


def test_the_spread_of_ours_excuses_nothing() -> None:
    made = section([1.0, 5.0, 90.0], [2.0, 2.0, 2.0], "last_ms")
    made.judge("theirs", Target("last_ms", at_most=1.0))
    assert made.verdicts[0].outcome == "missed"


def test_a_bound_is_the_median_of_our_own_samples() -> None:
    made = section([1.0, 149.0, 900.0], [1.0, 1.0, 1.0], "p99_ms")
    made.bound("ours", Target("p99_ms", at_most=150))
    made.bound("ours", Target("p99_ms", at_most=148))
    assert [verdict.outcome for verdict in made.verdicts] == ["met", "missed"]


@pytest.mark.parametrize(("asked", "done"), [(10, 9), (10, 11)])
def test_a_loss_or_a_double_is_a_failure_whatever_the_ratios_say(asked: int, done: int) -> None:
    made = section([1.0], [1.0])
    assert made.ok
    made.samples["ours"].append(sample(done, asked, rate=1.0))
    assert not made.ok


def test_losses_of_both_kinds_do_not_cancel_out() -> None:
    made = section([1.0], [1.0])
    made.samples["ours"] += [sample(9, 10, rate=1.0), sample(11, 10, rate=1.0)]
    assert made.lost("ours") == 2


def test_what_a_lossy_baseline_loses_is_said_and_fails_nothing() -> None:
    made = section([1.0], [1.0])
    made.samples["theirs"].append(sample(1, 10, rate=1.0))
    assert not made.ok
    made.lossy.add("theirs")
    assert made.ok
    assert made.lost("theirs") == 9


def test_a_baseline_that_was_not_run_is_a_target_not_met() -> None:
    made = section([1.0], [1.0])
    made.judge("nchan", Target("rate", at_least=0.0))
    assert not made.ok


def test_rounds_warm_up_then_go_in_turn() -> None:
    order: list[str] = []

    def side(name: str) -> Sample:
        order.append(name)
        return sample(rate=float(len(order)))

    made = Section("work", "unit", Options(pairs=2))
    made.rounds({"ours": lambda: side("A"), "theirs": lambda: side("B")})
    assert order == ["A", "B", "A", "B", "A", "B"]
    assert [one.figures["rate"] for one in made.samples["ours"]] == [3.0, 5.0]


def test_a_report_with_nothing_in_it_has_met_nothing() -> None:
    assert not Report("empty", Options()).ok


def test_one_missed_section_fails_the_report() -> None:
    report = Report("two", Options(pairs=1))
    report.section("good", "unit")
    assert report.ok
    report.section("bad", "unit").verdicts = section([2.0], [1.0]).verdicts
    bad = report.sections[1]
    bad.samples = section([2.0], [1.0]).samples
    bad.judge("theirs", Target("rate", at_most=1.0))
    assert not report.ok
    assert "NOT met" in rendered(report)


@pytest.mark.parametrize(
    ("options", "record"),
    [
        (Options(), True),
        (Options(pairs=6), False),
        (Options(quick=True), False),
        (Options(profile=True), False),
    ],
)
def test_the_table_says_when_its_numbers_are_not_for_the_record(options: Options, record: bool) -> None:
    report = Report("any", options)
    made = report.section("work", "unit")
    made.samples = section([1.0], [1.0]).samples
    assert ("NOT FOR THE RECORD" not in rendered(report)) is record


def test_quick_work_is_smaller() -> None:
    assert (Options().either(60, 5), Options(quick=True).either(60, 5)) == (60, 5)
