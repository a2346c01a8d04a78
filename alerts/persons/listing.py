"""What a list would change in the ledger of a crisis; reads only, so that the preview and the act agree."""

import hashlib
from dataclasses import dataclass

from alerts.crises.models import Crisis
from alerts.persons.models import Person
from alerts.persons.queries import rows
from alerts.persons.rules import may_follow
from commandcenter.access.reader import Reader
from missions.registry.queries import matches, missions_of
from missions.registry.shapes import Listed, Listing


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody the registry knows who has no row in this crisis yet."""

    listed: Listed
    citizen: int

    @property
    def state(self) -> str:
        """What the list says of them."""
        return self.listed.state


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody who has a row: the state it has, and the one the list names."""

    listed: Listed
    person: Person

    @property
    def state(self) -> str:
        """What the list says of them."""
        return self.listed.state


@dataclass(frozen=True, slots=True)
class Plan:
    """The diff: who is new, known but not entered, changed, unchanged, and whose state can't follow."""

    new: tuple[Listed, ...] = ()
    known: tuple[Known, ...] = ()
    changed: tuple[Held, ...] = ()
    unchanged: tuple[Held, ...] = ()
    stuck: tuple[Held, ...] = ()

    @property
    def changes_anything(self) -> bool:
        """Whether applying it would do anything."""
        return bool(self.touched)

    @property
    def touched(self) -> int:
        """How many persons it enters or moves."""
        return len(self.new) + len(self.known) + len(self.changed)

    @property
    def seal(self) -> str:
        """Stands for exactly this plan: another diff has another seal."""
        told = [
            [one.line for one in self.new],
            [(one.listed.line, one.citizen) for one in self.known],
            [(one.listed.line, one.person.pk, one.person.version) for one in self.changed],
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def plan_of(reader: Reader, crisis: Crisis, listing: Listing) -> Plan:
    """Compare a list with registry and ledger. A mission changes only its own persons; others' are new ones to it,
    and are proposed as doubles."""
    people = listing.people
    candidates = matches([one.entry for one in people], crisis.exercise)
    codes = missions_of({citizen for some in candidates for citizen in some}) if reader.is_mission else {}
    held = {person.citizen_id: person for person in Person.objects.filter(crisis=crisis)}
    counted = set(rows(crisis).values_list("pk", flat=True))
    sorts: dict[str, list[object]] = {"new": [], "known": [], "changed": [], "unchanged": [], "stuck": []}
    seen: set[int] = set()
    for one, some in zip(people, candidates, strict=True):
        left = (citizen for citizen in some if citizen not in seen and codes.get(citizen, "") in {"", reader.mission})
        citizen = next(left, None)
        if citizen is None:
            sorts["new"].append(one)
            continue
        seen.add(citizen)
        person = held.get(citizen)
        if person is None:
            sorts["known"].append(Known(one, citizen))
        else:
            sorts[_sort(one, person, counted)].append(Held(one, person))
    return Plan(**{name: tuple(found) for name, found in sorts.items()})  # type: ignore[arg-type]


def _sort(one: Listed, person: Person, counted: set[int]) -> str:
    if not one.state or one.state == person.state or person.pk not in counted:
        return "unchanged"
    return "changed" if may_follow(person.state, one.state) else "stuck"
