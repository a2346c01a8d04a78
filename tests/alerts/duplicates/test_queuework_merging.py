"""Merging attaches and keeps both: trails, messages, positions, receipts, counts; it can be undone; no chains."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from alerts.cells.recount import recount
from alerts.duplicates import actions as duplicates
from alerts.duplicates.models import Merging
from alerts.duplicates.queries import attached, proposals, untold
from alerts.emergencies import actions
from alerts.emergencies.climbing import unread
from alerts.emergencies.models import Emergency
from alerts.handling.queries import timeline
from alerts.intake.actions import Fix, receive_message, receive_position
from alerts.intake.queries import citizen_view
from alerts.ladders.models import DueStep
from alerts.queue.queries import QueueFilter, rows
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from tests.alerts.emergencies.conftest import Make
from tests.conftest import AT, People

MINUTE = timedelta(minutes=1)


@pytest.fixture
def pair(make: Make) -> tuple[Emergency, Emergency]:
    """The one that stays, and its duplicate."""
    whole = make(phone="+852 9123 4567", message="Tolong")
    return whole, make(at=AT + MINUTE, lat=22.4501, phone="91234567", message="Cepat")


def fresh(emergency: Emergency) -> Emergency:
    return Emergency.objects.get(pk=emergency.pk)


def merge(duplicate: Emergency, into: Emergency, actor: Reader, minutes: float = 5) -> Emergency:
    return duplicates.merge(actor=actor, number=duplicate.number, at=AT + minutes * MINUTE, into=into.number)


def take(emergency: Emergency, actor: Reader, minutes: float = 2, promise: float = 15) -> Emergency:
    at = AT + minutes * MINUTE
    return actions.take(actor=actor, number=emergency.number, at=at, next_contact_at=AT + promise * MINUTE)


def write(emergency: Emergency, minutes: float, text: str = "Masih di sini", key: int = 0) -> None:
    client_id = uuid.UUID(int=key) if key else uuid.uuid4()
    given = {"number": emergency.number, "exercise": emergency.exercise, "client_id": client_id}
    receive_message(at=AT + minutes * MINUTE, text=text, **given)


def steps(emergency: Emergency) -> list[str]:
    return [each["step"] for each in citizen_view(fresh(emergency))["receipts"]]


def test_it_is_one_duplicate_of_the_other_and_nothing_is_deleted(pair: Any, operator: Reader) -> None:
    whole, duplicate = pair
    merge(duplicate, whole, operator)
    found = fresh(duplicate)
    assert (found.state, found.duplicate_of_id, found.resolved_at) == ("duplicate", whole.pk, AT + 5 * MINUTE)
    assert fresh(whole).duplicates_n == 1
    assert [row.number for row in rows(operator, QueueFilter(), most=9)] == [whole.number]
    assert [row.number for row in rows(operator, QueueFilter(state="resolved"), most=9)] == [duplicate.number]
    assert recount() == 0
    assert Event.objects.get(kind="emergency.merged").data == {"into": whole.number}
    assert Event.objects.get(kind="emergency.joined").data == {"other": duplicate.number}
    assert not DueStep.objects.filter(ref=duplicate.pk, done_at__isnull=True).exists()


def test_both_trails_stand_in_the_timeline_with_their_addresses(pair: Any, operator: Reader) -> None:
    whole, duplicate = pair
    actions.add_note(actor=operator, number=duplicate.number, at=AT + 3 * MINUTE, text="Sudah ditelepon")
    merge(duplicate, whole, operator)
    told = timeline(fresh(whole), attached(fresh(whole)))
    assert {entry.of for entry in told} == {"", duplicate.number}
    texts = [entry.note for entry in told]
    assert "Tolong" in texts
    assert "Cepat" in texts
    assert "Sudah ditelepon" in texts
    assert len({entry.id for entry in told}) == len(told)
    assert [entry.at for entry in told] == sorted(entry.at for entry in told)


def test_what_the_duplicates_citizen_sends_comes_to_the_one_that_stays_and_climbs(pair: Any, operator: Reader) -> None:
    whole, duplicate = pair
    take(whole, operator)
    merge(duplicate, whole, operator)
    before = fresh(whole).version
    write(duplicate, 6)
    assert [message.text for message in attached(fresh(whole))[0].messages.all()] == ["Masih di sini"]
    assert fresh(whole).version == before + 1
    assert unread(fresh(whole))
    assert DueStep.objects.filter(ladder="message", ref=whole.pk, done_at__isnull=True).exists()
    fix = Fix(22.46, 114.17, AT + 7 * MINUTE, "gps")
    receive_position(number=duplicate.number, exercise="", at=AT + 7 * MINUTE, fix=fix)
    assert fresh(duplicate).latitude == 22.46
    assert fresh(whole).latitude == whole.latitude
    assert recount() == 0
    # An answer on the duplicate's page reaches its citizen, and counts for both.
    given = {"number": duplicate.number, "client_id": uuid.uuid4(), "text": "Tim kami di lantai dasar"}
    actions.send_message(actor=operator, at=AT + 8 * MINUTE, **given)
    assert citizen_view(fresh(duplicate))["messages"][-1]["text"] == "Tim kami di lantai dasar"
    assert citizen_view(fresh(whole))["messages"] == []
    assert not unread(fresh(whole))
    assert not DueStep.objects.filter(ladder="message", ref=whole.pk, done_at__isnull=True).exists()


def test_a_message_nobody_answered_goes_on_climbing_at_the_one_that_stays(pair: Any, operator: Reader) -> None:
    whole, duplicate = pair
    take(whole, operator)
    take(duplicate, operator)
    write(duplicate, 3)
    merge(duplicate, whole, operator)
    assert DueStep.objects.filter(ladder="message", ref=whole.pk, done_at__isnull=True).exists()
    assert not DueStep.objects.filter(ladder="message", ref=duplicate.pk, done_at__isnull=True).exists()


def test_what_nobody_holds_is_not_given_back(pair: Any, operator: Reader, people: People) -> None:
    """A page that was open since before says "give back" of what was attached or resolved meanwhile."""
    whole, duplicate = pair
    take(whole, operator)
    take(duplicate, operator)
    merge(duplicate, whole, operator)
    actions.resolve(actor=operator, number=whole.number, at=AT + 6 * MINUTE, outcome="helped")
    for one in (duplicate, whole):
        before = fresh(one)
        with pytest.raises(Refusal) as refused:
            actions.release(actor=people.reader(Role.SUPERVISOR), number=one.number, at=AT + 7 * MINUTE)
        assert refused.value.status == 409
        assert (fresh(one).state, fresh(one).version) == (before.state, before.version)


def test_the_duplicates_citizen_hears_of_a_taking_only_by_its_holders_act(
    pair: Any, operator: Reader, people: People
) -> None:
    whole, duplicate = pair
    take(whole, operator)
    supervisor = people.reader(Role.SUPERVISOR)
    merge(duplicate, whole, supervisor)
    assert steps(duplicate) == ["received", "opened"]  # the taking was another officer's act
    assert untold(fresh(whole), attached(fresh(whole))) == [fresh(duplicate)]
    with pytest.raises(Refusal) as refused:
        duplicates.tell_taken(actor=supervisor, number=whole.number, at=AT + 6 * MINUTE)
    assert refused.value.status == 403
    duplicates.tell_taken(actor=operator, number=whole.number, at=AT + 6 * MINUTE)
    assert steps(duplicate) == ["received", "opened", "taken"]
    assert untold(fresh(whole), attached(fresh(whole))) == []
    actions.release(actor=operator, number=whole.number, at=AT + 7 * MINUTE)
    assert steps(duplicate) == ["received", "opened"]


def test_a_taking_after_the_merging_and_a_merging_by_the_holder_are_such_acts(
    pair: Any, operator: Reader, make: Make, people: People
) -> None:
    whole, duplicate = pair
    merge(duplicate, whole, people.reader(Role.SUPERVISOR))
    assert steps(duplicate) == ["received", "opened"]
    take(whole, operator, 6, 20)
    assert steps(duplicate) == ["received", "opened", "taken"]
    third = make(at=AT + MINUTE)
    merge(third, whole, operator, 7)
    assert steps(third) == ["received", "opened", "taken"]


def test_the_earlier_of_two_promises_stands(pair: Any, operator: Reader) -> None:
    whole, duplicate = pair
    take(whole, operator, 2, 30)
    take(duplicate, operator, 2, 10)
    merge(duplicate, whole, operator)
    assert fresh(whole).next_contact_at == AT + 10 * MINUTE


def test_its_citizen_sees_the_end_of_the_one_that_stays_and_reopens_it_by_writing(pair: Any, operator: Reader) -> None:
    whole, duplicate = pair
    take(whole, operator)
    merge(duplicate, whole, operator)
    write(duplicate, 6, key=9)
    assert citizen_view(fresh(duplicate))["state"] == "open"
    actions.resolve(actor=operator, number=whole.number, at=AT + 8 * MINUTE, outcome="helped")
    assert citizen_view(fresh(duplicate))["state"] == "resolved"
    write(duplicate, 9, key=9)  # a repeat of the older message
    assert fresh(whole).state == "resolved"
    write(duplicate, 10)
    assert (fresh(whole).state, fresh(duplicate).state) == ("new", "duplicate")
    assert citizen_view(fresh(duplicate))["state"] == "open"


def test_parting_puts_it_back_into_the_queue_and_it_can_be_attached_again(pair: Any, operator: Reader) -> None:
    whole, duplicate = pair
    merge(duplicate, whole, operator)
    duplicates.part(actor=operator, number=duplicate.number, at=AT + 6 * MINUTE)
    found = fresh(duplicate)
    assert (found.state, found.duplicate_of, found.resolved_at, found.taken_by) == ("new", None, None, None)
    assert fresh(whole).duplicates_n == 0
    assert recount() == 0
    assert DueStep.objects.filter(ladder="emergency", ref=duplicate.pk, done_at__isnull=True).exists()
    assert Merging.objects.get().parted_at == AT + 6 * MINUTE
    with pytest.raises(Refusal) as refused:
        duplicates.part(actor=operator, number=duplicate.number, at=AT + 7 * MINUTE)
    assert refused.value.status == 409
    merge(duplicate, whole, operator, 8)
    assert Merging.objects.count() == 2


def test_after_parting_what_was_answered_before_the_two_were_one_waits_no_more(
    pair: Any, operator: Reader, make: Make
) -> None:
    whole, answered = pair
    other = make(at=AT + MINUTE)
    write(whole, 2)
    take(whole, operator, 2.2)
    take(answered, operator, 2.3)
    write(answered, 2.5)
    say = {"client_id": uuid.uuid4(), "text": "Kami datang"}
    actions.send_message(actor=operator, number=answered.number, at=AT + 3 * MINUTE, **say)
    merge(answered, whole, operator)
    merge(other, whole, operator, 6)
    write(answered, 7)
    duplicates.part(actor=operator, number=other.number, at=AT + 8 * MINUTE)
    # One of its own, and one that its duplicate wrote after the answer.
    assert (fresh(whole).unanswered, fresh(whole).unanswered_since) == (2, AT + 2 * MINUTE)


def test_chains_and_circles_are_refused(pair: Any, operator: Reader, make: Make) -> None:
    whole, duplicate = pair
    third = make()
    merge(duplicate, whole, operator)
    wrong = [(whole, whole), (whole, duplicate), (third, duplicate), (duplicate, third), (whole, third)]
    for one, into in wrong:
        with pytest.raises(Refusal) as refused:
            merge(one, into, operator, 6)
        assert refused.value.status in {409, 422}, (one.number, into.number)
    for missing in ("", "E-2026-99999", "x", "E-2026-1\x00"):
        with pytest.raises(Refusal) as lost:
            duplicates.merge(actor=operator, number=third.number, at=AT + 6 * MINUTE, into=missing)
        assert (lost.value.error.field, lost.value.status) == ("into", 404)
    assert Merging.objects.count() == 1
    assert recount() == 0


def test_a_critical_one_never_hides_behind_a_lesser_one_nor_a_promise_behind_nobody(
    make: Make, operator: Reader, people: People
) -> None:
    critical, lesser = make(), make(kind="other")
    with pytest.raises(Refusal) as hidden:
        merge(critical, lesser, operator)
    assert hidden.value.status == 409
    other = make()
    take(critical, operator)
    with pytest.raises(Refusal) as promised:
        merge(critical, other, operator)
    assert promised.value.status == 409
    take(other, operator)
    with pytest.raises(Refusal) as foreign:
        merge(critical, other, people.reader(Role.OPERATOR, username="rina"))
    assert foreign.value.status == 403
    assert merge(lesser, critical, operator).state == "duplicate"


def test_an_officer_of_one_mission_attaches_nothing_of_another(
    pair: Any, people: People, stranger: Reader, make: Make
) -> None:
    whole, duplicate = pair
    with pytest.raises(Refusal) as missing:
        merge(duplicate, whole, stranger)
    assert missing.value.status == 404
    far = make(lat=-37.81, lon=144.96)
    with pytest.raises(Refusal) as other:
        merge(duplicate, far, people.reader(Role.MISSION_OFFICER, duplicate.mission_id or ""))
    assert other.value.status == 404
    with pytest.raises(Refusal) as reading:
        merge(duplicate, whole, people.reader(Role.VERIFIER))
    assert reading.value.status == 403


def test_what_looks_alike_is_proposed_until_somebody_tells_them_apart(pair: Any, operator: Reader, make: Make) -> None:
    whole, duplicate = pair
    beside = make(at=AT + 2 * MINUTE, lat=22.4502)
    make(lat=-37.81, lon=144.96)
    make(at=AT + timedelta(hours=3))
    make(lat=22.4501, exercise="latihan")
    found = proposals(operator, whole)
    assert [one.emergency.number for one in found] == [duplicate.number, beside.number]
    assert (found[0].why.phone, found[0].why.metres, found[0].why.minutes) == (True, 11, 1)
    for _twice in range(2):
        given = {"number": whole.number, "at": AT + 5 * MINUTE, "other": duplicate.number}
        duplicates.tell_apart(actor=operator, **given)
    assert [one.emergency.number for one in proposals(operator, whole)] == [beside.number]
    assert whole.number not in {one.emergency.number for one in proposals(operator, duplicate)}
    assert Event.objects.filter(kind="emergency.told_apart").count() == 1
    merge(beside, whole, operator)
    assert proposals(operator, fresh(whole)) == []
    assert proposals(operator, fresh(beside)) == []
