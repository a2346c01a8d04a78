"""What is a telephone number, however it is written: pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.hotline.rules import kept, telephone
from commandcenter.problems import Refusal

pytestmark = pytest.mark.once
ARABIC = "+\u0669\u0666\u0667\u0667\u0667\u0661\u0662\u0663\u0664\u0665\u0666\u0667"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("+967 771 234 567", "+967771234567"),
        ("00967-771-234-567", "+967771234567"),
        ("(0812) 3456.7890", "+6281234567890"),
        ("62 812 3456 7890", "6281234567890"),
        (ARABIC, "+967771234567"),
        ("\u200e+967771234567\u200f", "+967771234567"),
        ("\uff0b\uff19\uff16\uff17771234567", "+967771234567"),
        ("+967\u2013771\u00a0234567", "+967771234567"),
        ("110", "110"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, shown: str) -> None:
    number = telephone(typed, "+62")
    assert number.shown == shown
    assert number.digits == shown.lstrip("+")


@pytest.mark.parametrize(
    "typed", ["siti", "0812-ABC", "+967+1", "12", "1" * 16, "08\x0012345", "0812\U0001f4de345", "0812;345", "٣٤x"]
)
def test_anything_else_is_refused_with_the_name_of_the_field(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        telephone(typed, "+62")
    assert refused.value.error.field == "phone"


@given(st.text(max_size=200))
def test_no_text_is_more_than_a_refusal_and_a_draft_keeps_what_a_database_takes(typed: str) -> None:
    try:
        number = telephone(typed, "+62")
    except Refusal:
        assert "\x00" not in kept(typed)
        assert len(kept(typed)) <= 32
    else:
        assert number.digits.isascii()
        assert number.digits == "" or 3 <= len(number.digits) <= 15
