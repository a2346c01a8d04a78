"""What each act on a P1 begins and ends on its ladders (ux.md 3.5); a fresh one is planned by the sweep."""

from datetime import datetime
from typing import Any

from alerts.emergencies.models import HELD_STATES, Emergency, Side, State
from alerts.ladders.actions import end_steps, plan
from alerts.ladders.models import Ladder, Subject
from alerts.ladders.queries import clocks, waiting

BACK = frozenset({"returned", "released", "reopened", "parted", "waited_out", "offer_lapsed"})
OVER = frozenset({"resolved", "merged"})
ACTS = frozenset({"noted", "task_moved", "waiting", "offered"})
# The fields that count what waits for an answer.
WAITING = ("unanswered", "unanswered_since")
SAID = frozenset({"messaged", "echoed"})


def climb(emergency: Emergency, kind: str, at: datetime, data: dict[str, Any]) -> None:
    """Back in the queue begins anew; a taking ends it. The first message that waits has the clock, an act ends it."""
    if emergency.priority != 1:
        return
    if kind in BACK and emergency.state == State.NEW:
        end_steps(at=at, ladder=Ladder.MESSAGE, ref=emergency.pk)
        plan(at=at, subject=subject(emergency, Ladder.EMERGENCY, emergency.version))
    elif kind in {"taken", "reopened"}:
        end_steps(at=at, ladder=Ladder.EMERGENCY, ref=emergency.pk)
        if emergency.unanswered:  # taking silences, but what was written before it still waits for an answer
            later = [clock.step for clock in clocks(Ladder.MESSAGE) if clock.seconds]
            plan(at=at, subject=subject(emergency, Ladder.MESSAGE, -emergency.version), only=later)
    elif kind in OVER:
        end_steps(at=at, ladder=Ladder.EMERGENCY, ref=emergency.pk)
        end_steps(at=at, ladder=Ladder.MESSAGE, ref=emergency.pk)
    elif _answers(kind, data):
        end_steps(at=at, ladder=Ladder.MESSAGE, ref=emergency.pk)
    elif kind in {*SAID, "joined"} and unread(emergency) and not _waits(emergency):
        plan(at=at, subject=subject(emergency, Ladder.MESSAGE, data.get("message", -emergency.version)))


def count_waiting(emergency: Emergency, kind: str, at: datetime, data: dict[str, Any]) -> tuple[str, ...]:
    """The citizen's messages that wait: one more, or none once an officer answered. Returns the fields it changed."""
    if kind in SAID and data.get("side") == Side.CITIZEN:
        emergency.unanswered, emergency.unanswered_since = emergency.unanswered + 1, emergency.unanswered_since or at
    elif emergency.unanswered and (kind == "resolved" or _answers(kind, data)):
        emergency.unanswered, emergency.unanswered_since = 0, None
    else:
        return ()
    return WAITING


def unread(emergency: Emergency) -> bool:
    """Whether a citizen wrote on an emergency that somebody holds, or on its duplicates, and no officer acted since."""
    return emergency.state in HELD_STATES and emergency.unanswered > 0


def subject(emergency: Emergency, ladder: Ladder, run: int) -> Subject:
    """The emergency as its ladders know it."""
    return Subject(ladder, emergency.pk, emergency.number, emergency.exercise, run=run)


def _answers(kind: str, data: dict[str, Any]) -> bool:
    """Whether this is an officer's word to a citizen, or a logged act."""
    return kind in ACTS or (kind in SAID and data.get("side") in {Side.DCC, Side.MISSION})


def _waits(emergency: Emergency) -> bool:
    return waiting(Ladder.MESSAGE, [emergency.pk]).exists()
