"""Another responsible mission with its reason; the hand-over to the mission and back; what an unanswered offer does."""

from datetime import timedelta
from typing import Any

import pytest

from alerts.assigning import actions as assigning
from alerts.assigning.tasks import lapse_offers
from alerts.emergencies import actions
from alerts.emergencies.models import Emergency, EmergencyNote
from alerts.emergencies.queries import one
from alerts.intake.queries import citizen_view
from alerts.ladders.models import DueStep
from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.outbox.models import Outgoing
from commandcenter.problems import Refusal
from tests.alerts.emergencies.conftest import Make
from tests.conftest import AT, People

MINUTE = timedelta(minutes=1)
BEIJING = "kbri-beijing"


@pytest.fixture
def taken(emergency: Emergency, operator: Reader) -> Emergency:
    return actions.take(actor=operator, number=emergency.number, at=AT, next_contact_at=AT + 15 * MINUTE)


def fresh() -> Emergency:
    return Emergency.objects.get()


def choose(emergency: Emergency, actor: Reader, **more: Any) -> Emergency:
    given = {"at": AT + MINUTE, "mission": BEIJING, "reason": "Keluarganya di Shenzhen"}
    return assigning.override(actor=actor, number=emergency.number, **given | more)


def act(verb: Any, emergency: Emergency, actor: Reader, minutes: float = 2, **more: Any) -> Emergency:
    found: Emergency = verb(actor=actor, number=emergency.number, at=AT + minutes * MINUTE, **more)
    return found


def test_another_mission_answers_with_the_reason_and_the_old_ones_pages_drop_it(
    emergency: Emergency, operator: Reader, officer: Reader, people: People
) -> None:
    was = emergency.mission_id
    choose(emergency, operator)
    found = fresh()
    assert (found.mission_id, found.mission_by_hand) == (BEIJING, True)
    assert EmergencyNote.objects.get().text == "Keluarganya di Shenzhen"
    event = Event.objects.get(kind="emergency.reassigned")
    assert event.data == {"was": was, "mission": BEIJING, "by_hand": True}
    assert event.withdrawn == [f"mission:{was}"]
    assert event.audiences == ["dcc", f"mission:{BEIJING}"]
    assert one(officer, found.number) is None
    assert one(people.reader(Role.MISSION_OFFICER, BEIJING), found.number) is not None
    # The officer's words are for officers: the citizen reads that a person chose, not why.
    assert "Shenzhen" not in str(citizen_view(found))


def test_back_to_the_rule_chooses_by_where_the_citizen_is_now(emergency: Emergency, operator: Reader) -> None:
    was, why = emergency.mission_id, emergency.mission_reason_id
    with pytest.raises(Refusal) as early:
        act(assigning.follow_rule, emergency, operator)
    assert early.value.status == 409
    choose(emergency, operator)
    act(assigning.follow_rule, emergency, operator)
    found = fresh()
    assert (found.mission_id, found.mission_by_hand, found.mission_reason_id) == (was, False, why)


def test_what_an_officer_of_the_old_mission_holds_goes_back_to_the_queue(
    emergency: Emergency, operator: Reader, officer: Reader
) -> None:
    actions.take(actor=officer, number=emergency.number, at=AT)
    choose(emergency, operator)
    assert (fresh().state, fresh().taken_by) == ("new", None)
    assert DueStep.objects.filter(ladder="emergency", ref=emergency.pk, done_at__isnull=True).exists()


def test_what_the_command_centre_holds_stays_with_its_desk(taken: Emergency, operator: Reader) -> None:
    choose(taken, operator)
    assert (fresh().state, fresh().taken_by_id) == ("taken", operator.user_id)


@pytest.mark.parametrize("bad", [{"mission": "nowhere"}, {"mission": ""}, {"reason": " "}, {"reason": "a\x00"}])
def test_a_choice_needs_an_open_mission_and_a_reason(
    emergency: Emergency, operator: Reader, bad: dict[str, str]
) -> None:
    with pytest.raises(Refusal) as refused:
        choose(emergency, operator, **bad)
    assert refused.value.error.field in bad
    assert fresh().mission_id != BEIJING


def test_only_the_command_centre_chooses_and_never_over_a_newer_version(
    emergency: Emergency, operator: Reader, officer: Reader, people: People
) -> None:
    for reader, status in ((officer, 403), (people.reader(Role.VERIFIER), 403)):
        with pytest.raises(Refusal) as refused:
            choose(emergency, reader)
        assert refused.value.status == status
    actions.take(actor=operator, number=emergency.number, at=AT)
    with pytest.raises(Refusal) as stale:
        choose(emergency, operator, version=1)
    assert stale.value.status == 409


def test_an_offer_leaves_holder_promise_and_receipts_until_a_named_officer_takes_it_up(
    taken: Emergency, operator: Reader, officer: Reader
) -> None:
    User.objects.filter(pk=officer.user_id).update(phone="+85255500001")
    told = citizen_view(fresh())["receipts"]
    act(assigning.offer, taken, operator)
    found = fresh()
    assert (found.offered_to, found.offered_until) == (taken.mission_id, AT + 7 * MINUTE)
    assert (found.taken_by_id, found.next_contact_at) == (operator.user_id, AT + 15 * MINUTE)
    assert citizen_view(found)["receipts"] == told
    calls = Outgoing.objects.filter(about=taken.number, recipient=officer.user_id)
    assert sorted(calls.values_list("channel", flat=True)) == ["push", "sms"]
    assert all("Siti" not in call.text and taken.number in call.text for call in calls)
    act(assigning.accept, taken, officer, 3)
    found = fresh()
    assert (found.state, found.taken_by_id, found.taken_at) == ("taken", officer.user_id, AT + 3 * MINUTE)
    assert found.next_contact_at == AT + 15 * MINUTE  # the promise that was given before
    assert (found.offered_to, found.offered_until, found.acted_at) == ("", None, None)
    assert str(officer.user_id) in citizen_view(found)["receipts"][-1]["desk"]


def test_the_mission_gives_it_back_the_same_way(taken: Emergency, operator: Reader, officer: Reader) -> None:
    act(assigning.offer, taken, operator)
    act(assigning.accept, taken, officer, 3)
    act(assigning.offer, taken, officer, 4)
    assert fresh().offered_to == "dcc"
    with pytest.raises(Refusal) as refused:
        act(assigning.accept, taken, officer, 5)
    assert refused.value.status == 403
    act(assigning.accept, taken, operator, 5)
    assert fresh().taken_by_id == operator.user_id


def test_an_offer_nobody_takes_up_falls_back_into_the_queue_and_climbs(
    taken: Emergency, operator: Reader, officer: Reader
) -> None:
    act(assigning.offer, taken, operator)
    assert lapse_offers(AT + 7 * MINUTE - timedelta(seconds=1)) == 0
    assert lapse_offers(AT + 7 * MINUTE) == 1
    assert lapse_offers(AT + 7 * MINUTE) == 0
    found = fresh()
    assert (found.state, found.taken_by, found.offered_to) == ("new", None, "")
    assert DueStep.objects.filter(ladder="emergency", ref=found.pk, done_at__isnull=True).exists()
    event = Event.objects.get(kind="emergency.offer_lapsed")
    assert event.data == {"to": taken.mission_id, "was_taken_by": operator.user_id}


@pytest.mark.parametrize("way", ["decline", "withdraw", "release", "resolve"])
def test_what_ends_an_offer_ends_it_for_good(taken: Emergency, operator: Reader, officer: Reader, way: str) -> None:
    act(assigning.offer, taken, operator)
    if way == "decline":
        act(assigning.decline, taken, officer, 3, reason="Tidak ada petugas")
        assert EmergencyNote.objects.get().text == "Tidak ada petugas"
    elif way == "withdraw":
        act(assigning.withdraw, taken, operator, 3)
    elif way == "release":
        act(actions.release, taken, operator, 3)
    else:
        act(actions.resolve, taken, operator, 3, outcome="helped")
    assert (fresh().offered_to, fresh().offered_until) == ("", None)
    assert lapse_offers(AT + 60 * MINUTE) == 0
    with pytest.raises(Refusal) as late:
        act(assigning.accept, taken, officer, 4)
    assert late.value.status == 409
    if way in {"decline", "withdraw"}:
        assert fresh().taken_by_id == operator.user_id


def test_nothing_is_offered_twice_untaken_or_to_nobody(
    taken: Emergency, operator: Reader, officer: Reader, make: Make, people: People
) -> None:
    act(assigning.offer, taken, operator)
    with pytest.raises(Refusal) as twice:
        act(assigning.offer, taken, operator)
    assert twice.value.status == 409
    for one_more in (make(), make(lat=None)):
        with pytest.raises(Refusal) as refused:
            act(assigning.offer, one_more, operator)
        assert refused.value.status == 409
    nowhere = make(lat=None)
    actions.take(actor=operator, number=nowhere.number, at=AT)
    with pytest.raises(Refusal) as nobody:
        act(assigning.offer, nowhere, operator)
    assert nobody.value.status == 409
    with pytest.raises(Refusal) as other:
        act(assigning.withdraw, taken, people.reader(Role.OPERATOR, username="rina"))
    assert other.value.status == 403


def test_a_side_where_nobody_has_an_account_is_not_asked(taken: Emergency, operator: Reader) -> None:
    with pytest.raises(Refusal) as refused:
        act(assigning.offer, taken, operator)
    assert refused.value.status == 409
    assert fresh().offered_to == ""
