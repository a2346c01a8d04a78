"""The page of a mission."""

import pytest

from commandcenter.access.models import Role
from missions.directory.models import Mission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def test_every_mission_has_a_page(people):
    client = people.client(Role.OPERATOR)
    for code in Mission.objects.values_list("code", flat=True):
        assert client.get(f"/missions/{code}/").status_code == 200, code


def test_the_page_tells_seat_and_operating_city_apart(people):
    page = people.client(Role.MINISTER).get("/missions/kbri-khartoum/").content.decode()
    assert "Port Sudan" in page
    assert "Khartoum" in page


def test_the_page_of_hong_kong_marks_the_press_number(people):
    page = people.client(Role.OPERATOR).get("/missions/kjri-hongkong/").content.decode()
    assert "+852 5242 2240" in page
    assert "Makau" in page


def test_an_unknown_mission_is_not_found(people):
    assert people.client(Role.OPERATOR).get("/missions/kbri-atlantis/").status_code == 404


def test_the_public_is_sent_to_sign_in(client):
    assert client.get("/missions/kbri-khartoum/").status_code == 302
