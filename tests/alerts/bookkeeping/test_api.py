"""GET /api/v1/crises/{slug}/ledger: counts, gap and line, the same as the pages; never a person."""

import pytest

from commandcenter.access.models import Role
from tests.alerts.persons.world import GUANGZHOU, HONG_KONG

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/crises/wang-fuk/ledger"


def test_it_tells_counts_gap_claims_and_the_line_of_the_page(people, listed, report):
    listed(2, "dead")
    listed(1, first=3, phone="+85250000001")
    report(4, {"wni.missing": 5})
    desk = people.client(Role.OPERATOR)
    told = desk.get(ADDRESS).json()
    assert (told["registered"], {state: n for state, n in told["counts"].items() if n}) == (
        3,
        {"dead": 2, "unverified": 1},
    )
    assert len(told["counts"]) == 14
    check = told["reconciliation"]
    assert (check["state"], check["gap"], [gap["kind"] for gap in check["gaps"]]) == ("contradiction", 1, ["double"])
    [claim] = told["claims"]
    assert (claim["key"], claim["value"], claim["rows"], claim["status"]) == ("wni.missing", 5, 0, "claim")
    assert f"data-ledger-line>{told['line']['id']}<" in desk.get("/crises/wang-fuk/ledger/").content.decode()
    assert "LATIHAN" not in str(told)


@pytest.mark.parametrize(
    ("role", "mission", "status"),
    [
        (Role.MINISTER, "", 200),
        (Role.VERIFIER, "", 200),
        (Role.MISSION_OFFICER, HONG_KONG, 200),
        (Role.MISSION_OFFICER, "kbri-beijing", 404),
        (Role.AMBASSADOR, GUANGZHOU, 200),
        (Role.SPOKESPERSON, "", 403),
        (Role.AUDITOR, "", 403),
        (Role.ADMINISTRATOR, "", 403),
    ],
)
def test_who_may_ask(people, crisis, role, mission, status):
    assert people.client(role, mission).get(ADDRESS).status_code == status


def test_strangers_are_refused_and_an_unknown_crisis_is_not_there(client, people, crisis):
    assert client.get(ADDRESS).status_code == 401
    assert people.client(Role.OPERATOR).get("/api/v1/crises/nothing/ledger").status_code == 404
