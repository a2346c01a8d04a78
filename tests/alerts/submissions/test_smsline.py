"""The SMS line: pure and total; what is meant is read, what is not read is told, nothing is guessed."""

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.sitreps.actions import LARGEST
from alerts.submissions.smsline import AUTHORITIES, HOSPITALS, KEYS, is_line, read, written

NIGHTLY = os.environ.get("DCC_FAULTS") == "full"
EXAMPLES = settings(max_examples=10_000 if NIGHTLY else 400, deadline=None)
WHOLE = "DCC 17 N187 V41 M2 LB1 LR5 H1 T0 B40 A138 O1 R?"
SAID = {
    "wni.present": (187, None),
    "all.dead": (41, None),
    "wni.dead": (2, None),
    "wni.seriously_injured": (1, None),
    "wni.slightly_injured": (5, None),
    "wni.missing": (1, None),
    "wni.detained": (0, None),
    "wni.not_reached": (40, None),
    "wni.safe": (138, None),
}


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        WHOLE.lower(),
        "dcc 17, n187, v41, m2, lb1, lr5, h1, t0, b40, a138, o1, r?",
        "DCC 17 R? O1 A138 B40 T0 H1 LR5 LB1 M2 V41 N187",
        "  DCC R-17: N 187 V 41 M 2 LB 1 LR 5 H 1 T 0 B 40 A 138 O 1 R ?",
        "DCC 17 N187V41M2LB1LR5H1T0B40A138O1R?",
        "DCC17\nN=187;V=41;M=2;LB=1;LR=5;H=1;T=0;B=40;A=138;O=1;R=?.",
        "DCC #17 N187 N187 V041 M2 LB1 LR5 H1 T0 B40 A138 O1 R?",
    ],
)
def test_the_same_report_in_any_shape_is_the_same_record(text):
    line = read(text)
    assert (line.request, line.answer, line.figures, line.unread) == (17, "figures", SAID, [])
    assert (line.authorities, line.hospitals) == ("yes", "unknown")


@pytest.mark.parametrize(
    ("word", "unread"),
    [
        ("M-2", ["M-2"]),
        ("M1.500", ["M1.500"]),
        ("M1,500", ["M1,500"]),
        ("M 1 500", ["M", "1", "500"]),
        ("M１２", ["M１２"]),
        ("M١٢", ["M١٢"]),
        ("M1½", ["M1½"]),
        ("M1e3", ["M1E3"]),
        ("M99999999999999999999", ["M99999999999999999999"]),
        ("M10000001", ["M10000001"]),
        ("M2 M3", ["M2", "M3"]),
        ("M3-2", ["M3-2"]),
        ("X5", ["X5"]),
        ("O7", ["O7"]),
        ("TOLONG", ["TOLONG"]),
    ],
)
def test_what_cannot_be_read_is_told_and_never_guessed(word, unread):
    line = read(f"DCC 17 H1 {word} LB2")
    assert line.unread == unread
    assert line.figures == {"wni.missing": (1, None), "wni.seriously_injured": (2, None)}


def test_a_question_mark_is_null_and_a_dash_makes_a_range():
    line = read("DCC 17 M? H2-3 O? R2")
    assert line.figures == {"wni.missing": (2, 3)}
    assert (line.authorities, line.hospitals, line.unread) == ("unknown", "partial", [])


@pytest.mark.parametrize(("word", "answer"), [("nihil", "none_affected"), ("CEK", "checking")])
def test_a_word_is_one_of_the_two_quick_answers(word, answer):
    line = read(f"dcc 17 {word} O1")
    assert (line.answer, line.figures, line.authorities, line.unread) == (answer, {}, "yes", [])


def test_a_line_of_nothing_but_question_marks_is_being_checked_and_one_figure_beside_them_is_figures():
    assert (read("DCC 17 N? M ?").answer, read("DCC 17 N? M ?").unread) == ("checking", [])
    assert (read("DCC 17 N? M0").answer, read("DCC 17 N? M0").figures) == ("figures", {"wni.dead": (0, None)})
    assert read("DCC 17 N? xyz").answer == "figures"


def test_none_affected_beside_figures_contradicts_itself_and_the_figures_stand():
    line = read("DCC 17 NIHIL M2")
    assert (line.answer, line.figures, line.unread) == ("figures", {"wni.dead": (2, None)}, ["NIHIL"])


@pytest.mark.parametrize("text", ["DCC", "DCC M2", "DCC x17 M2", "DCC 1234567890 M2", "dcc laporan", "DCC ١٧ M2"])
def test_a_line_without_the_number_of_its_request_is_none(text):
    assert is_line(text)
    assert read(text) is None


@pytest.mark.parametrize("text", ["", " ", "TOLONG", "17 M2", "ADCC 17"])
def test_other_texts_are_not_ours(text):
    assert not is_line(text)


NUMBERS = st.integers(0, LARGEST)
ENDS = st.one_of(
    st.tuples(NUMBERS, st.none()),
    st.tuples(st.integers(0, LARGEST - 1), NUMBERS).filter(lambda ends: ends[1] > ends[0]),
)
FIGURES = st.dictionaries(st.sampled_from(list(KEYS.values())), ENDS, max_size=9)


@EXAMPLES
@given(
    FIGURES,
    st.sampled_from(["", *AUTHORITIES.values()]),
    st.sampled_from(["", *HOSPITALS.values()]),
    st.randoms(use_true_random=False),
)
def test_every_report_comes_back_from_its_line_however_it_is_mangled(figures, authorities, hospitals, chance):
    begin, number, *parts = written(17, figures=figures, authorities=authorities, hospitals=hospitals).split()
    chance.shuffle(parts)
    text = _mangled(chance, [begin, number, *parts])
    line = read(text)
    assert (line.figures, line.authorities, line.hospitals, line.unread) == (figures, authorities, hospitals, []), text


def _mangled(chance: random.Random, parts: list[str]) -> str:
    gaps = [" ", "  ", ", ", ",", "; ", "\n", " . "]
    text = parts[0] + chance.choice([" ", ": ", ""]) + parts[1]
    for part in parts[2:]:
        text += chance.choice(gaps) + (part.lower() if chance.random() < 0.5 else part)
    return text + chance.choice(["", " ", ".", ","])


@EXAMPLES
@given(
    st.text(max_size=200), st.lists(st.sampled_from(["DCC", "17", *KEYS, "O", "R", "?", "-", ",", "1.500", "１", " "]))
)
def test_no_text_breaks_it_and_every_word_is_read_or_told(noise, words):
    for text in (noise, f"DCC 17 {noise}", "".join(words), f"DCC 17 {' '.join(words)} {noise}"):
        line = read(text)
        if line is not None:
            assert all(0 <= low <= LARGEST and (high is None or low < high) for low, high in line.figures.values())
            assert line.says_something or line.unread or not any(one.isalnum() for one in text.upper()[6:])


def test_a_line_of_any_length_is_read_in_a_moment():
    assert read("DCC 17 " + "M1-" * 100_000) is not None
    assert read("DCC 17 " + "?" * 100_000) is not None
