"""Official figures with provenance, and the matrix."""

import pytest
from django.http import Http404

from alerts.ledger import actions, queries
from alerts.sitreps.models import FIGURE_KEYS
from commandcenter.access.models import Role
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


def test_the_matrix_keeps_each_mission_and_source_in_a_row_of_its_own(verifier, crisis, report, later):
    report(1, {"wni.dead": 2, "wni.present": 140})
    report(2, {"wni.dead": 1}, source="hospital")
    report(3, {"wni.dead": 0}, mission="kjri-guangzhou")
    nationals, everybody = queries.matrix(verifier, crisis, later).tables
    dead = [column.key for column in nationals.columns].index("wni.dead")
    values = [row.cells[dead].figure.printed for row in nationals.rows]
    assert sorted(values) == ["0", "1", "2"]
    assert all(cell.figure.printed == "—" for cell in nationals.official)
    assert [column.key for column in everybody.columns] == [key for key in FIGURE_KEYS if key.startswith("all.")]
    assert len(nationals.columns) == 8


def test_a_figure_nobody_reported_can_not_be_chosen_and_is_no_zero(verifier, crisis, report, later):
    report(1, {"wni.dead": 0})
    row = queries.matrix(verifier, crisis, later).tables[0].rows[0]
    by_key = {cell.column.key: cell for cell in row.cells}
    assert (by_key["wni.dead"].figure.value, by_key["wni.dead"].figure_id is None) == (0, False)
    assert (by_key["wni.safe"].figure.value, by_key["wni.safe"].figure_id) == (None, None)


def test_a_mission_sees_its_own_rows_and_no_differences(people, crisis, report, later):
    report(1, {"wni.dead": 2})
    report(2, {"wni.dead": 1}, source="hospital")
    report(3, {"wni.dead": 0}, mission="kjri-guangzhou")
    seen = queries.matrix(people.reader(Role.MISSION_OFFICER, "kjri-guangzhou"), crisis, later)
    assert [row.told.source for row in seen.tables[0].rows] == ["KJRI Guangzhou"]
    assert seen.differences == ()
    assert not seen.may_choose


def test_differing_sources_are_marked_on_their_cells_in_words(verifier, crisis, report, later):
    report(1, {"wni.dead": 2})
    report(2, {"wni.dead": 1}, source="hospital")
    seen = queries.matrix(verifier, crisis, later)
    marked = [cell for row in seen.tables[0].rows for cell in row.cells if cell.difference]
    assert {cell.column.key for cell in marked} == {"wni.dead"}
    assert len(marked) == 2
    assert seen.flagged == 1


def test_a_figure_that_the_newest_report_leaves_out_stays_in_the_row_and_says_where_it_is_from(
    verifier, crisis, report, later
):
    report(1, {"wni.present": 140, "wni.dead": 6})
    report(9, {"wni.dead": 9})
    [row] = queries.matrix(verifier, crisis, later).tables[0].rows
    cells = {cell.column.key: cell for cell in row.cells}
    assert (cells["wni.present"].figure.value, cells["wni.present"].older) == (140, 1)
    assert (cells["wni.dead"].figure.value, cells["wni.dead"].older) == (9, None)
    assert row.told.newest.number == 2


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


def test_an_official_figure_older_than_the_newest_report_is_flagged(verifier, crisis, report, make_official, later):
    make_official(report(1, {"wni.dead": 2, "wni.safe": 10}))
    report(30, {"wni.dead": 3, "wni.safe": 10})
    flagged = {line.column.key: line for line in queries.matrix(verifier, crisis, later).outdated}
    assert flagged["wni.dead"].newer.value == 3
    assert flagged["wni.dead"].newer_differs
    assert not flagged["wni.safe"].newer_differs
    seen = queries.matrix(verifier, crisis, later)
    assert [line.column.key for line in seen.overtaken] == ["wni.dead"]
    assert [line.column.key for line in seen.confirmed] == ["wni.safe"]


def test_an_official_figure_is_not_outdated_by_an_older_report(verifier, crisis, report, make_official, later, at):
    make_official(report(30, {"wni.dead": 3}))
    report(31, {"wni.dead": 2}, as_of=at, source="media")
    assert queries.matrix(verifier, crisis, later).outdated == ()


def test_an_official_figure_of_a_corrected_report_is_flagged(verifier, crisis, report, make_official, later):
    wrong = report(1, {"wni.dead": 20})
    make_official(wrong)
    report(2, {"wni.dead": 2}, as_of=wrong.as_of, replaces=wrong.number)
    [line] = queries.matrix(verifier, crisis, later).outdated
    assert (line.replaced_by, line.newer.value) == (2, 2)


def test_the_row_says_when_it_contradicts_itself(verifier, crisis, report, later):
    report(1, {"wni.present": 10, "wni.safe": 25})
    row = queries.matrix(verifier, crisis, later).tables[0].rows[0]
    assert (row.told.check.state, row.told.check.gap) == ("contradiction", 15)


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


def test_the_matrix_takes_the_same_number_of_queries_for_many_reports(
    verifier, crisis, report, later, django_assert_max_num_queries
):
    for minute in range(6):
        report(minute, {"wni.dead": minute, "wni.safe": 100}, source=("mission", "hospital")[minute % 2])
    with django_assert_max_num_queries(16):
        queries.matrix(verifier, crisis, later)
