"""What time alone makes due for crisis teams."""

from datetime import datetime

from alerts.team.actions import start_procedure
from alerts.team.library import started_by
from alerts.team.queries import without_procedures


def start_procedures(at: datetime) -> int:
    """The procedures of a crisis' kind start by themselves once it was declared. Returns how many started."""
    started = 0
    for crisis in without_procedures():
        for checklist in started_by(crisis.kind):
            start_procedure(actor=None, at=at, crisis=crisis, name=checklist.name)
            started += 1
    return started
