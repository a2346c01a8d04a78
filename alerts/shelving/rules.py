"""Who may silence an alarm, and for how long; how many are a flood; pure."""

from datetime import timedelta

from alerts.emergencies.models import Emergency
from alerts.emergencies.rules import may_see
from commandcenter.access.models import Role
from commandcenter.access.reader import Reader

# A shelved alarm is silent for so many minutes at most (ux.md 3.5); it climbs all the same.
SHELVES = (5, 15, 30)
# More P1 and P2 than this in the window, for each desk on duty, are a flood (ux.md 3.5, EEMUA 191).
FLOOD_AT = 10
FLOOD_WINDOW = timedelta(minutes=10)


def may_shelve(reader: Reader, emergency: Emergency) -> bool:
    """Operators silence what is not critical; the sound of a P1 only a supervisor."""
    return may_see(reader, emergency) and (
        reader.role == Role.SUPERVISOR or (reader.role == Role.OPERATOR and emergency.priority > 1)
    )
