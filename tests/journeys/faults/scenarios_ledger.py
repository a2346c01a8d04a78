"""The scenarios of the ledger of persons, beside the others."""

import uuid
from collections.abc import Iterator

from alerts.crises.models import Crisis
from alerts.persons import actions as persons
from alerts.persons.listing import plan_of
from alerts.persons.models import Act
from missions.registry import actions as registry
from missions.registry.shapes import Entry, Listed, Listing
from tests.journeys.faults.scenarios import NEAR, Stage, scenario


def _registered(stage: Stage, n: int, phone: str = "") -> list[Entry]:
    """So many new persons in the registry, of the near mission."""
    entries = [Entry(f"WNI LATIHAN {uuid.uuid4().hex[:6]}", "", phone, "HK", "", NEAR) for _ in range(n)]
    registry.register(actor=stage.operator, at=stage.at, entries=entries)
    return entries


def _listed(stage: Stage, crisis: Crisis, n: int, phone: str = "") -> list[int]:
    """So many new persons in the ledger, from a list; their rows."""
    names = [f"WNI LATIHAN {uuid.uuid4().hex[:6]}" for _ in range(n)]
    entries = [Entry(name, "", phone, "HK", "", NEAR) for name in names]
    listing = Listing(tuple(Listed(line, entry) for line, entry in enumerate(entries, 2)))
    plan = plan_of(stage.operator, crisis, listing)
    key = registry.keep_upload(actor=stage.operator, at=stage.at, scope=f"{crisis.pk}:HK:{NEAR}", text="x")
    given = {"upload": key, "listing": listing, "reason": "Daftar", "seen": plan.seal}
    act = persons.apply_list(actor=stage.operator, at=stage.at, crisis=crisis, as_of=stage.moment, **given)
    return sorted(act.moves.values_list("person_id", flat=True))


def _moved(stage: Stage, crisis: Crisis, held: list[int]) -> Act:
    """These persons are safe now."""
    given = {"persons": held, "state": "contacted_safe", "reason": "Ditelepon", "expected": len(held)}
    return persons.set_state(actor=stage.operator, at=stage.at, crisis=crisis, as_of=stage.moment, **given)


@scenario(persons.enter)
def enter(stage: Stage) -> Iterator[None]:
    crisis = stage.crisis()
    _registered(stage, 2)
    yield
    persons.enter(actor=stage.operator, at=stage.at, crisis=crisis, mission=NEAR)


@scenario(persons.apply_list)
def apply_list(stage: Stage) -> Iterator[None]:
    crisis = stage.crisis()
    yield
    _listed(stage, crisis, 3)


@scenario(persons.set_state)
def set_state(stage: Stage) -> Iterator[None]:
    crisis = stage.crisis()
    held = _listed(stage, crisis, 3)
    yield
    _moved(stage, crisis, held[:2])


@scenario(persons.undo)
def undo(stage: Stage) -> Iterator[None]:
    crisis = stage.crisis()
    act = _moved(stage, crisis, _listed(stage, crisis, 3))
    yield
    persons.undo(actor=stage.operator, at=stage.at, crisis=crisis, number=act.number)


@scenario(persons.merge)
def merge(stage: Stage) -> Iterator[None]:
    crisis = stage.crisis()
    first, second = _listed(stage, crisis, 2)
    yield
    given = {"double": second, "into": first, "reason": "Orang yang sama"}
    persons.merge(actor=stage.operator, at=stage.at, crisis=crisis, **given)


@scenario(persons.keep_apart)
def keep_apart(stage: Stage) -> Iterator[None]:
    crisis = stage.crisis()
    _first, second = _listed(stage, crisis, 2, phone="+85251234567")
    yield
    persons.keep_apart(actor=stage.operator, at=stage.at, crisis=crisis, person=second, reason="Ibu dan anak")
