"""Coded polygons in a tree, and distances on a sphere. Shapely stays in here and in geo.py."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

EARTH_KM = 6371.0088
KM_PER_DEGREE = math.pi * EARTH_KM / 180
SEA_LIMIT_KM = 370.4  # 200 nautical miles (domain.md rule 10)
SCALE = 100_000
# Radii in degrees of latitude, searched in turn for the nearest land.
SEARCH = (0.15, 0.75, SEA_LIMIT_KM / KM_PER_DEGREE, 7.0, 14.0, 28.0, 60.0, 180.0)


class Layer:
    """Coded polygons, cut into small pieces and held in a tree. Read-only after loading, so any thread may ask."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as stored:
            coords = np.column_stack([np.cumsum(stored["x"], dtype=np.int64), np.cumsum(stored["y"], dtype=np.int64)])
            rings = np.concatenate([[0], np.cumsum(stored["rings"], dtype=np.int64)])
            polygons = np.concatenate([[0], np.cumsum(stored["polygons"], dtype=np.int64)])
            self.codes: list[str] = [str(code) for code in stored["codes"]]
            self.owners = stored["owners"]
        self.pieces: NDArray[Any] = shapely.from_ragged_array(
            shapely.GeometryType.POLYGON, coords / SCALE, (rings, polygons)
        )
        shapely.prepare(self.pieces)
        self.tree = shapely.STRtree(self.pieces)
        self.edges, self.first_edge = _edges(self.pieces)
        self.found_by: dict[str, NDArray[Any]] = {}

    def at(self, lat: float, lon: float) -> str | None:
        """Return the code of the polygon at a point, None where there is none."""
        return self.at_each([lat], [lon])[0]

    def at_each(self, lats: Sequence[float], lons: Sequence[float]) -> list[str | None]:
        """Return the codes of the polygons at many points, in one question to the tree."""
        points, found = self.tree.query(shapely.points(lons, lats), predicate="intersects")
        first: dict[int, int] = {}
        for point, piece in zip(points.tolist(), found.tolist(), strict=True):
            first[point] = min(piece, first.get(point, piece))
        return [self.codes[self.owners[first[point]]] if point in first else None for point in range(len(lats))]

    def nearest(self, lat: float, lon: float, prefix: str = "") -> tuple[str, float] | None:
        """Return the nearest code that begins so and is not empty, and the distance to it in kilometres."""
        good = self.found_by.get(prefix)
        if good is None:
            good = np.array([bool(code) and code.startswith(prefix) for code in self.codes])
            self.found_by[prefix] = good
        for radius in SEARCH:
            best = self._nearest_within(lat, lon, radius, good)
            if best and (best[1] <= radius * KM_PER_DEGREE or radius == SEARCH[-1]):
                return best
        return None

    def _nearest_within(self, lat: float, lon: float, radius: float, good: NDArray[Any]) -> tuple[str, float] | None:
        best: tuple[str, float] | None = None
        for shift, pieces in self._around(lat, lon, radius):
            found = pieces[good[self.owners[pieces]]]
            if not found.size:
                continue
            owner, km = self._measure(found, lat, lon + shift)
            if best is None or km < best[1]:
                best = (self.codes[owner], km)
        return best

    def _around(self, lat: float, lon: float, radius: float) -> Iterable[tuple[float, NDArray[Any]]]:
        """Yield the pieces near a point, also from the other side of the antimeridian."""
        widest = min(89.0, abs(lat) + radius)
        wide = min(180.0, radius / math.cos(math.radians(widest)))
        for shift in (0.0, 360.0, -360.0):
            box = (lon + shift - wide, lat - radius, lon + shift + wide, lat + radius)
            if box[2] >= -180 and box[0] <= 180:
                yield shift, self.tree.query(shapely.box(*box))

    def _measure(self, found: NDArray[Any], lat: float, lon: float) -> tuple[int, float]:
        """Return the owner of the nearest of some pieces, and the distance; flat geometry scaled at the point."""
        counts = self.first_edge[found + 1] - self.first_edge[found]
        ends = np.cumsum(counts)
        chosen = np.arange(ends[-1]) + np.repeat(self.first_edge[found] - ends + counts, counts)
        scale = max(math.cos(math.radians(lat)), 0.01)
        x, y, east, north = self.edges[:, chosen]
        x, y, east = (x - lon) * scale, y - lat, east * scale
        share = -(x * east + y * north) / np.maximum(east * east + north * north, 1e-18)
        share = np.minimum(np.maximum(share, 0), 1)
        x, y = x + east * share, y + north * share
        index = int((x * x + y * y).argmin())
        piece = found[int(np.searchsorted(ends, index, side="right"))]
        return int(self.owners[piece]), distance_km(lat, lon, lat + float(y[index]), lon + float(x[index]) / scale)


def _edges(pieces: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return every edge as (x, y, step east, step north), one row each of those, and where each piece's edges begin."""
    rings, of_piece = shapely.get_rings(pieces, return_index=True)
    coords, of_ring = shapely.get_coordinates(rings, return_index=True)
    same = of_ring[:-1] == of_ring[1:]
    edges = np.vstack([coords[:-1][same].T, np.diff(coords, axis=0)[same].T])
    return edges, np.searchsorted(of_piece[of_ring[:-1][same]], np.arange(len(pieces) + 1))


def distances_km(lat: float, lon: float, lats: NDArray[Any], lons: NDArray[Any]) -> NDArray[Any]:
    """Return the great-circle distances from one point to many, in kilometres."""
    a, b = math.radians(lat), np.radians(lats)
    half = np.sin((b - a) / 2) ** 2 + math.cos(a) * np.cos(b) * np.sin(np.radians(lons - lon) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, half)))  # type: ignore[no-any-return]


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance of two points in kilometres."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))
