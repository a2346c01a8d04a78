"""Who may give an emergency to whom; pure."""

from datetime import timedelta

from alerts.emergencies.models import Emergency
from alerts.emergencies.rules import HEADQUARTERS, may_work
from commandcenter.access.reader import Reader
from missions.directory.models import Mission

# The command centre, as one that is asked to take over; a mission is asked by its code.
DCC = "dcc"
# So long an offer waits for a named person: then it is back in the queue and sounds (domain.md section 5, P1 and P2).
OFFERED = {1: timedelta(minutes=5), 2: timedelta(minutes=15)}
BY_HAND_ID = "Dipilih petugas DCC dengan alasan tertulis, bukan menurut aturan wilayah kerja."
BY_HAND_EN = "Chosen by an officer of the DCC with a written reason, not by the rule of consular areas."


def may_override(reader: Reader, emergency: Emergency) -> bool:
    """Operators and supervisors: a mission does not give its citizens away by itself."""
    return may_work(reader, emergency) and reader.role in HEADQUARTERS


def may_answer(mission: Mission) -> bool:
    """Whether a mission can be made responsible."""
    return mission.is_open and mission.serves_citizens


def other_side(reader: Reader, emergency: Emergency) -> str:
    """Whom this person may offer it to: the command centre its mission, the mission the command centre."""
    if reader.is_mission:
        return DCC
    return emergency.mission_id or ""


def is_asked(reader: Reader, emergency: Emergency) -> bool:
    """Whether this person may take up the offer that stands."""
    if not emergency.offered_to or not may_work(reader, emergency):
        return False
    mine = DCC if reader.role in HEADQUARTERS else reader.mission
    return emergency.offered_to == mine


def offer_lasts(emergency: Emergency) -> timedelta:
    """How long the other side has."""
    return OFFERED.get(emergency.priority, OFFERED[2])
