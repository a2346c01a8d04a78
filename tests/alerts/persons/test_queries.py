"""The ledger: the fixtures of domain.md section 6, claims, past moments; and that counts can't leave their rows."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.persons import actions, queries
from alerts.persons.models import Act, Move, Person, State
from alerts.persons.queries import ledger
from alerts.persons.shapes import Counted
from commandcenter.problems import Refusal
from tests.alerts.persons.world import HONG_KONG, an_entry, broken, folded, send

pytestmark = pytest.mark.django_db


def counts(crisis, at=None):
    return {str(one.state): one.n for one in ledger(crisis, at).counts}


def test_the_ledger_of_sudan_2023_closes_exactly(listed, crisis):
    """Register 1,209; 272 had left earlier; 937 verified: 897 evacuated, 15 on their own, 25 refused."""
    told = (("left_earlier", 272), ("home", 829), ("out_of_area", 61), ("in_transit", 7))
    first = 1
    for state, n in (*told, ("self_evacuated", 15), ("refused", 25)):
        listed(n, state, first=first)
        first += n
    found = ledger(crisis)
    assert (found.total, found.counted, found.check.state, found.check.gap) == (1209, 1209, "closed", 0)
    with translation.override("id"):
        assert found.line == (
            "1.209 terdaftar − 272 pergi sebelumnya = 937 = 897 dievakuasi + 15 mandiri + 25 menolak · selisih 0 ✓"
        )


def test_a_figure_without_rows_is_a_claim_beside_the_ledger_and_in_no_count(listed, crisis, report):
    listed(2, "dead")
    report(5, {"wni.present": 9, "wni.dead": 2, "wni.missing": 3})
    found = ledger(crisis)
    assert found.total == 2
    assert {claim.key: (claim.figure.value, claim.rows) for claim in found.claims} == {
        "wni.present": (9, 2),
        "wni.missing": (3, 0),
    }
    [claim, _missing] = found.claims
    assert (claim.figure.status, claim.figure.source) == ("claim", "KJRI Hongkong")
    assert claim.figure.is_sourced


def test_what_rows_bear_out_claims_nothing(listed, crisis, report):
    listed(4, "injured")
    report(5, {"wni.present": 4, "wni.seriously_injured": 1, "wni.slightly_injured": 3, "wni.dead": 0})
    report(6, {"wni.dead": 7}, source="hospital")
    assert ledger(crisis).claims == ()


def test_a_range_that_holds_the_rows_claims_nothing(listed, crisis, report):
    listed(3, "missing")
    report(5, {"wni.missing": (2, 5)})
    assert ledger(crisis).claims == ()


def test_the_ledger_of_a_past_moment_is_what_was_known_then(listed, move, operator, crisis, at, later):
    rows = listed(3)
    before = later - timedelta(seconds=1)
    move(rows[:1], State.DEAD)
    actions.merge(
        actor=operator, at=later + timedelta(minutes=1), crisis=crisis, double=rows[2], into=rows[1], reason="sama"
    )
    assert ledger(crisis, at - timedelta(seconds=1)).total == 0
    assert counts(crisis, before)["unverified"] == 3
    assert (counts(crisis, later)["unverified"], counts(crisis, later)["dead"]) == (2, 1)
    assert ledger(crisis, later + timedelta(minutes=1)).counts == ledger(crisis).counts
    assert ledger(crisis).total == 2


def test_as_of_is_the_newest_time_that_an_act_speaks_of(listed, move, crisis, later):
    move(listed(1), State.DEAD, as_of=later - timedelta(minutes=15))
    assert ledger(crisis).as_of == later - timedelta(minutes=15)


def test_another_worlds_persons_are_in_no_ledger_of_this_one(people, listed, operator, crisis, at):
    from commandcenter.access.models import Role
    from missions.registry import actions as registry

    drill = people.reader(Role.OPERATOR, exercise="drill")
    registry.register(actor=drill, at=at, entries=[an_entry(1)])
    with pytest.raises(Refusal):
        actions.enter(actor=operator, at=at, crisis=crisis, mission=HONG_KONG)
    assert ledger(crisis).total == 0


def test_1209_persons_cost_no_more_questions_than_three(listed, crisis, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    listed(3)
    with CaptureQueriesContext(connection) as few:
        ledger(crisis)
    listed(1206, first=100)
    with CaptureQueriesContext(connection) as many:
        assert ledger(crisis).total == 1209
    assert len(few) == len(many)


step = st.tuples(
    st.sampled_from(["list", "set", "undo", "merge", "apart", "enter"]),
    st.sampled_from(State.values),
    st.integers(0, 5),
    st.integers(0, 5),
    st.booleans(),
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(step, min_size=1, max_size=12))
def test_no_sequence_of_acts_makes_counts_and_rows_of_a_ledger_disagree(people, operator, crisis, later, acts):
    """Any acts in any order, refused ones too: counts, rows and trail are one; a person is in one state."""
    from django.db import transaction

    from commandcenter.access.models import Role

    with transaction.atomic():
        _play(people.reader(Role.SUPERVISOR), crisis, later, acts)
        assert broken(crisis) == []
        assert counts(crisis) == folded(crisis) == counts(crisis, later + timedelta(days=1))
        found = ledger(crisis)
        assert found.counted == Person.objects.filter(crisis=crisis, merged_into__isnull=True).count()
        assert found.total >= found.counted
        doubled = len(queries.doubles(crisis))
        assert (found.check.state == "contradiction") == (found.total > found.counted or doubled > 0)
        transaction.set_rollback(True)


def _play(actor, crisis, later, acts):
    for minute, (verb, state, one, two, alike) in enumerate(acts):
        at = later + timedelta(seconds=minute)
        rows = sorted(Person.objects.filter(crisis=crisis).values_list("pk", flat=True))
        with suppress(Refusal):
            ACTS[verb]({"actor": actor, "at": at, "crisis": crisis}, rows[one : one + two + 1] or [0], state, alike)


def _list(given, picked, state, alike):
    more = {"phone": "+85299999999"} if alike else {}
    send(given["actor"], given["at"], given["crisis"], [an_entry(n % 7, **more) for n in range(len(picked) + 1)], state)


def _set(given, picked, state, alike):
    told = {"persons": picked, "state": state, "as_of": given["at"], "reason": "x", "expected": len(picked)}
    actions.set_state(correct=alike, **told, **given)


ACTS = {
    "list": _list,
    "set": _set,
    "undo": lambda given, picked, state, alike: actions.undo(number=Act.objects.count(), **given),
    "merge": lambda given, picked, state, alike: actions.merge(double=picked[-1], into=picked[0], reason="x", **given),
    "apart": lambda given, picked, state, alike: actions.keep_apart(person=picked[-1], reason="x", **given),
    "enter": lambda given, picked, state, alike: actions.enter(country="HK", **given),
}


def _total_typed(monkeypatch):
    """Mutant: somebody types the number of the safe."""
    whole = queries.ledger

    def typed(crisis, at=None):
        found = whole(crisis, at)
        from dataclasses import replace

        return replace(found, counts=(Counted(State.UNVERIFIED, 5), *found.counts[1:]))

    monkeypatch.setattr(queries, "ledger", typed)


def _act_lost(monkeypatch):
    """Mutant: a state is changed and no move says so."""
    monkeypatch.setattr(actions, "_moves", lambda act, moved: list(moved))


def _state_doubled(monkeypatch):
    """Mutant: a person keeps the old row beside the new one."""
    kept = actions._move

    def doubled(act, persons, state, **more):
        kept(act, persons, state, **more)
        for person in persons:
            Move.objects.create(person=person, act=act, version=person.version + 1, was="", state=State.MISSING)

    monkeypatch.setattr(actions, "_move", doubled)


@pytest.mark.parametrize("mutant", [_total_typed, _act_lost, _state_doubled])
def test_a_typed_total_a_lost_act_and_a_double_state_of_a_ledger_are_noticed(monkeypatch, mutant, listed, move, crisis):
    rows = listed(3)
    mutant(monkeypatch)
    move(rows[:2], State.CONTACTED_SAFE)
    told = {str(one.state): one.n for one in queries.ledger(crisis).counts}
    assert broken(crisis) or told != folded(crisis)
