"""A named coordinate system."""

import pytest

from commandcenter.problems import Refusal
from missions.countries.geojson import polygons_of

SQUARE = {"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 1]]]}


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
def test_our_own_system_may_be_named(name: str) -> None:
    assert polygons_of({**SQUARE, "crs": {"type": "name", "properties": {"name": name}}}, "area")


@pytest.mark.parametrize("crs", [{"type": "name", "properties": {"name": "EPSG:3857"}}, "x", 1, {}])
def test_another_system_is_refused(crs: object) -> None:
    with pytest.raises(Refusal) as refused:
        polygons_of({**SQUARE, "crs": crs}, "area")
    assert refused.value.error.field == "area.crs"
