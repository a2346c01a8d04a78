"""Who may, what follows what, how urgent: pure."""

from datetime import timedelta

from alerts.cells.rules import Placed
from alerts.emergencies.models import Emergency, Nature, State
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader

HEADQUARTERS = frozenset({Role.OPERATOR, Role.SUPERVISOR})
NEXT_CONTACT = timedelta(minutes=15)
UNTOUCHED = timedelta(minutes=10)
MESSAGE_LENGTH = 1000

# Alarm register (ux.md 3.5): P1 where a life may hang on minutes, every other request for help is P2.
AT_ONCE = frozenset({Nature.PANIC, Nature.VIOLENCE, Nature.MEDICAL, Nature.ACCIDENT, Nature.DISASTER})

NEXT_STATES: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.TAKEN}),
    State.TAKEN: frozenset({State.IN_ACTION, State.NEW, State.RESOLVED}),
    State.IN_ACTION: frozenset({State.NEW, State.RESOLVED}),
    State.RESOLVED: frozenset({State.TAKEN, State.NEW}),
}


def priority_of(nature: str) -> int:
    """1 (critical) or 2 (high)."""
    return 1 if nature in AT_ONCE else 2


def may_see(reader: Reader, emergency: Emergency) -> bool:
    """The command centre, and the responsible mission, each in its own world."""
    same_world = reader.exercise == emergency.exercise
    return same_world and (reader.is_dcc or (reader.is_mission and reader.mission == emergency.mission_id))


def may_work(reader: Reader, emergency: Emergency) -> bool:
    """Those who see it, except verifiers: they read only."""
    return may_see(reader, emergency) and (reader.role in HEADQUARTERS or reader.is_mission)


def may_release(reader: Reader, emergency: Emergency) -> bool:
    """Who holds it, or a supervisor."""
    return emergency.taken_by_id == reader.user_id or reader.role == Role.SUPERVISOR


def may_become(emergency: Emergency, state: State) -> bool:
    """Whether this state may follow the present one."""
    return state in NEXT_STATES[State(emergency.state)]


def placed(emergency: Emergency) -> Placed | None:
    """Where it counts on the map; None without a position."""
    lat, lon = emergency.latitude, emergency.longitude
    if lat is None or lon is None:
        return None
    state = State.TAKEN if emergency.state == State.IN_ACTION else emergency.state
    return Placed(emergency.exercise, emergency.mission_id or "", str(state), emergency.priority, lat, lon)
