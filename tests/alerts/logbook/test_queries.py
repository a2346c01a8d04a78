"""The log of a crisis: in words, newest first, only what the reader's audience heard."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from alerts.crises import actions
from alerts.crises.models import Crisis
from alerts.ledger import actions as ledger
from alerts.logbook import queries
from alerts.sitreps import actions as sitreps
from alerts.team import actions as team
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from tests.conftest import AT, People


@pytest.fixture
def crisis(fire: dict[str, Any]) -> Crisis:
    return actions.declare(**fire)


def test_the_log_tells_what_happened_newest_first(crisis: Crisis, supervisor: Reader, operator: Reader) -> None:
    actions.change_level(actor=supervisor, at=AT, slug=crisis.slug, version=1, level=1)
    actions.add_mission(actor=operator, at=AT, slug=crisis.slug, mission="kbri-manila", reason="Pekerja pindahan")
    actions.stand_down(actor=supervisor, at=AT, slug=crisis.slug, version=3)
    entries = queries.entries(crisis, operator)
    assert len(entries) == 4
    assert entries[1].note == "Pekerja pindahan"
    assert entries[3].who == "operator"
    assert "KJRI Hongkong" in entries[3].note
    assert queries.entries(crisis, operator, 2) == entries[:2]


def test_the_log_of_a_mission_holds_only_what_it_heard(crisis: Crisis, operator: Reader, people: People) -> None:
    actions.add_mission(actor=operator, at=AT, slug=crisis.slug, mission="kbri-manila", reason="x")
    assert len(queries.entries(crisis, people.reader(Role.MISSION_OFFICER, "kbri-manila"))) == 1
    assert len(queries.entries(crisis, people.reader(Role.MISSION_OFFICER, "kjri-hongkong"))) == 2


def test_the_log_tells_requests_reports_and_figures_with_their_source(
    crisis: Crisis, operator: Reader, people: People
) -> None:
    officer = people.reader(Role.MISSION_OFFICER, "kjri-hongkong")
    verifier = people.reader(Role.VERIFIER)
    (request,) = sitreps.request_reports(actor=operator, at=AT, crisis=crisis, mission_codes=["kjri-hongkong"])
    sitreps.mark_opened(actor=officer, at=AT, request=request)
    report: dict[str, Any] = {"request": request, "answer": "figures", "as_of": AT, "figures": {"wni.dead": (2, 3)}}
    filed = sitreps.file_report(actor=officer, at=AT, client_id=uuid4(), **report)
    figure = filed.report.figures.get()
    ledger.choose(actor=verifier, at=AT, crisis=crisis, key="wni.dead", reported_figure=figure, reason="RS")
    ledger.withdraw(actor=verifier, at=AT, crisis=crisis, key="wni.dead", reason="Keliru")
    with translation.override("en"):
        said = queries.entries(crisis, verifier)
    assert [entry.kind for entry in said[:4]] == ["dcc", "dcc", "mission", "mission"]
    assert "withdrew" in said[0].text
    assert said[0].note == "Keliru"
    assert said[1].text.endswith("2–3")
    assert "KJRI Hongkong · #1 · as of" in said[1].note
    assert "#1" in said[2].text
    assert "due" in said[4].text
    assert queries.entries(crisis, officer)[-1].text


def test_the_log_tells_who_decided_what_and_who_was_called(crisis: Crisis, operator: Reader, people: People) -> None:
    deputy = people.reader(Role.OPERATOR, username="wakil")
    given = {"actor": operator, "at": AT, "crisis": crisis}
    member = team.appoint(user=deputy.user_id, part="deputy", **given)
    team.decide(text="Buka posko", reason="Banyak yang mencari", decided_by=deputy.user_id, **given)
    team.dismiss(member=member.pk, **given)
    with translation.override("id"):
        left, decided, called, _declared = queries.entries(crisis, operator)
    assert (decided.text, decided.note) == ("mencatat keputusan #1 dari wakil: Buka posko", "Banyak yang mencari")
    assert (called.text, left.text) == ("memanggil wakil ke dalam tim", "melepas wakil dari tim")
