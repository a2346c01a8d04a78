"""Choosing official figures: who may, what is refused, what is recorded, what two verifiers see."""

import pytest

from alerts.ledger import actions
from alerts.ledger.models import OfficialFigure
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.alerts.ledger.world import a_crisis, figure_of

pytestmark = pytest.mark.django_db


def choose(actor, at, crisis, figure, **more):
    given = {"key": figure.key, "reported_figure": figure, "reason": "sumber paling dekat"} | more
    return actions.choose(actor=actor, at=at, crisis=crisis, **given)


def test_choose_makes_the_next_version_and_tells_dcc_summary_and_the_missions(verifier, crisis, report, later):
    told = report(1, {"wni.dead": 2})
    made = choose(verifier, later, crisis, figure_of(told, "wni.dead"))
    assert (made.version, made.chosen.value, made.verifier_id, made.at) == (1, 2, verifier.user_id, later)
    event = Event.objects.get(kind="figure.chosen")
    assert event.object_id == "wang-fuk/wni.dead"
    assert event.topic == "crisis:wang-fuk"
    assert event.audiences == ["dcc", "mission:kjri-guangzhou", "mission:kjri-hongkong", "summary"]
    assert event.data == {"key": "wni.dead", "figure": made.pk, "report": told.number}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.MINISTER, Role.SPOKESPERSON])
def test_choose_refuses_everybody_but_a_verifier(people, role, crisis, report, later):
    figure = figure_of(report(1, {"wni.dead": 2}), "wni.dead")
    with pytest.raises(Refusal) as refused:
        choose(people.reader(role), later, crisis, figure)
    assert refused.value.status == 403
    assert not OfficialFigure.objects.exists()
    assert not Event.objects.filter(kind="figure.chosen").exists()


def test_choose_refuses_a_verifier_from_another_world(people, crisis, report, later):
    figure = figure_of(report(1, {"wni.dead": 2}), "wni.dead")
    with pytest.raises(Refusal):
        choose(people.reader(Role.VERIFIER, exercise="drill"), later, crisis, figure)


def test_choose_refuses_a_figure_of_another_crisis(people, verifier, crisis, report, at, later):
    other = a_crisis(people, at, slug="other")
    figure = figure_of(report(1, {"wni.dead": 2}, of=other), "wni.dead")
    with pytest.raises(Refusal) as refused:
        choose(verifier, later, crisis, figure)
    assert refused.value.error.field == "figure"


def test_choose_refuses_a_figure_of_another_cell(verifier, crisis, report, later):
    figure = figure_of(report(1, {"wni.dead": 2}), "wni.dead")
    with pytest.raises(Refusal):
        choose(verifier, later, crisis, figure, key="wni.safe")


def test_choose_refuses_a_figure_whose_report_was_replaced(verifier, crisis, report, later):
    wrong = report(1, {"wni.dead": 20})
    report(2, {"wni.dead": 2}, replaces=wrong.number)
    with pytest.raises(Refusal) as refused:
        choose(verifier, later, crisis, figure_of(wrong, "wni.dead"))
    assert refused.value.status == 409
    assert "#2" in refused.value.error.as_dict()["en"]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 401, "a\x00b"])
def test_choose_needs_a_reason_that_can_be_stored(verifier, crisis, report, later, reason):
    figure = figure_of(report(1, {"wni.dead": 2}), "wni.dead")
    with pytest.raises(Refusal) as refused:
        choose(verifier, later, crisis, figure, reason=reason)
    assert refused.value.error.field == "reason"


def test_choose_again_changes_nothing(verifier, crisis, report, later):
    figure = figure_of(report(1, {"wni.dead": 2}), "wni.dead")
    first = choose(verifier, later, crisis, figure, expected_version=0)
    assert choose(verifier, later, crisis, figure, expected_version=0) == first
    assert Event.objects.filter(kind="figure.chosen").count() == 1


def test_choose_refuses_what_another_verifier_overtook_and_names_both(people, verifier, crisis, report, later):
    early, late = report(1, {"wni.dead": 2}), report(9, {"wni.dead": 3}, source="hospital")
    choose(
        people.reader(Role.VERIFIER, username="rina"), later, crisis, figure_of(early, "wni.dead"), expected_version=0
    )
    with pytest.raises(Refusal) as refused:
        choose(verifier, later, crisis, figure_of(late, "wni.dead"), expected_version=0)
    assert refused.value.status == 409
    assert refused.value.code == "conflict"
    words = refused.value.error.as_dict()
    assert "rina" in words["en"]
    assert "2" in words["en"]
    assert OfficialFigure.objects.get().chosen.value == 2


def test_history_stays_when_a_newer_figure_is_chosen(verifier, crisis, report, later):
    early, late = report(1, {"wni.dead": 2}), report(9, {"wni.dead": 3})
    choose(verifier, later, crisis, figure_of(early, "wni.dead"))
    choose(verifier, later, crisis, figure_of(late, "wni.dead"), expected_version=1)
    assert list(OfficialFigure.objects.values_list("version", "chosen__value")) == [(1, 2), (2, 3)]


def test_choose_row_takes_all_or_nothing(people, verifier, crisis, report, later):
    told = report(1, {"wni.dead": 2, "wni.missing": 5, "wni.safe": 100})
    other = report(2, {"wni.missing": 6}, source="authority")
    choose(people.reader(Role.VERIFIER, username="rina"), later, crisis, figure_of(other, "wni.missing"))
    keys = ["wni.dead", "wni.missing", "wni.safe"]
    given = {"actor": verifier, "at": later, "crisis": crisis, "report": told, "reason": "baris"}
    with pytest.raises(Refusal):
        actions.choose_row(keys=keys, expected_versions=dict.fromkeys(keys, 0), **given)
    assert OfficialFigure.objects.count() == 1
    assert Event.objects.filter(kind="figure.chosen").count() == 1
    made = actions.choose_row(keys=keys, expected_versions={"wni.missing": 1}, **given)
    assert [figure.version for figure in made] == [1, 2, 1]
    assert Event.objects.filter(kind="figure.chosen").count() == 4


def test_choose_row_refuses_a_figure_the_report_does_not_have(verifier, crisis, report, later):
    told = report(1, {"wni.dead": 2})
    given = {"actor": verifier, "at": later, "crisis": crisis, "report": told, "reason": "baris"}
    for keys in (["wni.safe"], []):
        with pytest.raises(Refusal):
            actions.choose_row(keys=keys, **given)


def test_withdraw_makes_a_version_without_a_value(verifier, crisis, report, later):
    choose(verifier, later, crisis, figure_of(report(1, {"wni.dead": 2}), "wni.dead"))
    given = {"actor": verifier, "at": later, "crisis": crisis, "key": "wni.dead", "reason": "salah hitung"}
    with pytest.raises(Refusal) as refused:
        actions.withdraw(expected_version=7, **given)
    assert refused.value.status == 409
    made = actions.withdraw(expected_version=1, **given)
    assert (made.version, made.chosen) == (2, None)
    assert Event.objects.filter(kind="figure.chosen").last().data["report"] is None


def test_withdraw_refuses_what_was_never_chosen(verifier, crisis, later):
    with pytest.raises(Refusal) as refused:
        actions.withdraw(actor=verifier, at=later, crisis=crisis, key="wni.dead", reason="x")
    assert refused.value.status == 409


def test_an_exercise_tells_only_its_own_audiences(people, report, at, later):
    drill = a_crisis(people, at, slug="drill-crisis", exercise="drill")
    figure = figure_of(report(1, {"wni.dead": 2}, of=drill), "wni.dead")
    choose(people.reader(Role.VERIFIER, exercise="drill"), later, drill, figure)
    event = Event.objects.get(kind="figure.chosen")
    assert event.exercise == "drill"
    assert all(name.startswith("exercise:drill:") for name in event.audiences)


def test_every_refusal_speaks_both_languages(verifier, crisis, report, later):
    wrong = report(1, {"wni.dead": 20})
    report(2, {"wni.dead": 2}, replaces=wrong.number)
    with pytest.raises(Refusal) as refused:
        choose(verifier, later, crisis, figure_of(wrong, "wni.dead"))
    assert set(refused.value.error.as_dict()) == {"field", "id", "en"}
