"""The matrix of sources."""

import pytest

from alerts.sitreps.models import FIGURE_KEYS
from alerts.verification.queries import matrix
from commandcenter.access.models import Role

pytestmark = pytest.mark.django_db


def test_the_matrix_keeps_each_mission_and_source_in_a_row_of_its_own(verifier, crisis, report):
    report(1, {"wni.dead": 2, "wni.present": 140})
    report(2, {"wni.dead": 1}, source="hospital")
    report(3, {"wni.dead": 0}, mission="kjri-guangzhou")
    nationals, everybody = matrix(verifier, crisis).tables
    dead = [column.key for column in nationals.columns].index("wni.dead")
    values = [row.cells[dead].figure.printed for row in nationals.rows]
    assert sorted(values) == ["0", "1", "2"]
    assert all(cell.figure.printed == "—" for cell in nationals.official)
    assert [column.key for column in everybody.columns] == [key for key in FIGURE_KEYS if key.startswith("all.")]
    assert len(nationals.columns) == 8


def test_a_figure_nobody_reported_can_not_be_chosen_and_is_no_zero(verifier, crisis, report):
    report(1, {"wni.dead": 0})
    row = matrix(verifier, crisis).tables[0].rows[0]
    by_key = {cell.column.key: cell for cell in row.cells}
    assert (by_key["wni.dead"].figure.value, by_key["wni.dead"].figure_id is None) == (0, False)
    assert (by_key["wni.safe"].figure.value, by_key["wni.safe"].figure_id) == (None, None)


def test_a_mission_sees_its_own_rows_and_no_differences(people, crisis, report):
    report(1, {"wni.dead": 2})
    report(2, {"wni.dead": 1}, source="hospital")
    report(3, {"wni.dead": 0}, mission="kjri-guangzhou")
    seen = matrix(people.reader(Role.MISSION_OFFICER, "kjri-guangzhou"), crisis)
    assert [row.told.source for row in seen.tables[0].rows] == ["KJRI Guangzhou"]
    assert seen.differences == ()
    assert not seen.may_choose


def test_differing_sources_are_marked_on_their_cells_in_words(verifier, crisis, report):
    report(1, {"wni.dead": 2})
    report(2, {"wni.dead": 1}, source="hospital")
    seen = matrix(verifier, crisis)
    marked = [cell for row in seen.tables[0].rows for cell in row.cells if cell.difference]
    assert {cell.column.key for cell in marked} == {"wni.dead"}
    assert len(marked) == 2
    assert len(seen.open) == 1


def test_a_figure_that_the_newest_report_leaves_out_stays_in_the_row_and_says_where_it_is_from(
    verifier, crisis, report
):
    report(1, {"wni.present": 140, "wni.dead": 6})
    report(9, {"wni.dead": 9})
    [row] = matrix(verifier, crisis).tables[0].rows
    cells = {cell.column.key: cell for cell in row.cells}
    assert (cells["wni.present"].figure.value, cells["wni.present"].older) == (140, 1)
    assert (cells["wni.dead"].figure.value, cells["wni.dead"].older) == (9, None)
    assert row.told.newest.number == 2


def test_an_official_figure_older_than_the_newest_report_is_flagged(verifier, crisis, report, make_official):
    make_official(report(1, {"wni.dead": 2, "wni.safe": 10}), minute=-55)
    report(30, {"wni.dead": 3, "wni.safe": 10})
    seen = matrix(verifier, crisis)
    assert [(item.difference.kind, item.difference.key, item.reports) for item in seen.open] == [
        ("official", "wni.dead", (1, 2))
    ]
    assert [line.column.key for line in seen.confirmed] == ["wni.safe"]


def test_an_official_figure_is_not_outdated_by_an_older_report(verifier, crisis, report, make_official, at):
    make_official(report(30, {"wni.dead": 3}), minute=-25)
    report(40, {"wni.dead": 2}, as_of=at, source="media")
    assert "official" not in {item.difference.kind for item in matrix(verifier, crisis).differences}


def test_an_official_figure_of_a_corrected_report_is_flagged(verifier, crisis, report, make_official):
    wrong = report(1, {"wni.dead": 20})
    make_official(wrong, minute=-55)
    report(9, {"wni.dead": 2}, as_of=wrong.as_of, replaces=wrong.number)
    [item] = matrix(verifier, crisis).open
    assert (item.difference.kind, item.difference.second.value, item.reports) == ("official", 2, (1, 2))


def test_rows_stand_in_the_order_of_sources_and_a_range_can_be_chosen(verifier, crisis, report, make_official):
    for minute, source in enumerate(("media", "family", "red_cross", "hospital", "authority", "mission")):
        report(minute, {"all.dead": (2, 3)}, source=source)
    nationals, everybody = matrix(verifier, crisis).tables
    order = [row.told.newest.source for row in everybody.rows]
    assert order == ["mission", "authority", "hospital", "red_cross", "family", "media"]
    assert nationals.rows == ()
    dead = everybody.rows[3].cells[0]
    assert (dead.figure.printed, dead.figure_id is None) == ("2–3", False)


def test_the_past_can_not_be_chosen_from(verifier, crisis, report, later, at):
    report(1, {"wni.dead": 2})
    assert matrix(verifier, crisis).may_choose
    assert not matrix(verifier, crisis, later).may_choose
    assert matrix(verifier, crisis, at).tables[0].rows == ()


def test_the_row_says_when_it_contradicts_itself(verifier, crisis, report):
    report(1, {"wni.present": 10, "wni.safe": 25})
    row = matrix(verifier, crisis).tables[0].rows[0]
    assert (row.told.check.state, row.told.check.gap) == ("contradiction", 15)


def test_the_matrix_takes_the_same_number_of_queries_for_many_reports(
    verifier, crisis, report, django_assert_max_num_queries
):
    for minute in range(6):
        report(minute, {"wni.dead": minute, "wni.safe": 100}, source=("mission", "hospital")[minute % 2])
    with django_assert_max_num_queries(16):
        matrix(verifier, crisis)
