"""Lists of people: what is read, and every bad cell with row, column, value and reason; never a 500."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.problems import Refusal, both
from missions.registry.lists import MOST_BYTES, MOST_ROWS, Known, decoded, read
from missions.registry.shapes import Listing

KNOWN = Known(
    dial_codes={"SD": "+249", "HK": "+852"},
    missions={"kbri-khartoum": "KBRI Khartoum", "kbri-kairo": "KBRI Kairo"},
    states={"meninggal": "dead", "dead": "dead"},
    country="SD",
    mission="kbri-khartoum",
)


def one(text, **changes):
    [found] = read(text, KNOWN if not changes else Known(**{**vars_of(KNOWN), **changes})).people
    return found


def vars_of(known):
    return {name: getattr(known, name) for name in Known.__slots__}


def test_a_row_needs_only_a_name_and_takes_country_and_mission_from_the_form():
    found = one("nama\nWNI LATIHAN 0001\n")
    assert (found.line, found.entry.name, found.entry.country, found.entry.mission, found.state) == (
        2,
        "WNI LATIHAN 0001",
        "SD",
        "kbri-khartoum",
        "",
    )


def test_heads_are_known_in_both_languages_and_in_any_order_and_case():
    found = one("State;PASSPORT;name;Telepon;kota\nMeninggal;X 12-34;A B;0912 345 678;Port Sudan\n")
    assert (found.entry.document, found.entry.phone, found.entry.place) == ("X 12-34", "+249912345678", "Port Sudan")
    assert found.state == "dead"


@pytest.mark.parametrize(
    ("phone", "stored"), [("+852 5123 4567", "+85251234567"), ("00852-51234567", "+85251234567"), ("", "")]
)
def test_a_telephone_is_kept_with_its_country(phone, stored):
    assert one(f"nama,telepon\nA,{phone}").entry.phone == stored


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (",X1,,,,", "name", ""),
        ("A,,12,,,", "phone", "12"),
        ("A,,,ZZ,,", "country", "ZZ"),
        ("A,,,,kbri-atlantis,", "mission", "kbri-atlantis"),
        ("A,,,,,asleep", "state", "asleep"),
        ("x\x07,,,,,", "name", "x\x07"),
        ("x" * 121 + ",,,,,", "name", "x" * 60),
    ],
)
def test_a_bad_cell_is_named_with_row_column_value_and_reason_in_both_languages(row, column, value):
    found = read(f"nama,dokumen,telepon,negara,perwakilan,keadaan\n{row}\nB,,,,,", KNOWN)
    [error] = found.errors
    assert (error.line, error.column, error.value) == (2, column, value)
    words = both(error.reason)
    assert words["id"]
    assert words["en"]
    assert words["id"] != words["en"]
    assert [person.line for person in found.people] == [3]


def test_the_same_document_twice_names_the_first_row():
    found = read("nama,dokumen\nA,X-1\nB,x1\n", KNOWN)
    [error] = found.errors
    assert (error.line, error.column) == (3, "document")
    assert "2" in str(error.reason)


def test_a_mission_lists_only_its_own():
    found = read("nama,perwakilan\nA,kbri-kairo\nB,\n", Known(**{**vars_of(KNOWN), "only": "kbri-khartoum"}))
    assert [(error.line, error.column) for error in found.errors] == [(2, "mission")]


def test_a_cell_that_begins_with_an_equals_sign_is_text():
    assert one('nama\n"=HYPERLINK(""http://x"")"').entry.name == '=HYPERLINK("http://x")'


@pytest.mark.parametrize(
    "text", ["", "\n", "nama\n", "nama\n\n,\n", "umur\n7\n", "nama,name\nA,B\n", "nama\n" + "A\n" * (MOST_ROWS + 1)]
)
def test_a_file_without_heads_or_rows_or_with_too_many_is_refused(text):
    with pytest.raises(Refusal) as refused:
        read(text, KNOWN)
    assert refused.value.error.field == "file"


def test_5000_rows_are_read():
    text = "nama,dokumen\n" + "".join(f"WNI LATIHAN {n},X{n}\n" for n in range(MOST_ROWS))
    assert len(read(text, KNOWN).people) == MOST_ROWS


@pytest.mark.parametrize("content", [b"\xff\xfenama", b"nama\n\x00", b"x" * (MOST_BYTES + 1)])
def test_what_is_no_text_or_too_large_is_refused(content):
    with pytest.raises(Refusal) as refused:
        decoded(content)
    assert refused.value.error.field == "file"


def outcome(text):
    """What was read, or the field a refusal names."""
    try:
        return read(text, KNOWN)
    except Refusal as refusal:
        return refusal.error.field


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_words(text):
    found = outcome(text)
    assert found == "file" or isinstance(found, Listing)


@given(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=7), min_size=1, max_size=8))
def test_any_cells_under_known_heads_are_good_or_named(rows):
    sheet = io.StringIO()
    csv.writer(sheet).writerows([["nama", "dokumen", "telepon", "negara", "tempat", "perwakilan", "keadaan"], *rows])
    found = outcome(sheet.getvalue())
    assert found == "file" or not {one.line for one in found.people} & {error.line for error in found.errors}
