"""A ledger with invented persons: lists that are sent, states that are set."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import pytest

from alerts.crises.models import Crisis
from alerts.persons import actions
from alerts.persons.listing import plan_of
from alerts.persons.models import Act, Move, Person, State
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from missions.registry import actions as registry
from missions.registry.shapes import Entry, Listed, Listing

HONG_KONG, GUANGZHOU = "kjri-hongkong", "kjri-guangzhou"


def an_entry(n: int, **more: str) -> Entry:
    """WNI LATIHAN 0007 with a document and a telephone of their own."""
    given = {
        "name": f"WNI LATIHAN {n:04}",
        "document": f"X{n:07}",
        "phone": f"+8525{n:07}",
        "country": "HK",
        "place": "Tai Po",
        "mission": HONG_KONG,
    }
    return Entry(**given | more)


@pytest.fixture
def operator(people: Any) -> Reader:
    """Who works the ledger."""
    return people.reader(Role.OPERATOR)


@pytest.fixture
def officer(people: Any, crisis: Crisis) -> Reader:
    """Of the consulate general in Hong Kong."""
    return people.reader(Role.MISSION_OFFICER, HONG_KONG)


def send(actor: Reader, at: Any, crisis: Crisis, entries: Iterable[Entry], state: str = "") -> Act:
    """A list is sent, looked at, and applied."""
    listing = Listing(tuple(Listed(line, entry, state) for line, entry in enumerate(entries, 2)))
    key = registry.keep_upload(actor=actor, at=at, scope=f"{crisis.pk}:HK:{HONG_KONG}", text="nama")
    seen = plan_of(actor, crisis, listing).seal
    given = {"upload": key, "listing": listing, "as_of": at, "reason": "Daftar", "seen": seen}
    return actions.apply_list(actor=actor, at=at, crisis=crisis, **given)


@pytest.fixture
def listed(operator: Reader, crisis: Crisis, at: Any) -> Callable[..., list[int]]:
    """listed(3) enters three new persons; their rows."""

    def enter(n: int, state: str = "", first: int = 1, **more: str) -> list[int]:
        act = send(operator, at, crisis, [an_entry(number, **more) for number in range(first, first + n)], state)
        return sorted(act.moves.values_list("person_id", flat=True))

    return enter


@pytest.fixture
def move(operator: Reader, crisis: Crisis, later: Any) -> Callable[..., Act]:
    """move(rows, "dead") sets a state."""

    def set_state(rows: list[int], state: str, **more: Any) -> Act:
        given = {"actor": operator, "at": later, "as_of": later, "reason": "Ditelepon", "expected": len(rows)}
        return actions.set_state(crisis=crisis, persons=rows, state=state, **given | more)

    return set_state


def folded(crisis: Crisis) -> dict[str, int]:
    """The counts as the trail alone tells them: the last move of each person. Independent of rows and queries."""
    last: dict[int, str] = {}
    for person, _version, state in sorted(
        Move.objects.filter(person__crisis=crisis).values_list("person_id", "version", "state")
    ):
        last[person] = state
    counts = {state.value: 0 for state in State}
    for state in last.values():
        if state:
            counts[state] += 1
    return counts


def broken(crisis: Crisis) -> list[str]:
    """Everything in which rows, trail and acts of a ledger disagree; empty when nothing does."""
    found = []
    for person in Person.objects.filter(crisis=crisis):
        moves = list(person.moves.order_by("version"))
        if [move.version for move in moves] != list(range(1, person.version + 1)):
            found.append(f"{person.pk}: an act is missing from the trail")
        for before, after in pairwise(moves):
            if after.was != before.state:
                found.append(f"{person.pk} v{after.version}: came from {after.was}, was {before.state}")
        if not moves or moves[-1].state != ("" if person.merged_into_id else person.state):
            found.append(f"{person.pk}: the row says {person.state}, its last move something else")
    return found
