"""The declaration page: two plain posts, the live preview, what it refuses."""

import json
from typing import Any

import pytest

from alerts.crises import actions
from alerts.crises.models import Crisis
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from tests.alerts.crises.conftest import TAI_PO
from tests.conftest import People

HTMX = {"HX-Request": "true"}


@pytest.fixture
def crisis(fire: dict[str, Any]) -> Crisis:
    return actions.declare(**fire)


@pytest.fixture
def declaration(reference: None, operator: Reader) -> dict[str, Any]:
    """A filled form for Tai Po."""
    return {
        "name": "Kebakaran Tai Po",
        "kind": "fire",
        "level": "2",
        "lead": str(operator.user_id),
        "area_source": "geojson",
        "geojson": json.dumps(TAI_PO),
    }


def test_declare_by_two_plain_posts(declaration: dict[str, Any], people: People) -> None:
    browser = people.client(Role.OPERATOR)
    seen = browser.post("/crises/declare/", declaration | {"step": "preview"})
    assert seen.status_code == 200
    assert not Crisis.objects.exists()
    form, page = seen.context["form"], seen.content.decode()
    assert 'value="kjri-hongkong" checked' in page
    chosen = {"step": "declare", "previewed": form.digest, "missions": ["kjri-hongkong"]}
    done = browser.post("/crises/declare/", declaration | chosen)
    crisis = Crisis.objects.get()
    assert (done.status_code, done.headers["Location"]) == (302, f"/crises/{crisis.slug}/")
    assert [row.mission_id for row in crisis.involved.all()] == ["kjri-hongkong"]


def test_declare_at_once_takes_every_mission_that_follows(declaration: dict[str, Any], people: People) -> None:
    assert people.client(Role.OPERATOR).post("/crises/declare/", declaration | {"step": "declare"}).status_code == 302
    assert Crisis.objects.get().involved.filter(mission_id="kjri-hongkong").exists()


def test_declare_shows_a_changed_area_again_before_it_acts(declaration: dict[str, Any], people: People) -> None:
    old = {"step": "declare", "previewed": "0123456789abcdef"}
    assert people.client(Role.OPERATOR).post("/crises/declare/", declaration | old).status_code == 409
    assert not Crisis.objects.exists()


def test_declaring_twice_is_refused_at_the_name(declaration: dict[str, Any], crisis: Crisis, people: People) -> None:
    answer = people.client(Role.OPERATOR).post("/crises/declare/", declaration | {"step": "declare"})
    assert answer.status_code == 409
    assert "name" in answer.context["form"].errors
    assert Crisis.objects.count() == 1


def test_the_live_preview_needs_only_an_area(declaration: dict[str, Any], crisis: Crisis, people: People) -> None:
    browser = people.client(Role.OPERATOR)
    answer = browser.post("/crises/declare/", declaration | {"name": "", "level": ""}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert "kjri-hongkong" in page
    assert crisis.name in page  # the overlap
    assert browser.post("/crises/declare/", {"area_source": "draw"}, headers=HTMX).status_code == 200


def test_another_page_may_fill_the_form(reference: None, people: People) -> None:
    query = "area_source=radius&lat=22.45&lon=114.17&radius_km=5&name=Kebakaran&countries=ZZ"
    form = people.client(Role.OPERATOR).get(f"/crises/declare/?{query}").context["form"]
    assert form["lat"].value() == "22.45"
    assert form["area_source"].value() == "radius"
