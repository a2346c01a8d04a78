"""Who may hand over, what must be ticked, what stops a signature: pure."""

from datetime import timedelta

from commandcenter.access.models import Role
from commandcenter.access.reader import Reader

# Who can hold an emergency can hand one over: the desks of the command centre, and the missions.
HOLDERS = (Role.OPERATOR, Role.SUPERVISOR, Role.MISSION_OFFICER, Role.AMBASSADOR)
NOTE_LENGTH, ITEM_NOTE_LENGTH, REPEAT_LENGTH = 4000, 1000, 200
# Groups in the order of the sheet; what others on duty hold is told, and needs no tick.
HELD, UNTAKEN, ORPHANED, SILENT, CALL, OTHERS = "held", "untaken", "orphaned", "silent", "call", "others"
CASES = "cases"
GROUPS = (UNTAKEN, HELD, ORPHANED, SILENT, CALL, CASES, OTHERS)
# On the worst night thousands wait: so many less urgent ones stand one by one, the rest in one line.
MOST_UNTAKEN = 50
NEXT_SHIFT = timedelta(hours=12)


def may_hand_over(reader: Reader) -> bool:
    """Operators, supervisors and missions."""
    return reader.role in HOLDERS


def may_see(reader: Reader, place: str) -> bool:
    """The command centre its own and those of the missions, a mission its own."""
    return reader.is_dcc or (reader.is_mission and reader.mission == place)
