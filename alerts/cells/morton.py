"""Squares of the map by one number: the Morton key of a point, the cell around it, the ranges that cover a view.

The world is the square of Web Mercator, halved `z` times a side. A cell's key is its column and row with their bits
interleaved below a marker bit (1 at z 0, 1xx at z 1, ...), so that the key says its own level, a cell's children
follow one another, and the cell at level z around a key of level 24 is `key >> 2 * (24 - z)`.
"""

import math
from collections.abc import Iterable

DEEPEST = 24
# Where the square of Web Mercator ends; what lies beyond counts as standing at its edge.
EDGE = 85.0511287798066
SIDE = 1 << DEEPEST
# Enough squares to lie close around a view, few enough for one query.
MOST_TILES = 20


def key_of(lat: float, lon: float) -> int:
    """The key at level 24 (48 bits below the marker) of a point in degrees; 180 is the same meridian as -180."""
    column, row = _column(lon), _row(lat)
    return 1 << (2 * DEEPEST) | _spread(row) << 1 | _spread(column)


def cell_at(key: int, z: int) -> int:
    """The cell at level z around a key of level 24."""
    return key >> 2 * (DEEPEST - z)


def ranges(west: float, south: float, east: float, north: float, z: int) -> list[tuple[int, int]]:
    """First and last key at level z of the squares around a view; east below west crosses the antimeridian."""
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    top, bottom = _row(north), _row(south)
    boxes = [(first, top, last, bottom) for span in spans for first, last in _columns(*span)]
    level = next(level for level in range(z, -1, -1) if sum(_count(box, level) for box in boxes) <= MOST_TILES)
    tiles = {tile for box in boxes for tile in _tiles(box, level)}
    return _joined(sorted(tiles), 2 * (z - level))


def _columns(west: float, east: float) -> list[tuple[int, int]]:
    """First and last column, west to east; what lies at 180, or rounds to it, stands in column 0 with -180."""
    first, last = _column(west), _column(east)
    if west > 0 and first == 0:
        return [(0, 0)]
    return [(first, SIDE - 1), (0, 0)] if east > 0 and last == 0 else [(first, last)]


def _column(lon: float) -> int:
    return int((lon / 360 + 0.5) * SIDE) % SIDE


def _row(lat: float) -> int:
    bounded = math.radians(max(-EDGE, min(EDGE, lat)))
    down = 0.5 - math.asinh(math.tan(bounded)) / (2 * math.pi)
    return max(0, min(SIDE - 1, int(down * SIDE)))


def _spread(number: int) -> int:
    """24 bits with a gap after each: 0b111 becomes 0b10101."""
    number = (number | number << 16) & 0x0000FFFF0000FFFF
    number = (number | number << 8) & 0x00FF00FF00FF00FF
    number = (number | number << 4) & 0x0F0F0F0F0F0F0F0F
    number = (number | number << 2) & 0x3333333333333333
    return (number | number << 1) & 0x5555555555555555


def _count(box: tuple[int, int, int, int], level: int) -> int:
    left, top, right, bottom = (edge >> (DEEPEST - level) for edge in box)
    return (right - left + 1) * (bottom - top + 1)


def _tiles(box: tuple[int, int, int, int], level: int) -> Iterable[int]:
    left, top, right, bottom = (edge >> (DEEPEST - level) for edge in box)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            yield 1 << (2 * level) | _spread(row) << 1 | _spread(column)


def _joined(tiles: list[int], bits: int) -> list[tuple[int, int]]:
    """Ranges of keys `bits` deeper; squares that follow one another make one."""
    found: list[tuple[int, int]] = []
    for tile in tiles:
        first, last = tile << bits, ((tile + 1) << bits) - 1
        if found and found[-1][1] + 1 == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
