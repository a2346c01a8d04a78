"""What is one card: pure, by when each was received alone, and nobody is lost to it."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from alerts.floods.rules import MOST_A_MINUTE, Arrival, cell_of, crowds, moment

pytestmark = pytest.mark.once
CELL = "44:228"


def arrivals(n: int, *, every_ms: int = 1000, start: int = 0, cell: str = CELL, **more: object) -> list[Arrival]:
    """So many in a row."""
    given = {"priority": 1, "untaken": True, "apart": False, **more}
    return [Arrival(f"E-2026-{start + i:05d}", cell, (start + i) * every_ms, **given) for i in range(n)]  # type: ignore[arg-type]


def test_fifty_in_a_minute_are_rows_and_one_more_is_a_card() -> None:
    assert crowds(arrivals(MOST_A_MINUTE)) == []
    (card,) = crowds(arrivals(MOST_A_MINUTE + 1))
    # The first P1 keeps its row.
    assert len(card.numbers) == MOST_A_MINUTE
    assert "E-2026-00000" not in card.numbers


def test_slower_than_that_is_no_flood_however_many() -> None:
    assert crowds(arrivals(500, every_ms=1200)) == []
    assert len(crowds(arrivals(500, every_ms=1199))) == 1


def test_a_minute_ends_sharply() -> None:
    just = arrivals(MOST_A_MINUTE, every_ms=0)
    late = [one._replace(number="E-2026-90000", received=60_000) for one in just[:1]]
    assert crowds(just + late) == []
    assert len(crowds([*just, late[0]._replace(received=59_999)])) == 1


def test_cells_are_apart_and_what_has_no_position_counts_by_its_country() -> None:
    assert cell_of(22.45, 114.17, "HK") == CELL
    assert cell_of(-0.1, -179.9, "HK") == "-1:-360"
    assert cell_of(None, None, "HK") == "HK"
    both = arrivals(40) + arrivals(40, start=100, cell="HK")
    assert crowds(both) == []
    assert [card.cell for card in crowds(arrivals(60) + arrivals(60, cell="HK"))] == [CELL, "HK"]


def test_who_stands_apart_is_never_folded_and_never_counted() -> None:
    signed = [one._replace(number=f"E-2027-{n:05d}", apart=True) for n, one in enumerate(arrivals(200))]
    assert crowds(signed) == []
    (card,) = crowds(arrivals(60) + signed)
    assert not {one.number for one in signed} & set(card.numbers)
    assert crowds(arrivals(50) + signed) == []


def test_the_card_stays_when_the_flood_is_over_until_all_are_taken() -> None:
    flood = arrivals(120)
    for taken in (0, 60, 118):
        rows = [one._replace(untaken=n > taken) for n, one in enumerate(flood)]
        (card,) = crowds(rows)
        assert len(card.numbers) == 119 - taken
    assert crowds([one._replace(untaken=False) for one in flood]) == []


def test_those_before_and_after_the_flood_are_rows() -> None:
    early = arrivals(5, every_ms=1, start=0)
    flood = [
        one._replace(number=f"E-2027-{n:05d}", received=one.received + 600_000) for n, one in enumerate(arrivals(80))
    ]
    (card,) = crowds(flood + early)
    assert not {one.number for one in early} & set(card.numbers)
    assert len(card.numbers) == 79


def test_any_order_of_the_same_facts_is_the_same_card() -> None:
    flood = arrivals(200, every_ms=700)
    mixed = random.Random(5).sample(flood, len(flood))
    assert crowds(mixed) == crowds(flood)


def test_everybody_is_in_one_card_or_a_row() -> None:
    chance = random.Random(7)
    for _ in range(50):
        rows = [
            Arrival(
                f"E-2026-{n:05d}", chance.choice("abc"), chance.randrange(300_000), chance.choice((1, 2)), True, False
            )
            for n in range(chance.randrange(400))
        ]
        folded = [number for card in crowds(rows) for number in card.numbers]
        assert len(folded) == len(set(folded))
        assert set(folded) <= {one.number for one in rows}


def test_a_moment_is_whole_milliseconds_as_the_browser_reads_them() -> None:
    at = datetime(2026, 5, 12, 20, 5, 0, 999_999, tzinfo=UTC)
    assert moment(at) == int(datetime(2026, 5, 12, 20, 5, tzinfo=UTC).timestamp()) * 1000 + 999
    assert moment(at + timedelta(microseconds=1)) == moment(at) + 1
