"""Which crisis, which reports stand, what the form shows as old."""

from datetime import timedelta

from alerts.sitreps import queries
from commandcenter.access.models import Role

MINUTE = timedelta(minutes=1)


def marks(rows) -> dict[str, str]:
    return {row.mission.code: row.mark for row in rows}


def test_crisis_of_finds_only_what_involves_the_mission(world):
    assert queries.crisis_of(world.reader(Role.MISSION_OFFICER, "cairo"), world.crisis.slug) is None
    assert queries.crisis_of(world.officer(), world.crisis.slug) == world.crisis


def test_latest_reports_are_the_newest_of_each_mission_and_source(world, at):
    dhaka, delhi = world.ask("dhaka", "newdelhi")
    world.file(dhaka, figures={"wni.dead": 1})
    world.file(dhaka, figures={"wni.dead": 2}, at=at + 9 * MINUTE)
    world.file(dhaka, figures={"wni.dead": 3}, source="hospital", at=at + 9 * MINUTE)
    world.file(delhi, figures={"wni.dead": 0}, at=at + 9 * MINUTE)
    world.file(dhaka, answer="checking", at=at + 12 * MINUTE)
    assert [report.number for report in queries.latest_reports(world.crisis)] == [3, 2, 4]


def test_a_corrected_report_leaves_the_matrix(world, at):
    request = world.ask("dhaka")
    world.file(request, figures={"wni.dead": 5})
    world.file(request, figures={"wni.dead": 2}, replaces=1)
    assert [report.number for report in queries.latest_reports(world.crisis)] == [2]
    assert queries.last_figures(request)["wni.dead"].value == 2


def test_report_of_refuses_other_missions(world):
    world.file(world.ask("dhaka"), figures={"wni.dead": 1})
    assert queries.report_of(world.operator, world.crisis, 1)
    assert queries.report_of(world.officer("newdelhi"), world.crisis, 1) is None
