"""Instants and codes as people write them; everything else is refused in words."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.situation.moment import grouped, read_hash, read_instant
from commandcenter.problems import Refusal, both

DECLARED = datetime(2026, 5, 12, 19, 49, tzinfo=UTC)
NOW = datetime(2026, 5, 13, 1, 0, tzinfo=UTC)
WANTED = datetime(2026, 5, 12, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-05-12T20:05:00Z", "2026-05-12T20:05:00+00:00", "2026-05-13T03:05:00+07:00", "2026-05-13T03:05:00 07:00",
     "2026-05-13 03:05", "2026-05-13T03:05", " 2026-05-13 03:05:00 ", "2026-05-13T01:50:00+05:45"],
)  # fmt: skip
def test_an_instant_is_read_in_any_zone_and_without_one_as_wib(text):
    assert read_instant(text, declared_at=DECLARED, now=NOW) == WANTED


@pytest.mark.parametrize(
    ("text", "words"),
    [("2026-05-13T02:00:00Z", "future"), ("2027-01-01 00:00", "future"), ("9999-12-31T23:59:59Z", "Write the time"),
     ("2026-05-12T19:48:59Z", "declared later"), ("2015-01-01", "declared later"),
     ("0001-01-01T00:00:00+14:00", "Write the time"),
     ("yesterday", "Write the time"), ("2026-13-40", "Write the time"), ("2026-05-12T25:00:00Z", "Write the time"),
     ("20.05", "Write the time"), ("12/05/2026", "Write the time"), ("-1", "Write the time"), ("1e9", "Write the time"),
     ("\0", "Write the time"), ("\uff12026", "Write the time"), ("2" * 500, "Write the time"),
     ("2026-05-12T20:05:00+99:99", "Write the time")],
)  # fmt: skip
def test_other_instants_are_refused_in_both_languages(text, words):
    with pytest.raises(Refusal) as found:
        read_instant(text, declared_at=DECLARED, now=NOW)
    assert found.value.error.field == "at"
    told = both(found.value.error.message)
    assert words in told["en"]
    assert told["id"] != told["en"]


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    with contextlib.suppress(Refusal):
        assert DECLARED <= read_instant(text, declared_at=DECLARED, now=NOW) <= NOW
    read_hash(text)


@given(st.integers(0, int((NOW - DECLARED).total_seconds() * 1e6)))
def test_the_address_of_a_moment_leads_back_to_it(microseconds):
    moment = DECLARED + timedelta(microseconds=microseconds)
    assert read_instant(moment.isoformat(), declared_at=DECLARED, now=NOW) == moment


def test_a_code_is_read_in_any_grouping():
    code = "0123456789abcdef"
    assert grouped(code) == "0123-4567-89ab-cdef"
    for written in (code, grouped(code), "0123 4567 89AB CDEF", f" {code} "):
        assert read_hash(written) == code
    for wrong in ("", "0123", code + "0", code[:-1] + "g", "\0" * 16, "\uff10" * 16, "x" * 4000):
        assert read_hash(wrong) is None


def test_the_moment_before_now_is_no_future():
    assert read_instant(NOW.isoformat(), declared_at=DECLARED, now=NOW) == NOW
    with pytest.raises(Refusal):
        read_instant((NOW + timedelta(seconds=1)).isoformat(), declared_at=DECLARED, now=NOW)
