"""GET /api/v1/crises/{slug}/figures."""

import pytest

from commandcenter.access.models import Role

pytestmark = pytest.mark.django_db
URL = "/api/v1/crises/wang-fuk/figures"


def test_figures_come_with_their_provenance(people, crisis, report, make_official, later):
    told = report(1, {"wni.present": 140, "wni.dead": (2, 3), "wni.safe": 137})
    make_official(told, "wni.dead")
    body = people.client(Role.OPERATOR).get(URL).json()
    assert body["crisis"] == "wang-fuk"
    assert set(body["official"]) == {"wni.dead"}
    figure = body["official"]["wni.dead"]
    assert (figure["value"], figure["high"], figure["status"], figure["version"]) == (2, 3, "verified", 1)
    assert (figure["mission"], figure["report"], figure["verifier"]) == ("kjri-hongkong", told.number, "verifier")
    assert figure["reason"] == "baris ini"
    [row] = body["reported"]
    assert (row["status"], row["report"], set(row["figures"])) == (
        "reported",
        1,
        {"wni.present", "wni.dead", "wni.safe"},
    )
    assert body["reconciliation"] == {
        "state": "incomplete",
        "gap": None,
        "id": "jumlah WNI belum dilaporkan",
        "en": "the number of Indonesians has not been reported",
    }


def test_the_gap_is_named(people, crisis, report, make_official):
    make_official(report(1, {"wni.present": 140, "wni.safe": 155}))
    check = people.client(Role.MINISTER).get(URL).json()["reconciliation"]
    assert (check["state"], check["gap"]) == ("contradiction", 15)


def test_a_mission_sees_the_official_figures_and_its_own_reports(people, crisis, report, make_official):
    make_official(report(1, {"wni.dead": 2}))
    report(2, {"wni.dead": 0}, mission="kjri-guangzhou")
    body = people.client(Role.MISSION_OFFICER, "kjri-guangzhou").get(URL).json()
    assert [row["mission"] for row in body["reported"]] == ["kjri-guangzhou"]
    assert body["official"]["wni.dead"]["value"] == 2


def test_a_spokesperson_sees_the_official_figures_alone(people, crisis, report, make_official):
    make_official(report(1, {"wni.dead": 2}))
    report(2, {"wni.dead": 3})
    body = people.client(Role.SPOKESPERSON).get(URL).json()
    assert (body["official"]["wni.dead"]["value"], body["reported"]) == (2, [])


@pytest.mark.parametrize("slug", ["wang-fuk", "nothing"])
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_roles_without_crises_are_refused_whether_there_is_one_or_not(people, crisis, role, slug):
    answer = people.client(role).get(f"/api/v1/crises/{slug}/figures")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:dcc:problem:forbidden")


def test_strangers_get_a_problem_document(client, people, crisis):
    refused = client.get(URL)
    assert (refused.status_code, refused.headers["Content-Type"]) == (401, "application/problem+json")
    missing = people.client(Role.OPERATOR).get("/api/v1/crises/nothing/figures")
    assert (missing.status_code, missing.json()["type"]) == (404, "urn:dcc:problem:missing")
    foreign = people.client(Role.MISSION_OFFICER, "kjri-melbourne").get(URL)
    assert foreign.status_code == 404
