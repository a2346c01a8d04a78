"""The planted set is found whole, the clean set is left in peace, and each detector is needed (ux.md U13)."""

from collections import Counter

import pytest

from alerts.figures import detectors
from alerts.figures.detectors import KINDS
from tests.alerts.figures import sets

# Pure functions: the same on every database.
pytestmark = pytest.mark.once
AT_LEAST_PLANTED, AT_LEAST_CLEAN, MOST_FALSE = 60, 200, 0.05


def is_found(case: sets.Case) -> bool:
    """Whether the very fault is told: its kind, on its figure."""
    return (case.kind, case.key) in {(one.kind, one.key) for one in detectors.find(case.rows, case.official)}


def false_flags(case: sets.Case) -> list[str]:
    return [one.kind for one in detectors.find(case.rows, case.official)]


def table(cases: list[sets.Case], found: Counter[str], wrong: list[tuple[str, list[str]]], clean: int) -> str:
    planted = Counter(case.kind for case in cases)
    lines = ["", f"{'kind':<12}{'planted':>9}{'found':>7}"]
    lines += [f"{kind:<12}{planted[kind]:>9}{found[kind]:>7}" for kind in KINDS]
    lines += [f"{'all':<12}{sum(planted.values()):>9}{sum(found.values()):>7}"]
    kinds = Counter(kind for _name, told in wrong for kind in set(told))
    of_which = ", ".join(f"{kind} {count}" for kind, count in kinds.items()) or "none"
    lines += [f"clean {clean}, falsely flagged {len(wrong)} ({len(wrong) / clean:.1%}): {of_which}"]
    return "\n".join(lines)


def test_planted_differences_are_all_found_and_few_clean_figures_are_flagged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    if not sets.SERIES.exists():
        pytest.skip(f"{sets.SERIES} is not here: the real series were NOT checked")
    cases, quiet = sets.planted(), sets.clean()
    missed = [case.name for case in cases if not is_found(case)]
    found = Counter(case.kind for case in cases if is_found(case))
    wrong = [(case.name, told) for case in quiet if (told := false_flags(case))]
    with capsys.disabled():
        print(table(cases, found, wrong, len(quiet)))
    assert missed == []
    assert len(cases) >= AT_LEAST_PLANTED
    assert len(quiet) >= AT_LEAST_CLEAN
    assert len(wrong) <= MOST_FALSE * len(quiet), wrong


def test_the_press_of_sudan_2023_that_printed_538_as_358_is_flagged() -> None:
    [case] = [case for case in sets.planted() if "538 printed as 358" in case.name]
    assert [(one.kind, one.first.value, one.second.value) for one in detectors.find(case.rows)] == [
        ("transposed", 538, 358)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_without_its_detector_a_planted_kind_is_missed(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutants: one detector taken out at a time."""
    mine = [case for case in sets.planted() if case.kind == kind]
    assert all(is_found(case) for case in mine)
    if kind == "official":
        monkeypatch.setattr(detectors, "official_older", lambda rows, official: iter(()))
    else:
        monkeypatch.delitem(detectors.DETECTORS, kind)
    assert not any(is_found(case) for case in mine)


def test_every_kind_has_a_detector_and_cases() -> None:
    assert {*detectors.DETECTORS, "official"} == set(KINDS)
    assert {case.kind for case in sets.planted()} == set(KINDS)
