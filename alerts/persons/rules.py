"""Who may change the ledger, which state may follow which, and who may be entered twice. Pure."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from alerts.crises.models import Crisis
from alerts.persons.models import State, Verb
from commandcenter.access.models import DCC_ROLES, MISSION_ROLES, Role
from commandcenter.access.reader import Reader

READERS = (*DCC_ROLES, *MISSION_ROLES)
DESKS = (Role.OPERATOR, Role.SUPERVISOR)
ACTORS = (*DESKS, *MISSION_ROLES)
CORRECTORS = (Role.SUPERVISOR,)
# Ten seconds on the screen and two on the way (ux.md 3.4).
UNDO_WITHIN = timedelta(seconds=12)
UNDOABLE = (Verb.SET, Verb.CORRECTED, Verb.MERGED)

ANY = frozenset(State)
# Which state may follow which, by an ordinary act. Everything else is a correction, by a supervisor and with a reason:
# nobody comes back from death, and who is home or had left is in the area again only because it was wrong.
NEXT: Mapping[str, frozenset[State]] = {
    State.UNVERIFIED: ANY - {State.UNVERIFIED},
    State.CONTACTED_SAFE: ANY - {State.CONTACTED_SAFE},
    State.NEEDS_HELP: ANY - {State.NEEDS_HELP, State.LEFT_EARLIER},
    State.INJURED: ANY - {State.INJURED, State.LEFT_EARLIER},
    State.MISSING: ANY - {State.MISSING},
    State.DETAINED: ANY - {State.DETAINED, State.LEFT_EARLIER},
    State.DEAD: frozenset(),
    State.LEFT_EARLIER: frozenset({State.UNVERIFIED, State.CONTACTED_SAFE}),
    State.SELF_EVACUATED: ANY - {State.SELF_EVACUATED, State.LEFT_EARLIER, State.UNVERIFIED},
    State.REFUSED: ANY - {State.REFUSED, State.LEFT_EARLIER},
    State.AT_ASSEMBLY_POINT: ANY - {State.AT_ASSEMBLY_POINT, State.LEFT_EARLIER},
    State.IN_TRANSIT: ANY - {State.IN_TRANSIT, State.LEFT_EARLIER, State.UNVERIFIED},
    State.OUT_OF_AREA: frozenset(
        {State.HOME, State.IN_TRANSIT, State.NEEDS_HELP, State.INJURED, State.MISSING, State.DETAINED, State.DEAD}
    ),
    State.HOME: frozenset(),
}


def may_follow(was: str, state: str) -> bool:
    """Whether an ordinary act may bring somebody from one state into the other."""
    return state in NEXT[was]


def may_act(reader: Reader, crisis: Crisis) -> bool:
    """Operators, supervisors and the missions, inside the world the crisis belongs to."""
    return reader.role in ACTORS and reader.exercise == crisis.exercise


def may_correct(reader: Reader, crisis: Crisis) -> bool:
    """Only a supervisor sets a state that can't follow."""
    return reader.role in CORRECTORS and reader.exercise == crisis.exercise


def surplus(alike: Mapping[str, list[int]], apart: Collection[tuple[int, str]]) -> dict[int, tuple[int, str]]:
    """Rows that share a document or telephone with an older row: row -> (that row, the digest they share).

    Whom somebody kept apart (row, digest) doubles nobody by that digest; who comes later is asked about again.
    """
    found: dict[int, tuple[int, str]] = {}
    for digest in sorted(alike):
        first, *rest = alike[digest] or [0]
        for row in rest:
            if (row, digest) not in apart:
                found.setdefault(row, (first, digest))
    return found
