"""The four ways to give an area, and bad input: a sentence at the field, never an error, nothing stored."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.crises.models import Crisis
from alerts.declarations.forms import DeclareForm
from commandcenter.access.models import Role
from tests.alerts.crises.conftest import TAI_PO
from tests.conftest import People

ADDRESS = "/crises/declare/"


@pytest.fixture
def filled(reference: None, people: People) -> dict[str, Any]:
    """Everything but the area."""
    lead = people.reader(Role.OPERATOR).user_id
    return {"name": "Kebakaran Tai Po", "kind": "fire", "level": "2", "lead": str(lead)}


def form_of(data: dict[str, Any], files: dict[str, Any] | None = None) -> DeclareForm:
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return DeclareForm(query, files)


GOOD = {
    "draw": {"points": "22.4, 114.1\n22.4, 114.2\n\n22,5 114,2\n22.5;114.1\n"},
    "radius": {"lat": "22,45", "lon": " 114.16 ", "radius_km": "5"},
    "geojson": {"geojson": json.dumps(TAI_PO)},
    "countries": {"countries": ["HK"]},
}


@pytest.mark.parametrize("way", GOOD)
def test_each_way_makes_an_area_in_hong_kong(way: str, filled: dict[str, Any]) -> None:
    form = form_of(filled | {"area_source": way} | GOOD[way])
    assert form.is_valid(), form.errors
    assert form.area is not None
    assert form.area["type"] == "MultiPolygon"
    assert "HK" in form.codes


def test_a_file_goes_on_as_text(filled: dict[str, Any]) -> None:
    file = SimpleUploadedFile("area.json", b"\xef\xbb\xbf" + json.dumps(TAI_PO).encode())
    form = form_of(filled | {"area_source": "geojson"}, {"geojson_file": file})
    assert form.is_valid(), form.errors
    assert json.loads(form["geojson"].value()) == TAI_PO


RING = '{"type": "Polygon", "coordinates": [[%s]]}'
# 300 corners in a mess: without a limit, untangling them took more than a minute.
TANGLE = "\n".join(f"{number * 7919 % 83}, {number * 104729 % 179}" for number in range(300))
BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "area_source"),
    ({"area_source": "guess"}, "area_source"),
    ({"area_source": "draw"}, "points"),
    ({"area_source": "draw", "points": "22.4, 114.1\n22.4, 114.2"}, "points"),
    ({"area_source": "draw", "points": "here\nthere\neverywhere"}, "points"),
    ({"area_source": "draw", "points": "1, 1\n1, 1\n1, 1\n1, 1"}, "points"),
    ({"area_source": "draw", "points": "0, 0\n1, 1\n2, 2"}, "points"),
    ({"area_source": "draw", "points": "91, 0\n1, 1\n2, 2"}, "points"),
    ({"area_source": "draw", "points": "nan, 0\n1, 1\n2, 2"}, "points"),
    ({"area_source": "draw", "points": "1, 1\n" * 2001}, "points"),
    ({"area_source": "draw", "points": "1, 1\x00"}, "points"),
    ({"area_source": "draw", "points": TANGLE}, "points"),
    ({"area_source": "countries"}, "countries"),
    ({"area_source": "countries", "countries": ["ZZ"]}, "countries"),
    ({"area_source": "countries", "countries": ["HK", "\x00"]}, "countries"),
    ({"area_source": "radius"}, "lat"),
    ({"area_source": "radius", "lat": "91", "lon": "0", "radius_km": "5"}, "lat"),
    ({"area_source": "radius", "lat": "0", "lon": "181", "radius_km": "5"}, "lon"),
    ({"area_source": "radius", "lat": "0", "lon": "1e2", "radius_km": "5"}, "lon"),
    ({"area_source": "radius", "lat": "nan", "lon": "0", "radius_km": "5"}, "lat"),
    ({"area_source": "radius", "lat": "1", "lon": "0", "radius_km": "0"}, "radius_km"),
    ({"area_source": "radius", "lat": "1", "lon": "0", "radius_km": "-5"}, "radius_km"),
    ({"area_source": "radius", "lat": "1", "lon": "0", "radius_km": "9999"}, "radius_km"),
    ({"area_source": "radius", "lat": "89.9", "lon": "0", "radius_km": "500"}, "radius_km"),
    ({"area_source": "geojson"}, "geojson"),
    ({"area_source": "geojson", "geojson": "{"}, "geojson"),
    ({"area_source": "geojson", "geojson": "null"}, "geojson"),
    ({"area_source": "geojson", "geojson": "[" * 100_000}, "geojson"),
    ({"area_source": "geojson", "geojson": '{"type": "Point", "coordinates": [1, 1]}'}, "geojson"),
    (
        {
            "area_source": "geojson",
            "geojson": '{"type": "Polygon", "coordinates": [[[1e999, 0], [1, 1], [2, 0], [1e999, 0]]]}',
        },
        "geojson",
    ),
    (
        {"area_source": "geojson", "geojson": '{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 0], [0, 1]]]}'},
        "geojson",
    ),
    ({"area_source": "geojson", "geojson": " " * 10 + "x" * 800_001}, "geojson"),
]


@pytest.mark.parametrize(("data", "field"), BAD, ids=[str(number) for number in range(len(BAD))])
def test_a_bad_area_gets_a_sentence_at_its_field(data: dict[str, Any], field: str, filled: dict[str, Any]) -> None:
    form = form_of(filled | data)
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert form.area is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "a\x07b"}, "name"),
        ({"kind": "party"}, "kind"),
        ({"level": ""}, "level"),
        ({"level": "1.5"}, "level"),
        ({"lead": "999999999999999999999999"}, "lead"),
        ({"lead": "x\x00"}, "lead"),
    ],
)
def test_other_bad_input_stores_nothing(
    change: dict[str, str], field: str, filled: dict[str, Any], people: People
) -> None:
    data = filled | {"area_source": "countries", "countries": ["HK"], "step": "declare"} | change
    answer = people.client(Role.OPERATOR).post(ADDRESS, data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Crisis.objects.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"x" * 800_001, b'{"type": "Polygon"}', b"\x00"])
def test_a_bad_file_gets_a_sentence(content: bytes, filled: dict[str, Any], people: People) -> None:
    data = filled | {"area_source": "geojson", "step": "declare", "geojson_file": SimpleUploadedFile("a.json", content)}
    answer = people.client(Role.OPERATOR).post(ADDRESS, data)
    assert answer.status_code == 422
    assert answer.context["form"].errors["geojson"]


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["Polygon", "Feature"]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "geometry", "features", "x"]), inner, max_size=4)
    ),
    max_leaves=30,
)
RINGS = st.lists(st.lists(st.lists(st.floats(-400, 400), min_size=2, max_size=3), max_size=12), max_size=3)
SHAPES = st.builds(
    lambda kind, rings: {"type": kind, "coordinates": rings}, st.sampled_from(["Polygon", "MultiPolygon"]), RINGS
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=JUNK | SHAPES)
def test_junk_for_geojson_is_an_area_or_a_sentence(document: Any, filled: dict[str, Any]) -> None:
    form = form_of(filled | {"area_source": "geojson", "geojson": json.dumps(document)})
    assert form.is_valid() is (form.area is not None)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.lists(st.tuples(st.floats(-95, 95), st.floats(-185, 185)), max_size=8), junk=st.text(max_size=20))
def test_junk_for_corners_is_an_area_or_a_sentence(
    points: list[tuple[float, float]], junk: str, filled: dict[str, Any]
) -> None:
    lines = "\n".join(f"{lat:.4f}, {lon:.4f}" for lat, lon in points) + f"\n{junk}"
    form = form_of(filled | {"area_source": "draw", "points": lines})
    assert form.is_valid() is (form.area is not None)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=JUNK | SHAPES, junk=st.text(max_size=20))
def test_junk_never_breaks_the_page(document: Any, junk: str, filled: dict[str, Any], people: People) -> None:
    desk = people.client(Role.OPERATOR)
    data = {
        "geojson": json.dumps(document),
        "points": junk,
        "lat": junk,
        "lon": junk,
        "radius_km": junk,
        "step": "preview",
    }
    for way in GOOD:
        assert desk.post(ADDRESS, filled | data | {"area_source": way}).status_code in {200, 422}
