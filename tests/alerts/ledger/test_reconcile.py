"""Reconciliation: the fixtures of domain.md section 6, and what must hold for any numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.ledger.reconcile import Count, check_rows, check_sum, reconcile

NAMES = ("dead", "seriously_injured", "slightly_injured", "missing", "detained", "not_reached", "safe")
people = st.integers(0, 100_000)
maybe = st.none() | people


def categories(**known):
    return {name: Count(known.get(name)) for name in NAMES}


def test_sudan_2023_closes():
    assert check_sum(1209, [272, 937]).state == "closed"
    assert check_sum(937, [897, 15, 25]).gap == 0
    assert check_sum(937, [897, 15, 25]).words_id == "selisih 0"


def test_yemen_2015_is_refused_and_names_15():
    verdict = check_sum(4159, [2686, 1488])
    assert (verdict.state, verdict.gap) == ("contradiction", 15)
    assert verdict.words_id == "bagian melebihi jumlah sebanyak 15"
    assert verdict.words_en == "the parts exceed the total by 15"


def test_yemen_2015_is_refused_and_names_110():
    verdict = check_sum(700, [332, 148, 110])
    assert (verdict.state, verdict.gap) == ("contradiction", 110)
    assert verdict.words_id.startswith("kurang 110")
    assert verdict.words_en.startswith("110 missing")


def test_hong_kong_2025_closes_though_nobody_was_reported_detained():
    verdict = reconcile(Count(140), categories(safe=129, missing=1, dead=9, seriously_injured=1))
    assert (verdict.state, verdict.gap) == ("closed", 0)


def test_what_is_not_broken_down_is_named():
    verdict = reconcile(Count(140), categories(dead=9, not_reached=79))
    assert (verdict.state, verdict.gap) == ("incomplete", 52)
    assert verdict.words_id == "52 dari 140 belum terinci"
    assert verdict.words_en == "52 of 140 not broken down yet"


def test_too_many_people_is_a_contradiction_even_when_parts_are_unknown():
    verdict = reconcile(Count(140), categories(safe=150, dead=5))
    assert (verdict.state, verdict.gap) == ("contradiction", 15)
    assert verdict.words_id == "kategori melebihi jumlah WNI sebanyak 15"


def test_all_seven_known_and_too_few_is_a_contradiction():
    verdict = reconcile(
        Count(700), {name: Count(number) for name, number in zip(NAMES, [332, 148, 110, 0, 0, 0, 0], strict=True)}
    )
    assert (verdict.state, verdict.kind, verdict.gap) == ("contradiction", "short", 110)


def test_without_a_total_there_is_no_gap():
    verdict = reconcile(Count(None), categories(dead=2))
    assert (verdict.state, verdict.gap) == ("incomplete", None)
    assert verdict.words_id == "jumlah WNI belum dilaporkan"


def test_nothing_reported_is_not_zero():
    verdict = reconcile(Count(140), categories())
    assert (verdict.state, verdict.gap, verdict.words_id) == ("incomplete", 140, "140 belum terinci")


def test_a_range_closes_when_the_total_lies_inside_it():
    verdict = reconcile(Count(140), categories(dead=2, safe=137) | {"dead": Count(2, 3)})
    assert (verdict.state, verdict.kind) == ("closed", "within_range")


def test_large_gaps_are_printed_in_each_language():
    verdict = check_sum(None, [1])
    assert verdict.gap is None
    verdict = check_sum(10_000, [1_500] * 2)
    assert "7.000" in verdict.words_id
    assert "7,000" in verdict.words_en


@given(st.lists(people, min_size=1, max_size=9))
def test_parts_always_close_with_their_own_sum(parts):
    assert check_sum(sum(parts), parts).state == "closed"


@given(st.lists(people, min_size=1, max_size=9), st.integers(-50_000, 50_000).filter(bool))
def test_known_parts_with_another_total_never_close_and_the_gap_is_exact(parts, off):
    total = sum(parts) + off
    if total < 0:
        return
    verdict = check_sum(total, parts)
    assert verdict.state == "contradiction"
    assert verdict.gap == abs(off)
    assert f"{abs(off):,}" in verdict.words_en


@given(people, st.lists(maybe, min_size=7, max_size=7))
def test_an_unknown_part_is_never_taken_as_zero(total, parts):
    verdict = check_sum(total, parts)
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) and sum(known) < total:
        assert (verdict.state, verdict.gap) == ("incomplete", total - sum(known))
    assert (verdict.state == "contradiction") == (
        sum(known) > total or (len(known) == len(parts) and sum(known) < total)
    )


@given(maybe, st.lists(maybe, max_size=7))
def test_every_verdict_has_words_in_both_languages(total, parts):
    verdict = check_sum(total, parts)
    assert verdict.words_id
    assert verdict.words_en
    assert (verdict.gap is None) == (total is None)


@given(people, st.lists(st.tuples(people, people), min_size=1, max_size=7))
def test_a_range_contradicts_only_when_no_value_in_it_fits(total, ends):
    parts = {str(number): Count(min(pair), max(pair)) for number, pair in enumerate(ends)}
    low, high = sum(min(pair) for pair in ends), sum(max(pair) for pair in ends)
    assert reconcile(Count(total), parts).is_contradiction == (not low <= total <= high)


@pytest.mark.parametrize("parts", [[1, 2], [3], [None, 3]])
def test_sums_of_small_groups_close(parts):
    assert check_sum(3, parts).state == "closed"


@given(registered=people, counts=st.lists(people, max_size=14), doubles=st.integers(0, 50))
def test_rows_close_exactly_when_nobody_is_missing_too_many_or_double(registered, counts, doubles):
    verdict = check_rows(registered, counts, doubles=doubles)
    found = {gap.kind: gap.n for gap in verdict.gaps}
    if not registered and not any(counts):
        assert (verdict.state, verdict.gaps) == ("incomplete", ())
        return
    apart = registered - sum(counts)
    expected = {"missing": max(apart, 0), "exceeding": max(-apart, 0), "double": doubles}
    assert found == {kind: n for kind, n in expected.items() if n}
    assert (verdict.state == "closed") == (not found)
    for gap in verdict.gaps:
        assert f"{gap.n:,}".replace(",", ".") in gap.words_id
        assert gap.words_id in verdict.words_id
        assert gap.words_en in verdict.words_en


def test_each_gap_of_a_ledger_is_named_in_both_languages():
    verdict = check_rows(1216, [272, 897, 15, 25], doubles=2)
    assert (verdict.kind, verdict.gap) == ("short", 7)
    assert verdict.words_id == (
        "kurang 7: baris buku besar tidak mencapai jumlah terdaftar; "
        "ganda 2: orang yang sama mungkin tercatat lebih dari sekali"
    )
    assert verdict.words_en == (
        "7 missing: the ledger's rows fall short of the number registered; "
        "2 double: the same person may be entered more than once"
    )
    assert check_rows(1209, [272, 897, 15, 25]).words_id == "selisih 0"
