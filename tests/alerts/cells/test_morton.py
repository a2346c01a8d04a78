"""Keys of squares: which square a point stands in, and which squares lie around a view."""

import math
import sys

from hypothesis import example, given
from hypothesis import strategies as st

from alerts.cells.morton import DEEPEST, cell_at, key_of, ranges

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


def test_the_marker_bit_says_the_level_and_each_half_has_its_bit() -> None:
    corners = [cell_at(key_of(lat, lon), 1) for lat, lon in ((50, -90), (50, 90), (-50, -90), (-50, 90))]
    assert corners == [0b100, 0b101, 0b110, 0b111]


def test_a_key_is_the_column_and_row_of_the_tile_with_their_bits_interleaved() -> None:
    # Hong Kong in the tile 837/446 of zoom 10, as every web map numbers it.
    cell = cell_at(key_of(22.45, 114.1688), 10)
    bits = f"{cell:b}"[1:]
    assert (int(bits[1::2], 2), int(bits[0::2], 2)) == (836, 446)


@given(LATITUDES, LONGITUDES)
def test_every_point_of_the_earth_has_a_key_of_49_bits(lat: float, lon: float) -> None:
    assert key_of(lat, lon).bit_length() == 2 * DEEPEST + 1


def test_poles_stand_at_the_edge_and_both_ends_of_the_antimeridian_in_one_column() -> None:
    assert key_of(90, 10) == key_of(86, 10)
    assert key_of(-90, 10) == key_of(-86, 10)
    assert key_of(5, 180) == key_of(5, -180)
    assert key_of(math.nextafter(0, 1), sys.float_info.min).bit_length() == 49


# 180 and what rounds to it stand in the first column, not the last.
@example(0, 0, 0, 0, 0, math.nextafter(180, 0), 1)
@example(0, 180, 0, 170, 0, 180, 24)
@example(0, -180, 0, 180, 0, -170, 24)
@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES, LATITUDES, LONGITUDES, st.integers(0, DEEPEST))
def test_a_point_inside_a_view_is_inside_its_ranges(
    lat: float, lon: float, one: float, west: float, other: float, east: float, z: int
) -> None:
    south, north = sorted((one, other))
    inside = south <= lat <= north and (west <= lon <= east if west <= east else lon >= west or lon <= east)
    found = any(first <= cell_at(key_of(lat, lon), z) <= last for first, last in ranges(west, south, east, north, z))
    assert found or not inside


def test_a_view_across_the_antimeridian_leaves_the_rest_of_the_world_out() -> None:
    found = ranges(170, -20, -170, 0, 12)
    covered = sum(last - first + 1 for first, last in found)
    assert covered < 0.05 * 4**12
    assert not any(first <= cell_at(key_of(-10, 0), 12) <= last for first, last in found)


def test_the_whole_world_is_one_range() -> None:
    assert ranges(-180, -90, 180, 90, 6) == [(4**6, 2 * 4**6 - 1)]
