"""Every act on a roster: works, refuses, rolls back, records."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from commandcenter.access.models import Role, User
from commandcenter.access.reader import Reader
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from missions.directory.models import Mission
from missions.roster import actions
from missions.roster.models import CalendarLink, Kind, NumberTest, Shift, ShiftSwap, SwapState
from tests.conftest import AT, People
from tests.missions.roster.conftest import CAIRO, MELBOURNE, Plan, phone


def test_plan_stores_a_shift_in_utc_and_tells_both_audiences(supervisor: Reader, lina: Reader, maya: Reader) -> None:
    done = actions.plan(
        actor=supervisor, at=AT, place=CAIRO, person=lina.user_id, deputy=maya.user_id, starts_at=AT, hours=8
    )
    shift = Shift.objects.get()
    assert (shift.starts_at, shift.ends_at) == (AT, AT + timedelta(hours=8))
    assert (shift.person_id, shift.deputy_id, shift.made_by_id) == (lina.user_id, maya.user_id, supervisor.user_id)
    assert done.beside == []
    event = Event.objects.get()
    assert (event.kind, event.object_id) == ("shift.planned", shift.number)
    assert event.audiences == ["dcc", f"mission:{CAIRO}"]
    assert event.data["person"] == lina.user_id


def test_a_mission_plans_its_own_roster_alone(lina: Reader, planned: Plan, people: People) -> None:
    assert planned(lina, actor=lina).place == CAIRO
    foreign = people.reader(Role.MISSION_OFFICER, MELBOURNE)
    for actor, person in ((lina, foreign), (foreign, lina), (people.reader(Role.VERIFIER), lina)):
        with pytest.raises(Refusal) as refused:
            planned(person, actor=actor, after=20)
        assert refused.value.status == 403
    assert Shift.objects.count() == 1


def test_the_same_identifier_is_the_same_shift(lina: Reader, maya: Reader, planned: Plan) -> None:
    key = uuid.uuid4()
    assert planned(lina, client_id=key) == planned(lina, client_id=key)
    assert (Shift.objects.count(), Event.objects.count()) == (1, 1)
    with pytest.raises(Refusal):
        planned(maya, client_id=key, actor=Reader(maya.user_id, "maya", Role.MISSION_OFFICER, CAIRO, "drill"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"hours": 0}, "hours"),
        ({"hours": 40}, "hours"),
        ({"hours": -8}, "hours"),
        ({"kind": "party"}, "kind"),
        ({"after": -48}, "date"),
        ({"after": 24 * 400}, "date"),
        ({"deputy": 10**12}, "deputy"),
    ],
)
def test_a_shift_out_of_measure_is_refused_and_leaves_nothing(
    lina: Reader, planned: Plan, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        planned(lina, **given)
    assert refused.value.error.field == field
    assert (Shift.objects.count(), Event.objects.count()) == (0, 0)


def test_who_is_of_another_mission_or_inactive_is_refused(lina: Reader, planned: Plan, people: People) -> None:
    foreign = people.reader(Role.MISSION_OFFICER, MELBOURNE)
    with pytest.raises(Refusal) as refused:
        planned(foreign, place=CAIRO)
    assert refused.value.error.field == "person"
    User.objects.filter(pk=lina.user_id).update(is_active=False)
    with pytest.raises(Refusal):
        planned(lina)


def test_the_deputy_is_somebody_else(lina: Reader, planned: Plan) -> None:
    with pytest.raises(Refusal) as refused:
        planned(lina, deputy=lina.user_id)
    assert refused.value.error.field == "deputy"


def test_an_unknown_zone_is_refused_in_words(lina: Reader, planned: Plan) -> None:
    Mission.objects.filter(code=CAIRO).update(timezone="Mars/Olympus")
    from missions.directory import queries as directory

    directory._held = None
    with pytest.raises(Refusal) as refused:
        planned(lina)
    assert refused.value.error.field == "place"
    Mission.objects.filter(code=CAIRO).update(timezone="Africa/Cairo")
    directory._held = None


@pytest.mark.parametrize("hours", [(-7, 8), (0, 8), (4, 2), (7.5, 8)])
def test_nobody_is_booked_twice_in_any_part(
    lina: Reader, maya: Reader, planned: Plan, hours: tuple[float, int]
) -> None:
    planned(lina, deputy=maya.user_id)
    for person in (lina, maya):
        with pytest.raises(Refusal) as refused:
            planned(person, after=hours[0], hours=hours[1])
        assert refused.value.status == 409
        assert person.name in str(refused.value.error.message)
    assert Shift.objects.count() == 1


def test_a_shift_may_begin_when_the_one_before_ends(lina: Reader, planned: Plan) -> None:
    planned(lina)
    planned(lina, after=8)
    planned(lina, after=-8)
    assert Shift.objects.count() == 3


def test_two_people_at_once_are_allowed_and_told(supervisor: Reader, lina: Reader, maya: Reader, planned: Plan) -> None:
    first = planned(lina)
    given = {"place": CAIRO, "person": maya.user_id, "starts_at": AT + timedelta(hours=4), "hours": 8}
    assert actions.plan(actor=supervisor, at=AT, **given).beside == [first]


def test_an_exercise_has_shifts_of_its_own(lina: Reader, planned: Plan, people: People) -> None:
    drill = people.reader(Role.SUPERVISOR, exercise="drill")
    planned(lina)
    assert planned(lina, actor=drill).exercise == "drill"
    assert Event.objects.latest("pk").audiences == ["exercise:drill:dcc", f"exercise:drill:mission:{CAIRO}"]


def test_cancel_keeps_the_row_and_frees_the_person(supervisor: Reader, lina: Reader, planned: Plan) -> None:
    shift = planned(lina)
    actions.cancel(actor=supervisor, at=AT, shift_id=shift.pk, version=1)
    again = actions.cancel(actor=supervisor, at=AT + timedelta(hours=1), shift_id=shift.pk)
    assert again.cancelled_at == AT
    assert Event.objects.filter(kind="shift.cancelled").count() == 1
    planned(lina)


def test_cancel_refuses_what_is_over_changed_foreign_or_unknown(
    supervisor: Reader, lina: Reader, planned: Plan, people: People
) -> None:
    shift = planned(lina)
    stranger = people.reader(Role.MISSION_OFFICER, MELBOURNE)
    drill = people.reader(Role.SUPERVISOR, exercise="drill")
    tries: list[tuple[Reader, dict[str, Any], int]] = [
        (supervisor, {"at": AT + timedelta(hours=9)}, 409),
        (supervisor, {"version": 7}, 409),
        (stranger, {}, 404),
        (drill, {}, 404),
        (people.reader(Role.VERIFIER), {}, 403),
        (supervisor, {"shift_id": 10**9}, 404),
    ]
    for actor, given, status in tries:
        with pytest.raises(Refusal) as refused:
            actions.cancel(actor=actor, **{"at": AT, "shift_id": shift.pk, **given})
        assert refused.value.status == status
    assert Shift.objects.get().cancelled_at is None


def test_a_week_is_copied_by_the_wall_clock_over_the_change_of_clocks(
    supervisor: Reader, people: People, planned: Plan
) -> None:
    """Melbourne turns back on 5 April 2026: 22.00 to 6.00 stays 22.00 to 6.00, which then lasts nine hours."""
    adi = people.reader(Role.MISSION_OFFICER, MELBOURNE)
    at = datetime(2026, 3, 23, tzinfo=UTC)
    night = datetime(2026, 3, 28, 11, tzinfo=UTC)  # Saturday 22.00 in Melbourne, UTC+11
    planned(adi, at=at, starts_at=night)
    copied = actions.copy_week(actor=supervisor, at=at, place=MELBOURNE, into=date(2026, 4, 2))
    [made] = copied.made
    assert copied.left == []
    assert made.starts_at == night + timedelta(days=7)
    assert made.ends_at - made.starts_at == timedelta(hours=9)


def test_a_copy_tells_what_it_left_out_and_copies_nothing_twice(
    supervisor: Reader, people: People, planned: Plan
) -> None:
    adi = people.reader(Role.MISSION_OFFICER, MELBOURNE)
    at = datetime(2026, 3, 23, tzinfo=UTC)
    # Sunday 2.30 in Melbourne: a week later this hour comes twice.
    planned(adi, at=at, starts_at=datetime(2026, 3, 28, 15, 30, tzinfo=UTC), hours=4)
    planned(adi, at=at, starts_at=datetime(2026, 3, 25, 22, tzinfo=UTC))
    copied = actions.copy_week(actor=supervisor, at=at, place=MELBOURNE, into=date(2026, 3, 30))
    assert (len(copied.made), len(copied.left)) == (1, 1)
    again = actions.copy_week(actor=supervisor, at=at, place=MELBOURNE, into=date(2026, 3, 30))
    assert (len(again.made), len(again.left)) == (0, 2)
    with pytest.raises(Refusal):
        actions.copy_week(actor=people.reader(Role.VERIFIER), at=at, place=MELBOURNE, into=date(2026, 3, 30))


def test_a_swap_changes_nothing_before_the_other_says_yes(lina: Reader, maya: Reader, planned: Plan) -> None:
    shift, back = planned(lina), planned(maya, after=24)
    swap = actions.ask_swap(actor=lina, at=AT, shift_id=shift.pk, other=maya.user_id, in_return=back.pk)
    assert actions.ask_swap(actor=lina, at=AT, shift_id=shift.pk, other=maya.user_id, in_return=back.pk) == swap
    shift.refresh_from_db()
    assert shift.person_id == lina.user_id
    actions.answer_swap(actor=maya, at=AT, swap_id=swap.pk, accept=True)
    actions.answer_swap(actor=maya, at=AT, swap_id=swap.pk, accept=True)
    shift.refresh_from_db()
    back.refresh_from_db()
    assert (shift.person_id, back.person_id) == (maya.user_id, lina.user_id)
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[2:] == ["shift.swap_asked", "shift.reassigned", "shift.reassigned", "shift.swapped"]


def test_a_shift_may_go_to_its_deputy_who_is_then_deputy_no_more(lina: Reader, maya: Reader, planned: Plan) -> None:
    shift = planned(lina)
    other = planned(maya, after=24, deputy=lina.user_id)
    swap = actions.ask_swap(actor=maya, at=AT, shift_id=other.pk, other=lina.user_id, in_return=shift.pk)
    actions.answer_swap(actor=lina, at=AT, swap_id=swap.pk, accept=True)
    other.refresh_from_db()
    assert (other.person_id, other.deputy_id) == (lina.user_id, None)


def test_a_swap_can_be_declined_and_withdrawn(lina: Reader, maya: Reader, planned: Plan) -> None:
    shift = planned(lina)
    first = actions.ask_swap(actor=lina, at=AT, shift_id=shift.pk, other=maya.user_id)
    assert actions.answer_swap(actor=maya, at=AT, swap_id=first.pk, accept=False).state == SwapState.DECLINED
    second = actions.ask_swap(actor=lina, at=AT, shift_id=shift.pk, other=maya.user_id)
    assert actions.withdraw_swap(actor=lina, at=AT, swap_id=second.pk).state == SwapState.WITHDRAWN
    assert actions.withdraw_swap(actor=lina, at=AT, swap_id=second.pk).state == SwapState.WITHDRAWN
    for accept in (True, False):
        with pytest.raises(Refusal) as refused:
            actions.answer_swap(actor=maya, at=AT, swap_id=second.pk, accept=accept)
        assert refused.value.status == 409
    with pytest.raises(Refusal):
        actions.withdraw_swap(actor=lina, at=AT, swap_id=first.pk)
    shift.refresh_from_db()
    assert shift.person_id == lina.user_id


def test_only_the_two_of_a_swap_speak(lina: Reader, maya: Reader, planned: Plan, people: People) -> None:
    shift = planned(lina)
    third = people.reader(Role.MISSION_OFFICER, CAIRO, username="third")
    tries: list[tuple[Reader, int]] = [(lina, lina.user_id), (maya, third.user_id), (lina, 10**9)]
    for actor, other in tries:
        with pytest.raises(Refusal):
            actions.ask_swap(actor=actor, at=AT, shift_id=shift.pk, other=other)
    swap = actions.ask_swap(actor=lina, at=AT, shift_id=shift.pk, other=maya.user_id)
    with pytest.raises(Refusal) as refused:
        actions.ask_swap(actor=lina, at=AT, shift_id=shift.pk, other=third.user_id)
    assert refused.value.status == 409
    for actor, status in ((lina, 403), (third, 404)):
        with pytest.raises(Refusal) as refused:
            actions.answer_swap(actor=actor, at=AT, swap_id=swap.pk, accept=True)
        assert refused.value.status == status
    with pytest.raises(Refusal):
        actions.withdraw_swap(actor=maya, at=AT, swap_id=swap.pk)


def test_a_swap_that_no_longer_fits_is_refused_whole(
    supervisor: Reader, lina: Reader, maya: Reader, planned: Plan
) -> None:
    shift = planned(lina)
    swap = actions.ask_swap(actor=lina, at=AT, shift_id=shift.pk, other=maya.user_id)
    planned(maya, after=4)
    with pytest.raises(Refusal) as refused:
        actions.answer_swap(actor=maya, at=AT, swap_id=swap.pk, accept=True)
    assert refused.value.status == 409
    assert ShiftSwap.objects.get().state == SwapState.ASKED
    actions.cancel(actor=supervisor, at=AT, shift_id=shift.pk)
    assert ShiftSwap.objects.get().state == SwapState.WITHDRAWN


def test_a_tested_number_counts_once_and_only_while_it_is_the_same(
    supervisor: Reader, lina: Reader, people: People
) -> None:
    with pytest.raises(Refusal) as refused:
        actions.mark_tested(actor=supervisor, at=AT, person=lina.user_id)
    assert refused.value.error.field == "person"
    phone(lina, "+20100000001")
    first = actions.mark_tested(actor=supervisor, at=AT, person=lina.user_id, minutes_ago=15)
    assert first.tested_at == AT - timedelta(minutes=15)
    assert actions.mark_tested(actor=lina, at=AT, person=lina.user_id, minutes_ago=15) == first
    assert (NumberTest.objects.count(), Event.objects.filter(kind="number.tested").count()) == (1, 1)
    assert "+20" not in str(Event.objects.get().data)
    stranger = people.reader(Role.MISSION_OFFICER, MELBOURNE)
    for actor, given in ((stranger, {}), (supervisor, {"minutes_ago": 7}), (supervisor, {"person": 10**9})):
        with pytest.raises(Refusal):
            actions.mark_tested(actor=actor, at=AT, **{"person": lina.user_id, **given})


def test_a_calendar_address_is_made_once_and_revoked_for_good(lina: Reader, maya: Reader, people: People) -> None:
    link = actions.make_calendar_link(actor=lina, at=AT, whole_place=False)
    assert actions.make_calendar_link(actor=lina, at=AT, whole_place=False) == link
    with pytest.raises(Refusal):
        actions.revoke_calendar_link(actor=maya, at=AT, link_id=link.pk)
    actions.revoke_calendar_link(actor=lina, at=AT, link_id=link.pk)
    actions.revoke_calendar_link(actor=lina, at=AT + timedelta(days=1), link_id=link.pk)
    assert CalendarLink.objects.get().revoked_at == AT
    assert actions.make_calendar_link(actor=lina, at=AT, whole_place=False).key != link.key
    with pytest.raises(Refusal):
        actions.make_calendar_link(actor=people.reader(Role.MINISTER), at=AT, whole_place=False)


def test_the_database_itself_refuses_a_shift_that_ends_before_it_starts(lina: Reader) -> None:
    row = {"person_id": lina.user_id, "place": CAIRO, "kind": Kind.DUTY, "made_at": AT, "starts_at": AT}
    for wrong in ({"ends_at": AT}, {"ends_at": AT + timedelta(hours=1), "deputy_id": lina.user_id}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Shift.objects.create(**row, **wrong)
