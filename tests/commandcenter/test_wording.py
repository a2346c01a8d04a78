"""Numbers, ages and times read right in both languages (ux.md 3.1)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from commandcenter import wording
from commandcenter.templatetags import dcc

AT = datetime(2026, 5, 12, 20, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (0, "nol", "zero"),
        (11, "sebelas", "eleven"),
        (19, "sembilan belas", "nineteen"),
        (40, "empat puluh", "forty"),
        (99, "sembilan puluh sembilan", "ninety-nine"),
        (100, "seratus", "one hundred"),
        (187, "seratus delapan puluh tujuh", "one hundred eighty-seven"),
        (1000, "seribu", "one thousand"),
        (1500, "seribu lima ratus", "one thousand five hundred"),
        (4159, "empat ribu seratus lima puluh sembilan", "four thousand one hundred fifty-nine"),
        (1_000_001, "satu juta satu", "one million one"),
    ],
)
def test_spell_says_the_number_in_both_languages(value: int, indonesian: str, english: str) -> None:
    with translation.override("id"):
        assert wording.spell(value) == indonesian
    with translation.override("en"):
        assert wording.spell(value) == english


def test_number_groups_by_language() -> None:
    with translation.override("id"):
        assert wording.number(1_234_567) == "1.234.567"
    with translation.override("en"):
        assert wording.number(1_234_567) == "1,234,567"
    assert dcc.number(None) == "—"


@pytest.mark.parametrize(
    ("seconds", "short", "clock"),
    [(48, "48 s", "00:48"), (242, "4 min", "04:02"), (4329, "1 h 12 m", "1:12:09"), (3 * 86400, "3 d", "3 d")],
)
def test_ages_grow_in_steps(seconds: int, short: str, clock: str) -> None:
    with translation.override("en"):
        assert wording.age_text(timedelta(seconds=seconds)) == short
        assert wording.stopwatch(timedelta(seconds=seconds)) == clock
        assert wording.age_text(timedelta(days=580)) == "19 mo"


def test_an_age_is_never_negative() -> None:
    with translation.override("en"):
        assert wording.age_text(timedelta(seconds=-90)) == "0 s"
        assert wording.ago_text(timedelta(seconds=-90)) == "just now"


def test_times_carry_their_zone_and_the_date_when_it_is_not_today() -> None:
    with translation.override("id"):
        assert wording.in_wib(AT, now=AT).text == "03.05 WIB"
        assert wording.in_wib(AT - timedelta(days=1), now=AT).text == "12 Mei 2026 03.05 WIB"
    with translation.override("en"):
        assert wording.in_wib(AT, now=AT).text == "03:05 WIB"
        assert wording.in_wib(AT, now=AT).full == "13 May 2026 03:05:12 WIB · 20:05 UTC"


def test_a_mission_reads_its_own_time_first_and_other_days_are_marked() -> None:
    with translation.override("id"):
        spoken = wording.in_three_zones(AT, zone="Asia/Aden", now=AT)
        assert spoken.text == "23.05 Sana'a · 03.05 WIB +1 · 20.05 UTC"
        spoken = wording.in_three_zones(AT, zone="Asia/Dhaka", now=AT)
        assert spoken.text == "02.05 Dhaka · 03.05 WIB · 20.05 UTC -1"
        assert wording.in_three_zones(AT, zone="Asia/Jakarta", now=AT).text == "03.05 WIB · 20.05 UTC -1"
