"""The board, who is silent, the inbox."""

from datetime import timedelta

import pytest

from alerts.boards import queries
from alerts.ladders import actions as ladders
from alerts.ladders.models import Clock, DueStep
from alerts.sitreps import queries as sitreps
from commandcenter.access.models import Role

MINUTE = timedelta(minutes=1)


def marks(rows) -> dict[str, str]:
    return {row.mission.code: row.mark for row in rows}


def test_board_shows_every_mission_worst_first(world, at):
    world.ask("kathmandu")
    later = world.ask("dhaka", "newdelhi", at=at + MINUTE)
    world.file(later[0], figures={"wni.dead": 0}, at=at + 3 * MINUTE)
    rows = queries.board(world.operator, world.crisis, at + 5 * MINUTE)
    assert list(marks(rows).items()) == [("kathmandu", "silent"), ("newdelhi", "waiting"), ("dhaka", "reported")]
    silent, _waiting, reported = rows
    assert (silent.minutes, silent.officer, silent.last) == (5, "", None)
    assert (reported.took, reported.last.number) == ("02:00", 1)
    assert reported.next_due_at == at + 33 * MINUTE


def test_board_shows_missions_that_were_not_asked(world, at):
    rows = queries.board(world.operator, world.crisis, at)
    assert set(marks(rows).values()) == {"none"}
    assert {row.minutes for row in rows} == {None}


def test_checking_is_contact_until_the_deadline_and_never_a_figure(world, at):
    world.file(world.ask("dhaka"), answer="checking", at=at + MINUTE)
    at_four, at_five = (queries.board(world.officer(), world.crisis, at + n * MINUTE)[0] for n in (4, 5))
    assert (at_four.mark, at_five.mark) == ("checking", "overdue")
    assert at_four.last is None


def test_a_mission_sees_its_own_row_only(world, at):
    world.ask("dhaka", "newdelhi")
    assert marks(queries.board(world.officer(), world.crisis, at)) == {"dhaka": "waiting"}
    assert marks(queries.silent(world.officer(), at)) == {"dhaka": "waiting"}


def test_the_next_report_becomes_overdue_after_thirty_minutes(world, at):
    world.file(world.ask("dhaka"), figures={"wni.dead": 0})
    assert not queries.silent(world.operator, at + 29 * MINUTE)
    assert marks(queries.silent(world.operator, at + 30 * MINUTE)) == {"dhaka": "overdue"}


def test_a_threshold_that_a_supervisor_moves_moves_the_board_and_leaves_the_past_as_it_was(world, people, at):
    report = world.file(world.ask("dhaka"), figures={"wni.dead": 0}).report
    ladders.load_clocks(at=at)
    clock = Clock.objects.get(ladder="next", step="ask")
    given = {"clock_id": clock.pk, "version": clock.version, "seconds": 600, "reason": "Sepuluh menit selama evakuasi"}
    ladders.change_clock(actor=people.reader(Role.SUPERVISOR), at=at + 20 * MINUTE, **given)
    assert DueStep.objects.get(ladder="next").due_at == report.filed_at + 10 * MINUTE
    assert marks(queries.silent(world.operator, at + 10 * MINUTE)) == {"dhaka": "overdue"}
    then = at + 15 * MINUTE
    [row] = [row for row in queries.board(world.operator, world.crisis, then, until=then) if row.last]
    assert (row.mark, row.next_due_at) == ("reported", report.filed_at + 30 * MINUTE)


def test_silence_shows_within_minutes_not_days(world, at):
    world.ask("kathmandu")
    [row] = queries.silent(world.operator, at + timedelta(days=2))
    assert (row.mark, row.minutes) == ("silent", 2880)
    assert queries.silent(world.operator, at + 5 * MINUTE)[0].mark == "silent"


def test_a_closed_crisis_is_not_silent_and_its_board_stands_still(world, at):
    world.ask("dhaka")
    type(world.crisis).objects.update(stood_down_at=at + 2 * MINUTE)
    world.crisis.refresh_from_db()
    assert queries.silent(world.operator, at + 60 * MINUTE) == []
    row = next(row for row in queries.board(world.operator, world.crisis, at + 60 * MINUTE) if row.request)
    assert (row.mark, row.minutes) == ("waiting", 2)


def test_exercise_and_live_do_not_see_each_other(world, drill, at):
    world.ask("dhaka")
    assert not queries.silent(drill.operator, at)
    assert sitreps.crisis_of(drill.operator, world.crisis.slug).exercise == "hk"
    assert sitreps.crisis_of(world.operator, world.crisis.slug).exercise == ""


def test_taking_a_report_back_makes_the_mission_open_again(world, at):
    request = world.ask("dhaka")
    world.file(request, answer="none_affected", at=at + MINUTE)
    world.file(request, answer="checking", replaces=1, at=at + 2 * MINUTE)
    row = queries.board(world.officer(), world.crisis, at + 3 * MINUTE)[0]
    assert (row.mark, row.last) == ("checking", None)


def test_a_late_report_is_kept_and_does_not_move_the_headline(world, at):
    request = world.ask("dhaka")
    world.file(request, figures={"wni.dead": 5}, at=at + 10 * MINUTE)
    world.file(request, figures={"wni.dead": 3}, at=at + 20 * MINUTE, as_of=at)
    assert [report.number for report in sitreps.latest_reports(world.crisis)] == [1]
    assert queries.board(world.officer(), world.crisis, at + 20 * MINUTE)[0].last.number == 1
    assert [report.number for report in sitreps.reports_of(world.crisis)] == [2, 1]


def test_inbox_is_for_missions_and_their_open_crises(world, at):
    world.ask("dhaka", "newdelhi")
    assert marks(queries.inbox(world.officer(), at)) == {"dhaka": "waiting"}
    assert queries.inbox(world.operator, at) == []
    type(world.crisis).objects.update(stood_down_at=at)
    assert queries.inbox(world.officer(), at) == []


@pytest.mark.parametrize("missions", [1, 3])
def test_the_board_takes_the_same_queries_for_any_number_of_missions(world, at, django_assert_num_queries, missions):
    for request in [world.ask(code) for code in ("dhaka", "newdelhi", "kathmandu")[:missions] if code != "kathmandu"]:
        world.file(request, figures={"wni.dead": 1})
    reader = world.operator
    with django_assert_num_queries(5):
        rows = queries.silent(reader, at)
        [(row.officer, row.word, row.local_time) for row in rows]
