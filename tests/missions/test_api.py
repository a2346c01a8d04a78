"""The public API of reference data."""

import pytest

from missions.directory.actions import set_open
from missions.directory.models import Mission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
RESPONSIBLE = "/api/v1/missions/responsible"


def test_missions_are_listed_with_contacts_and_precision(client):
    found = {row["code"]: row for row in client.get("/api/v1/missions").json()}
    assert len(found) == 134
    khartoum = found["kbri-khartoum"]
    assert khartoum["seat"] == {"city": "Khartoum", "country": "SD"}
    assert khartoum["operating"] == {"city": "Port Sudan", "country": "SD"}
    assert khartoum["works_elsewhere"] is True
    assert khartoum["position"]["precision"] == "city"
    assert found["kbri-kabul"]["hotline"]["e164"] == ["+93797333444"]
    assert found["kbri-algiers"]["hotline"] == {"published": "", "e164": [], "news": "", "news_source": ""}


@pytest.mark.parametrize("url", ["/api/v1/missions", "/api/v1/countries/SD", f"{RESPONSIBLE}?lat=-37.8&lon=144.9"])
def test_answers_carry_a_validator_that_follows_the_reference_data(client, url, at):
    first = client.get(url)
    assert first.status_code == 200
    again = client.get(url, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    set_open(mission=Mission.objects.get(code="kbri-kairo"), is_open=False, at=at)
    changed = client.get(url, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_responsible_names_the_mission_and_the_reason(client):
    answer = client.get(f"{RESPONSIBLE}?lat=11.59&lon=43.15").json()
    assert answer["mission"]["code"] == "kbri-addis-ababa"
    assert answer["reason"]["id"] == "KBRI Addis Ababa merangkap Jibuti."
    assert answer["reason"]["en"] == "KBRI Addis Ababa is accredited to Djibouti."
    assert (answer["rule"], answer["country"], answer["verified"]) == ("accredited", "DJ", True)


def test_responsible_answers_for_the_dcc_with_null(client):
    answer = client.get(f"{RESPONSIBLE}?lat=0&lon=-150").json()
    assert answer["mission"] is None
    assert "DCC" in answer["reason"]["id"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "lat"),
        ("lat=1", "lon"),
        ("lat=nan&lon=1", "lat"),
        ("lat=1&lon=inf", "lon"),
        ("lat=91&lon=1", "lat"),
        ("lat=1&lon=181", "lon"),
        ("lat=abc&lon=1", "lat"),
        ("lat=1%00&lon=1", "lat"),
        ("lat=0&lon=0", "lat"),
        ("lat=1e999&lon=1", "lat"),
    ],
)
def test_responsible_refuses_bad_positions_with_the_field(client, query, field):
    answer = client.get(f"{RESPONSIBLE}?{query}")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    errors = answer.json()["errors"]
    assert field in [error["field"] for error in errors]
    assert all(error["id"] and error["en"] for error in errors)


def test_countries_are_described_in_both_languages(client):
    sudan = client.get("/api/v1/countries/sd").json()
    assert sudan["name"] == {"id": "Sudan", "en": "Sudan"}
    assert sudan["missions"] == ["kbri-khartoum"]
    yemen = client.get("/api/v1/countries/YE").json()
    assert yemen["name"] == {"id": "Yaman", "en": "Yemen"}
    assert yemen["emergency"]["source"]


@pytest.mark.parametrize("code", ["ZZ", "%00", "ABCDEFG", "é"])
def test_an_unknown_country_is_a_problem_document(client, code):
    answer = client.get(f"/api/v1/countries/{code}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == "iso"
