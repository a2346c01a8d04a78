"""Who may call back, and when the next try is due: pure."""

from datetime import timedelta

from alerts.callbacks.models import CallBack
from alerts.ladders.models import Ladder, Subject
from commandcenter.access.models import MISSION_ROLES, Role
from commandcenter.access.reader import Reader

WORKERS = (Role.OPERATOR, Role.SUPERVISOR, *MISSION_ROLES)
# What the officer may choose between two tries; the first is the default.
PAUSES = (15, 5, 60)
NEXT_TRY = timedelta(minutes=PAUSES[0])
UNDO = timedelta(minutes=2)


def may_work(reader: Reader, mission: str) -> bool:
    """Desks of the command centre every list, a mission its own."""
    if reader.is_mission:
        return reader.mission == mission
    return reader.role in WORKERS


def subject(entry: CallBack) -> Subject:
    """The entry as its ladder knows it: each wait for a try is a run of its own."""
    return Subject(Ladder.CALLBACK, entry.pk, entry.number, entry.exercise, run=entry.version)
