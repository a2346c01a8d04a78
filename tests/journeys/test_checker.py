"""The checker of the fault runs, over doctored histories: every broken promise is found and named."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.journeys.faults.checker import Screen, World, judge
from tests.journeys.faults.phones import Attempt, History

pytestmark = pytest.mark.once
WORLD = World(
    rows=[("a", 1), ("b", 2), ("c", 3)],
    seqs=[1, 2, 3],
    head=3,
    frames=[("dcc", 0, 1), ("dcc", 1, 2), ("mission:x", 0, 2), ("dcc", 2, 3)],
)
SCREEN = Screen("dcc", 0, [1, 2, 3])


def history(**answers: tuple[int, str]) -> History:
    made = History(tried=sorted(answers))
    for client_id, (status, number) in sorted(answers.items()):
        made.add(Attempt(client_id, 0.0, 1.0, status, number))
    return made


def good() -> History:
    made = history(a=(201, "E-2026-0000001"), b=(503, ""), c=(201, "E-2026-0000003"))
    made.add(Attempt("a", 1.0, 2.0, 200, "E-2026-0000001"))
    made.add(Attempt("b", 1.0, 2.0, 201, "E-2026-0000002"))
    return made


def test_a_kept_promise_is_no_finding() -> None:
    verdict = judge(good(), WORLD, [SCREEN, Screen("mission:x", 0, [2]), Screen("dcc", 2, [3])])
    later = judge(good(), WORLD, [Screen("dcc", 0, [1, 2, 3, 4])])
    assert verdict.broken == later.broken == []
    assert (verdict.tried, verdict.acknowledged, verdict.stored, verdict.doubles, verdict.holes) == (3, 3, 3, 0, 0)


@pytest.mark.parametrize(
    ("told", "doctored"),
    [
        ("answered 2xx and not stored: b", replace(WORLD, rows=[("a", 1), ("c", 3)])),
        ("stored and never tried: d", replace(WORLD, rows=[*WORLD.rows, ("d", 4)])),
        ("stored twice: a", replace(WORLD, rows=[*WORLD.rows, ("a", 4)])),
        ("answered with another number than stored: a", replace(WORLD, rows=[("a", 9), ("b", 2), ("c", 3)])),
        ("missing in the log: 2", replace(WORLD, seqs=[1, 3])),
        ("missing in the log: 4", replace(WORLD, head=4)),
        ("numbered twice: 2", replace(WORLD, seqs=[1, 2, 2, 3])),
        ("not linked to its predecessor by its hash: 3", replace(WORLD, broken=[3])),
        ("1 events have no number", replace(WORLD, unnumbered=1)),
        ("frame 3 of dcc stands on 1", replace(WORLD, frames=[*WORLD.frames[:3], ("dcc", 1, 3)])),
        ("drawn by a reader of dcc it was not for: 3", replace(WORLD, frames=WORLD.frames[:3])),
    ],
)
def test_a_doctored_database_is_found(told: str, doctored: World) -> None:
    verdict = judge(good(), doctored, [SCREEN])
    assert any(told in line for line in verdict.broken), verdict.broken
    with pytest.raises(AssertionError):
        verdict.must_hold()


@pytest.mark.parametrize(
    ("told", "drawn"),
    [
        ("never drawn by a reader of dcc: 3", [1, 2]),
        ("never drawn by a reader of dcc: 2", [1, 3]),
        ("a reader of dcc drew out of order or twice", [1, 3, 2]),
        ("a reader of dcc drew out of order or twice", [1, 2, 2, 3]),
    ],
)
def test_a_doctored_screen_is_found(told: str, drawn: list[int]) -> None:
    verdict = judge(good(), WORLD, [Screen("dcc", 0, drawn)])
    assert any(told in line for line in verdict.broken), verdict.broken
    assert verdict.holes == 3 - len(set(drawn))


@pytest.mark.parametrize(
    ("told", "doctor"),
    [
        ("answered neither 2xx nor 503: 500", lambda made: made.add(Attempt("a", 0.0, 1.0, 500))),
        ("answered with another number", lambda made: made.add(Attempt("a", 0.0, 1.0, 200, "E-2026-0000002"))),
        ("never answered 2xx: z", lambda made: made.tried.append("z")),
    ],
)
def test_a_doctored_history_is_found(told: str, doctor: Callable[[History], None]) -> None:
    made = good()
    doctor(made)
    assert any(told in line for line in judge(made, WORLD, [SCREEN]).broken)


def test_doubles_and_holes_are_counted() -> None:
    doubled = replace(WORLD, rows=[*WORLD.rows, ("a", 4), ("a", 5)], seqs=[1, 3])
    verdict = judge(good(), doubled, [Screen("dcc", 0, [1])])
    assert (verdict.stored, verdict.doubles, verdict.holes) == (5, 2, 1 + 2)
