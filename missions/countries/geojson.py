"""The shape of GeoJSON that people send: checked by hand before any geometry library sees it."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from commandcenter.problems import Refusal

MAX_VERTICES = 10_000
MAX_FEATURES = 200
MAX_TEXT = 1_000_000

WGS84 = ("CRS84", "4326")

Position = tuple[float, float]
Ring = list[Position]
Polygon = list[Ring]


def polygons_of(document: object, field: str) -> list[Polygon]:
    """Return every polygon of a Polygon, MultiPolygon, Feature or FeatureCollection, its rings unrolled.

    Unrolled: longitudes run on across the antimeridian (179, 181) instead of jumping. Refuses anything else by field.
    """
    if isinstance(document, str):
        document = _parsed(document, field)
    found: list[Polygon] = []
    for geometry, path in _geometries(document, field):
        coordinates = geometry.get("coordinates")
        if geometry.get("type") == "Polygon":
            found.append(_polygon(coordinates, f"{path}.coordinates"))
        elif geometry.get("type") == "MultiPolygon":
            for index, item in enumerate(_list(coordinates, f"{path}.coordinates")):
                found.append(_polygon(item, f"{path}.coordinates[{index}]"))
        else:
            raise Refusal(f"{path}.type", _("The area must be a Polygon or a MultiPolygon."))
        if sum(len(ring) for polygon in found for ring in polygon) > MAX_VERTICES:
            raise Refusal(field, _("The area has more than 10,000 points."))
    if not found:
        raise Refusal(field, _("The area is empty."))
    return found


def _parsed(text: str, field: str) -> object:
    if len(text) > MAX_TEXT:
        raise Refusal(field, _("The area is too large."))
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal(field, _("The area is not readable GeoJSON.")) from error


def _geometries(document: object, field: str) -> list[tuple[dict[str, Any], str]]:
    top = _object(document, field)
    _refuse_other_systems(top.get("crs"), f"{field}.crs")
    if top.get("type") == "Feature":
        return [(_object(top.get("geometry"), f"{field}.geometry"), f"{field}.geometry")]
    if top.get("type") != "FeatureCollection":
        return [(top, field)]
    features = _list(top.get("features"), f"{field}.features")
    if len(features) > MAX_FEATURES:
        raise Refusal(f"{field}.features", _("The area has too many parts."))
    found = []
    for index, item in enumerate(features):
        path = f"{field}.features[{index}]"
        found.append((_object(_object(item, path).get("geometry"), f"{path}.geometry"), f"{path}.geometry"))
    return found


def _refuse_other_systems(crs: object, path: str) -> None:
    """Old GeoJSON could name a coordinate system; metres read as degrees would be an area elsewhere."""
    if crs is not None and not any(name in str(crs) for name in WGS84):
        raise Refusal(path, _("The area must be in WGS 84, longitude before latitude."))


def _object(value: object, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refusal(path, _("The area is not readable GeoJSON."))
    return value


def _list(value: object, path: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise Refusal(path, _("A list with at least one item is needed here."))
    if len(value) > MAX_VERTICES:
        raise Refusal(path, _("The area has more than 10,000 points."))
    return value


def _polygon(value: object, path: str) -> Polygon:
    rings = [_ring(item, f"{path}[{index}]") for index, item in enumerate(_list(value, path))]
    shell, *holes = rings
    return [shell, *(_beside(hole, shell) for hole in holes)]


def _beside(hole: Ring, shell: Ring) -> Ring:
    """Move a hole by whole turns until it lies in the longitudes of its shell."""
    turns = round(((shell[0][0] + max(p[0] for p in shell)) / 2 - hole[0][0]) / 360)
    return [(lon + 360 * turns, lat) for lon, lat in hole]


def _ring(value: object, path: str) -> Ring:
    positions = [_position(item, f"{path}[{index}]") for index, item in enumerate(_list(value, path))]
    if len(positions) < 4:
        raise Refusal(path, _("A ring needs at least four points."))
    if positions[0] != positions[-1]:
        raise Refusal(path, _("The ring is not closed: its last point must equal its first."))
    ring = _unrolled(positions)
    if not math.isclose(ring[0][0], ring[-1][0], abs_tol=1e-9):
        raise Refusal(path, _("An area may not go round a pole."))
    return ring


def _unrolled(positions: Ring) -> Ring:
    """Read an edge longer than half the globe as the short way across the antimeridian.

    Exactly one whole turn is left alone: that is the edge of a box round the world.
    """
    turns, ring = 0, [positions[0]]
    for (before, _lat), (lon, lat) in pairwise(positions):
        step = lon - before
        if 180 < abs(step) < 360:
            turns += -1 if step > 0 else 1
        ring.append((lon + 360 * turns, lat))
    return ring


def _position(value: object, path: str) -> Position:
    if not isinstance(value, list) or not 2 <= len(value) <= 3:
        raise Refusal(path, _("A position is [longitude, latitude]."))
    lon, lat = (_number(item, path) for item in value[:2])
    if not -90 <= lat <= 90:
        raise Refusal(path, _("Latitude must be between -90 and 90; the order is longitude, latitude."))
    if not -360 <= lon <= 360:
        raise Refusal(path, _("Longitude must be between -180 and 180."))
    return lon, lat


def _number(value: object, path: str) -> float:
    # A whole number too large for a float would overflow: compare before converting.
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e6 < value < 1e6:
        raise Refusal(path, _("A coordinate must be a finite number."))
    return float(value)
