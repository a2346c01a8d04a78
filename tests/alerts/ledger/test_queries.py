"""Official figures with provenance."""

import pytest
from django.http import Http404

from alerts.ledger import actions, queries
from tests.alerts.ledger.world import figure_of

pytestmark = pytest.mark.django_db


def test_official_figures_carry_their_whole_provenance(crisis, report, make_official, later, verifier):
    told = report(3, {"wni.dead": (2, 3)}, source="authority")
    make_official(told)
    cell = queries.official(crisis)["wni.dead"]
    assert (cell.value, cell.high, cell.version, cell.reason) == (2, 3, 1, "baris ini")
    assert (cell.mission, cell.report, cell.as_of, cell.chosen_at) == ("kjri-hongkong", 1, told.as_of, later)
    assert cell.verifier == "verifier"
    assert cell.reporter == "mission_officer-kjri-hongkong"
    assert "KJRI Hongkong" in cell.source
    assert cell.source != "KJRI Hongkong"
    assert (cell.figure.status, cell.figure.printed) == ("verified", "2–3")


def test_a_withdrawn_figure_has_no_value(crisis, report, make_official, later, verifier):
    make_official(report(3, {"wni.dead": 2}))
    actions.withdraw(actor=verifier, at=later, crisis=crisis, key="wni.dead", reason="salah")
    cell = queries.official(crisis)["wni.dead"]
    assert (cell.value, cell.as_of, cell.version) == (None, None, 2)
    assert cell.figure.printed == "—"


def test_leftovers_that_no_longer_fit_are_set_aside(verifier, crisis, report, later):
    report(1, {"wni.present": 140, "wni.slightly_injured": 2, "all.dead": 44})
    report(9, {"wni.present": 140, "wni.safe": 108, "wni.missing": 23, "wni.dead": 9})
    [told] = queries.source_sets(queries.latest_figures(verifier, crisis))
    assert told.check.state == "closed"
    assert [figure.key for figure in told.superseded] == ["wni.slightly_injured"]
    assert "all.dead" in {figure.key for figure in told.figures}


def test_a_report_that_contradicts_itself_stays_a_contradiction(verifier, crisis, report, later):
    report(1, {"wni.slightly_injured": 2})
    report(9, {"wni.present": 140, "wni.safe": 155})
    [told] = queries.source_sets(queries.latest_figures(verifier, crisis))
    assert told.check.is_contradiction
    assert told.superseded == ()


def test_history_is_every_version_newest_first(crisis, report, make_official):
    make_official(report(1, {"wni.dead": 2}))
    make_official(report(9, {"wni.dead": 3}), minute=9)
    assert [(one.version, one.value) for one in queries.history(crisis, "wni.dead")] == [(2, 3), (1, 2)]
    with pytest.raises(Http404):
        queries.history(crisis, "wni.lost")


def test_choosable_finds_only_figures_of_this_crisis(crisis, report):
    figure = figure_of(report(1, {"wni.dead": 2}), "wni.dead")
    assert queries.choosable(crisis, figure.pk) == figure
    with pytest.raises(Http404):
        queries.choosable(crisis, figure.pk + 1)
