"""The headcount page: who may see it, and that no number stands alone."""

import re

import pytest

from commandcenter.access.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.VERIFIER])
def test_the_dcc_sees_every_country(people, role):
    assert people.client(role).get("/countries/sd/headcount/").status_code == 200


def test_a_mission_sees_the_countries_of_its_area_only(people):
    client = people.client(Role.MISSION_OFFICER, "kbri-addis-ababa")
    assert client.get("/countries/DJ/headcount/").status_code == 200
    assert client.get("/countries/SD/headcount/").status_code == 403
    assert people.client(Role.AMBASSADOR, "kri-tawau").get("/countries/MY/headcount/").status_code == 200


@pytest.mark.parametrize("role", [Role.SPOKESPERSON, Role.MINISTER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_are_refused(people, role):
    assert people.client(role).get("/countries/SD/headcount/").status_code == 403


def test_the_public_is_sent_to_sign_in(client):
    assert client.get("/countries/SD/headcount/").status_code == 302


@pytest.mark.parametrize("code", ["ZZ", "XXX", "S%00D", "s d"])
def test_an_unknown_country_is_not_found(people, code):
    assert people.client(Role.OPERATOR).get(f"/countries/{code}/headcount/").status_code == 404


def test_the_page_shows_every_number_with_source_and_date(people):
    page = people.client(Role.OPERATOR).get("/countries/MY/headcount/").content.decode()
    figures = re.findall(r'<data class="figure[^>]*>', page)
    assert len(figures) >= 8
    for figure in figures:
        assert re.search(r'data-source="[^"]+"', figure), figure
        assert re.search(r'data-as-of="\d{4}-\d\d-\d\d"', figure), figure
    assert "2.540.450" in page
    assert "KRI Tawau" in page
    assert "style=" not in page


def test_a_country_without_numbers_says_unknown(people):
    page = people.client(Role.OPERATOR).get("/countries/AQ/headcount/").content.decode()
    assert "headcount" in page
    assert 'class="figure' not in page
