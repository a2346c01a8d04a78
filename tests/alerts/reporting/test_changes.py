"""What changed from one report to the next, in words."""

import pytest

from alerts.reporting.changes import changes
from alerts.reporting.queries import step_of


@pytest.fixture
def two(world):
    """Two reports of one request; what the second says is given."""
    request = world.ask("dhaka")
    first = {"wni.dead": 1, "all.dead": (41, 50), "wni.safe": 0}
    old = world.file(request, figures=first, authorities="no", note="RS Bir").report
    return lambda **given: (old, world.file(request, **given).report)


def test_the_same_again_changed_nothing(two):
    same = {"wni.dead": 1, "all.dead": (41, 50), "wni.safe": 0}
    assert changes(*two(figures=same, authorities="no", note="RS Bir")) == []


def test_null_zero_and_a_range_are_three_different_things(two):
    said = changes(*two(figures={"wni.dead": 0, "all.dead": 41}, authorities="no", note="RS Bir"))
    assert said == [
        "Semua warga · Meninggal: 41–50 → 41",
        "WNI · Meninggal: 1 → 0",
        "WNI · Aman: 0 → belum dilaporkan",
    ]


def test_answers_source_and_note_are_told_too(two):
    figures = {"wni.dead": 1, "all.dead": (41, 50), "wni.safe": 0}
    said = changes(*two(figures=figures, authorities="yes", hospitals="all", source="hospital"))
    assert [words.partition(":")[0] for words in said] == [
        "Otoritas setempat dihubungi",
        "Rumah sakit dicek",
        "Sumber angka",
        "Catatan",
    ]


def test_two_officers_within_minutes_are_told_so(world):
    request = world.ask("dhaka")
    world.file(request, figures={"wni.dead": 1})
    duta = world.reader("ambassador", "dhaka")
    second = world.file(request, figures={"wni.dead": 2}, actor=duta).report
    assert step_of(second).at_once
    assert not step_of(world.file(request, figures={"wni.dead": 2}, actor=duta).report).at_once
