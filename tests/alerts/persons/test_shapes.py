"""The one line of the ledger: the sentences of ux.md 4.5 and 4.9, and what stands there when it does not close."""

import pytest
from django.utils import translation

from alerts.ledger.reconcile import check_rows
from alerts.persons.models import State
from alerts.persons.shapes import Counted, Ledger

SUDAN = {
    State.LEFT_EARLIER: 272,
    State.HOME: 829,
    State.OUT_OF_AREA: 61,
    State.IN_TRANSIT: 7,
    State.SELF_EVACUATED: 15,
    State.REFUSED: 25,
}
KATHMANDU = {
    State.CONTACTED_SAFE: 138,
    State.UNVERIFIED: 40,
    State.INJURED: 6,
    State.MISSING: 1,
    State.DEAD: 2,
}


def a_ledger(numbers, total=None, doubles=0):
    counts = tuple(Counted(state, numbers.get(state, 0)) for state in State)
    whole = sum(numbers.values()) if total is None else total
    return Ledger(whole, counts, (), None, check_rows(whole, numbers.values(), doubles=doubles))


@pytest.mark.parametrize(
    ("numbers", "language", "line"),
    [
        (
            SUDAN,
            "id",
            "1.209 terdaftar − 272 pergi sebelumnya = 937 = 897 dievakuasi + 15 mandiri + 25 menolak · selisih 0 ✓",
        ),
        (
            SUDAN,
            "en",
            "1,209 registered − 272 left earlier = 937 = 897 evacuated + 15 self-evacuated + 25 refused · gap 0 ✓",
        ),
        (
            KATHMANDU,
            "id",
            "187 = 138 dihubungi, aman + 40 belum diverifikasi + 6 luka + 1 hilang + 2 meninggal · selisih 0 ✓",
        ),
        ({State.REFUSED: 2, State.DEAD: 1}, "id", "3 terdaftar = 2 menolak + 1 meninggal · selisih 0 ✓"),
        ({State.LEFT_EARLIER: 5}, "id", "5 terdaftar − 5 pergi sebelumnya = 0 · selisih 0 ✓"),
        ({}, "id", "belum ada WNI di buku besar"),
    ],
)
def test_the_line_says_the_sum_in_the_language_of_the_page(numbers, language, line):
    with translation.override(language):
        assert a_ledger(numbers).line == line


def test_a_ledger_that_does_not_close_names_each_gap_and_shows_no_set():
    with translation.override("id"):
        assert a_ledger(KATHMANDU, total=194, doubles=2).line == (
            "buku besar belum menutup: kurang 7: baris buku besar tidak mencapai jumlah terdaftar; "
            "ganda 2: orang yang sama mungkin tercatat lebih dari sekali"
        )
        assert a_ledger(KATHMANDU, total=177).line == (
            "buku besar belum menutup: baris buku besar melebihi jumlah terdaftar sebanyak 10"
        )


@pytest.mark.django_db
def test_a_crisis_without_persons_has_an_empty_ledger(crisis, django_assert_max_num_queries):
    from alerts.persons.queries import ledger

    with django_assert_max_num_queries(8):
        found = ledger(crisis)
    assert (found.total, found.counted, found.claims, found.as_of) == (0, 0, (), None)
    assert [one.state for one in found.counts] == list(State)
