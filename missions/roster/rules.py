"""Who may change which roster, how long a shift may be, when a tested number is old: pure, thresholds as data."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from commandcenter.access.models import DCC, MISSION, Role
from commandcenter.access.reader import Reader
from missions.directory.models import Mission

DCC_PLACE = ""
DCC_ZONE = "Asia/Jakarta"
DESKS = frozenset({Role.OPERATOR, Role.SUPERVISOR})
PLANNERS = tuple(sorted(DESKS | MISSION))
SHORTEST_HOURS, LONGEST_HOURS = 1, 24
# A roster is planned in advance; what is past for more than a day is a record, not a plan.
FURTHEST_AHEAD, FURTHEST_BACK = timedelta(days=366), timedelta(days=1)
GAP_HORIZON = timedelta(hours=72)
TEST_IS_OLD = timedelta(days=30)
TESTED_MINUTES = (0, 5, 15, 60)

Span = tuple[datetime, datetime]


def members_of(place: str) -> frozenset[Role]:
    """The roles that may be on duty at a place."""
    return MISSION if place else DCC


def may_see(reader: Reader, place: str) -> bool:
    """The command centre sees every roster, a mission its own."""
    return reader.is_dcc or (reader.is_mission and reader.mission == place)


def may_plan(reader: Reader, place: str) -> bool:
    """Operators and supervisors plan every roster, a mission its own; verifiers read."""
    return reader.role in DESKS or (reader.is_mission and reader.mission == place)


def zone_of(place: str, mission: Mission | None) -> ZoneInfo | None:
    """The zone a place's roster is written in; None when it is not known."""
    if place and mission is None:
        return None
    try:
        return ZoneInfo(mission.timezone if mission else DCC_ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_test_old(tested_at: datetime | None, at: datetime) -> bool:
    """A number that nobody tested for thirty days may be dead."""
    return tested_at is None or at - tested_at > TEST_IS_OLD


def uncovered(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """What lies between start and end and in none of the spans."""
    holes, reached = [], start
    for begins, ends in sorted(spans):
        if begins >= end:
            break
        if begins > reached:
            holes.append((reached, begins))
        reached = max(reached, ends)
    return holes + [(reached, end)] * (reached < end)
