"""Acts upon the ledger: what each does, refuses, takes back and records; nothing is half done and nothing lost."""

from datetime import timedelta

import pytest

from alerts.crises.models import Crisis
from alerts.persons import actions
from alerts.persons.models import Act, Apart, Move, Person, State
from alerts.persons.queries import doubles, ledger
from commandcenter.access.models import Role
from commandcenter.events.models import Event
from commandcenter.problems import Refusal
from missions.registry import actions as registry
from missions.registry.models import Citizen
from tests.alerts.ledger.world import a_crisis
from tests.alerts.persons.world import GUANGZHOU, HONG_KONG, an_entry, broken, send

pytestmark = pytest.mark.django_db


def counts(crisis):
    return {one.state: one.n for one in ledger(crisis).counts if one.n}


def test_enter_takes_everybody_of_a_mission_as_unverified_and_tells_it(operator, crisis, at):
    registry.register(actor=operator, at=at, entries=[an_entry(n) for n in range(3)])
    registry.register(actor=operator, at=at, entries=[an_entry(9, mission=GUANGZHOU)])
    act = actions.enter(actor=operator, at=at, crisis=crisis, mission=HONG_KONG)
    assert counts(crisis) == {"unverified": 3}
    event = Event.objects.get(kind="ledger.entered")
    assert (event.object_id, event.version, event.topic) == ("wang-fuk", act.number, "crisis:wang-fuk")
    assert event.data == {"act": 1, "n": 3, "state": "unverified"}
    assert event.audiences == ["dcc", "mission:kjri-guangzhou", "mission:kjri-hongkong", "summary"]


def test_enter_by_country_then_names_who_registers_later_as_missing(operator, crisis, at, later):
    registry.register(actor=operator, at=at, entries=[an_entry(1)])
    actions.enter(actor=operator, at=at, crisis=crisis, country="HK")
    registry.register(actor=operator, at=later, entries=[an_entry(2), an_entry(3)])
    found = ledger(crisis)
    assert (found.total, found.counted, found.check.gap) == (3, 1, 2)
    assert [(gap.kind, gap.n) for gap in found.check.gaps] == [("missing", 2)]
    actions.enter(actor=operator, at=later, crisis=crisis, country="HK")
    assert ledger(crisis).check.state == "closed"


def test_enter_refuses_when_nobody_is_new_and_when_nothing_is_named(operator, crisis, at):
    for given in ({"country": "HK"}, {}, {"country": "HK", "mission": HONG_KONG}):
        with pytest.raises(Refusal):
            actions.enter(actor=operator, at=at, crisis=crisis, **given)
    assert not Act.objects.exists()


def test_a_mission_enters_its_own_persons_whatever_it_asks_for(operator, officer, crisis, at):
    registry.register(actor=operator, at=at, entries=[an_entry(1), an_entry(2, mission=GUANGZHOU)])
    actions.enter(actor=officer, at=at, crisis=crisis, country="HK", mission=GUANGZHOU)
    assert list(Person.objects.values_list("mission_id", flat=True)) == [HONG_KONG]


def test_set_state_moves_all_of_them_and_keeps_the_trail(listed, move, crisis, later):
    rows = listed(3)
    act = move(rows[:2], State.CONTACTED_SAFE, reason="Ditelepon KJRI", as_of=later - timedelta(minutes=5))
    assert counts(crisis) == {"unverified": 1, "contacted_safe": 2}
    moves = Move.objects.filter(act=act).values_list("person_id", "version", "was", "state")
    assert list(moves) == [(rows[0], 2, "unverified", "contacted_safe"), (rows[1], 2, "unverified", "contacted_safe")]
    assert (act.reason, act.as_of) == ("Ditelepon KJRI", later - timedelta(minutes=5))
    assert Event.objects.get(kind="ledger.set").data == {"act": 2, "n": 2, "state": "contacted_safe"}
    assert broken(crisis) == []


def test_set_state_moves_none_when_one_can_not_follow_and_says_why(listed, move, crisis):
    rows = listed(3)
    move(rows[:1], State.DEAD)
    with pytest.raises(Refusal) as refused:
        move(rows, State.AT_ASSEMBLY_POINT)
    assert "1" in refused.value.error.as_dict()["id"]
    assert "meninggal" in refused.value.error.as_dict()["id"]
    assert counts(crisis) == {"unverified": 2, "dead": 1}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"expected": 1}, "expected"),
        ({"state": "asleep"}, "state"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 401}, "reason"),
        ({"reason": "a\0b"}, "reason"),
        ({"report": 99}, "report"),
        ({"persons": [], "expected": 0}, "expected"),
        ({"version": 7}, "expected"),
        ({"state": "unverified"}, "state"),
    ],
)
def test_set_state_refuses_and_changes_nothing(listed, operator, crisis, later, changes, field):
    given = {"persons": listed(2), "state": "dead", "as_of": later, "reason": "x", "expected": 2} | changes
    with pytest.raises(Refusal) as refused:
        actions.set_state(actor=operator, at=later, crisis=crisis, **given)
    assert refused.value.error.field == field
    assert Act.objects.count() == 1
    assert broken(crisis) == []


def test_set_state_refuses_a_time_to_come(listed, move, later):
    with pytest.raises(Refusal) as refused:
        move(listed(1), State.DEAD, as_of=later + timedelta(seconds=1))
    assert refused.value.error.field == "as_of"


def test_set_state_names_the_report_it_comes_from(listed, move, report):
    told = report(3, {"wni.dead": 1})
    assert move(listed(1), State.DEAD, report=told.number).report == told.number


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.MINISTER, Role.SPOKESPERSON, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_does_not_work_the_ledger_changes_nothing(people, role, listed, move):
    rows = listed(1)
    with pytest.raises(Refusal) as refused:
        move(rows, State.DEAD, actor=people.reader(role))
    assert refused.value.status == 403


def test_somebody_from_another_world_changes_nothing(people, listed, move):
    rows = listed(1)
    with pytest.raises(Refusal) as refused:
        move(rows, State.DEAD, actor=people.reader(Role.OPERATOR, exercise="drill"))
    assert refused.value.status == 403


def test_a_mission_moves_only_its_own_persons(officer, listed, move):
    foreign = listed(1, mission=GUANGZHOU)
    with pytest.raises(Refusal) as refused:
        move(foreign, State.DEAD, actor=officer)
    assert refused.value.status == 409


def test_a_mission_that_is_not_involved_changes_nothing(people, listed, move):
    stranger = people.reader(Role.MISSION_OFFICER, "kbri-beijing")
    with pytest.raises(Refusal) as refused:
        move(listed(1), State.DEAD, actor=stranger)
    assert refused.value.status == 403


def test_a_crisis_that_was_stood_down_takes_no_acts(listed, move, crisis, later):
    rows = listed(1)
    Crisis.objects.filter(pk=crisis.pk).update(stood_down_at=later)
    with pytest.raises(Refusal) as refused:
        move(rows, State.DEAD)
    assert refused.value.status == 409


def test_only_a_supervisor_corrects_what_can_not_follow(people, listed, move, crisis):
    rows = listed(1, State.DEAD)
    with pytest.raises(Refusal) as refused:
        move(rows, State.CONTACTED_SAFE, correct=True)
    assert refused.value.status == 403
    act = move(rows, State.CONTACTED_SAFE, correct=True, actor=people.reader(Role.SUPERVISOR))
    assert act.verb == "corrected"
    assert counts(crisis) == {"contacted_safe": 1}


def test_undo_takes_an_act_back_within_ten_seconds_and_keeps_both_in_the_trail(listed, move, operator, crisis, later):
    rows = listed(2)
    move(rows[:1], State.CONTACTED_SAFE)
    act = move(rows, State.MISSING)
    actions.undo(actor=operator, at=later + timedelta(seconds=9), crisis=crisis, number=act.number)
    assert counts(crisis) == {"contacted_safe": 1, "unverified": 1}
    assert [move.state for move in Person.objects.get(pk=rows[1]).moves.order_by("version")] == [
        "unverified",
        "missing",
        "unverified",
    ]
    assert broken(crisis) == []


def test_undo_refuses_what_is_late_foreign_done_or_overtaken(people, listed, move, operator, crisis, later):
    rows = listed(1)
    act = move(rows, State.MISSING)

    def refused(**changes):
        given = {"actor": operator, "at": later + timedelta(seconds=5), "crisis": crisis, "number": act.number}
        with pytest.raises(Refusal) as caught:
            actions.undo(**given | changes)
        return caught.value.status

    assert refused(at=later + timedelta(seconds=13)) == 409
    assert refused(actor=people.reader(Role.SUPERVISOR)) == 404
    assert refused(number=1) == 404  # entering persons is not undone
    move(rows, State.CONTACTED_SAFE, actor=people.reader(Role.SUPERVISOR))
    assert refused() == 409
    assert counts(crisis) == {"contacted_safe": 1}


def test_undo_happens_once(listed, move, operator, crisis, later):
    act = move(listed(1), State.MISSING)
    actions.undo(actor=operator, at=later, crisis=crisis, number=act.number)
    with pytest.raises(Refusal):
        actions.undo(actor=operator, at=later, crisis=crisis, number=act.number)


def test_merge_counts_one_of_two_rows_and_keeps_both_trails(listed, operator, crisis, later):
    first, second = listed(2)
    act = actions.merge(actor=operator, at=later, crisis=crisis, double=second, into=first, reason="Paspor sama")
    assert counts(crisis) == {"unverified": 1}
    assert Person.objects.get(pk=second).merged_into_id == first
    assert Move.objects.filter(act=act).count() == 2
    assert broken(crisis) == []
    actions.undo(actor=operator, at=later + timedelta(seconds=3), crisis=crisis, number=act.number)
    assert counts(crisis) == {"unverified": 2}
    assert broken(crisis) == []


def test_merge_refuses_the_same_row_a_merged_one_and_one_of_another_crisis(people, listed, operator, crisis, at, later):
    first, second, third = listed(3)
    other = a_crisis(people, at, slug="other")
    [foreign] = send(operator, at, other, [an_entry(77)]).moves.values_list("person_id", flat=True)
    given = {"actor": operator, "at": later, "crisis": crisis, "reason": "x"}
    actions.merge(double=third, into=second, **given)
    for double, into in ((first, first), (third, first), (first, third), (first, foreign)):
        with pytest.raises(Refusal):
            actions.merge(double=double, into=into, **given)


def test_the_same_person_entered_twice_is_proposed_by_document_or_telephone(listed, crisis):
    first = listed(1)
    by_phone = listed(1, first=2, phone="+85250000001")
    assert {row: kept for row, (kept, _digest) in doubles(crisis).items()} == {by_phone[0]: first[0]}
    found = ledger(crisis)
    assert [(gap.kind, gap.n) for gap in found.check.gaps] == [("double", 1)]
    assert "ganda 1" in found.check.words_id
    assert found.check.is_contradiction


def test_keep_apart_ends_a_proposal_and_a_newcomer_is_asked_about_again(listed, operator, crisis, later):
    listed(1)
    [child] = listed(1, first=2, phone="+85250000001")
    actions.keep_apart(actor=operator, at=later, crisis=crisis, person=child, reason="Ibu dan anak")
    assert ledger(crisis).check.state == "closed"
    [third] = listed(1, first=3, phone="+85250000001")
    assert list(doubles(crisis)) == [third]
    with pytest.raises(Refusal):
        actions.keep_apart(actor=operator, at=later, crisis=crisis, person=child, reason="lagi")
    assert Apart.objects.count() == 1


def test_a_list_registers_who_is_new_and_moves_who_is_known(listed, operator, crisis, later):
    listed(2)
    act = send(operator, later, crisis, [an_entry(1), an_entry(2), an_entry(3)], State.AT_ASSEMBLY_POINT)
    assert counts(crisis) == {"at_assembly_point": 3}
    assert Citizen.objects.count() == 3
    assert act.moves.count() == 3
    assert broken(crisis) == []


def test_the_same_list_again_changes_nothing(operator, crisis, at, later):
    entries = [an_entry(1, document=""), an_entry(2, document="", phone="+85250000001")]
    send(operator, at, crisis, entries)
    with pytest.raises(Refusal) as refused:
        send(operator, later, crisis, entries)
    assert refused.value.error.field == "file"
    assert Citizen.objects.count() == 2


def test_a_list_is_applied_once_and_only_as_it_was_seen(listed, operator, crisis, at, later):
    from alerts.persons.listing import plan_of
    from missions.registry.shapes import Listed, Listing

    listing = Listing((Listed(2, an_entry(5), "dead"),))
    key = registry.keep_upload(actor=operator, at=at, scope=f"{crisis.pk}:HK:x", text="nama")
    given = {"actor": operator, "at": later, "crisis": crisis, "upload": key, "listing": listing, "as_of": later}
    seen = plan_of(operator, crisis, listing).seal
    listed(1, first=5)
    with pytest.raises(Refusal) as refused:
        actions.apply_list(reason="x", seen=seen, **given)
    assert refused.value.error.field == "seen"
    seen = plan_of(operator, crisis, listing).seal
    actions.apply_list(reason="x", seen=seen, **given)
    with pytest.raises(Refusal):
        actions.apply_list(reason="x", seen=plan_of(operator, crisis, listing).seal, **given)
    assert counts(crisis) == {"dead": 1}


def test_a_missions_list_never_touches_another_missions_person_but_proposes_the_double(listed, officer, crisis, later):
    foreign = listed(1, mission=GUANGZHOU)
    act = send(officer, later, crisis, [an_entry(1)], State.CONTACTED_SAFE)
    [own] = act.moves.values_list("person_id", flat=True)
    assert Person.objects.get(pk=foreign[0]).state == "unverified"
    assert list(doubles(crisis)) == [own]


def test_one_person_has_one_row_in_a_crisis(listed, crisis):
    from django.db import IntegrityError, transaction

    [row] = listed(1)
    citizen = Person.objects.get(pk=row).citizen_id
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(crisis=crisis, citizen_id=citizen, mission_id=HONG_KONG, state="dead")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=row).update(state="asleep")
