"""Verdicts: who may, with which reason, on what still stands, and the event that tells it."""

from datetime import timedelta

import pytest

from alerts.differences import actions, queries
from alerts.differences.models import DifferenceVerdict
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from commandcenter.problems import Refusal

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def about(crisis, report) -> str:
    report(1, {"wni.dead": 1})
    report(9, {"wni.dead": 2}, source="red_cross")
    [item] = queries.differences(crisis)
    return item.difference.about


def accept(actor, crisis, at, about, **more):
    return actions.accept(
        **{"actor": actor, "at": at, "crisis": crisis, "about": about, "reason": "wajar", "expected_version": 0} | more
    )


def refused(act) -> tuple[str, int]:
    with pytest.raises(Refusal) as found:
        act()
    assert DifferenceVerdict.objects.count() == Event.objects.filter(object_type="difference").count()
    return found.value.error.field, found.value.status


def test_accept_stores_the_verdict_and_tells_it(verifier, crisis, later, about):
    made = accept(verifier, crisis, later, about, reason=" selisih waktu ")
    assert (made.kind, made.key, made.first, made.second, made.version) == ("sources", "wni.dead", 1, 2, 1)
    assert (made.verdict, made.reason, made.verifier_id) == ("accepted", "selisih waktu", verifier.user_id)
    event = Event.objects.get(kind="difference.accepted")
    assert event.object_id == "wang-fuk/sources/wni.dead/1/2"
    assert (event.topic, event.actor_id, event.at) == ("crisis:wang-fuk", verifier.user_id, later)
    assert event.data == {"verdict": made.pk, "kind": "sources", "key": "wni.dead", "first": 1, "second": 2}
    assert {"dcc", "summary", "mission:kjri-hongkong"} <= set(event.audiences)


def test_reopen_is_a_new_version(verifier, crisis, later, about):
    accept(verifier, crisis, later, about)
    made = actions.reopen(
        actor=verifier, at=later + MINUTE, crisis=crisis, about=about, reason="ternyata beda", expected_version=1
    )
    assert (made.version, made.verdict) == (2, "reopened")
    assert DifferenceVerdict.objects.count() == 2
    assert Event.objects.filter(kind="difference.reopened", version=2).exists()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.MISSION_OFFICER, Role.MINISTER])
def test_only_a_verifier_judges(people, crisis, later, about, role):
    mission = "kjri-hongkong" if role == Role.MISSION_OFFICER else ""
    assert refused(lambda: accept(people.reader(role, mission), crisis, later, about)) == ("", 403)


def test_a_verifier_of_another_world_is_refused(people, crisis, later, about):
    stranger = people.reader(Role.VERIFIER, exercise="latihan")
    assert refused(lambda: accept(stranger, crisis, later, about)) == ("", 403)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 401, "a\0b"])
def test_a_reason_is_needed_and_must_be_text(verifier, crisis, later, about, reason):
    assert refused(lambda: accept(verifier, crisis, later, about, reason=reason))[0] == "reason"


def test_what_no_longer_stands_can_not_be_judged(verifier, crisis, later, about, report, at):
    report(12, {"wni.dead": 1}, source="red_cross", replaces=2, as_of=at + 9 * MINUTE)
    assert refused(lambda: accept(verifier, crisis, later, about)) == ("about", 409)
    assert refused(lambda: accept(verifier, crisis, later, "rubbish")) == ("about", 409)


def test_a_verdict_on_an_older_version_is_refused(verifier, crisis, later, about):
    accept(verifier, crisis, later, about)
    assert refused(lambda: accept(verifier, crisis, later, about)) == ("expected_version", 409)


def test_a_verdict_that_changes_nothing_is_refused(verifier, crisis, later, about):
    given = {"crisis": crisis, "about": about, "reason": "x", "expected_version": 0}
    assert refused(lambda: actions.reopen(actor=verifier, at=later, **given)) == ("", 409)
    accept(verifier, crisis, later, about)
    assert refused(lambda: accept(verifier, crisis, later, about, expected_version=1)) == ("", 409)
