"""Which state may follow which, and who is proposed as a double."""

from hypothesis import given
from hypothesis import strategies as st

from alerts.persons.models import State
from alerts.persons.rules import NEXT, may_follow, surplus

digests = st.dictionaries(st.text("abc", min_size=1, max_size=2), st.lists(st.integers(1, 9), unique=True).map(sorted))


def test_every_state_has_its_followers_and_none_follows_itself():
    assert set(NEXT) == set(State)
    assert not any(may_follow(state, state) for state in State)


def test_nobody_comes_back_from_death_or_home_by_an_ordinary_act():
    assert not NEXT[State.DEAD]
    assert not NEXT[State.HOME]


def test_everybody_unverified_may_become_anything():
    assert NEXT[State.UNVERIFIED] == set(State) - {State.UNVERIFIED}


@given(alike=digests)
def test_the_oldest_row_of_a_document_is_never_the_double_of_a_younger_one(alike):
    for row, (first, digest) in surplus(alike, set()).items():
        assert first < row
        assert {first, row} <= set(alike[digest])


@given(alike=digests)
def test_whom_somebody_kept_apart_everywhere_doubles_nobody(alike):
    apart = {(row, digest) for digest, rows in alike.items() for row in rows}
    assert surplus(alike, apart) == {}
