"""Every question about points and areas. The rest of the product asks here and never imports shapely.

Latitude and longitude are WGS 84 degrees, distances kilometres on a sphere. Borders are Natural Earth 10m,
overridden by reference/overrides.csv for disputed areas; see reference/PROVENANCE.md.
"""

from __future__ import annotations

import csv
import json
import math
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from commandcenter.problems import Refusal
from missions.countries.borders import EARTH_KM, KM_PER_DEGREE, SEA_LIMIT_KM, Layer
from missions.countries.geojson import MAX_VERTICES, polygons_of

REFERENCE = Path(__file__).parent / "reference"
COAST_KM = 5.0  # nearer than this the drawn coast is no proof of being at sea
# An overlap smaller than both is a sliver of two drawings of one border, not a country in the area.
SLIVER_DEGREES2 = 1e-3
SLIVER_SHARE = 0.2
MENDED_POINTS = 30
MIN_RADIUS_KM, MAX_RADIUS_KM = 0.1, 3000
MAX_NEAR = 20  # edges whose boxes meet, for each edge; a map of provinces has about eight
MAX_CROSSINGS = 300
SCREEN_STEPS = 1000  # corners nearer than this share of the area fall together on every screen
Box = tuple[float, float, float, float]
GeoJSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CountryAnswer:
    """Whose land or sea a point is.

    `iso2` is None on the high seas and on land no country is given. `distance_km` is to the land of `iso2` (0 on it);
    `nearest` and `nearest_km` name the nearest country even beyond 200 nautical miles.
    """

    iso2: str | None
    at_sea: bool = False
    distance_km: float = 0.0
    nearest: str | None = None
    nearest_km: float | None = None
    disputed: bool = False
    note_id: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """One row of overrides.csv: an area (or a whole country) to mark, and whom it is answered as."""

    area: BaseGeometry | None
    country: str
    answer: str
    note_id: str
    note_en: str


_loading = threading.Lock()


@cache
def _loaded(name: str) -> Layer:
    return Layer(REFERENCE / f"{name}.npz")


def _layer(name: str) -> Layer:
    with _loading:  # two first requests at once would load the file twice
        return _loaded(name)


def warm() -> None:
    """Load the borders, so that the first emergency does not wait for it (about 0.1 s)."""
    country_of(0.0, 0.0)
    part_of(0.0, 0.0, "AU")


def country_of(lat: float, lon: float) -> CountryAnswer:
    """Return whose land or sea a point is: borders, the nearest coast within 200 nautical miles, overrides."""
    return countries_of([(lat, lon)])[0]


def countries_of(points: Sequence[tuple[float, float]]) -> list[CountryAnswer]:
    """Return country_of() for each (lat, lon); together they cost a third."""
    if not points:
        return []
    for lat, lon in points:
        check_point(lat, lon)
    layer, areas = _layer("borders"), _overrides()[1]
    lats, lons = [lat for lat, _lon in points], [_wrapped(lon) for _lat, lon in points]
    inside = shapely.contains_xy(areas[:, None], lons, lats).T
    answers = []
    for code, lat, lon, hits in zip(layer.at_each(lats, lons), lats, lons, inside.tolist(), strict=True):
        if code is None:
            plain = _at_sea(layer, lat, lon)
        else:
            plain = CountryAnswer(iso2=code or None, nearest=code or None, nearest_km=0.0 if code else None)
        answers.append(_overridden(plain, hits, nobody=code == ""))
    return answers


def _at_sea(layer: Layer, lat: float, lon: float) -> CountryAnswer:
    found = layer.nearest(lat, lon)
    if found is None:  # pragma: no cover - the last search radius is the whole globe
        return CountryAnswer(iso2=None, at_sea=True)
    iso2, km = found
    ours = iso2 if km <= SEA_LIMIT_KM else None
    away = km if ours else 0.0
    return CountryAnswer(iso2=ours, at_sea=km > COAST_KM, distance_km=away, nearest=iso2, nearest_km=km)


def _overridden(plain: CountryAnswer, hits: Sequence[bool], *, nobody: bool) -> CountryAnswer:
    """Return the answer of the first row whose area was hit, or that is about the whole country."""
    for row, hit in zip(_overrides()[0], hits, strict=True):
        if hit or (row.area is None and row.country == plain.iso2):
            iso2, nearest = row.answer or plain.iso2, row.answer or plain.nearest
            marked = replace(plain, disputed=True, note_id=row.note_id, note_en=row.note_en)
            return replace(marked, iso2=iso2, nearest=nearest)
    if nobody:
        note_id, note_en = "Wilayah ini tidak dimiliki negara mana pun.", "No country holds this land."
        return CountryAnswer(iso2=None, disputed=True, note_id=note_id, note_en=note_en)
    return plain


@cache
def _overrides() -> tuple[tuple[Override, ...], NDArray[Any]]:
    """Return the rows, and their areas side by side: all are asked about a point in one call."""
    with (REFERENCE / "overrides.csv").open(encoding="utf-8", newline="") as file:
        rows = tuple(
            Override(
                area=_outline(row["outline"]),
                country=row["country"],
                answer=row["answer"],
                note_id=row["note_id"],
                note_en=row["note_en"],
            )
            for row in csv.DictReader(file)
        )
    return rows, np.array([row.area for row in rows])


def _outline(text: str) -> BaseGeometry | None:
    """Read "lon lat, lon lat, ..."; a table a person can check and change."""
    if not text:
        return None
    area = shapely.Polygon([tuple(map(float, pair.split())) for pair in text.split(",")])
    shapely.prepare(area)
    return area


def part_of(lat: float, lon: float, iso2: str) -> tuple[str, float] | None:
    """Return the first-level part (a code of parts.csv) of a country at a point, and the distance to it.

    Off the coast it is the nearest part. None for a country whose parts are not in the tables.
    """
    check_point(lat, lon)
    layer, lon = _layer("parts"), _wrapped(lon)
    prefix = f"{iso2}-"
    code = layer.at(lat, lon)
    if code and code.startswith(prefix):
        return code, 0.0
    if not any(known.startswith(prefix) for known in layer.codes):
        return None
    return layer.nearest(lat, lon, prefix)


@cache
def part_names() -> dict[str, str]:
    """Return the names of the parts of countries by code."""
    with (REFERENCE / "parts.csv").open(encoding="utf-8", newline="") as file:
        return {row["part"]: row["name"] for row in csv.DictReader(file)}


def countries_in(area: object) -> list[str]:
    """Return the countries whose land an area covers, in alphabetical order."""
    return sorted(code for code in _covered("borders", area) if code)


def parts_in(area: object) -> list[str]:
    """Return the first-level parts an area covers, for the countries whose parts are in the tables."""
    return sorted(_covered("parts", area))


def _covered(name: str, area: object) -> set[str]:
    layer, shape = _layer(name), _shape(area)
    found = layer.tree.query(shape, predicate="intersects")
    overlap: dict[str, float] = {}
    whole: dict[str, float] = {}
    common = shapely.area(shapely.intersection(layer.pieces[found], shape))
    for index, size in zip(found, common, strict=True):
        code = layer.codes[layer.owners[index]]
        overlap[code] = overlap.get(code, 0.0) + float(size)
        whole[code] = whole.get(code, 0.0) + float(layer.pieces[index].area)
    return {code for code, size in overlap.items() if size > min(SLIVER_DEGREES2, SLIVER_SHARE * whole[code])}


def contains(area: object, lat: float, lon: float) -> bool:
    """Tell whether an area contains a point (its edge counts)."""
    check_point(lat, lon)
    return bool(_shape(area).intersects(shapely.Point(_wrapped(lon), lat)))


def contained(area: object, points: Sequence[tuple[float, float]]) -> list[bool]:
    """Tell of each (lat, lon) whether an area contains it (its edge counts); for many points at once."""
    shape = _shape(area)
    return [
        bool(hit)
        for hit in shapely.intersects_xy(shape, [_wrapped(lon) for _lat, lon in points], [p[0] for p in points])
    ]


def overlap(area: object, other: object) -> bool:
    """Tell whether two areas have ground in common (touching edges do not count)."""
    return bool(_shape(area).intersection(_shape(other)).area > 0)


def bbox(area: object) -> Box:
    """Return (west, south, east, north); west > east when the area crosses the antimeridian."""
    return _shortest(shapely.bounds(shapely.get_parts(_shape(area))))


def centre(area: object) -> tuple[float, float]:
    """Return (lat, lon) of a point inside an area."""
    point = _shape(area).representative_point()
    return (point.y, point.x)


def drawn(area: object) -> GeoJSON:
    """Return the area with no more corners than a screen can show; for maps and frames, never for questions."""
    return _drawn(json.dumps(area, separators=(",", ":")))


@lru_cache(maxsize=64)
def _drawn(text: str) -> GeoJSON:
    shape = _shape(json.loads(text))
    west, south, east, north = shape.bounds
    return _geojson(shape.simplify(max(east - west, north - south) / SCREEN_STEPS))


def clean_area(document: object, *, field: str = "area") -> GeoJSON:
    """Return any Polygon, MultiPolygon, Feature or FeatureCollection as one valid MultiPolygon in -180..180.

    Split at the antimeridian. Refuses, by field, what is not finite, out of range, open, empty or over 10,000 points.
    """
    polygons = [shapely.Polygon(rings[0], rings[1:]) for rings in polygons_of(document, field)]
    _check_tangle(polygons, field)
    shape = _split(shapely.union_all([_solid(polygon) for polygon in polygons]))
    cleaned = _geojson(shape)
    if not cleaned["coordinates"]:
        raise Refusal(field, _("The area is empty."))
    if shapely.get_num_coordinates(shape) > 2 * MAX_VERTICES:
        raise Refusal(field, _("The area has more than 10,000 points."))
    return cleaned


def _check_tangle(polygons: Sequence[BaseGeometry], field: str) -> None:
    """Refuse outlines that cross often: untangling 300 random corners takes a minute, and nobody means such an area."""
    rings = shapely.get_rings(polygons)
    coords, of_ring = shapely.get_coordinates(rings, return_index=True)
    same = of_ring[:-1] == of_ring[1:]
    edges: NDArray[Any] = np.asarray(shapely.linestrings(np.stack([coords[:-1][same], coords[1:][same]], axis=1)))
    tree, near, crossings = shapely.STRtree(edges), 0, 0
    for start in range(0, len(edges), 100):  # in small bites, so that a hostile outline costs little
        first, second = tree.query(edges[start : start + 100])
        near += len(first)
        if near <= MAX_NEAR * len(edges) + MAX_CROSSINGS:
            crossings += int(shapely.crosses(edges[start + first], edges[second]).sum())
        if near > MAX_NEAR * len(edges) + MAX_CROSSINGS or crossings > 2 * MAX_CROSSINGS:
            raise Refusal(field, _("The outline crosses itself too often."))


def circle(lat: float, lon: float, radius_km: float, *, field: str = "radius_km") -> GeoJSON:
    """Return a circle of 72 points on the globe as a MultiPolygon."""
    check_point(lat, lon, field="location")
    if not MIN_RADIUS_KM <= radius_km <= MAX_RADIUS_KM:
        raise Refusal(field, _("The radius must be between 0.1 and 3,000 km."))
    if abs(lat) + radius_km / KM_PER_DEGREE > 89.5:
        raise Refusal(field, _("An area may not go round a pole."))
    ring = [_destination(lat, lon, radius_km, 5.0 * step) for step in range(72)]
    return _geojson(_split(shapely.Polygon(ring)))


def countries_area(codes: Iterable[str], *, field: str = "countries") -> GeoJSON:
    """Return the land of whole countries as one MultiPolygon, each drawn in at most 5,000 points."""
    layer, wanted = _layer("outlines"), set(codes)
    if not wanted or not wanted <= set(layer.codes):
        raise Refusal(field, _("There is no border for one of these countries."))
    owners = [index for index, code in enumerate(layer.codes) if code in wanted]
    return _geojson(_solid(shapely.union_all(layer.pieces[np.isin(layer.owners, owners)])))


def _shortest(boxes: NDArray[Any]) -> Box:
    """Return the box round some boxes: the plain one, or the one across the antimeridian where that is narrower."""
    south, north = float(boxes[:, 1].min()), float(boxes[:, 3].max())
    plain = (float(boxes[:, 0].min()), float(boxes[:, 2].max()))
    east, west = boxes[boxes[:, 0] >= 0], boxes[boxes[:, 2] <= 0]
    if len(east) + len(west) == len(boxes) and len(east) and len(west) and plain[1] - plain[0] > 180:
        across = (float(east[:, 0].min()), float(west[:, 2].max()))
        if across[1] + 360 - across[0] < plain[1] - plain[0]:
            return (across[0], south, across[1], north)
    return (plain[0], south, plain[1], north)


def check_point(lat: float, lon: float, *, field: str = "location") -> None:
    """Refuse a latitude or longitude that is not a finite number in range."""
    prefix = f"{field}." if field else ""
    if not (math.isfinite(lat) and -90 <= lat <= 90):
        raise Refusal(f"{prefix}lat", _("Latitude must be a number between -90 and 90."))
    if not (math.isfinite(lon) and -180 <= lon <= 180):
        raise Refusal(f"{prefix}lon", _("Longitude must be a number between -180 and 180."))


def _wrapped(lon: float) -> float:
    return -180.0 if lon == 180 else lon


def _destination(lat: float, lon: float, km: float, bearing: float) -> tuple[float, float]:
    """Return (lon, lat) at a distance and bearing; the longitude may run past 180."""
    angle, turn, a = km / EARTH_KM, math.radians(bearing), math.radians(lat)
    b = math.asin(math.sin(a) * math.cos(angle) + math.cos(a) * math.sin(angle) * math.cos(turn))
    east = math.atan2(math.sin(turn) * math.sin(angle) * math.cos(a), math.cos(angle) - math.sin(a) * math.sin(b))
    return (lon + math.degrees(east), math.degrees(b))


def _solid(shape: BaseGeometry) -> BaseGeometry:
    """Return a valid shape of polygons only: a bow tie becomes two, lines and points go."""
    if not shape.is_valid:
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = [piece for part in shapely.get_parts(shape) for piece in shapely.get_parts(part)]
    return shapely.union_all([part for part in parts if part.geom_type == "Polygon" and part.area > 0])


def _split(shape: BaseGeometry) -> BaseGeometry:
    """Cut what runs past ±180 and lay it on the other side."""
    pieces = []
    for turn in range(-2, 3):
        middle = 360.0 * turn
        pieces.append(_moved(shape.intersection(shapely.box(middle - 180, -90, middle + 180, 90)), -middle))
    # No edge longer than a quarter turn: read again, it must not look like the short way across the antimeridian.
    return shapely.segmentize(_solid(shapely.union_all(pieces)), 90.0)


def _moved(shape: BaseGeometry, by: float) -> BaseGeometry:
    return shapely.transform(_solid(shape), lambda coords: coords + np.array([by, 0.0]))


def _geojson(shape: BaseGeometry) -> GeoJSON:
    """Return a MultiPolygon with five decimals, shells anticlockwise (RFC 7946)."""
    with np.errstate(all="ignore"):  # a sliver of no width divides by zero on its way to nothing
        rounded = _solid(shapely.set_precision(shape, 1e-5))
    polygons = [shapely.orient_polygons(polygon) for polygon in shapely.get_parts(rounded)]
    document: GeoJSON = json.loads(shapely.to_geojson(shapely.MultiPolygon(polygons)))
    return document


# The area asked about last and its shape: a loop over points asks about one object again and again.
_asked: tuple[object, BaseGeometry] = (None, shapely.MultiPolygon())


def _shape(area: object) -> BaseGeometry:
    global _asked  # noqa: PLW0603 - one pair, replaced whole
    held = _asked
    if held[0] is area and area is not None:
        return held[1]
    stored = area if isinstance(area, dict) and area.get("type") == "MultiPolygon" else clean_area(area)
    shape = _stored_shape(json.dumps(stored, separators=(",", ":")))
    _asked = (area, shape)
    return shape


@lru_cache(maxsize=128)
def _stored_shape(text: str) -> BaseGeometry:
    shape = shapely.from_geojson(text)
    shapely.prepare(shape)
    return shape
