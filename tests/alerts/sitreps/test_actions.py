"""Requests and reports: each action works, refuses, rolls back, records."""

import uuid
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from alerts.sitreps import actions
from alerts.sitreps.models import ReportedFigure, ReportRequest, SituationReport
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.alerts.sitreps.conftest import World

MINUTE = timedelta(minutes=1)


def refused(field: str, status: int, act) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    assert (caught.value.error.field, caught.value.status) == (field, status)
    return caught.value


def test_request_starts_the_clock_for_each_mission(world, at, events):
    dhaka, delhi = world.ask("newdelhi", "dhaka")
    assert (dhaka.mission_id, delhi.mission_id) == ("dhaka", "newdelhi")
    assert dhaka.due_at == at + 5 * MINUTE
    assert dhaka.officer_id == world.officer("dhaka").user_id
    assert [event.audiences for event in events("report.requested")] == [
        ["dcc", "mission:dhaka", "summary"],
        ["dcc", "mission:newdelhi", "summary"],
    ]


def test_request_names_nobody_where_nobody_has_an_account(world):
    assert world.ask("kathmandu").officer is None


def test_a_repeat_raises_the_attempt_and_keeps_the_clock(world, at):
    world.ask("dhaka")
    again = world.ask("dhaka", at=at + 3 * MINUTE)
    assert (again.attempt, again.requested_at, again.due_at) == (2, at, at + 5 * MINUTE)
    assert ReportRequest.objects.count() == 1
    assert again.version == 2


def test_a_request_after_an_answer_has_a_clock_of_its_own(world, at):
    world.file(world.ask("dhaka"), figures={"wni.dead": 0})
    later = world.ask("dhaka", at=at + 40 * MINUTE)
    assert (later.attempt, later.requested_at) == (1, at + 40 * MINUTE)


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.SPOKESPERSON, Role.MINISTER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_request_refuses_roles_that_may_not(world, at, role):
    ask = {"at": at, "crisis": world.crisis, "mission_codes": ["dhaka"]}
    refused("", 403, lambda: actions.request_reports(actor=world.reader(role), **ask))


def test_request_refuses_another_world(world, drill, at):
    ask = {"at": at, "crisis": world.crisis, "mission_codes": ["dhaka"]}
    refused("", 403, lambda: actions.request_reports(actor=drill.operator, **ask))


def test_request_refuses_missions_outside_the_crisis_and_none(world):
    refused("missions", 422, lambda: world.ask("dhaka", "cairo"))
    refused("missions", 422, world.ask)
    assert not ReportRequest.objects.exists()


def test_request_refuses_a_closed_crisis(world, at):
    type(world.crisis).objects.update(stood_down_at=at)
    refused("", 409, lambda: world.ask("dhaka"))


def test_opening_counts_once(world, at, events):
    request = world.ask("dhaka")
    for minute in (1, 2):
        actions.mark_opened(actor=world.officer(), at=at + minute * MINUTE, request=request)
    request.refresh_from_db()
    assert request.opened_at == at + MINUTE
    assert len(events("report.opened")) == 1


def test_filling_counts_once_and_opens_the_form(world, at, events):
    request = world.ask("dhaka")
    for minute in (1, 2):
        actions.mark_filling(actor=world.officer(), at=at + minute * MINUTE, request=request)
    request.refresh_from_db()
    assert (request.opened_at, request.filling_at) == (at + MINUTE,) * 2
    assert len(events("report.filling")) == len(events("report.opened")) == 1


def test_filling_refuses_another_mission_and_a_closed_crisis(world, at):
    request = world.ask("dhaka")
    refused("", 403, lambda: actions.mark_filling(actor=world.officer("newdelhi"), at=at, request=request))
    type(world.crisis).objects.update(stood_down_at=at)
    assert actions.mark_filling(actor=world.officer(), at=at, request=request).filling_at is None


def test_opening_refuses_another_mission(world, at):
    request = world.ask("dhaka")
    refused("", 403, lambda: actions.mark_opened(actor=world.officer("newdelhi"), at=at, request=request))


def test_opening_after_the_crisis_closed_changes_nothing(world, at):
    request = world.ask("dhaka")
    type(world.crisis).objects.update(stood_down_at=at)
    assert actions.mark_opened(actor=world.officer(), at=at, request=request).opened_at is None


def test_report_is_numbered_and_answers_the_request(world, at, events):
    request = world.ask("dhaka")
    first = world.file(request, figures={"wni.dead": 2, "wni.present": (145, 260)}, at=at + MINUTE, authorities="yes")
    second = world.file(world.ask("newdelhi"), figures={"all.dead": 41}, at=at + MINUTE)
    request.refresh_from_db()
    assert (first.report.number, second.report.number) == (1, 2)
    assert first.created
    assert (request.opened_at, request.contact_at, request.answered_at) == (at + MINUTE,) * 3
    assert {f.key: (f.value, f.high) for f in first.report.figures.all()} == {
        "wni.dead": (2, None),
        "wni.present": (145, 260),
    }
    [event, _other] = events("report.filed")
    assert event.data == {"mission": "dhaka", "report": 1, "answer": "figures", "replaces": None, "figures": 2}
    assert (event.object_id, event.topic) == (request.number, "crisis:gempa-kathmandu")
    assert event.version == request.version


def test_none_affected_asserts_five_zeros_and_nothing_else(world):
    report = world.file(world.ask("dhaka"), answer="none_affected").report
    zero = ("dead", "seriously_injured", "slightly_injured", "missing", "detained")
    assert {f.key: f.value for f in report.figures.all()} == {f"wni.{state}": 0 for state in zero}


def test_checking_is_contact_and_no_figure(world, at):
    request = world.ask("dhaka")
    report = world.file(request, answer="checking", at=at + MINUTE).report
    request.refresh_from_db()
    assert (request.contact_at, request.answered_at) == (at + MINUTE, None)
    assert not report.figures.exists()


def test_an_answer_without_a_figure_is_contact_only(world):
    request = world.ask("dhaka")
    world.file(request, authorities="yes")
    request.refresh_from_db()
    assert request.contact_at
    assert not request.answered_at


def test_the_same_client_id_changes_nothing_and_gives_the_first_answer(world, at):
    request = world.ask("dhaka")
    key = uuid.uuid4()
    first = world.file(request, client_id=key, figures={"wni.dead": 2})
    again = world.file(request, client_id=key, figures={"wni.dead": 9}, at=at + MINUTE)
    assert (again.report.pk, again.created) == (first.report.pk, False)
    assert SituationReport.objects.count() == 1
    assert Event.objects.filter(kind="report.filed").count() == 1


def test_the_same_client_id_is_answered_even_after_the_crisis_closed(world, at):
    request, key = world.ask("dhaka"), uuid.uuid4()
    world.file(request, client_id=key, figures={"wni.dead": 2})
    type(world.crisis).objects.update(stood_down_at=at)
    assert not world.file(request, client_id=key, figures={"wni.dead": 2}).created


def test_a_client_id_of_another_mission_is_refused_and_tells_nothing(world):
    key = uuid.uuid4()
    world.file(world.ask("dhaka"), client_id=key, figures={"wni.dead": 2})
    refused("client_id", 409, lambda: world.file(world.ask("newdelhi"), client_id=key, figures={"wni.dead": 2}))


def test_report_refuses_an_officer_of_another_mission(world):
    request = world.ask("dhaka")
    refused("", 403, lambda: world.file(request, actor=world.officer("newdelhi"), figures={"wni.dead": 1}))


def test_report_refuses_the_command_centre(world):
    request = world.ask("dhaka")
    refused("", 403, lambda: world.file(request, actor=world.operator, figures={"wni.dead": 1}))


def test_report_refuses_another_world(world, drill):
    request = world.ask("dhaka")
    refused("", 403, lambda: world.file(request, actor=drill.officer("dhaka"), figures={"wni.dead": 1}))


def test_report_refuses_a_closed_request_and_a_closed_crisis(world, at):
    request = world.ask("dhaka")
    ReportRequest.objects.update(closed_at=at)
    refused("", 409, lambda: world.file(request, figures={"wni.dead": 1}))
    ReportRequest.objects.update(closed_at=None)
    type(world.crisis).objects.update(stood_down_at=at)
    refused("", 409, lambda: world.file(request, figures={"wni.dead": 1}))
    assert not SituationReport.objects.exists()


def test_later_reports_come_under_the_same_request_and_answer_what_is_asked_now(world, at):
    first = world.ask("dhaka")
    world.file(first, figures={"wni.dead": 1})
    assert world.file(first, figures={"wni.dead": 2}, at=at + 30 * MINUTE).report.request_id == first.pk
    second = world.ask("dhaka", at=at + 60 * MINUTE)
    assert world.file(first, figures={"wni.dead": 2}, at=at + 61 * MINUTE).report.request_id == second.pk
    second.refresh_from_db()
    assert second.answered_at == at + 61 * MINUTE


def test_correction_names_what_it_replaces(world, at, events):
    request = world.ask("dhaka")
    world.file(request, figures={"wni.dead": 2})
    fixed = world.file(request, figures={"wni.dead": 3}, replaces=1, at=at + MINUTE).report
    assert fixed.replaces.number == 1
    assert events("report.filed")[-1].data["replaces"] == 1
    assert ReportedFigure.objects.count() == 2


def test_correction_refuses_a_foreign_and_an_unknown_report(world):
    dhaka, delhi = world.ask("dhaka", "newdelhi")
    world.file(dhaka, figures={"wni.dead": 2})
    refused("replaces", 422, lambda: world.file(delhi, figures={"wni.dead": 3}, replaces=1))
    refused("replaces", 422, lambda: world.file(dhaka, figures={"wni.dead": 3}, replaces=7))
    world.file(dhaka, figures={"wni.dead": 3}, replaces=1)
    assert SituationReport.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answer": "maybe"}, "answer"),
        ({"answer": "figures"}, "figures"),
        ({"answer": "checking", "figures": {"wni.dead": 1}}, "figures"),
        ({"answer": "none_affected", "figures": {"wni.dead": 0}}, "figures"),
        ({"figures": {"wni.dead": -1}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": 10_000_001}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": (2, 10_000_001)}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": (3, 3)}}, "figures.wni.dead"),
        ({"figures": {"wni.dead": (3, 2)}}, "figures.wni.dead"),
        ({"figures": {"wni.lost": 3}}, "figures.wni.lost"),
        ({"figures": {"wni.dead": 1}, "authorities": "perhaps"}, "authorities"),
        ({"figures": {"wni.dead": 1}, "hospitals": "yes"}, "hospitals"),
        ({"figures": {"wni.dead": 1}, "source": "friend"}, "source"),
        ({"figures": {"wni.dead": 1}, "note": "a\x00b"}, "note"),
        ({"figures": {"wni.dead": 1}, "note": "x" * 2001}, "note"),
    ],
)
def test_report_refuses_what_it_can_not_mean_and_stores_nothing(world, given, field):
    request = world.ask("dhaka")
    refused(field, 422, lambda: world.file(request, **given))
    assert not SituationReport.objects.exists()
    request.refresh_from_db()
    assert request.contact_at is None


@pytest.mark.parametrize("value", [0, 1, 10_000_000, (0, 1), (2, 10_000_000)])
def test_report_takes_the_whole_range_of_figures(world, value):
    figure = world.file(world.ask("dhaka"), figures={"wni.dead": value}).report.figures.get()
    assert (figure.value, figure.high) == (value if isinstance(value, tuple) else (value, None))


def test_a_time_in_the_future_is_refused_but_a_fast_clock_is_not(world, at):
    request = world.ask("dhaka")
    ahead = world.file(request, figures={"wni.dead": 1}, as_of=at + 2 * MINUTE).report
    assert ahead.as_of == at
    refused("as_of", 422, lambda: world.file(request, figures={"wni.dead": 1}, as_of=at + 3 * MINUTE))
    old = datetime(1999, 12, 31, tzinfo=at.tzinfo)
    refused("as_of", 422, lambda: world.file(request, figures={"wni.dead": 1}, as_of=old))


def test_a_report_that_can_not_be_recorded_is_not_stored(world, monkeypatch):
    request = world.ask("dhaka")

    def broken(**_fields):
        raise RuntimeError("log")

    monkeypatch.setattr(actions, "record", broken)
    with pytest.raises(RuntimeError):
        world.file(request, figures={"wni.dead": 1})
    assert not SituationReport.objects.exists()


def test_an_exercise_speaks_to_its_own_audiences(drill, events):
    drill.file(drill.ask("dhaka"), figures={"wni.dead": 1})
    heard = {name for event in Event.objects.all() for name in event.audiences}
    assert heard == {"exercise:hk:dcc", "exercise:hk:mission:dhaka", "exercise:hk:summary"}
    assert {event.exercise for event in Event.objects.all()} == {"hk"}


def in_threads(acts) -> list[object]:
    """Do these at once, each on its own connection; what they gave or raised, in order."""
    start, results = Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        start.wait(10)
        try:
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test compares it
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    return results


@pytest.mark.usefixtures("committed")
def test_officers_filing_at_once_get_numbers_without_gap_or_loss(people, at):
    world = World(people, at)
    requests = world.ask("dhaka", "newdelhi")
    acts = [lambda r=requests[turn % 2]: world.file(r, figures={"wni.dead": 1}) for turn in range(8)]
    results = in_threads(acts)
    assert sorted(filed.report.number for filed in results) == list(range(1, 9))
    assert Event.objects.filter(kind="report.filed").count() == 8


@pytest.mark.usefixtures("committed")
def test_one_client_id_sent_at_once_is_one_report(people, at):
    world = World(people, at)
    request, key = world.ask("dhaka"), uuid.uuid4()
    results = in_threads([lambda: world.file(request, client_id=key, figures={"wni.dead": 1})] * 6)
    assert sorted(filed.created for filed in results) == [False] * 5 + [True]
    assert len({filed.report.pk for filed in results}) == 1
    assert SituationReport.objects.count() == 1


@pytest.mark.usefixtures("committed")
def test_two_operators_asking_at_once_make_one_request(people, at):
    world = World(people, at)
    world.ask("newdelhi")
    world.officer()
    results = in_threads([lambda: world.ask("dhaka")] * 4)
    assert sorted(request.attempt for request in results) == [1, 2, 3, 4]
    assert ReportRequest.objects.filter(mission="dhaka").count() == 1


@pytest.mark.usefixtures("committed")
def test_two_corrections_of_one_report_at_once_are_two_versions_in_one_line(people, at):
    world = World(people, at)
    request = world.ask("dhaka")
    world.file(request, figures={"wni.dead": 1})
    results = in_threads([lambda: world.file(request, figures={"wni.dead": 2}, replaces=1)] * 2)
    assert sorted((one.report.number, one.report.replaces.number) for one in results) == [(2, 1), (3, 2)]


def test_one_client_id_in_two_crises_at_once_is_refused_in_words(world, people, at, monkeypatch):
    other = World(people, at, slug="banjir-dhaka")
    mine, theirs, key = world.ask("dhaka"), other.ask("dhaka"), uuid.uuid4()
    look = actions._replaced

    def meanwhile(request, number):
        """After the look for an earlier report, another transaction stores the same client_id in the other crisis."""
        monkeypatch.setattr(actions, "_replaced", look)
        other.file(theirs, client_id=key, figures={"wni.dead": 1})
        return look(request, number)

    monkeypatch.setattr(actions, "_replaced", meanwhile)
    refused("client_id", 409, lambda: world.file(mine, client_id=key, figures={"wni.dead": 2}))


def test_actions_roll_back_with_their_caller(world):
    request = world.ask("dhaka")

    def act() -> None:
        with transaction.atomic():
            world.file(request, figures={"wni.dead": 1})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not SituationReport.objects.exists()
